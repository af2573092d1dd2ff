import Diagnosis
import Measurements
import Primitives
import Testing

@Suite struct FloodTests {
    /// When the flood's load first exceeds what four workers of 20 ms can do.
    private static let crossing = 30 + 178.0 / (498.0 / 24)

    @Test(
        "The knee lies within 5 % of four workers' 200/s, with and without a busy machine.",
        arguments: [0.0, 0.05])
    func kneeOfTheFlood(stalls: Double) throws {
        var worst = 0.0
        for seed in 1...20 {
            var simulator = QueueSimulator()
            simulator.seed = UInt64(seed)
            simulator.stalls = stalls
            let explanation = Explanation.explain(simulator.record())
            let knee = try #require(explanation.knee)
            let capacity = try #require(knee.capacity, "seed \(seed)")
            let ci = try #require(knee.ci)
            #expect(knee.reached)
            #expect(ci[0] <= capacity && capacity <= ci[1])
            worst = max(worst, abs(capacity / 200 - 1))
            #expect(explanation.validity.state != .invalid)
        }
        #expect(worst <= 0.05, "worst error \(worst)")
    }

    @Test("The flood's onset is found within 5 s, and the verdict is a lack of capacity.")
    func onsetOfTheFlood() throws {
        for seed in 1...20 {
            var simulator = QueueSimulator()
            simulator.seed = UInt64(seed)
            let explanation = Explanation.explain(simulator.record())
            let onset = try #require(explanation.onset, "seed \(seed)")
            #expect(abs(onset.t - FloodTests.crossing) <= 5, "seed \(seed): \(onset.t)")
            #expect(onset.ci[0] < onset.ci[1])
            #expect(!onset.firstSignals.isEmpty)
            #expect(explanation.verdict.grade == .family, "seed \(seed)")
            #expect(explanation.verdict.family == .capacity)
            #expect(explanation.verdict.mechanism == nil)
            let recovered = try #require(explanation.recovered)
            #expect(abs(recovered - 91) <= 2)
            #expect((explanation.knee?.collapseIndex ?? 1) < 0.5)
        }
    }

    @Test("Loss counts genuine intents by arrival, and its parts agree with the record.")
    func lossOfTheFlood() throws {
        let record = QueueSimulator().record()
        let explanation = Explanation.explain(record)
        let incident = try #require(explanation.loss.incident)
        var judged = 0
        var accepted = 0
        for row in record.seconds {
            for (key, count) in row.populations[0].intents
            where Double(key.arrivalSecond) >= incident[0]
                && Double(key.arrivalSecond) < incident[1]
            {
                judged += count
                if key.ending == .accepted { accepted += count }
            }
        }
        let genuine = try #require(explanation.loss.genuine)
        #expect(genuine.baselineSuccess == 1)
        #expect(genuine.lost == judged - accepted)
        #expect(genuine.incidentSuccess == Double(accepted) / Double(judged))
        let ci = try #require(genuine.ci)
        let share = Double(judged - accepted) / Double(judged)
        #expect(ci[0] < share && share < ci[1])
        #expect(explanation.loss.reconcile == nil)
    }

    @Test("The same record gives the same explanation.")
    func deterministic() {
        let record = QueueSimulator().record()
        let first = Explanation.explain(record)
        let second = Explanation.explain(record)
        #expect(first.verdict == second.verdict)
        #expect(first.evidence == second.evidence)
        #expect(first.knee == second.knee)
        #expect(first.hypotheses == second.hypotheses)
    }

    @Test("Every claim names evidence that stands in the ledger, and probabilities add up to 1.")
    func grounded() {
        let explanation = Explanation.explain(QueueSimulator().record())
        let ids = Set(explanation.evidence.map(\.id))
        #expect(explanation.verdict.claims.count >= 5)
        for claim in explanation.verdict.claims { #expect(ids.isSuperset(of: claim.evidence)) }
        let sum = explanation.hypotheses.reduce(0) { $0 + $1.posterior }
        #expect(abs(sum - 1) < 1e-9)
        #expect(explanation.hypotheses.contains { $0.id == "UNKNOWN" })
        #expect(
            explanation.verdict.sentence
                == explanation.verdict.claims.map(\.text).joined(separator: " "))
    }
}
