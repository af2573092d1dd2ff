import Primitives
import Scenarios
import Testing

@Suite struct RetryLimitTests {
    @Test("Without a budget everything that fails is retried as often as `max` allows.")
    func unlimited() {
        #expect(RetrySpec(max: 3).retriesPerRequest == 3)
    }

    @Test(
        "A budget grants a share of the first tries; a reserve of each client's own grants all.",
        arguments: [
            (RetryBudgetSpec(.sre(ratio: 0.5, window: .seconds(120))), 1.0),
            (RetryBudgetSpec(.sre(ratio: 0.2, window: .seconds(120)), isShared: true), 0.25),
            (RetryBudgetSpec(RetryBudgetSpec.finagle), 3),
            (RetryBudgetSpec(RetryBudgetSpec.finagle, isShared: true), 0.2),
            (RetryBudgetSpec(RetryBudgetSpec.aws), 3),
            (RetryBudgetSpec(RetryBudgetSpec.aws, isShared: true), 0),
        ] as [(RetryBudgetSpec, Double)])
    func budgets(budget: RetryBudgetSpec, expected: Double) {
        let retry = RetrySpec(max: 3, budget: budget)
        #expect(abs(retry.retriesPerRequest - expected) < 1e-12)
    }
}
