import Foundation
import Primitives

/// A line of `windows.ndjson`: one second, or several merged, without its histograms.
struct WindowLine: Codable {
    struct Population: Codable {
        var offered: Int
        var steps: Int
        var started: Int
        var retries: Int
        var connections: Int
        var up: Int64
        var down: Int64
        var inFlight: Int
        var attempts: [Attempts]?
        var intents: [Intents]?
        var drops: [String: Int]?
        /// Values above one hour, by the histogram's tag; nearly always missing.
        var overflow: [String: Int]?
    }
    struct Attempts: Codable {
        var step: Int
        var outcome: String
        var good: Bool
        var n: Int
    }
    struct Intents: Codable {
        var arrived: Int
        var ending: String
        var n: Int
    }
    var t: Int
    var width: Int
    /// How many lines of `latency.hlog` end with this row: a row without them is incomplete.
    var histograms: Int
    var populations: [Population]

    init(row: SecondRow, histograms: Int) {
        self.t = row.second
        self.width = row.width
        self.histograms = histograms
        self.populations = row.populations.map(Population.init)
    }

    /// The row without its histograms; nil when a name in it means nothing.
    var row: SecondRow? {
        var populations: [PopulationSecond] = []
        for line in self.populations {
            guard let population = line.counts else { return nil }
            populations.append(population)
        }
        return SecondRow(second: self.t, populations: populations, width: self.width)
    }
}

extension WindowLine.Population {
    init(_ counts: PopulationSecond) {
        self.offered = counts.offered
        self.steps = counts.stepsBegun
        self.started = counts.attemptsStarted
        self.retries = counts.retriesStarted
        self.connections = counts.connectionsOpened
        self.up = counts.bytesUp
        self.down = counts.bytesDown
        self.inFlight = counts.inFlight
        let attempts = counts.attempts.map { key, count in
            WindowLine.Attempts(
                step: key.step, outcome: key.outcome.name, good: key.good, n: count)
        }
        // Sorted, so that the same facts are the same bytes.
        self.attempts =
            attempts.isEmpty
            ? nil
            : attempts.sorted {
                ($0.step, $0.outcome, $0.good ? 0 : 1) < ($1.step, $1.outcome, $1.good ? 0 : 1)
            }
        let intents = counts.intents.map { key, count in
            WindowLine.Intents(arrived: key.arrivalSecond, ending: key.ending.rawValue, n: count)
        }
        self.intents =
            intents.isEmpty
            ? nil : intents.sorted { ($0.arrived, $0.ending) < ($1.arrived, $1.ending) }
        self.drops =
            counts.drops.isEmpty
            ? nil
            : Dictionary(uniqueKeysWithValues: counts.drops.map { ($0.key.rawValue, $0.value) })
        let overflow = counts.histograms.filter { $0.histogram.overflow > 0 }
        self.overflow =
            overflow.isEmpty
            ? nil
            : Dictionary(
                uniqueKeysWithValues: overflow.map { ($0.slot.tag, $0.histogram.overflow) })
    }

    var counts: PopulationSecond? {
        var counts = PopulationSecond()
        counts.offered = self.offered
        counts.stepsBegun = self.steps
        counts.attemptsStarted = self.started
        counts.retriesStarted = self.retries
        counts.connectionsOpened = self.connections
        counts.bytesUp = self.up
        counts.bytesDown = self.down
        counts.inFlight = self.inFlight
        for entry in self.attempts ?? [] {
            guard let outcome = Outcome(name: entry.outcome) else { return nil }
            let key = PopulationSecond.AttemptKey(
                step: entry.step, outcome: outcome, good: entry.good)
            counts.attempts[key, default: 0] += entry.n
        }
        for entry in self.intents ?? [] {
            guard let ending = IntentEnding(rawValue: entry.ending) else { return nil }
            let key = PopulationSecond.IntentKey(arrivalSecond: entry.arrived, ending: ending)
            counts.intents[key, default: 0] += entry.n
        }
        for (name, count) in self.drops ?? [:] {
            guard let reason = DropReason(rawValue: name) else { return nil }
            counts.drops[reason, default: 0] += count
        }
        return counts
    }
}

/// A line of `samples.ndjson`.
struct SampleLine: Codable {
    var generator: GeneratorSample?
    var server: ServerSample?
}

/// A line of `events.ndjson`: an event, or how the run ended.
struct EventLine: Codable {
    var event: RunEvent?
    var closing: RunClosing?
}

/// The one way lines become JSON and come back.
enum JournalJSON {
    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A probe may well divide by zero; a sample must not end the journal.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return encoder
    }

    static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }

    /// One line with its newline; no value of the journal can fail to encode.
    static func line<Value: Encodable>(_ value: Value, _ encoder: JSONEncoder) -> [UInt8] {
        guard let data = try? encoder.encode(value) else { return [] }
        return [UInt8](data) + [0x0a]
    }
}
