package import Primitives

/// How much of the time a lane's wake-ups took, by the wall clock.
///
/// Not processor time: asking the kernel for that costs two calls a wake-up, and Dispatch moves a
/// queue from thread to thread. A lane that waits for a processor amid a wake-up is as late as one
/// that computes.
package struct LaneLoad: Sendable {
    /// What was noted in a stretch of time.
    package struct Taken: Sendable, Hashable {
        /// The share of it spent in wake-ups, from 0 to 1.
        package var busy: Double
        /// The longest wake-up.
        package var longest: Nanoseconds
        /// Connections that have more to send than the kernel takes, now.
        package var sendWaits: Int
    }
    private var since: Int64
    private var sum: Int64 = 0
    private var longest: Int64 = 0

    /// Begins at an instant in nanoseconds.
    init(since: Int64) {
        self.since = since
    }

    /// Adds a wake-up that took so many nanoseconds.
    @inline(__always)
    mutating func note(_ length: Int64) {
        self.sum += length
        if length > self.longest { self.longest = length }
    }

    /// Takes out what was noted and begins anew.
    mutating func take(at now: Int64, sendWaits: Int) -> Taken {
        let share = Double(self.sum) / Double(max(1, now - self.since))
        defer { self = LaneLoad(since: now) }
        return Taken(
            busy: min(1, share), longest: Nanoseconds(self.longest), sendWaits: sendWaits)
    }
}
