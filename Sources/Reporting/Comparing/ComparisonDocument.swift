package import Comparison
import Foundation

/// A comparison as JSON: schema `spate/comparison/1`.
///
/// What cannot be told is `null`; a time is `null` where more runs had no good answer than had.
package struct ComparisonDocument: Codable, Sendable {
    /// One figure.
    package struct Figure: Codable, Sendable {
        /// `response p50` and so on.
        package var name: String
        /// `ms`, `share` or `/s`.
        package var unit: String
        /// The baseline's values, one a run.
        package var base: [Double?]
        /// The new runs' values.
        package var new: [Double?]
        /// The baseline's median.
        @Nullable package var baseMedian: Double?
        /// The new runs' median.
        @Nullable package var newMedian: Double?
        /// The change: a share of the baseline, or a difference of shares.
        @Nullable package var change: Double?
        /// Its 95 % interval, for a pair of single runs.
        @Nullable package var interval: [Double?]?
        /// The two-sided probability by chance.
        @Nullable package var p: Double?
        /// The change that had to be exceeded.
        package var gate: Double
        /// The smallest change for the worse that would have shown.
        @Nullable package var detectable: Double?
        /// What came of it.
        package var finding: FigureComparison.Finding

        enum CodingKeys: String, CodingKey {
            case name, unit, base, new, change, interval, p, gate, detectable, finding
            case baseMedian = "base_median"
            case newMedian = "new_median"
        }
    }
    /// One run.
    package struct Run: Codable, Sendable {
        /// Its id.
        package var id: String
        /// Where its report lies.
        package var place: String
        /// Its seed.
        package var seed: UInt64
        /// Civil time of its start.
        package var started: String
    }
    /// The schema's name.
    package var schema = "spate/comparison/1"
    /// What came of it.
    package var verdict: RunComparison.Verdict
    /// The same in one sentence.
    package var sentence: String
    /// True for a pair of single runs.
    package var advisory: Bool
    /// What keeps the runs apart.
    package var obstacles: [String]
    /// Runs that do not count.
    package var excluded: [RunComparison.Exclusion]
    /// The baseline's runs.
    package var base: [Run]
    /// The new runs.
    package var new: [Run]
    /// The figures.
    package var figures: [Figure]

    /// The document of a comparison.
    package init(_ comparison: RunComparison) {
        self.verdict = comparison.verdict
        self.sentence = ComparisonWords(comparison).sentence
        self.advisory = comparison.isAdvisory
        self.obstacles = comparison.obstacles
        self.excluded = comparison.excluded
        self.base = comparison.base.map(ComparisonDocument.run)
        self.new = comparison.new.map(ComparisonDocument.run)
        self.figures = comparison.figures.map(ComparisonDocument.figure)
    }

    /// The text, keys sorted, a newline at the end.
    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Every number was made finite or null above: nothing is left that could throw.
        let data = (try? encoder.encode(self)) ?? Data()
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func run(_ run: RunEvidence) -> Run {
        Run(id: run.id, place: run.place, seed: run.seed, started: run.started)
    }

    private static func figure(_ comparison: FigureComparison) -> Figure {
        func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
        let unit =
            switch comparison.figure.scale {
            case .milliseconds: "ms"
            case .rate: "/s"
            case .share: "share"
            }
        return Figure(
            name: comparison.figure.name, unit: unit, base: comparison.base.map(finite),
            new: comparison.new.map(finite),
            baseMedian: finite(comparison.baseMedian), newMedian: finite(comparison.newMedian),
            change: finite(comparison.change), interval: comparison.interval?.map(finite),
            p: comparison.p, gate: comparison.gate, detectable: comparison.detectable,
            finding: comparison.finding)
    }
}
