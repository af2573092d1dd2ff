import Diagnosis
import Engine
import Foundation
import Measurements
import Primitives

/// What `hit` prints.
struct HitResult {
    private let totals: HitTotals
    private let judgement: GeneratorJudgement
    private let isClosedLoop: Bool

    /// A result, with the generator judged by the rules that a run is judged by.
    ///
    /// - Parameters:
    ///   - isClosedLoop: true when a client waits for its answer before it sends again.
    ///   - sources: how many local addresses were connected from; 0 for none in particular.
    init(_ totals: HitTotals, url: String, isClosedLoop: Bool, sources: Int) {
        self.totals = totals
        self.isClosedLoop = isClosedLoop
        self.judgement = GeneratorJudgement(
            GeneratorFacts(
                seconds: totals.seconds, samples: totals.generator,
                host: MachineFacts.host(sources: sources),
                isLoopback: GeneratorFacts.isLoopback(url)))
    }

    /// What limited the generator, when not the server was the limit: with it the exit is 95.
    var limit: GeneratorLimit? { self.judgement.limit }

    /// For people, where the generator was the limit.
    var limitText: String? {
        self.limit.map {
            "not a valid measurement: the generator was limited by \($0.summary)\n"
                + "to mend it: \($0.remedy)"
        }
    }

    /// One JSON object; absent knowledge is null.
    func json() throws -> String {
        struct Limit: Encodable {
            var resource: String
            var detail: String
            var remedy: String
        }
        struct Result: Encodable {
            var completed: Int
            var failed: Int
            var dropped: Int
            var unfinished: Int
            var good: Int
            var duration: Double
            var requestsPerSecond: Double
            var cpuSeconds: Double
            var bytesUp: Int64
            var bytesDown: Int64
            var peakMemory: Int64
            var latencyMs: Percentiles
            var serviceMs: Percentiles
            var scheduleDelayMs: Percentiles
            var referenceMs: Percentiles
            var closedLoop: Bool
            var outcomes: [String: Int]
            /// Left out where nothing limited the generator.
            var limit: Limit?
        }
        let counts = self.totals.counts
        let result = Result(
            completed: self.totals.completed, failed: self.totals.failed,
            dropped: self.totals.dropped, unfinished: self.totals.unfinished,
            good: counts.goodAttempts, duration: self.totals.duration.seconds,
            requestsPerSecond: self.totals.requestsPerSecond,
            cpuSeconds: self.totals.cpuSeconds, bytesUp: counts.bytesUp,
            bytesDown: counts.bytesDown,
            peakMemory: self.totals.generator.map(\.memory).max() ?? 0,
            latencyMs: Percentiles(counts.answered), serviceMs: Percentiles(counts.service),
            scheduleDelayMs: Percentiles(counts.lag),
            referenceMs: Percentiles(self.totals.reference), closedLoop: self.isClosedLoop,
            outcomes: self.outcomes,
            limit: self.limit.map {
                Limit(resource: $0.resource.rawValue, detail: $0.figure, remedy: $0.remedy)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(result), as: UTF8.self)
    }

    /// The same for people.
    var text: String {
        let counts = self.totals.counts
        var lines = [
            "completed   \(self.totals.completed) in \(UnitText.format(self.totals.duration))"
                + ", \(UnitText.trimmed(self.totals.requestsPerSecond))/s"
        ]
        for (name, count) in self.outcomes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("            \(name): \(count)")
        }
        if self.totals.dropped > 0 {
            lines.append("dropped     \(self.totals.dropped): no client was idle")
        }
        if self.totals.unfinished > 0 {
            lines.append("unfinished  \(self.totals.unfinished), cut by the end")
        }
        lines.append("response    \(Percentiles(counts.answered).text)")
        lines.append("service     \(Percentiles(counts.service).text)")
        if self.isClosedLoop {
            lines.append(
                "            closed loop: who waits sends nothing, so a server's stall shows as"
                    + " one slow\n            answer per client; -q RATE also counts those who"
                    + " would have come meanwhile")
        } else {
            lines.append("started     late by \(Percentiles(counts.lag).text)")
            lines.append("            a bare timer by \(Percentiles(self.totals.reference).text)")
        }
        lines.append(
            "bytes       \(UnitText.format(ByteCount(counts.bytesUp))) up,"
                + " \(UnitText.format(ByteCount(counts.bytesDown))) down")
        let each =
            self.totals.completed > 0
            ? self.totals.cpuSeconds / Double(self.totals.completed) * 1e6 : nil
        lines.append(
            "generator   \(UnitText.trimmed(self.totals.cpuSeconds)) CPU-s"
                + (each.map { ", \(UnitText.trimmed($0)) us a request" } ?? ""))
        for warning in self.judgement.warnings { lines.append("            \(warning)") }
        return lines.joined(separator: "\n")
    }

    private var outcomes: [String: Int] {
        self.totals.counts.attempts.reduce(into: [:]) { counts, entry in
            counts[entry.key.outcome.group, default: 0] += entry.value
        }
    }
}

/// Percentiles of a histogram in milliseconds, as `hit` prints them; nil without values.
private struct Percentiles: Encodable {
    let p50: Double?
    let p90: Double?
    let p99: Double?
    let p999: Double?
    let max: Double?

    init(_ histogram: SparseHistogram) {
        func value(_ quantile: Double) -> Double? {
            histogram.value(atQuantile: quantile).map { Double($0) / 1e3 }
        }
        self.p50 = value(0.5)
        self.p90 = value(0.9)
        self.p99 = value(0.99)
        self.p999 = value(0.999)
        self.max = histogram.total > 0 ? Double(histogram.maximum) / 1e3 : nil
    }

    private enum Name: String, CodingKey { case p50, p90, p99, p999, max }

    // One by one: the synthesised code leaves absent values out.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        try container.encode(self.p50, forKey: .p50)
        try container.encode(self.p90, forKey: .p90)
        try container.encode(self.p99, forKey: .p99)
        try container.encode(self.p999, forKey: .p999)
        try container.encode(self.max, forKey: .max)
    }

    /// The same for people.
    var text: String {
        [
            ("p50", self.p50), ("p90", self.p90), ("p99", self.p99), ("p99.9", self.p999),
            ("max", self.max),
        ].map { name, value in
            "\(name) \(value.map { UnitText.format(Nanoseconds(seconds: $0 / 1e3)) } ?? "-")"
        }.joined(separator: "  ")
    }
}
