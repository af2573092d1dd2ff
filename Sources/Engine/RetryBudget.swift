import Primitives
import Scenarios

/// What a client may still spend on retries: event in, verdict out; the rules' sources are named
/// at `RetryBudgetSpec.Rule`.
///
/// Confined to a lane. One of `sre` and `finagle` takes about 350 bytes, one of `aws` 20.
struct RetryBudget: Sendable {
    /// What a retry was allowed for; the success of its request may give it back.
    typealias Cost = Int

    private enum State: Sendable {
        case ratio(Double, requests: SlidingCount, retries: SlidingCount)
        case deposits(SlidingCount, deposit: Int64, withdrawal: Int64, reserve: Int64)
        case tokens(Int, limit: Int, retryCost: Int, timeoutCost: Int, refund: Int)
    }
    private var state: State

    /// A fresh budget.
    ///
    /// - Parameter share: the part of its absolute numbers that this one gets, where several lanes
    ///   share a budget: 1 or less. Ratios need no sharing.
    init(_ spec: RetryBudgetSpec, share: Double = 1) {
        switch spec.rule {
        case .sre(let ratio, let window):
            let empty = SlidingCount(over: window)
            self.state = .ratio(ratio, requests: empty, retries: empty)
        case .finagle(let ratio, let floor, let ttl):
            // Finagle's own integers: a request pays 1,000, a retry costs 1,000/ratio.
            let withdrawal = ratio > 0 ? Int64(1_000 / ratio) : 1
            let reserve = Int64(floor * share * ttl.seconds * Double(withdrawal))
            self.state = .deposits(
                SlidingCount(over: ttl), deposit: ratio > 0 ? 1_000 : 0, withdrawal: withdrawal,
                reserve: reserve)
        case .aws(let tokens, let retryCost, let timeoutCost, let refund):
            let limit = Int(Double(tokens) * share)
            self.state = .tokens(
                limit, limit: limit, retryCost: retryCost, timeoutCost: timeoutCost,
                refund: refund)
        }
    }

    /// A first try is being sent.
    mutating func requestBegan(at now: MonotonicTime) {
        switch self.state {
        case .ratio(let ratio, var requests, let retries):
            requests.add(1, at: now)
            self.state = .ratio(ratio, requests: requests, retries: retries)
        case .deposits(var sum, let deposit, let withdrawal, let reserve):
            sum.add(deposit, at: now)
            self.state = .deposits(
                sum, deposit: deposit, withdrawal: withdrawal, reserve: reserve)
        case .tokens: break
        }
    }

    /// Takes out what a retry costs; nil when there is not enough, and then nothing changes.
    mutating func withdraw(afterTimeout: Bool, at now: MonotonicTime) -> Cost? {
        switch self.state {
        case .ratio(let ratio, var requests, var retries):
            // The retry is a request as well. A hair of slack for ratios such as 0.1.
            let sent = Double(requests.value(at: now) + 1)
            let again = Double(retries.value(at: now) + 1)
            guard again <= ratio * sent * (1 + 1e-12) else { return nil }
            requests.add(1, at: now)
            retries.add(1, at: now)
            self.state = .ratio(ratio, requests: requests, retries: retries)
            return 0
        case .deposits(var sum, let deposit, let withdrawal, let reserve):
            guard sum.value(at: now) + reserve >= withdrawal else { return nil }
            sum.add(-withdrawal, at: now)
            self.state = .deposits(
                sum, deposit: deposit, withdrawal: withdrawal, reserve: reserve)
            return 0
        case .tokens(let left, let limit, let retryCost, let timeoutCost, let refund):
            let cost = afterTimeout ? timeoutCost : retryCost
            guard left >= cost else { return nil }
            self.state = .tokens(
                left - cost, limit: limit, retryCost: retryCost, timeoutCost: timeoutCost,
                refund: refund)
            return cost
        }
    }

    /// A request succeeded; `cost` is what its last retry took out, nil for a first try.
    mutating func succeeded(after cost: Cost?) {
        guard
            case .tokens(let left, let limit, let retryCost, let timeoutCost, let refund) =
                self.state
        else { return }
        self.state = .tokens(
            min(limit, left + (cost ?? refund)), limit: limit, retryCost: retryCost,
            timeoutCost: timeoutCost, refund: refund)
    }
}
