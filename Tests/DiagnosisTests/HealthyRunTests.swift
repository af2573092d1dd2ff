import Diagnosis
import Measurements
import Primitives
import Testing

@Suite struct HealthyRunTests {
    @Test("Sixty healthy runs raise no alarm and are graded healthy.")
    func noFalseAlarms() {
        var alarms: [String] = []
        for seed in 1...60 {
            var simulator = QueueSimulator.quiet(
                rate: [20, 60, 130][seed % 3], seed: UInt64(seed))
            simulator.variation = seed % 2 == 0 ? 0 : 1
            simulator.stalls = seed % 4 == 0 ? 0.05 : 0
            let explanation = Explanation.explain(simulator.record())
            if explanation.onset != nil || explanation.verdict.grade != .healthy {
                alarms.append("seed \(seed): \(explanation.verdict.sentence)")
            }
            #expect(explanation.knee?.reached != true, "seed \(seed)")
        }
        #expect(alarms.isEmpty, "\(alarms)")
    }

    @Test("A ramp to 70 % of the capacity is no change and reaches no knee.")
    func ramp() throws {
        for seed in 1...10 {
            var simulator = QueueSimulator.ramp(from: 20, to: 140, over: 120)
            simulator.seed = UInt64(seed)
            let explanation = Explanation.explain(simulator.record())
            #expect(explanation.onset == nil, "seed \(seed)")
            #expect(explanation.verdict.grade == .healthy)
            let knee = try #require(explanation.knee)
            #expect(!knee.reached)
            #expect(knee.capacity == nil && knee.ci == nil && knee.hiddenCapacity == nil)
            #expect(abs(knee.tested - 138) < 15)
        }
    }

    @Test("A share that fails at any load is no knee, and no healthy run either.")
    func proportional() {
        for seed in 1...10 {
            var simulator = QueueSimulator.ramp(from: 20, to: 120, over: 120)
            simulator.seed = UInt64(seed)
            simulator.faultyShare = 0.08
            let explanation = Explanation.explain(simulator.record())
            #expect(explanation.knee?.reached == false, "seed \(seed)")
            #expect(explanation.verdict.grade == .notEnoughEvidence)
        }
    }

    @Test("A run of ten seconds has no baseline and gets no verdict.")
    func short() {
        let explanation = Explanation.explain(
            QueueSimulator.quiet(rate: 10, seed: 1, seconds: 10).record())
        #expect(explanation.verdict.grade == .notEnoughEvidence)
        #expect(explanation.baseline == nil)
        #expect(explanation.validity.state == .valid)
    }

    @Test("An empty record is explained without a crash, and nothing is claimed.")
    func empty() {
        var record = QueueSimulator.quiet(rate: 10, seed: 1, seconds: 10).record()
        record.seconds = []
        record.generator = []
        let explanation = Explanation.explain(record)
        #expect(explanation.verdict.grade == .notEnoughEvidence)
        #expect(explanation.knee == nil && explanation.onset == nil)
        #expect(explanation.loss.genuine == nil)
    }
}
