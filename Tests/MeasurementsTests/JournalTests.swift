import Foundation
import Measurements
import Primitives
import Testing

@Suite struct JournalTests {
    @Test("What is written is read back, row by row.")
    func roundTrip() throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        let rows = try SampleRuns.write(23, to: directory)
        let record = try JournalReader.read(RunDirectory.open(path))
        #expect(record.damage == [])
        #expect(record.seconds == SampleRuns.gathered(rows))
        #expect(record.manifest == SampleRuns.manifest())
        #expect(record.closing?.stopped == "finished")
        #expect(record.events == [RunEvent(t: 1, kind: "started", label: "go")])
        #expect(record.generator.map(\.cpu) == [0.25])
        #expect(record.server.map(\.values) == [["review_backlog": 3]])
        #expect(record.reference.total == 3 && record.reference.maximum == 900)
        let attempts = try AttemptReader(directory)
        let lines = Array(attempts)
        #expect(!attempts.damaged)
        let ended = rows.flatMap(\.populations).flatMap(\.attempts.values).reduce(0, +)
        #expect(lines.map(\.weight).reduce(0, +) == Double(ended))
        let line = try #require(lines.first { $0.outcome == "201" && $0.population == 1 })
        #expect(line.key == "1-\(line.intent)" && line.good && line.bytesUp == 100)
        #expect(abs((line.started - line.intended) * 1e6 - 40) < 1e-3)
        #expect(abs((line.t - line.started) * 1e3 - line.service) < 1e-6)
        #expect(line.timings == ["wait": line.response / 2])
        let reader = try IntentEndReader(directory)
        let ends = Array(reader)
        #expect(!reader.damaged)
        #expect(ends.count == rows.flatMap(\.populations).reduce(0) { $0 + $1.offered })
        #expect(ends.contains { $0.ending == .failed && $0.population == 1 })
    }

    @Test("A journal cut at any byte of any file gives the seconds that are whole, and says so.")
    func truncation() throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        let rows = SampleRuns.gathered(try SampleRuns.write(2, to: directory))
        let whole = try JournalReader.read(directory).seconds
        #expect(whole == rows)
        for file in [
            RunDirectory.File.windows, .latency, .attempts, .samples, .events, .intents,
        ] {
            let url = URL(fileURLWithPath: directory.path(of: file))
            let bytes = try Data(contentsOf: url)
            // Each byte of the file that decides; elsewhere a prime stride meets every kind of
            // place in a line.
            let step = file == .windows ? 1 : 29
            for length in stride(from: 0, to: bytes.count, by: step) {
                try bytes.prefix(length).write(to: url)
                let record = try JournalReader.read(directory)
                #expect(record.seconds.count <= whole.count)
                // Timings of the last block may be missing; all else is a prefix.
                let read = record.seconds.map(Self.withoutTimings)
                #expect(read == whole.prefix(read.count).map(Self.withoutTimings))
                if file == .windows || file == .latency {
                    #expect(!record.damage.isEmpty || length == 0 || read.count < whole.count)
                } else {
                    #expect(read.count == whole.count)
                }
                // Of a journal cut elsewhere everybody who ended in its whole rows is known.
                let ended = record.seconds.flatMap(\.populations).reduce(0) {
                    $0 + $1.intents.values.reduce(0, +)
                }
                let told = record.people?.classes.values.reduce(0) { $0 + $1.endings.intents }
                if file != .intents { #expect(told == ended) }
                if let reader = try? IntentEndReader(directory) { for _ in reader {} }
                let attempts = try AttemptReader(directory)
                for _ in attempts {}
                if file == .attempts {
                    let isWhole = length == 0 || bytes[length - 1] == 0x0a
                    #expect(attempts.damaged != isWhole)
                }
            }
            try bytes.write(to: url)
        }
    }

    private static func withoutTimings(_ row: SecondRow) -> SecondRow {
        var row = row
        for index in row.populations.indices { row.populations[index].timings = [:] }
        return row
    }

    @Test("Counts that do not add up are found, when written and again when read.")
    func ledger() throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        let writer = try JournalWriter(
            directory: directory, manifest: SampleRuns.manifest(), origin: SampleRuns.origin)
        var counts = PopulationSecond()
        counts.offered = 3
        counts.attemptsStarted = 2
        counts.attempts[.init(step: 0, outcome: .status(200), good: true)] = 1
        counts.intents[.init(arrivalSecond: 0, ending: .accepted)] = 2
        writer.write(
            second: SecondRow(second: 0, populations: [counts, PopulationSecond()]),
            attempts: [], intentEnds: [])
        let expected = [
            "tips, real: 3 intents arrived, 2 ended",
            "tips, real: 2 attempts started, 1 ended",
        ]
        #expect(throws: JournalError.ledger(expected)) {
            try writer.write(closing: RunClosing(stopped: "finished", duration: 1))
        }
        let damage = try JournalReader.read(directory).damage
        // Nor does the list of ends, which is empty, agree with the rows.
        #expect(damage.dropLast() == expected.map { "ledger: " + $0 })
        #expect(damage.last?.hasPrefix("journal/intents.bin does not hold the 2 intents") == true)
    }

    @Test("After the size limit rows cover ten seconds, an event says so, and nothing is lost.")
    func sizeLimit() throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        let rows = try SampleRuns.write(34, to: directory, sizeLimit: 6_000)
        let record = try JournalReader.read(directory)
        #expect(record.damage == [])
        #expect(record.seconds.map(\.width).contains(10))
        #expect(record.seconds.last?.end == 34)
        #expect(record.events.contains { $0.kind == "problem" && $0.label.contains("limit") })
        #expect(Self.sum(record.seconds) == Self.sum(rows))
    }

    @Test(
        "A disk that is too slow costs the list of attempts, never a count, and an event says so.")
    func slowDisk() throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        let writer = try JournalWriter(
            directory: directory, manifest: SampleRuns.manifest(), origin: SampleRuns.origin,
            waitingLimit: 0)
        var merger = SecondMerger(lanes: 1, populations: 2)
        let merged = merger.deliver(lane: 0, SampleRuns.seconds(3))
        writer.write(merged)
        try writer.write(closing: RunClosing(stopped: "finished", duration: 3))
        let record = try JournalReader.read(directory)
        #expect(record.damage == [])
        #expect(Self.sum(record.seconds) == Self.sum(merged.map(\.row)))
        let busy = merged.filter { !$0.attempts.isEmpty }
        #expect(!busy.isEmpty)
        #expect(record.events.count == busy.count)
        #expect(record.events.allSatisfy { $0.label.contains("slower than the load") })
        #expect(Array(try AttemptReader(directory)).isEmpty)
    }

    private static func sum(_ rows: [SecondRow]) -> PopulationSecond {
        var sum = PopulationSecond()
        for population in rows.flatMap(\.populations) { sum.append(population) }
        sum.inFlight = 0
        return sum
    }

    @Test("A full disk is reported once, and what was written before stays readable.")
    func fullDisk() throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        try FileManager.default.createSymbolicLink(
            atPath: directory.path(of: .windows), withDestinationPath: "/dev/full")
        let failures = Failures()
        let writer = try JournalWriter(
            directory: directory, manifest: SampleRuns.manifest(), origin: SampleRuns.origin
        ) { failures.add($0) }
        for second in SampleRuns.seconds(3) {
            writer.write(
                second: SecondRow(second: second.second, populations: second.populations),
                attempts: [], intentEnds: second.intentEnds)
        }
        let expected = JournalError.notWritable(path: directory.path(of: .windows), errno: ENOSPC)
        #expect(throws: expected) {
            try writer.write(closing: RunClosing(stopped: "journal-full", duration: 1))
        }
        #expect(failures.seen == [expected])
        let record = try JournalReader.read(directory)
        #expect(record.seconds.isEmpty)
        #expect(record.closing?.stopped == "journal-full")
    }

    private final class Failures: @unchecked Sendable {
        private let lock = NSLock()
        private var errors: [JournalError] = []
        func add(_ error: JournalError) { self.lock.withLock { self.errors.append(error) } }
        var seen: [JournalError] { self.lock.withLock { self.errors } }
    }
}

