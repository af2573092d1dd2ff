import Measurements
import Primitives
import Testing

@testable import Diagnosis

/// What an operator did at the keyboard is not the server's doing.
@Suite struct OperatorTests {
    private func events(_ hold: Range<Double>) -> [RunEvent] {
        var begun = RunEvent(t: hold.lowerBound, kind: "operator", label: "held")
        begun.action = .hold
        var ended = RunEvent(t: hold.upperBound, kind: "operator", label: "came again")
        ended.action = .resume
        return [begun, ended]
    }

    @Test("Arrivals held for 20 s in a healthy run are no onset and no outage.")
    func heldHealthyRun() {
        var alarms: [String] = []
        for seed in 1...12 {
            var simulator = QueueSimulator.quiet(
                rate: [20, 60, 130][seed % 3], seed: UInt64(seed))
            simulator.loads = simulator.loads.map { load in
                var held = load
                let rate = load.rate
                held.rate = { (50..<70).contains($0) ? 0 : rate($0) }
                return held
            }
            var record = simulator.record()
            record.events += self.events(50..<70)
            let explanation = Explanation.explain(record)
            #expect(
                explanation.verdict.claims.contains {
                    $0.text.contains("held arrivals at 00:50, let them come again at 01:10")
                })
            if explanation.onset != nil || explanation.verdict.grade != .healthy {
                alarms.append("seed \(seed): \(explanation.verdict.sentence)")
            }
        }
        #expect(alarms.isEmpty, "\(alarms)")
    }

    @Test(
        "Holds and rates are interventions, after which nothing is the server's own; notes are none."
    )
    func interventions() {
        var record = QueueSimulator.quiet(rate: 20, seed: 1).record()
        var note = RunEvent(t: 12, kind: "operator", label: "Note: lunch")
        note.action = .note
        record.events = [note]
        #expect(RunFacts(record).interventions.isEmpty)
        record.events += self.events(50..<70)
        #expect(RunFacts(record).interventions == [50, 70])
    }
}
