import Primitives
import Synchronization

/// What happened since the start; every number only grows.
final class Counters: Sendable {
    /// The numbers.
    struct Values: Sendable {
        /// Requests whose head arrived on the public port.
        var received = 0
        /// Answers made, by route and status.
        var answered: [Route: [Int: Int]] = [:]
        /// Answers handed to the kernel whole, by route and status.
        var sent: [Route: [Int: Int]] = [:]
        /// Answers that could not be written any more.
        var unsent = 0
        /// Requests whose body never became whole.
        var truncated = 0
        /// Work done for a client that had left.
        var abandonedDone = 0
        /// Work given up because its client had left.
        var abandonedDropped = 0
        /// Submissions that became complete.
        var accepted = 0
        /// Submissions refused, for whatever reason.
        var refused = 0
        /// Submissions whose key was known.
        var duplicates = 0
        /// Refusals of the full queue.
        var queueFull = 0
        /// Refusals by shedding.
        var shed = 0
        /// Refusals by the limiter.
        var limited = 0
        /// Devices told that they are blocked.
        var blocked = 0
        /// Reviews posted on the store's page.
        var pageReviews = 0
        /// The sum of their stars.
        var pageStars = 0
        /// Bytes of bodies read.
        var bodyBytes = 0
        /// Time in which a disk was made to keep what was written.
        var syncing = Nanoseconds.zero
        /// Requests between their head and their answer.
        var inProgress = 0
    }

    private let values = Mutex(Values())

    /// The numbers at one moment.
    var snapshot: Values { self.values.withLock { $0 } }

    /// Changes them.
    func count(_ change: (inout Values) -> Void) {
        self.values.withLock { change(&$0) }
    }
}

extension Counters.Values {
    /// The numbers as JSON.
    var json: JSONValue {
        .object([
            ("received", .integer(self.received)),
            ("in_progress", .integer(self.inProgress)),
            ("answered", Counters.Values.routes(self.answered)),
            ("sent", Counters.Values.routes(self.sent)),
            ("unsent", .integer(self.unsent)),
            ("truncated", .integer(self.truncated)),
            ("accepted", .integer(self.accepted)),
            ("refused", .integer(self.refused)),
            ("duplicates", .integer(self.duplicates)),
            ("queue_full", .integer(self.queueFull)),
            ("shed", .integer(self.shed)),
            ("limited", .integer(self.limited)),
            ("blocked", .integer(self.blocked)),
            ("abandoned_done", .integer(self.abandonedDone)),
            ("abandoned_dropped", .integer(self.abandonedDropped)),
            ("page_reviews", .integer(self.pageReviews)),
            ("page_stars", .integer(self.pageStars)),
            ("body_bytes", .integer(self.bodyBytes)),
        ])
    }

    private static func routes(_ counts: [Route: [Int: Int]]) -> JSONValue {
        .object(
            Route.allCases.compactMap { route in
                guard let statuses = counts[route] else { return nil }
                let members = statuses.sorted { $0.key < $1.key }
                    .map { ("\($0.key)", JSONValue.integer($0.value)) }
                return (route.rawValue, .object(members))
            })
    }
}
