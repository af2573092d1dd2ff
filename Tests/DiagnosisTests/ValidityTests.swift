import Diagnosis
import Measurements
import Primitives
import Testing

@Suite struct ValidityTests {
    private static func quiet() -> RunRecord {
        QueueSimulator.quiet(rate: 60, seed: 3).record()
    }

    private static func gate(_ explanation: Explanation, _ id: String) -> Validity.Gate? {
        explanation.validity.gates.first { $0.id == id }
    }

    @Test(
        "A generator that ran out of something makes the run invalid, and the verdict names it.",
        arguments: [
            (FailureClass.descriptors, "EMFILE"), (.localPorts, "EADDRNOTAVAIL"),
            (.localMemory, "ENOBUFS"), (.localRead, "bodies"),
        ])
    func generatorFault(failure: FailureClass, word: String) {
        var record = ValidityTests.quiet()
        let key = PopulationSecond.AttemptKey(step: 0, outcome: .failure(failure), good: false)
        record.seconds[40].populations[0].attempts[key] = 7
        let explanation = Explanation.explain(record)
        #expect(explanation.validity.state == .invalid)
        #expect(explanation.verdict.grade == .invalid)
        #expect(explanation.verdict.family == .harness)
        #expect(explanation.verdict.sentence.contains(word))
        #expect(explanation.verdict.sentence.contains("7 attempts"))
        #expect(ValidityTests.gate(explanation, "V2")?.state == .failed)
        #expect(explanation.inconclusive)
        #expect(explanation.knee == nil && explanation.onset == nil)
        #expect(explanation.hypotheses.map(\.id) == ["HARNESS"])
    }

    @Test("A closed loop is no fault, but it says what it cannot see.")
    func closedLoop() {
        var record = ValidityTests.quiet()
        let open = Explanation.explain(record)
        #expect(ValidityTests.gate(open, "V4")?.state == .ok)
        record.manifest.populations[0].executor = "constant-vus"
        let closed = Explanation.explain(record)
        #expect(closed.validity.state == open.validity.state)
        #expect(ValidityTests.gate(closed, "V4")?.state == .notApplicable)
        #expect(ValidityTests.gate(closed, "V4")?.detail.contains("in no percentile") == true)
    }

    @Test("One dropped intent makes the run invalid; one that a stop left unreleased does not.")
    func drops() {
        var record = ValidityTests.quiet()
        record.seconds[50].populations[0].drops[.inFlightLimit] = 1
        let dropped = Explanation.explain(record)
        #expect(dropped.validity.state == .invalid)
        #expect(dropped.verdict.sentence.contains("maxInFlight"))
        record.seconds[50].populations[0].drops = [.stopped: 1]
        #expect(Explanation.explain(record).validity.state == .valid)
    }

    @Test("Seconds late by the generator alone make the run invalid above 5 % of a phase.")
    func generatorLate() {
        var record = ValidityTests.quiet()
        for second in 20..<26 {
            record.generator[second].lagP99 = 100
            record.generator[second].referenceP99 = 10
        }
        // 6 of 120 s are 5 %, not more.
        #expect(Explanation.explain(record).validity.state == .valid)
        record.generator[26].lagP99 = 100
        record.generator[26].referenceP99 = 10
        let explanation = Explanation.explain(record)
        #expect(explanation.validity.state == .invalid)
        #expect(explanation.verdict.sentence.contains("its own speed"))
    }

    @Test("A machine that is late as a whole makes the run suspect, never invalid.")
    func machineLate() {
        var record = ValidityTests.quiet()
        for second in record.generator.indices {
            record.generator[second].lagP99 = 500
            record.generator[second].referenceP99 = second % 2 == 0 ? 400 : nil
        }
        let explanation = Explanation.explain(record)
        #expect(explanation.validity.state == .suspect)
        #expect(explanation.verdict.grade != .invalid)
        for second in 12..<record.generator.count { record.generator[second].lagP99 = 1 }
        #expect(Explanation.explain(record).validity.state == .valid)
    }

    @Test("A full journal makes the run invalid.")
    func journalFull() {
        var record = ValidityTests.quiet()
        record.closing?.stopped = "journal-full"
        #expect(Explanation.explain(record).verdict.grade == .invalid)
    }

    @Test("Descriptors or processors near their limit are suspect, not invalid.")
    func nearLimit() {
        var record = ValidityTests.quiet()
        record.generator[30].descriptors = 60_000
        #expect(Explanation.explain(record).validity.state == .suspect)
        record = ValidityTests.quiet()
        for second in record.generator.indices { record.generator[second].cpu = 1.9 }
        let explanation = Explanation.explain(record)
        #expect(explanation.validity.state == .suspect)
        #expect(ValidityTests.gate(explanation, "V2")?.state == .failed)
    }

    @Test("Little's law holds in steady windows, and a bookkeeping error shows.")
    func little() {
        // 2 s of service with 200 workers: about 120 in flight.
        var simulator = QueueSimulator.quiet(rate: 60, seed: 5)
        simulator.workers = 200
        simulator.service = 2
        var record = simulator.record()
        let good = Explanation.explain(record)
        #expect(ValidityTests.gate(good, "V3")?.state == .ok)
        #expect(good.validity.state == .valid)
        for second in record.seconds.indices {
            record.seconds[second].populations[0].inFlight *= 2
        }
        let bad = Explanation.explain(record)
        #expect(ValidityTests.gate(bad, "V3")?.state == .failed)
        #expect(bad.validity.state == .suspect)
    }

    @Test("Damage of the journal is suspect.")
    func damage() {
        var record = ValidityTests.quiet()
        record.damage = ["windows.ndjson:120: cut off"]
        #expect(Explanation.explain(record).validity.state == .suspect)
    }
}
