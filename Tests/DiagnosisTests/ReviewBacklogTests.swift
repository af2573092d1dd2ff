import Diagnosis
import Testing

@Suite struct ReviewBacklogTests {
    @Test("A backlog grows by what comes beyond what is reviewed.")
    func queue() {
        let backlog = ReviewBacklog(accepted: 2, reviewers: 4, seconds: 8)
        #expect(!backlog.isStable)
        #expect(backlog.slope == 1.5)
        #expect(backlog.age(of: 100) == 200)
        #expect(backlog.clearing(100, inflow: 0.25) == 400)
        #expect(backlog.clearing(100, inflow: 0.5) == .infinity)
    }

    @Test(
        "Five relevant reports of 12,000: items to review for each, by triage.",
        arguments: [(1.0, 1.0, 2_400), (0.9, 0.01, 28), (0.8, 0.001, 4)])
    func triage(truePositive: Double, falsePositive: Double, items: Int) throws {
        let precision = try #require(
            ReviewBacklog.precision(
                share: 5.0 / 12_000, truePositive: truePositive, falsePositive: falsePositive))
        #expect(Int((1 / precision).rounded()) == items)
    }
}
