import Testing

@testable import Diagnosis

@Suite struct SwitchOffProtocolTests {
    @Test("Answers that fit both leave it open, and name the weightiest records first.")
    func open() {
        let judged = SwitchOffProtocol(["recovery": 0, "fingerprint": 0])
        #expect(judged.grade == .notEnoughEvidence)
        #expect(judged.switchedOff == 0.5)
        #expect(judged.missing.prefix(3).map(\.id) == ["relief", "ramps", "server"])
        #expect(judged.missing.count == 8)
    }

    @Test("Two weighty answers that agree lead; one alone does not.")
    func leads() {
        let one = SwitchOffProtocol(["relief": 1])
        #expect(one.grade == .notEnoughEvidence)
        let two = SwitchOffProtocol(["relief": 1, "precursor": 1])
        #expect(two.grade == .leading)
        #expect(abs(two.switchedOff - 1_000 / 1_001) < 1e-12)
        let other = SwitchOffProtocol(["relief": -1, "latency": -1, "recovery": 1])
        #expect(other.grade == .leading)
        #expect(other.switchedOff < 0.01)
        #expect(SwitchOffProtocol(["relief": 1, "ramps": -1]).grade == .notEnoughEvidence)
    }
}
