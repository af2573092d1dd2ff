package import Primitives

/// What the app tries again by itself, how often and when.
package struct RetrySpec: Sendable, Hashable {
    /// How the delay grows from retry to retry.
    package enum Backoff: String, Sendable, Hashable, Codable, CaseIterable {
        /// It does not.
        case constant
        /// It doubles: delay x 2^(retry - 1).
        case exponential
        /// Each delay is drawn between the first and three times the one before.
        ///
        /// sleep = min(cap, random_between(base, sleep x 3)), with `delay` as base and as the
        /// sleep before the first, `maxDelay` as cap: M. Brooker, "Exponential Backoff And
        /// Jitter", AWS Architecture Blog, 2015.
        case decorrelated
    }
    /// How the delay is spread; names and formulas are Brooker's.
    package enum Jitter: String, Sendable, Hashable, Codable, CaseIterable {
        /// Not at all.
        case none
        /// Uniform between zero and the delay.
        case full
        /// Uniform between half the delay and the delay.
        case equal
    }
    /// What makes a try worth repeating.
    package enum Condition: Sendable, Hashable {
        /// A deadline of the client's own ran out, in whatever phase.
        case timeout
        /// Nothing listened.
        case refused
        /// The connection was reset or closed without an answer.
        case reset
        /// No connection came about: lookup, connect or TLS handshake failed.
        case connect
        /// The client itself hung up (`abortAfter`).
        case aborted
        /// Any failure to get a whole response.
        case error
        /// A response with such a status.
        case status(StatusPattern)
    }
    /// The most retries of a step; its tries are one more.
    package var max: Int
    /// What makes a try worth repeating.
    package var when: [Condition]
    /// The wait before the first retry, in wall time.
    package var delay: Nanoseconds
    /// How it grows.
    package var backoff: Backoff
    /// How it is spread.
    package var jitter: Jitter
    /// The longest wait before jitter, in wall time; nil for none.
    package var maxDelay: Nanoseconds?
    /// Wait at least as long as the answer's `Retry-After` says (RFC 9110, 10.2.3).
    package var honorsRetryAfter: Bool
    /// The longest such wait that is honoured; what asks for more gets this.
    package var maxRetryAfter: Nanoseconds
    /// What limits retries beyond `max`; nil for nothing.
    package var budget: RetryBudgetSpec?

    /// A retry policy.
    package init(
        max: Int, when: [Condition] = [.error, .status(.range(500...599))],
        delay: Nanoseconds = .seconds(1), backoff: Backoff = .constant, jitter: Jitter = .none,
        maxDelay: Nanoseconds? = nil, honorsRetryAfter: Bool = true,
        maxRetryAfter: Nanoseconds = .seconds(60), budget: RetryBudgetSpec? = nil
    ) {
        self.max = max
        self.when = when
        self.delay = delay
        self.backoff = backoff
        self.jitter = jitter
        self.maxDelay = maxDelay
        self.honorsRetryAfter = honorsRetryAfter
        self.maxRetryAfter = maxRetryAfter
        self.budget = budget
    }
}
