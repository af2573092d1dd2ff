import Diagnosis
import Measurements
import Testing

@Suite("Gate V5: the control endpoint")
struct ControlGateTests {
    private static func gate(_ samples: [[String: Double]]) -> Validity.Gate? {
        var record = QueueSimulator.quiet(rate: 60, seed: 3).record()
        record.server = samples.enumerated().map { ServerSample(second: $0, values: $1) }
        return Explanation.explain(record).validity.gates.first { $0.id == "V5" }
    }

    @Test("It tells how often the endpoint answered, and how soon.")
    func figures() {
        let samples = (1...9).map { ["control.ok": 1, "control.ms": Double($0)] }
        let gate = Self.gate(samples + [["control.ok": 0]])
        #expect(gate?.state == .ok)
        #expect(
            gate?.detail
                == "the control endpoint answered in 9 of 10 s, after 5.0 ms (median), at most 9 ms"
        )
    }

    @Test("An endpoint that never answers is a figure, too; a few seconds are none.")
    func nothing() {
        let silent = Self.gate(Array(repeating: ["control.ok": 0], count: 12))
        #expect(silent?.state == .ok)
        #expect(silent?.detail == "the control endpoint answered in 0 of 12 s")
        let short = Self.gate(Array(repeating: ["control.ok": 1], count: 9))
        #expect(short?.state == .notApplicable)
        #expect(short?.detail.hasPrefix("the control endpoint was sampled in 9 s only") == true)
        let other = Self.gate(Array(repeating: ["cpu.user": 1], count: 30))
        #expect(other?.detail.hasPrefix("no control endpoint was sampled") == true)
    }
}
