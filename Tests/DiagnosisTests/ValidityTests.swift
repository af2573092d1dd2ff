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
        #expect(explanation.hypotheses.map(\.id) == ["M27"])
    }

    @Test("A control group's quota that holds the generator back is named.")
    func quota() {
        var record = ValidityTests.quiet()
        for index in record.generator.indices { record.generator[index].throttled = 0.05 }
        #expect(ValidityTests.gate(Explanation.explain(record), "V2")?.state == .ok)
        for index in record.generator.indices { record.generator[index].throttled = 0.4 }
        let gate = ValidityTests.gate(Explanation.explain(record), "V2")
        #expect(gate?.state == .failed)
        #expect(gate?.detail.contains("quota held it back by 0.40 cores") == true)
        // Where it kept intents from starting, it is what limited the generator.
        record.seconds[50].populations[0].drops[.inFlightLimit] = 1
        let sentence = Explanation.explain(record).verdict.sentence
        #expect(sentence.contains("quota held back 0.40"))
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

    @Test("A process that stood still makes the run invalid, whoever else was late.")
    func stopped() {
        var record = ValidityTests.quiet()
        record.generator[40].stoppedAt = 40.2
        record.generator[40].stoppedFor = 3
        for second in 40..<44 {
            record.generator[second].lagP99 = 2_900
            record.generator[second].referenceP99 = 3_000
        }
        let explanation = Explanation.explain(record)
        #expect(explanation.validity.state == .invalid)
        #expect(explanation.verdict.sentence.contains("stopped: its process stood still for 3.0 s"))
        #expect(ValidityTests.gate(explanation, "V1")?.state == .failed)
        for second in 40..<44 { record.generator[second].stoppedFor = nil }
        // The same without its own standstill is the machine's, and too short to matter.
        #expect(Explanation.explain(record).validity.state == .valid)
    }

    @Test("Drops beside a lane without time to spare are the processor's, with the way out.")
    func processor() throws {
        var record = ValidityTests.quiet()
        for second in 50..<60 {
            record.seconds[second].populations[0].drops[.inFlightLimit] = 9
            record.generator[second].lanes = [
                GeneratorSample.Lane(busy: 0.99, longest: 5, lagP50: 900, lagP99: 2_000)
            ]
            record.generator[second].cpu = 1.01
            record.generator[second].machine = 1.9
        }
        let sentence = Explanation.explain(record).verdict.sentence
        #expect(sentence.contains("limited by processor time: 90 intents were never started"))
        #expect(sentence.contains("at work 99 % of the time, the process used 1.01 of 2 cores"))
        #expect(sentence.contains("everybody else 0.89"))
        #expect(sentence.contains("--lanes 2"))
        // With as many lanes as cores there is no further lane to advise.
        for second in record.generator.indices {
            let lane = GeneratorSample.Lane(busy: 0.99, longest: 5, lagP50: 1, lagP99: 1)
            record.generator[second].lanes = [lane, lane]
        }
        let second = Explanation.explain(record).verdict.sentence
        #expect(!second.contains("--lanes"))
        #expect(second.contains("a lower rate"))
    }

    @Test("Ports in TIME_WAIT count on loopback, too, where they may not serve again.")
    func loopbackPorts() {
        var record = ValidityTests.quiet()
        record.manifest.target = "http://127.0.0.1:8080"
        for second in 30..<90 { record.seconds[second].populations[0].connectionsOpened = 450 }
        #expect(Explanation.explain(record).validity.state == .valid)
        record.manifest.host.timeWaitReuse = 0
        let explanation = Explanation.explain(record)
        #expect(explanation.validity.state == .suspect)
        #expect(
            ValidityTests.gate(explanation, "V2")?.detail.contains("local ports above 80 %")
                == true)
        record.manifest.target = "https://example.org"
        record.manifest.host.timeWaitReuse = 1
        #expect(Explanation.explain(record).validity.state == .valid)
    }

    @Test("A limit names its remedy with the exact number.")
    func remedies() {
        var record = ValidityTests.quiet()
        let key = PopulationSecond.AttemptKey(
            step: 0, outcome: .failure(.localPorts), good: false)
        record.seconds[40].populations[0].attempts[key] = 20_000
        let sentence = Explanation.explain(record).verdict.sentence
        #expect(sentence.contains("limited by local ports: 20000 attempts failed"))
        #expect(sentence.contains("sysctl -w net.ipv4.ip_local_port_range='1024 65535'"))
        #expect(sentence.contains("--source 127.0.0.2-"))
    }

    @Test("The gates come in order, V5 without a control endpoint applies to nothing.")
    func order() {
        let explanation = Explanation.explain(ValidityTests.quiet())
        #expect(explanation.validity.gates.map(\.id) == ["V1", "V2", "V3", "V4", "V5", "V6", "V7"])
        #expect(ValidityTests.gate(explanation, "V5")?.state == .notApplicable)
    }

    @Test("A closed loop is told what it cannot see; an open one that follows the answers fails.")
    func openLoop() throws {
        var record = ValidityTests.quiet()
        for index in record.manifest.populations.indices {
            record.manifest.populations[index].executor = "constant-vus"
        }
        let closed = ValidityTests.gate(Explanation.explain(record), "V4")
        #expect(closed?.state == .notApplicable)
        #expect(closed?.detail.contains("closed loop") == true)
        for index in record.manifest.populations.indices {
            record.manifest.populations[index].executor = "constant-arrival-rate"
        }
        #expect(ValidityTests.gate(Explanation.explain(record), "V4")?.state == .ok)
        // What was planned for one second is released in the next, where answers are quick.
        for second in stride(from: 0, to: record.seconds.count - 1, by: 2) {
            let moved = record.seconds[second].populations[0].offered / 2
            record.seconds[second].populations[0].offered -= moved
            record.seconds[second + 1].populations[0].offered += moved
            var slow = SparseHistogram()
            for _ in 0..<200 { slow.record(400_000) }
            record.seconds[second].populations[0].good.merge(slow)
        }
        let explanation = Explanation.explain(record)
        #expect(ValidityTests.gate(explanation, "V4")?.state == .failed)
        #expect(explanation.validity.state == .suspect)
    }

    @Test("Attempts cut by the client's own deadline are counted, and bound the percentiles.")
    func censoring() {
        var record = ValidityTests.quiet()
        let none = ValidityTests.gate(Explanation.explain(record), "V6")
        #expect(none?.state == .ok)
        #expect(none?.detail.hasPrefix("0 of ") == true)
        #expect(none?.detail.contains("lower bounds") == false)
        let key = PopulationSecond.AttemptKey(
            step: 0, outcome: .failure(.firstByteTimeout), good: false)
        for second in 60..<120 {
            record.seconds[second].populations[0].attempts[key] = 5
            for _ in 0..<5 { record.seconds[second].populations[0].notGood.record(5_000_000) }
        }
        let some = ValidityTests.gate(Explanation.explain(record), "V6")
        #expect(some?.detail.hasPrefix("300 of ") == true)
        #expect(some?.detail.contains("from p99 on percentiles are lower bounds") == true)
    }

    @Test("Rows of ten seconds are judged as ten seconds, and the lost resolution is told.")
    func wideRows() {
        var record = ValidityTests.quiet()
        let whole = Explanation.explain(record)
        var wide = Array(record.seconds[..<60])
        for start in stride(from: 60, to: 120, by: 10) {
            var row = record.seconds[start]
            for next in record.seconds[(start + 1)..<(start + 10)] {
                for index in row.populations.indices {
                    row.populations[index].append(next.populations[index])
                }
            }
            row.width = 10
            wide.append(row)
        }
        wide += record.seconds[120...]
        record.seconds = wide
        let explanation = Explanation.explain(record)
        #expect(explanation.validity.state == .valid)
        #expect(explanation.verdict.grade == whole.verdict.grade)
        #expect(
            ValidityTests.gate(explanation, "V2")?.detail.contains("resolution was lost") == true)
    }
}
