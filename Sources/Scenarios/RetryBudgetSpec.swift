package import Primitives

/// A limit on all retries of a client together, or of all clients of a population on a lane.
///
/// `max` limits the retries of one request; a budget limits their sum, which is what reaches an
/// overloaded server. A phone's app has a budget of its own, so that is the default; clients that
/// stand for the requests of one gateway process share one (`shared: true`).
package struct RetryBudgetSpec: Sendable, Hashable {
    /// Whose rules apply, and their numbers.
    package enum Rule: Sendable, Hashable {
        /// Retries may be at most that share of all requests sent within the window.
        ///
        /// "Each client keeps track of the ratio of requests that correspond to retries. A request
        /// will only be retried as long as this ratio is below 10%": B. Beyer et al., "Site
        /// Reliability Engineering", chapter 21, "Handling Overload" (2016). With ratio r a
        /// client's requests grow by at most 1/(1 - r): 1.11 at 10 %. The book names no window;
        /// two minutes is what the same chapter remembers for its adaptive throttling.
        case sre(ratio: Double, window: Nanoseconds)
        /// Every request pays in, a retry costs 1/ratio of that; deposits expire.
        ///
        /// On top comes a reserve of `minRetriesPerSecond` x `ttl`. Finagle's `RetryBudget`
        /// (finagle-core, com.twitter.finagle.service; "Retry Budgets", 8 February 2016): 20 %,
        /// 10 a second, 10 s; the leaky bucket is kept in tenths of `ttl`.
        case finagle(ratio: Double, minRetriesPerSecond: Double, ttl: Nanoseconds)
        /// A bucket of tokens that a success fills and a retry empties.
        ///
        /// The AWS SDKs' retry quota in standard mode (constants of aws-sdk-js-v3's
        /// `middleware-retry`: 500, 5, 10, 1): a retry costs 5, after a timeout 10; the success
        /// of a retry gives back what its last retry cost, that of a first try 1.
        case aws(tokens: Int, retryCost: Int, timeoutCost: Int, refund: Int)
    }
    /// Whose rules apply.
    package var rule: Rule
    /// True when all clients of the population on a lane have one budget together.
    package var isShared: Bool

    /// A budget; each client has its own unless it is shared.
    package init(_ rule: Rule, isShared: Bool = false) {
        self.rule = rule
        self.isShared = isShared
    }

    /// The SRE book's 10 %.
    package static let sre = Rule.sre(ratio: 0.1, window: .seconds(120))
    /// Finagle's defaults.
    package static let finagle = Rule.finagle(
        ratio: 0.2, minRetriesPerSecond: 10, ttl: .seconds(10))
    /// The AWS SDKs' defaults.
    package static let aws = Rule.aws(tokens: 500, retryCost: 5, timeoutCost: 10, refund: 1)

    /// How many first tries a client needs before its first retry can be allowed; nil for never.
    ///
    /// Where everything is sent within one window.
    package var requestsBeforeFirstRetry: Int? {
        switch self.rule {
        case .sre(let ratio, _):
            guard ratio > 0 else { return nil }
            // A retry is a request as well: 1 <= ratio x (n + 1).
            return max(1, Int((1 / ratio - 1e-9).rounded(.up)) - 1)
        case .finagle(let ratio, let floor, let ttl):
            if floor * ttl.seconds >= 1 { return 1 }
            guard ratio > 0 else { return nil }
            return max(1, Int(((1 - floor * ttl.seconds) / ratio - 1e-9).rounded(.up)))
        case .aws(let tokens, let retryCost, let timeoutCost, _):
            return tokens >= min(retryCost, timeoutCost) ? 1 : nil
        }
    }
}