@Suite struct RunDirectoryTests {
    @Test("Two runs in one second do not share a directory, and latest is the second.")
    func twins() throws {
        let base = SampleRuns.scratch()
        defer { SampleRuns.remove(base) }
        let moment = WallTime(milliseconds: 1_590_904_080_000)
        let first = try RunDirectory.create(scenario: "flood", started: moment, base: base)
        let second = try RunDirectory.create(scenario: "flood", started: moment, base: base)
        #expect(first.path == base + "/flood/20200531T054800Z")
        #expect(second.path == base + "/flood/20200531T054800Z-2")
        let link = try FileManager.default.destinationOfSymbolicLink(
            atPath: base + "/flood/latest")
        #expect(link == "20200531T054800Z-2")
    }

    @Test("A directory that holds something is refused, and one without a run is no run.")
    func refusals() throws {
        let base = SampleRuns.scratch()
        defer { SampleRuns.remove(base) }
        _ = try RunDirectory.create(exactly: base)
        #expect(throws: JournalError.notEmpty(path: base)) {
            try RunDirectory.create(exactly: base)
        }
        #expect(throws: JournalError.noRun(path: base, reason: "it has no manifest.json")) {
            try RunDirectory.open(base)
        }
        #expect(throws: JournalError.notCreatable(path: "/dev/null/x", errno: ENOTDIR)) {
            try RunDirectory.create(exactly: "/dev/null/x")
        }
    }
}
