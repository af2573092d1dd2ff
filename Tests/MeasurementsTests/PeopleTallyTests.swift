import Foundation
import Measurements
import Primitives
import Testing

@Suite struct PeopleTallyTests {
    private func end(
        _ ending: IntentEnding, population: Int = 0, arrived: Double, took: Double = 1,
        attempts: Int = 1, retries: Int = 0, presses: Int = 0
    ) -> IntentEnd {
        let arrival = Int64((arrived * 1e6).rounded())
        return IntentEnd(
            population: population, number: 0, ending: ending, arrived: arrival,
            ended: arrival + Int64((took * 1e6).rounded()),
            effort: ending == .dropped
                ? nil : IntentEffort(attempts: attempts, retries: retries, presses: presses))
    }

    private func tally(_ ends: [IntentEnd]) -> PeopleTally {
        let manifest = SampleRuns.manifest()
        var tally = PeopleTally(populations: manifest.populations, phases: manifest.phases)
        for end in ends { tally.add(end) }
        return tally
    }

    private func sum(_ endings: RunSummary.Endings) -> Int {
        endings.accepted + endings.rejected + endings.gaveUp + endings.failed + endings.dropped
            + endings.unfinished
    }

    @Test("Tries, attempts and presses of each class add up, and give the two amplifications.")
    func amplification() throws {
        let summary = PeopleSummary(
            self.tally([
                self.end(.accepted, arrived: 1, attempts: 2),
                self.end(.accepted, arrived: 2, attempts: 3, retries: 1),
                self.end(.accepted, arrived: 3, attempts: 5, retries: 2, presses: 1),
                self.end(.gaveUp, arrived: 4, attempts: 8, retries: 6, presses: 2),
                self.end(.dropped, arrived: 5),
                self.end(.failed, population: 1, arrived: 5),
            ]), phases: SampleRuns.manifest().phases)
        let genuine = try #require(summary.classes[.genuine])
        #expect(genuine.endings.intents == 5 && self.sum(genuine.endings) == 5)
        #expect(genuine.inAtFirstTry == 1 && genuine.inLater == 2)
        #expect(genuine.tries == [1, 1, 0, 1])
        #expect(genuine.attempts == 18 && genuine.retries == 9 && genuine.presses == 3)
        // 18 attempts of which 9 were first ones; 4 people began and asked 3 times more.
        #expect(genuine.appAmplification == 2)
        #expect(genuine.personAmplification == 7.0 / 4)
        #expect(genuine.attemptsPerPerson == 18.0 / 4)
        #expect(summary.classes[.noise]?.appAmplification == 1)
        #expect(summary.classes[.probe] == nil)
    }

    @Test("A person belongs to the phase of arrival; phases and classes add up to all.")
    func phases() throws {
        var ends: [IntentEnd] = []
        for number in 0..<3_000 {
            let random = CounterRandom(seed: 5, population: 0, intent: number, purpose: .size)
            let endings = IntentEnding.allCases
            ends.append(
                self.end(
                    endings[random.integer(0, in: 0...5)], population: random.integer(1, in: 0...1),
                    arrived: Double(random.integer(2, in: -1_000...40_000)) / 1_000,
                    took: Double(random.integer(3, in: 0...20_000)) / 1_000,
                    attempts: random.integer(4, in: 1...4), presses: random.integer(5, in: 0...12)))
        }
        let tally = self.tally(ends)
        let phases = tally.byPhase
        #expect(phases.count == 3)
        // Arrivals before the run's start are in its second 0; a second lies where its middle does.
        let inPeak = ends.filter { $0.arrived >= 10_000_000 && $0.arrived < 20_000_000 }.count
        #expect(phases[1].values.reduce(0) { $0 + $1.endings.intents } == inPeak)
        for kind in [TrafficClass.genuine, .noise] {
            let whole = try #require(tally.classes[kind])
            var merged = PeopleGroup()
            for phase in phases { merged.merge(phase[kind] ?? PeopleGroup()) }
            #expect(merged == whole)
            #expect(self.sum(whole.endings) == whole.endings.intents)
            #expect(whole.tries.reduce(0, +) == whole.endings.accepted)
            let timed = whole.times.values.reduce(0) { $0 + $1.total }
            #expect(timed == whole.began && whole.withoutEffort == 0)
        }
        #expect(tally.endings.map(\.intents).reduce(0, +) == 3_000)
        var halves = self.tally(Array(ends.prefix(1_234)))
        halves.merge(self.tally(Array(ends.dropFirst(1_234))))
        #expect(halves == tally)
        // Twelve tries and more share the last place.
        #expect((tally.classes[.genuine]?.tries.last ?? 0) > 0)
    }

