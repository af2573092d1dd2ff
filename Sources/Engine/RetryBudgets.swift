import Primitives
import Scenarios

/// The budgets of a population's clients on one lane.
///
/// Steps without a policy of their own spend from one budget, each policy of a step's own from
/// another. Populations without budgets pay one comparison per attempt.
struct RetryBudgets: Sendable {
    /// By budget: what it is.
    private let specs: [RetryBudgetSpec]
    /// By step: the budget it spends from; nil for none.
    private let budgets: [Int?]
    private var shared: [RetryBudget?] = []
    /// By seat and budget.
    private var own: [Int: [RetryBudget]] = [:]
    /// By seat and step: what the last retry of a request in progress cost.
    private var costs: [Int: RetryBudget.Cost] = [:]

    /// Fresh budgets.
    ///
    /// - Parameter lanes: how many lanes share the population.
    init(_ journey: Journey, lanes: Int) {
        var specs: [RetryBudgetSpec] = []
        var common: Int?
        self.budgets = journey.retries.indices.map { step in
            guard let spec = journey.retries[step]?.budget else { return nil }
            let isOwn = journey.ownRetries.contains(step)
            if !isOwn, let common { return common }
            specs.append(spec)
            if !isOwn { common = specs.count - 1 }
            return specs.count - 1
        }
        self.specs = specs
        self.shared = specs.map {
            $0.isShared ? RetryBudget($0, share: 1 / Double(max(1, lanes))) : nil
        }
    }

    /// True when there is nothing to keep.
    var isEmpty: Bool { self.specs.isEmpty }

    /// A first try of a step is being sent.
    mutating func requestBegan(step: Int, seat: Int, at now: MonotonicTime) {
        guard let budget = self.budgets[step] else { return }
        self.costs[self.key(seat, step)] = nil
        self.change(budget, seat) { $0.requestBegan(at: now) }
    }

    /// True when a retry is within the budget, which then has paid for it.
    mutating func allowsRetry(
        step: Int, seat: Int, afterTimeout: Bool, at now: MonotonicTime
    ) -> Bool {
        guard let budget = self.budgets[step] else { return true }
        let cost = self.change(budget, seat) { $0.withdraw(afterTimeout: afterTimeout, at: now) }
        guard let cost else { return false }
        self.costs[self.key(seat, step)] = cost
        return true
    }

    /// A request succeeded, at once or after retries.
    mutating func succeeded(step: Int, seat: Int) {
        guard let budget = self.budgets[step] else { return }
        let cost = self.costs.removeValue(forKey: self.key(seat, step))
        self.change(budget, seat) { $0.succeeded(after: cost) }
    }

    /// An intent ended in a seat; with `retires` its client leaves and its budget goes with it.
    mutating func ended(seat: Int, retires: Bool) {
        for step in self.budgets.indices where self.budgets[step] != nil {
            self.costs[self.key(seat, step)] = nil
        }
        if retires { self.own[seat] = nil }
    }

    private func key(_ seat: Int, _ step: Int) -> Int { seat << 16 | step }

    @discardableResult
    private mutating func change<Value>(
        _ budget: Int, _ seat: Int, _ body: (inout RetryBudget) -> Value
    ) -> Value {
        if var common = self.shared[budget] {
            let value = body(&common)
            self.shared[budget] = common
            return value
        }
        let specs = self.specs
        return body(&self.own[seat, default: specs.map { RetryBudget($0) }][budget])
    }
}
