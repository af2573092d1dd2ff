import Primitives

extension RetrySpec {
    /// Retries per first try that a client makes while everything fails, in the long run.
    ///
    /// `max`, or what the budget grants if that is less. It is what multiplies the load on a server
    /// that is down: the server heals under capacity / (1 + this).
    package var retriesPerRequest: Double {
        guard let budget = self.budget else { return Double(self.max) }
        return min(Double(self.max), budget.retriesPerRequest)
    }
}

extension RetryBudgetSpec {
    /// Retries per first try that the budget pays for while everything fails; infinite where it
    /// sets no limit.
    ///
    /// SRE's ratio r is of all requests, so r / (1 - r) of the first ones; Finagle's is of the
    /// first ones. A reserve that each client brings along pays for all its few retries; one that
    /// all share is a fixed number a second, which is left out here. A shared bucket of tokens runs
    /// dry.
    package var retriesPerRequest: Double {
        switch self.rule {
        case .sre(let ratio, _): ratio < 1 ? ratio / (1 - ratio) : .infinity
        case .finagle(let ratio, let floor, let ttl):
            !self.isShared && floor * ttl.seconds >= 1 ? .infinity : ratio
        case .aws(let tokens, let retryCost, let timeoutCost, _):
            if self.isShared {
                0
            } else {
                tokens >= min(retryCost, timeoutCost) ? .infinity : 0
            }
        }
    }
}
