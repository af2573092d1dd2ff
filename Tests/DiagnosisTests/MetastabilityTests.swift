import Diagnosis
import Testing

@Suite struct MetastabilityTests {
    private static func storm(_ load: Double, _ amplification: Double = 2) -> RetryStorm {
        RetryStorm(capacity: 100, load: load, amplification: amplification, backlog: 1_000)
    }

    @Test("A storm drains under C / (1 + R) and never at it or above.")
    func bothSides() {
        #expect(RetryStorm.hiddenCapacity(of: 100, retriesPerRequest: 1) == 50)
        #expect(RetryStorm.hiddenCapacity(of: 100, retriesPerRequest: 0.25) == 80)
        #expect(MetastabilityTests.storm(45).tStorm == 100)
        #expect(MetastabilityTests.storm(49.5).tStorm == 1_000)
        #expect(MetastabilityTests.storm(50).tStorm == .infinity)
        #expect(MetastabilityTests.storm(50).tFresh == 20)
    }

    @Test("Retries multiply attempts by 1 + f + ... + f^R.")
    func amplification() {
        #expect(RetryStorm.amplification(failure: 0, retries: 3) == 1)
        #expect(RetryStorm.amplification(failure: 0.5, retries: 3) == 1.875)
        #expect(RetryStorm.amplification(failure: 1, retries: 3) == 4)
    }

    @Test(
        "The state follows from the recovery, the predicted drain and the relief.",
        arguments: [
            (50.0, 50.0, 300.0, nil, "RECOVERED"), (50, 51, 300, nil, "RECOVERED_SLOWLY"),
            (45, nil, 199, true, "UNDECIDED"), (45, nil, 200, true, "METASTABLE"),
            (50, nil, 1, true, "METASTABLE"), (50, nil, 300, nil, "SUSTAINED"),
            (50, nil, 300, false, "PERSISTENT"),
        ] as [(Double, Double?, Double, Bool?, String)])
    func states(load: Double, back: Double?, watched: Double, relief: Bool?, state: String) {
        let seen = RecoveryEvidence(
            recovered: back, watched: watched, recoveredAfterRelief: relief)
        let judged = Metastability.judge(MetastabilityTests.storm(load), seen)
        #expect(judged.state == state)
        #expect(judged.loop == (state == "METASTABLE" ? "retries" : nil))
    }

    @Test("Plain overload is no question of healing.")
    func overload() {
        let seen = RecoveryEvidence(recovered: nil, watched: 300)
        let judged = Metastability.judge(MetastabilityTests.storm(100), seen)
        #expect(judged.state == "not_applicable")
        #expect(judged.tFresh == nil && judged.tStorm == nil)
    }

    @Test("Recovery begins at the first window back to 95 % of the baseline.")
    func recovery() {
        let load = [Double](repeating: 10, count: 60)
        let good = (0..<60).map { $0 < 31 ? 0.0 : 10.0 }
        // The window from 30 has 19 good seconds of 20: exactly 95 %.
        #expect(
            RecoveryEvidence.recovery(good: good, load: load, share: 1, from: 5, before: 60) == 30)
        #expect(
            RecoveryEvidence.recovery(good: good, load: load, share: 1, from: 5, before: 49) == nil)
    }
}
