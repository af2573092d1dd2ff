import Foundation
import Measurements
import Primitives

/// Runs made from a seed, for tests of writing, reading and summing up.
enum SampleRuns {
    static let origin = MonotonicTime(nanoseconds: 5_000_000_000)

    static func manifest() -> RunManifest {
        RunManifest(
            id: "run-1", scenario: "sample", description: "", scenarioSHA256: "00", seed: 1,
            started: "2020-05-31T05:48:00.250Z", timeScale: 1, plannedSeconds: 30,
            version: "0.1", libcurl: "7", command: "spate run", target: "http://127.0.0.1",
            host: HostFacts(
                kernel: "k", cores: 2, descriptors: 1024, localPorts: 28_232, memory: 1, name: "h"),
            populations: [
                PopulationFacts(
                    name: "tips, real", trafficClass: .genuine, executor: "e",
                    steps: ["tip", "media"], writes: true, tags: ["app": "ios"]),
                PopulationFacts(
                    name: "noise", trafficClass: .noise, executor: "e", steps: ["upload"],
                    writes: true),
            ],
            phases: [
                PhaseFacts(name: "quiet", start: 0, end: 10),
                PhaseFacts(name: "peak", start: 10, end: 20),
                PhaseFacts(name: "after", start: 20, end: 30),
            ],
            timeline: [])
    }

    /// Plays a run through a recorder in virtual time: every intent makes one attempt.
    static func seconds(_ count: Int, seed: UInt64 = 1) -> [LaneSecond] {
        var recorder = LaneRecorder(origin: origin, populations: 2)
        let outcomes: [Outcome] = [
            .status(201), .status(201), .status(503), .failure(.refused),
            .failure(.firstByteTimeout),
        ]
        var number = 0
        for second in 0..<count {
            for population in 0..<2 {
                let random = CounterRandom(
                    seed: seed, population: population, intent: second, purpose: .size)
                for place in 0..<random.integer(0, in: 0...6) {
                    let base = Int64(second) * 1_000_000_000 + Int64(place) * 100_000_000
                    let arrival = origin + Nanoseconds(base)
                    let outcome = outcomes[random.integer(place + 1, in: 0...4)]
                    let took = Int64(random.integer(place + 50, in: 100...90_000)) * 1000
                    self.play(
                        &recorder, population, number, arrival, outcome, took: Nanoseconds(took))
                    number += 1
                }
            }
        }
        return recorder.harvestAll(now: origin + .seconds(Int64(count) - 1))
    }

    private static func play(
        _ recorder: inout LaneRecorder, _ population: Int, _ number: Int,
        _ arrival: MonotonicTime, _ outcome: Outcome, took: Nanoseconds
    ) {
        let ended = arrival + took
        recorder.arrived(population: population, at: arrival, now: arrival)
        recorder.stepBegan(population: population, now: arrival)
        recorder.attemptStarted(
            population: population, isRetry: false, lag: .microseconds(40), now: arrival)
        let good = outcome == .status(201)
        recorder.attemptEnded(
            AttemptSample(
                population: population, intent: number, step: 0, attempt: 0, outcome: outcome,
                good: good, intendedStart: arrival, started: arrival + .microseconds(40),
                ended: ended, timings: [(.wait, took / 2)], bytesUp: 100, bytesDown: 10),
            now: ended)
        recorder.intentEnded(
            population: population, number: number, arrival: arrival,
            ending: good ? .accepted : .failed, effort: IntentEffort(attempts: 1), now: ended)
    }

    /// A directory of its own for one test; the caller removes it.
    static func scratch() -> String {
        NSTemporaryDirectory() + "spate-" + UUID().uuidString
    }

    static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a whole run of that many seconds and returns its rows.
    @discardableResult
    static func write(
        _ count: Int, to directory: RunDirectory, sizeLimit: Int64 = 2_000_000_000
    ) throws -> [SecondRow] {
        let writer = try JournalWriter(
            directory: directory, manifest: self.manifest(), origin: self.origin,
            sizeLimit: sizeLimit, listing: AttemptListing { "\($0)-\($1)" })
        var merger = SecondMerger(lanes: 2, populations: 2)
        let first = merger.deliver(lane: 0, self.seconds(count, seed: 1))
        let merged = first + merger.deliver(lane: 1, self.seconds(count, seed: 2))
        writer.write(merged)
        writer.write(event: RunEvent(t: 1, kind: "started", label: "go"))
        var sample = GeneratorSample(
            second: 0, cpu: 0.25, lagP99: nil, referenceP99: 1, descriptors: 9, memory: 7)
        sample.reference = [30, 40, 900]
        writer.write(generator: sample)
        writer.write(server: ServerSample(second: 0, values: ["review_backlog": 3]))
        try writer.write(closing: RunClosing(stopped: "finished", duration: Double(count)))
        return merged.map(\.row)
    }

    /// Rows as they come back: timings in the last second of their ten.
    static func gathered(_ rows: [SecondRow]) -> [SecondRow] {
        var rows = rows
        for index in rows.indices where (index + 1) % 10 != 0 && index + 1 < rows.count {
            for population in rows[index].populations.indices {
                let timings = rows[index].populations[population].timings
                rows[index].populations[population].timings = [:]
                rows[index + 1].populations[population].timings.merge(timings) { left, right in
                    var sum = left
                    sum.merge(right)
                    return sum
                }
            }
        }
        return rows
    }
}
