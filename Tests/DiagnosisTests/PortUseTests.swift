import Diagnosis
import Measurements
import Primitives
import Testing

/// Local ports that run short without a refusal: the kernel's search for a free one.
@Suite struct PortUseTests {
    /// A run towards another machine whose one lane was at work all the time in ten seconds, in
    /// which each attempt opened a connection and so many ports were taken.
    private static func searching(taken: Int, sources: Int = 1) -> RunRecord {
        var record = QueueSimulator.quiet(rate: 60, seed: 3).record()
        record.manifest.target = "https://example.org"
        record.manifest.host.sources = sources
        for second in 50..<60 {
            record.seconds[second].populations[0].connectionsOpened = 60
            record.generator[second].lanes = [
                GeneratorSample.Lane(busy: 1, longest: 50, lagP50: 900, lagP99: 2_000)
            ]
            record.generator[second].lagP99 = 2_000
            record.generator[second].referenceP99 = 1
            record.generator[second].descriptors = 130
            record.generator[second].timeWait = taken - 130
        }
        return record
    }

    private static func limit(_ record: RunRecord) -> GeneratorLimit? {
        let facts = GeneratorFacts(
            seconds: record.seconds.map(GeneratorSecond.init), samples: record.generator,
            host: record.manifest.host, phases: record.manifest.phases,
            isLoopback: GeneratorFacts.isLoopback(record.manifest.target))
        return GeneratorJudgement(facts).limit
    }

    @Test("Late while more than half the ports were taken: ports are named, with the figure.")
    func named() throws {
        let limit = try #require(PortUseTests.limit(PortUseTests.searching(taken: 14_117)))
        #expect(limit.resource == .localPorts)
        #expect(
            limit.figure.hasSuffix(
                " were late; up to 14117 of 28232 were open or in TIME_WAIT, and beyond half of them"
                    + " the kernel searches long for a free one; its busiest lane was at work 100 %"
                    + " of the time, the process used 0.20 of 2 cores"))
        #expect(limit.remedy.contains("--source 127.0.0.2-127.0.0.4 "))
        #expect(limit.remedy.contains("net.ipv4.ip_local_port_range='1024 65535'"))
        #expect(limit.remedy.contains("net.ipv4.tcp_tw_reuse=1"))
    }

    @Test("The run is invalid, V1 has the figure and V2 says that no ports were to spare.")
    func gates() {
        let explanation = Explanation.explain(PortUseTests.searching(taken: 20_000))
        #expect(explanation.validity.state == .invalid)
        #expect(explanation.verdict.sentence.contains("limited by local ports: "))
        let gates = explanation.validity.gates
        #expect(gates[0].state == .failed && gates[0].detail.contains("up to 20000 of 28232"))
        #expect(gates[1].state == .failed)
        #expect(gates[1].detail.hasPrefix("no local ports to spare; "))
    }

    @Test("Intents dropped for the search are the ports', too.")
    func dropped() {
        var record = PortUseTests.searching(taken: 20_000)
        record.seconds[52].populations[0].drops[.inFlightLimit] = 9
        let limit = PortUseTests.limit(record)
        #expect(limit?.resource == .localPorts)
        #expect(limit?.figure.hasPrefix("9 intents were never started; up to 20000 ") == true)
    }

    @Test("Half the ports and less leave it to the processor, whatever the number of sources.")
    func enough() {
        #expect(PortUseTests.limit(PortUseTests.searching(taken: 14_116))?.resource == .cpu)
        let two = PortUseTests.searching(taken: 28_232, sources: 2)
        #expect(PortUseTests.limit(two)?.resource == .cpu)
        let more = PortUseTests.limit(PortUseTests.searching(taken: 28_233, sources: 2))
        #expect(more?.resource == .localPorts)
        #expect(more?.figure.contains("up to 28233 of 56464 were open") == true)
        // Twice what there is, in addresses of 28,232 ports each, and one to spare.
        #expect(more?.remedy.contains("each with 28232 ports of its own") == true)
        #expect(more?.remedy.contains("--source 127.0.0.2-127.0.0.6 ") == true)
    }

    @Test("Ports that serve again after a second are blamed only where a connection cost much.")
    func reused() {
        var record = PortUseTests.searching(taken: 20_000)
        record.manifest.target = "http://127.0.0.1:8080"
        record.manifest.host.timeWaitReuse = 2
        // 60 connections take all of a second: those given up and not closed yet are not reused.
        #expect(PortUseTests.limit(record)?.resource == .localPorts)
        for second in 50..<60 { record.seconds[second].populations[0].connectionsOpened = 1_001 }
        #expect(PortUseTests.limit(record)?.resource == .cpu)
        record.manifest.host.timeWaitReuse = 1
        #expect(PortUseTests.limit(record)?.resource == .cpu)
        record.manifest.host.timeWaitReuse = 0
        #expect(PortUseTests.limit(record)?.resource == .localPorts)
    }

    @Test("Where attempts find connections open, other people's ports are no explanation.")
    func kept() {
        var record = PortUseTests.searching(taken: 20_000)
        for second in 50..<60 { record.seconds[second].populations[0].connectionsOpened = 1 }
        #expect(PortUseTests.limit(record)?.resource == .cpu)
    }

    @Test("Ports taken in the fewer of the seconds, or never counted, are no explanation.")
    func fewer() {
        var record = PortUseTests.searching(taken: 20_000)
        for second in 50..<56 { record.generator[second].timeWait = 100 }
        #expect(PortUseTests.limit(record)?.resource == .cpu)
        for second in 50..<60 { record.generator[second].timeWait = nil }
        #expect(PortUseTests.limit(record)?.resource == .cpu)
    }

    @Test("A lane with time to spare is limited by neither.")
    func idle() {
        var record = PortUseTests.searching(taken: 20_000)
        for second in 50..<60 { record.generator[second].lanes?[0].busy = 0.5 }
        #expect(PortUseTests.limit(record)?.resource == .schedule)
    }

    @Test("Connections in a minute are held against the ports of all sources.")
    func sources() {
        var record = QueueSimulator.quiet(rate: 60, seed: 3).record()
        record.manifest.target = "https://example.org"
        for second in 30..<90 { record.seconds[second].populations[0].connectionsOpened = 450 }
        func detail() -> String { Explanation.explain(record).validity.gates[1].detail }
        #expect(detail().contains("local ports above 80 % of 28232"))
        record.manifest.host.sources = 2
        #expect(!detail().contains("local ports above"))
        for second in 30..<90 {
            for other in record.seconds[second].populations.indices {
                record.seconds[second].populations[other].connectionsOpened = other == 0 ? 800 : 0
            }
        }
        #expect(detail().contains("local ports above 80 % of 56464"))
        let key = PopulationSecond.AttemptKey(
            step: 0, outcome: .failure(.localPorts), good: false)
        record.seconds[95].populations[0].attempts[key] = 7
        #expect(detail().contains("48000 connections in a minute and 56464 ports"))
    }

    @Test("Figures that no machine has are survived.", arguments: [Int.max, 0, Int.min])
    func absurd(figure: Int) {
        var record = PortUseTests.searching(taken: 20_000)
        record.manifest.host.sources = figure
        record.manifest.host.localPorts = figure
        #expect(PortUseTests.limit(record)?.resource == .cpu)
    }
}