    @Test("Selectivity is 1 where both fare alike, with Katz's interval.")
    func selectivity() throws {
        func endings(_ accepted: Int, of all: Int, dropped: Int = 0) -> RunSummary.Endings {
            var endings = RunSummary.Endings()
            endings.add(.accepted, accepted)
            endings.add(.failed, all - accepted)
            endings.add(.dropped, dropped)
            return endings
        }
        let even = try #require(
            PeopleSummary.Selectivity(
                genuine: endings(10, of: 40, dropped: 7), noise: endings(100, of: 400)))
        #expect(even.ratio == 1)
        // exp(1.96 sqrt(1/10 - 1/40 + 1/100 - 1/400)).
        let factor = exp(1.959963984540054 * 0.0825.squareRoot())
        let interval = try #require(even.interval)
        #expect(abs(interval[0] - 1 / factor) < 1e-12 && abs(interval[1] - factor) < 1e-12)
        let none = PeopleSummary.Selectivity(genuine: endings(0, of: 5), noise: endings(2, of: 5))
        #expect(none?.ratio == 0 && none?.interval == nil)
        #expect(
            PeopleSummary.Selectivity(genuine: endings(1, of: 5), noise: endings(0, of: 5)) == nil)
        #expect(PeopleSummary.Selectivity(genuine: endings(1, of: 5), noise: nil) == nil)
    }

    @Test("Efforts stay at their largest, and fit into six bytes.")
    func effort() {
        let most = IntentEffort(attempts: 100_000, retries: 70_000, presses: 400)
        #expect(most.attempts == 65_535 && most.retries == 65_535 && most.presses == 255)
        #expect(IntentEffort(attempts: 4, retries: 1, presses: 2).tries == 4)
        #expect(MemoryLayout<IntentEffort>.size <= 6 && MemoryLayout<IntentEnd>.size <= 40)
    }
}

