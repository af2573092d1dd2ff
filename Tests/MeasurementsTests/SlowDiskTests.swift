import Foundation
import Measurements
import Primitives
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("A journal on a disk that is too slow")
struct SlowDiskTests {
    /// A disk that takes nothing while it is shut.
    private final class Disk: Sendable {
        private let gate = NSCondition()
        private let isShut = Mutex(false)

        func shut() { self.isShut.withLock { $0 = true } }

        func open() {
            self.gate.withLock {
                self.isShut.withLock { $0 = false }
                self.gate.broadcast()
            }
        }

        func write(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
            self.gate.withLock {
                while self.isShut.withLock({ $0 }) { self.gate.wait() }
            }
            #if canImport(Glibc)
                return Glibc.write(file, bytes, count)
            #elseif canImport(Musl)
                return Musl.write(file, bytes, count)
            #else
                return Darwin.write(file, bytes, count)
            #endif
        }
    }

    private static func writer(
        _ directory: RunDirectory, _ disk: Disk, backlogLimit: Int = 64 << 20,
        failed: @escaping @Sendable (JournalError) -> Void = { _ in }
    ) throws -> JournalWriter {
        try JournalWriter(
            directory: directory, manifest: SampleRuns.manifest(), origin: SampleRuns.origin,
            sizeLimit: 1 << 30, backlogLimit: backlogLimit,
            writing: { disk.write($0, $1, $2) }, onFailure: failed)
    }

    private static func sum(_ rows: [SecondRow]) -> PopulationSecond {
        var sum = PopulationSecond()
        for population in rows.flatMap(\.populations) { sum.append(population) }
        sum.inFlight = 0
        return sum
    }

    @Test("Nobody waits for it; seconds become rows of ten, an event says so, no count is lost.")
    func merging() throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        let disk = Disk()
        let writer = try SlowDiskTests.writer(directory, disk)
        let seconds = SampleRuns.seconds(95)
        for (place, second) in seconds.enumerated() {
            // That every call returns while the disk is shut is what is tested here.
            if place == 7 {
                writer.flush()
                disk.shut()
            }
            writer.write(
                second: SecondRow(second: second.second, populations: second.populations),
                attempts: second.attempts, intentEnds: second.intentEnds)
            writer.write(
                generator: GeneratorSample(
                    second: second.second, cpu: 0, lagP99: nil, referenceP99: nil,
                    descriptors: 0, memory: 0))
        }
        // The row under way, of up to ten seconds, does not wait any more.
        #expect((78...88).contains(writer.takeBacklog().seconds))
        disk.open()
        try writer.write(closing: RunClosing(stopped: "finished", duration: 95))
        #expect(writer.takeBacklog().seconds == 0)
        let record = try JournalReader.read(directory)
        #expect(record.damage == [])
        #expect(record.seconds.prefix(7).allSatisfy { $0.width == 1 })
        #expect(record.seconds.contains { $0.width == 10 })
        #expect(record.seconds.allSatisfy { $0.second / 10 == ($0.end - 1) / 10 })
        #expect(record.seconds.last?.end == 95)
        #expect(record.generator.map(\.second) == Array(0..<95))
        let rows = seconds.map { SecondRow(second: $0.second, populations: $0.populations) }
        #expect(SlowDiskTests.sum(record.seconds) == SlowDiskTests.sum(rows))
        #expect(record.events.filter { $0.label.contains("too slow") }.count == 1)
        let ends = Array(try IntentEndReader(directory))
        #expect(ends.count == seconds.flatMap(\.intentEnds).count)
    }

    @Test("Beyond a bound of memory the journal fails once, and what was written stays readable.")
    func overflow() async throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        let disk = Disk()
        let seconds = SampleRuns.seconds(60)
        let (failures, told) = AsyncStream.makeStream(of: JournalError.self)
        let writer = try SlowDiskTests.writer(directory, disk, backlogLimit: 200_000) {
            told.yield($0)
        }
        for (place, second) in seconds.enumerated() {
            if place == 3 {
                writer.flush()
                disk.shut()
            }
            writer.write(
                second: SecondRow(second: second.second, populations: second.populations),
                attempts: [], intentEnds: second.intentEnds)
        }
        var iterator = failures.makeAsyncIterator()
        let first = try #require(await iterator.next())
        guard case .tooSlow = first else {
            Issue.record("\(first)")
            return
        }
        #expect("\(first)".contains("is too slow"))
        // Nothing grows any more.
        #expect(writer.takeBacklog().seconds == 0)
        disk.open()
        #expect(throws: first) {
            try writer.write(closing: RunClosing(stopped: "journal-full", duration: 60))
        }
        told.finish()
        #expect(await iterator.next() == nil, "it was told once")
        let record = try JournalReader.read(directory)
        #expect((3...4).contains(record.seconds.count))
        #expect(record.closing?.stopped == "journal-full")
    }
}
