package import Primitives

/// What one population did in one second of wall time; the unit of the journal.
///
/// Counts are attributed to the second in which the thing happened: offered when the arrival was
/// released, attempts and intents at their end. Merging is addition, so lanes and machines merge
/// exactly.
package struct PopulationSecond: Sendable, Hashable {
    /// Which attempts are counted together.
    package struct AttemptKey: Sendable, Hashable {
        /// The step's index in the flow.
        package var step: Int
        /// What became of the attempt.
        package var outcome: Outcome
        /// Completed, as expected, within the step's deadline.
        package var good: Bool

        /// A key.
        package init(step: Int, outcome: Outcome, good: Bool) {
            self.step = step
            self.outcome = outcome
            self.good = good
        }
    }
    /// Which intents are counted together.
    package struct IntentKey: Sendable, Hashable {
        /// The second of arrival.
        package var arrivalSecond: Int
        /// How it ended.
        package var ending: IntentEnding

        /// A key.
        package init(arrivalSecond: Int, ending: IntentEnding) {
            self.arrivalSecond = arrivalSecond
            self.ending = ending
        }
    }
    /// Intents that arrived in this second, dropped ones included.
    package var offered = 0
    /// Steps begun.
    package var stepsBegun = 0
    /// Attempts started.
    package var attemptsStarted = 0
    /// Attempts started that were retries.
    package var retriesStarted = 0
    /// Connections opened.
    package var connectionsOpened = 0
    /// Body bytes sent.
    package var bytesUp: Int64 = 0
    /// Bytes received, headers included.
    package var bytesDown: Int64 = 0
    /// Attempts ended, by step, outcome and goodness.
    package var attempts: [AttemptKey: Int] = [:]
    /// Intents ended, by second of arrival and ending.
    package var intents: [IntentKey: Int] = [:]
    /// Intents dropped, by reason.
    package var drops: [DropReason: Int] = [:]
    /// Response times (from the intended start) of good attempts, in microseconds.
    package var good = SparseHistogram()
    /// Elapsed times (from the intended start) of attempts that ended without a good answer.
    package var notGood = SparseHistogram()
    /// Response times of completed attempts, good or not: `answered_ms`.
    package var answered = SparseHistogram()
    /// Service times (from the actual start) of completed attempts.
    package var service = SparseHistogram()
    /// Delays of starts behind the schedule: the generator's own.
    package var lag = SparseHistogram()
    /// Intents' own times from arrival to end, of accepted intents.
    package var intentTimes = SparseHistogram()
    /// Parts of requests: lookup, connect, tls, send, wait, receive.
    package var timings: [RequestTiming: SparseHistogram] = [:]
    /// Intents between arrival and end when the second ended; merged by addition over lanes.
    package var inFlight = 0

    /// A second in which nothing has happened yet.
    package init() {}

    /// Attempts that ended with a whole response.
    package var completed: Int {
        self.attempts.reduce(0) { sum, entry in
            if case .status = entry.key.outcome { sum + entry.value } else { sum }
        }
    }
    /// Attempts that were good.
    package var goodAttempts: Int {
        self.attempts.reduce(0) { $1.key.good ? $0 + $1.value : $0 }
    }
    /// Intents that ended so.
    package func ended(_ ending: IntentEnding) -> Int {
        self.intents.reduce(0) { $1.key.ending == ending ? $0 + $1.value : $0 }
    }

    /// Adds another lane's, machine's or second's counts.
    package mutating func merge(_ other: PopulationSecond) {
        self.offered += other.offered
        self.stepsBegun += other.stepsBegun
        self.attemptsStarted += other.attemptsStarted
        self.retriesStarted += other.retriesStarted
        self.connectionsOpened += other.connectionsOpened
        self.bytesUp += other.bytesUp
        self.bytesDown += other.bytesDown
        self.attempts.merge(other.attempts, uniquingKeysWith: +)
        self.intents.merge(other.intents, uniquingKeysWith: +)
        self.drops.merge(other.drops, uniquingKeysWith: +)
        self.good.merge(other.good)
        self.notGood.merge(other.notGood)
        self.answered.merge(other.answered)
        self.service.merge(other.service)
        self.lag.merge(other.lag)
        self.intentTimes.merge(other.intentTimes)
        self.timings.merge(other.timings) { left, right in
            var sum = left
            sum.merge(right)
            return sum
        }
        self.inFlight += other.inFlight
    }
}

/// A part of a request; a part that did not run (a reused connection) is missing, not zero.
package enum RequestTiming: String, Sendable, Hashable, Codable, CaseIterable {
    /// Looking up the name.
    case lookup
    /// Establishing the connection.
    case connect
    /// The TLS handshake.
    case tls
    /// Handing the request over; on loopback to the kernel only.
    case send
    /// From the last byte handed over to the first header that is not 1xx.
    case wait
    /// From that header to the end.
    case receive
}