@Suite struct IntentLogTests {
    /// Writes a list of intents as a run leaves it, under any header.
    private func reader(
        _ bytes: [UInt8], _ body: (IntentEndReader) throws -> Void
    ) throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        try Data(bytes).write(to: URL(fileURLWithPath: directory.path(of: .intents)))
        try body(try IntentEndReader(directory))
    }

    private func header(_ version: Int) -> [UInt8] {
        let name = Array("spate/intents/\(version)".utf8)
        return name + [UInt8](repeating: 0, count: 24 - name.count)
    }

    @Test("A list of version 1 is still read: everything but the effort is known.")
    func firstVersion() throws {
        // Population 258, gave_up, mark, number 5, arrived 1,000,000, ended 2,500,000.
        let record: [UInt8] =
            [2, 1, 2, 1, 5, 0, 0, 0] + [0x40, 0x42, 0x0f, 0, 0, 0, 0, 0]
            + [0xa0, 0x25, 0x26, 0, 0, 0, 0, 0]
        try self.reader(self.header(1) + record + record.prefix(11)) { reader in
            #expect(
                Array(reader) == [
                    IntentEnd(
                        population: 258, number: 5, ending: .gaveUp, arrived: 1_000_000,
                        ended: 2_500_000)
                ])
            #expect(reader.damaged)
        }
    }

    @Test("A list of version 2 holds what it says, byte by byte.")
    func secondVersion() throws {
        let record: [UInt8] =
            [2, 1, 0xa3, 7, 5, 0, 0, 0] + [0x40, 0x42, 0x0f, 0, 0, 0] + [0xa0, 0x25, 0x26, 0, 0, 0]
            + [0x2c, 0x01, 9, 0]
        var unknown = record
        unknown[2] = 0xb3
        // An arrival a microsecond before the run's start.
        var early = record
        early.replaceSubrange(8..<14, with: [UInt8](repeating: 0xff, count: 6))
        try self.reader(self.header(2) + record + unknown + early) { reader in
            let ends = Array(reader)
            #expect(!reader.damaged)
            let effort = IntentEffort(attempts: 300, retries: 9, presses: 7)
            let first = IntentEnd(
                population: 258, number: 5, ending: .failed, arrived: 1_000_000, ended: 2_500_000,
                effort: effort)
            #expect(ends.first == first)
            #expect(ends.map(\.effort) == [effort, nil, effort])
            #expect(ends.last?.arrived == -1)
        }
        var wrong = record
        wrong[2] = 0x03
        try self.reader(self.header(2) + wrong) { reader in
            #expect(Array(reader).isEmpty && reader.damaged)
        }
    }

    @Test("Another header is no list of intents.")
    func otherHeader() {
        #expect(throws: JournalError.self) { try self.reader(self.header(3)) { _ in } }
        #expect(throws: JournalError.self) { try self.reader([1, 2, 3]) { _ in } }
    }

    @Test("What is written comes back, and agrees with the rows; an old list has no tries.")
    func roundTrip() throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        let rows = try SampleRuns.write(25, to: directory)
        let people = try #require(try JournalReader.read(directory).people)
        let expected = rows.flatMap(\.populations).reduce(0) { $0 + $1.ended(.accepted) }
        let groups = people.classes
        #expect(groups.values.reduce(0) { $0 + $1.endings.accepted } == expected)
        #expect(groups.values.reduce(0) { $0 + $1.tries[0] } == expected)
        let attempts = rows.flatMap(\.populations).reduce(0) { $0 + $1.attemptsStarted }
        #expect(groups.values.reduce(0) { $0 + $1.attempts } == attempts)
        // The same times, by whichever way they are counted.
        var times = SparseHistogram()
        for population in rows.flatMap(\.populations) { times.merge(population.intentTimes) }
        var listed = SparseHistogram()
        for group in groups.values { listed.merge(group.times[.accepted] ?? SparseHistogram()) }
        #expect(listed == times)

        try self.makeOld(directory)
        let record = try JournalReader.read(directory)
        #expect(record.damage == [])
        let old = try #require(RunSummary(record).people?.classes[.genuine])
        #expect(old.endings == groups[.genuine]?.endings)
        #expect(old.tries == nil && old.inAtFirstTry == nil && old.attemptsPerPerson == nil)
        let new = groups[.genuine].map { SuccessCurve($0) }
        #expect(old.curve == new)
    }

    /// Writes a run's list again as an older Spate would have.
    private func makeOld(_ directory: RunDirectory) throws {
        func little(_ value: Int64, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
        }
        var bytes = self.header(1)
        for end in try IntentEndReader(directory) {
            let code = IntentEnding.allCases.firstIndex(of: end.ending) ?? 9
            bytes += little(Int64(end.population), 2) + [UInt8(code), 1]
            bytes += little(Int64(end.number), 4) + little(end.arrived, 8) + little(end.ended, 8)
        }
        try Data(bytes).write(to: URL(fileURLWithPath: directory.path(of: .intents)))
    }

    @Test("A list that ends early or tells another story is damage, and nothing is made of it.")
    func disagreement() throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        try SampleRuns.write(5, to: directory)
        let url = URL(fileURLWithPath: directory.path(of: .intents))
        let bytes = try Data(contentsOf: url)
        var other = bytes
        // The first record's ending: accepted for failed, or the other way round.
        other[26] = other[26] == 0xa0 ? 0xa3 : 0xa0
        for changed in [bytes.dropLast(24), bytes.dropLast(1), other, Data()] {
            try changed.write(to: url)
            let record = try JournalReader.read(directory)
            #expect(record.people == nil)
            #expect(record.damage.count == 1 && record.damage[0].contains("intents.bin"))
            #expect(RunSummary(record).people == nil)
        }
    }
}
