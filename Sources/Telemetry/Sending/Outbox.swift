package import Measurements
package import Primitives

/// What a collector said to a body.
package enum CollectorAnswer: Sendable, Hashable {
    /// It took it.
    case accepted
    /// It will never take it (4xx and the like): what was sent is lost.
    case refused(String)
    /// A 5xx or no answer at all: worth another try.
    case failed(String)
}

/// What waits to be sent to one collector, and when: event in, decision out; no clock, no I/O.
///
/// Bounded: when it is full, the oldest seconds are lost and counted. Only 5xx and silence lead to
/// another try, with a pause that doubles from half a second to eight. Bodies may arrive twice:
/// sums are cumulative and points carry their time, so nothing is counted twice.
package struct Outbox: Sendable {
    /// What to do next.
    package enum Step: Sendable {
        /// Send these; then tell `ended`.
        case send([MetricFrame])
        /// Nothing before that instant, unless something happens.
        case wait(until: MonotonicTime)
        /// Nothing until something happens.
        case idle
        /// Nothing any more: it was closed, and nothing is left.
        case done
    }
    /// The most seconds that may wait.
    package static let frameLimit = 300
    /// The most points that may wait, some 70 bytes each.
    package static let pointLimit = 200_000
    /// The most seconds in one body.
    package static let batch = 30
    /// The shortest and the longest pause after a failure.
    private static let pauses: (first: Nanoseconds, longest: Nanoseconds) = (
        .milliseconds(500), .seconds(8)
    )

    /// What has become of the seconds so far.
    package private(set) var tally: ExportTally
    private var waiting: [MetricFrame] = []
    private var points = 0
    private var underWay: [MetricFrame] = []
    private var failures = 0
    private var pausedUntil: MonotonicTime?
    private var isClosed = false
    private let frameLimit: Int
    private let pointLimit: Int

    /// An empty one.
    package init(
        kind: String, url: String, frameLimit: Int = Outbox.frameLimit,
        pointLimit: Int = Outbox.pointLimit
    ) {
        self.tally = ExportTally(kind: kind, url: url)
        self.frameLimit = frameLimit
        self.pointLimit = pointLimit
    }

    /// Takes a second; after `close` it is lost.
    package mutating func add(_ frame: MetricFrame) {
        guard !self.isClosed else {
            self.tally.lost += 1
            return
        }
        self.waiting.append(frame)
        self.points += frame.points.count
        var surplus = 0
        while surplus < self.waiting.count,
            self.waiting.count - surplus + self.underWay.count > self.frameLimit
                || self.points > self.pointLimit
        {
            self.points -= self.waiting[surplus].points.count
            surplus += 1
        }
        if surplus > 0 {
            self.waiting.removeFirst(surplus)
            self.tally.lost += surplus
            if self.tally.trouble == nil { self.tally.trouble = "the collector is too slow" }
        }
    }

    /// No second comes any more; what waits is tried at once.
    package mutating func close() {
        self.isClosed = true
        self.pausedUntil = nil
    }

    /// Gives up: what was not accepted is lost.
    ///
    /// Later calls change nothing.
    package mutating func abandon() {
        self.isClosed = true
        self.tally.lost += self.waiting.count + self.underWay.count
        if !self.underWay.isEmpty, self.tally.trouble == nil {
            self.tally.trouble = "no answer when the run ended"
        }
        self.waiting = []
        self.underWay = []
        self.points = 0
    }

    /// What to do at that instant.
    package mutating func next(now: MonotonicTime) -> Step {
        guard self.underWay.isEmpty else { return .idle }
        guard !self.waiting.isEmpty else { return self.isClosed ? .done : .idle }
        if let until = self.pausedUntil, until > now { return .wait(until: until) }
        self.underWay = Array(self.waiting.prefix(Self.batch))
        self.waiting.removeFirst(self.underWay.count)
        self.tally.requests += 1
        return .send(self.underWay)
    }

    /// The collector has answered what was sent, or was not heard of.
    package mutating func ended(_ answer: CollectorAnswer, now: MonotonicTime) {
        // Given up in the meantime: it was counted then.
        guard !self.underWay.isEmpty else { return }
        let frames = self.underWay
        self.underWay = []
        switch answer {
        case .accepted:
            self.failures = 0
            self.tally.sent += frames.count
            self.forget(frames)
        case .refused(let why):
            self.failures = 0
            self.tally.failures += 1
            self.tally.lost += frames.count
            self.tally.trouble = why
            self.forget(frames)
        case .failed(let why):
            self.failures += 1
            self.tally.failures += 1
            self.tally.trouble = why
            self.waiting.insert(contentsOf: frames, at: 0)
            let doublings = min(self.failures - 1, 8)
            let pause = Nanoseconds(Self.pauses.first.count << Int64(doublings))
            let longest = self.isClosed ? Self.pauses.first : Self.pauses.longest
            self.pausedUntil = now + min(pause, longest)
        }
    }

    private mutating func forget(_ frames: [MetricFrame]) {
        self.pausedUntil = nil
        self.points -= frames.reduce(0) { $0 + $1.points.count }
    }
}
