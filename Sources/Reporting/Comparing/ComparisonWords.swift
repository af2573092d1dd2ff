import Comparison
import Primitives

/// A comparison in words and cells, the same for the terminal, Markdown and the page.
struct ComparisonWords {
    /// The table's columns.
    static let header = [
        "figure", "baseline", "new", "change", "p or interval", "gate", "would have shown",
        "finding",
    ]
    /// The comparison.
    let comparison: RunComparison

    init(_ comparison: RunComparison) {
        self.comparison = comparison
    }

    /// The verdict in one word.
    var word: String {
        switch self.comparison.verdict {
        case .pass: "PASS"
        case .regression: "REGRESSION"
        case .inconclusive: "INCONCLUSIVE"
        case .refused: "REFUSED"
        }
    }

    /// The verdict in one sentence.
    var sentence: String {
        let figures = self.comparison.figures
        let advice = self.comparison.isAdvisory ? " (advisory: one run each)" : ""
        switch self.comparison.verdict {
        case .refused:
            return "the runs are not comparable: "
                + self.comparison.obstacles.joined(separator: "; ")
        case .regression:
            let worse = figures.filter { $0.finding == .regression }.map(self.told)
            return worse.joined(separator: "; ") + advice
        case .inconclusive:
            let unclear = figures.filter { $0.finding == .unclear }.map(self.told)
            guard unclear.isEmpty else {
                return unclear.joined(separator: "; ") + ", which may be chance" + advice
            }
            return self.lack
        case .pass:
            let better = figures.filter { $0.finding == .improvement }.map(self.told)
            let judged = figures.filter { $0.finding != .tooLittle }.map(\.figure.name)
            return "no figure is worse by more than its gate (\(judged.joined(separator: ", ")))"
                + (better.isEmpty ? "" : "; " + better.joined(separator: "; ")) + advice
        }
    }

    /// How many of the runs that count the machine disturbed; nil for none.
    private var disturbance: String? {
        let runs = self.comparison.base + self.comparison.new
        let count = runs.count { $0.disturbed == true }
        guard count > 0 else { return nil }
        return "the machine kept \(count) of the \(runs.count) runs that count from their schedule"
    }

    /// Why nothing can be said.
    private var lack: String {
        let (base, new) = (self.comparison.base.count, self.comparison.new.count)
        if base == 0 || new == 0 {
            return "no run of the \(base == 0 ? "baseline" : "new group") counts"
        }
        let isJudged = self.comparison.figures.contains { $0.finding != .tooLittle }
        if isJudged, let disturbance = self.disturbance {
            return "no figure is worse by more than its gate, but \(disturbance)"
        }
        if self.comparison.isAdvisory {
            return "fewer than \(BlockBootstrap.leastSeconds) seconds with answers in a run"
        }
        return "\(base) against \(new) runs cannot show any change at p < "
            + "\(UnitText.trimmed(self.comparison.rule.alpha)); five against five can"
    }

    /// One figure's change as a clause.
    private func told(_ figure: FigureComparison) -> String {
        let chance = figure.p.map { " (p = \(UnitText.fixed($0, 3)))" } ?? ""
        let way =
            switch figure.finding {
            case .improvement: "better"
            default: "worse"
            }
        return "\(figure.figure.name) is \(way) by \(self.change(figure, signed: false)), from "
            + "\(self.value(figure.baseMedian, figure)) to "
            + "\(self.value(figure.newMedian, figure))\(chance)"
    }

    /// The groups, one line each.
    var groups: [String] {
        [("Baseline", self.comparison.base), ("New", self.comparison.new)].map { name, runs in
            guard let first = runs.first else { return "\(name): no run that counts" }
            let count = runs.count == 1 ? "1 run" : "\(runs.count) runs"
            let versions = Set(runs.map(\.version)).sorted().joined(separator: ", ")
            return "\(name): \(count) of \(first.scenario), \(first.trafficClass) traffic, "
                + "from \(first.started), spate \(versions)"
        }
    }

    /// What has to be said beside the table.
    var remarks: [String] {
        var lines = self.comparison.excluded.map { "left out: \($0.place): \($0.reason)" }
        if self.comparison.verdict != .refused {
            lines += self.comparison.obstacles.map { "compared all the same (--force): \($0)" }
        }
        if let disturbance = self.disturbance {
            lines.append(
                "\(disturbance), and too few others are left: run again on a quieter machine, or "
                    + "with the server on another")
        }
        if self.comparison.isAdvisory, self.comparison.verdict != .refused {
            lines.append(
                "advisory: one run each says nothing of how runs differ; gates are doubled, and "
                    + "five runs each would tell (--repeat 5)")
        }
        return lines
    }

    /// The table's rows, in the order of `header`.
    var rows: [[String]] {
        self.comparison.figures.map { figure in
            let chance: String
            if let interval = figure.interval {
                chance =
                    "[" + interval.map { self.difference($0, figure) }.joined(separator: ", ") + "]"
            } else {
                chance = figure.p.map { UnitText.fixed($0, 3) } ?? "–"
            }
            return [
                figure.figure.name, self.value(figure.baseMedian, figure),
                self.value(figure.newMedian, figure), self.change(figure, signed: true), chance,
                self.size(figure.gate, figure),
                figure.detectable.map { self.size($0, figure) } ?? "–",
                ReportText.spaced(figure.finding.rawValue),
            ]
        }
    }

    /// A value of a figure; a time without a good answer says so.
    func value(_ value: Double?, _ figure: FigureComparison) -> String {
        guard let value else { return "–" }
        guard value.isFinite else { return "no good answer" }
        switch figure.figure.scale {
        case .milliseconds: return ReportText.milliseconds(value)
        case .rate: return ReportText.rate(value)
        case .share: return ReportText.percent(value)
        }
    }

    private func change(_ figure: FigureComparison, signed: Bool) -> String {
        guard let change = figure.change else { return "–" }
        return signed ? self.difference(change, figure) : self.size(abs(change), figure)
    }

    private func difference(_ change: Double, _ figure: FigureComparison) -> String {
        let sign = change > 0 ? "+" : change < 0 ? "-" : ""
        return sign + self.size(abs(change), figure)
    }

    private func size(_ size: Double, _ figure: FigureComparison) -> String {
        guard size.isFinite else { return "everything" }
        let number = UnitText.fixed(size * 100, 1, trim: true)
        guard figure.figure.scale == .share else { return number + " %" }
        return number + (number == "1" ? " point" : " points")
    }
}
