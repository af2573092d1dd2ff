import Engine
import Foundation
import Measurements
import Primitives

/// What `hit` prints.
struct HitResult {
    private let totals: HitTotals

    init(_ totals: HitTotals) {
        self.totals = totals
    }

    /// True when the generator, not the server, was the limit.
    ///
    /// A dropped arrival is that by definition, and so is a refused descriptor, port or buffer.
    var isGeneratorLimited: Bool {
        self.totals.dropped > 0 || self.totals.generatorFaults > 0
    }

    /// One JSON object; absent knowledge is null.
    func json() throws -> String {
        struct Latency: Encodable {
            var p50: Double?
            var p90: Double?
            var p99: Double?
            var max: Double?
            func encode(to encoder: any Encoder) throws {
                // Encoded one by one: the synthesised code leaves absent values out.
                var container = encoder.container(keyedBy: Name.self)
                try container.encode(self.p50, forKey: .p50)
                try container.encode(self.p90, forKey: .p90)
                try container.encode(self.p99, forKey: .p99)
                try container.encode(self.max, forKey: .max)
            }
            enum Name: String, CodingKey { case p50, p90, p99, max }
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
            var latencyMs: Latency
            var outcomes: [String: Int]
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
            latencyMs: Latency(
                p50: self.totals.answered(atQuantile: 0.5),
                p90: self.totals.answered(atQuantile: 0.9),
                p99: self.totals.answered(atQuantile: 0.99),
                max: counts.answered.total > 0 ? Double(counts.answered.maximum) / 1e3 : nil),
            outcomes: self.outcomes)
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
            lines.append("dropped     \(self.totals.dropped): no client was idle; raise -c")
        }
        if self.totals.unfinished > 0 {
            lines.append("unfinished  \(self.totals.unfinished), cut by the end")
        }
        let quantiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)].map { name, quantile in
            "\(name) \(self.totals.answered(atQuantile: quantile).map(Self.time) ?? "-")"
        }
        let longest =
            counts.answered.total > 0 ? Self.time(Double(counts.answered.maximum) / 1e3) : "-"
        lines.append("response    \(quantiles.joined(separator: "  "))  max \(longest)")
        lines.append(
            "bytes       \(UnitText.format(ByteCount(counts.bytesUp))) up,"
                + " \(UnitText.format(ByteCount(counts.bytesDown))) down")
        let each =
            self.totals.completed > 0
            ? self.totals.cpuSeconds / Double(self.totals.completed) * 1e6 : nil
        lines.append(
            "generator   \(UnitText.trimmed(self.totals.cpuSeconds)) CPU-s"
                + (each.map { ", \(UnitText.trimmed($0)) us a request" } ?? ""))
        return lines.joined(separator: "\n")
    }

    private var outcomes: [String: Int] {
        self.totals.counts.attempts.reduce(into: [:]) { counts, entry in
            counts[entry.key.outcome.group, default: 0] += entry.value
        }
    }

    private static func time(_ milliseconds: Double) -> String {
        UnitText.format(Nanoseconds(seconds: milliseconds / 1e3))
    }
}
