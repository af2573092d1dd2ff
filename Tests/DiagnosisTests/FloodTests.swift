import Diagnosis
import Measurements
import Primitives
import Testing

@Suite struct FloodTests {
    /// When the flood's load first exceeds what four workers of 20 ms can do.
    private static let crossing = 30 + 178.0 / (498.0 / 24)

    @Test(
        "Over 20 floods, on a quiet and on a stalling machine, knee, onset, recovery and verdict hold.",
        arguments: [0.0, 0.05])
    func floods(stalls: Double) throws {
        var errors: [Double] = []
        for seed in 1...20 {
            var simulator = QueueSimulator()
            simulator.seed = UInt64(seed)
            simulator.stalls = stalls
            let explanation = Explanation.explain(simulator.record())
            #expect(explanation.validity.state != .invalid)
            let knee = try #require(explanation.knee)
            let capacity = try #require(knee.capacity, "seed \(seed)")
            let ci = try #require(knee.ci)
            #expect(knee.reached && ci[0] <= capacity && capacity <= ci[1])
            #expect((knee.collapseIndex ?? 1) < 0.5)
            errors.append(abs(capacity / 200 - 1))
            let onset = try #require(explanation.onset, "seed \(seed)")
            #expect(abs(onset.t - FloodTests.crossing) <= 5, "seed \(seed): \(onset.t)")
            #expect(onset.ci[0] < onset.ci[1] && !onset.firstSignals.isEmpty)
            #expect(explanation.verdict.grade == .family, "seed \(seed)")
            #expect(explanation.verdict.family == .capacity)
            #expect(explanation.verdict.mechanism == nil)
            let recovered = try #require(explanation.recovered)
            #expect(abs(recovered - 91) <= 2)
        }
        errors.sort()
        // A stall in the few seconds between knee and collapse leaves little plateau to fit.
        #expect(errors[18] <= 0.05, "\(errors)")
        #expect((errors.last ?? 1) <= (stalls > 0 ? 0.1 : 0.05), "\(errors)")
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
