package import Comparison

/// How far the runs of one group lie apart.
package enum GroupSummary {
    /// A line for each figure: its median and its range over the runs, and where the runs are.
    package static func text(_ runs: [RunEvidence]) -> String {
        var lines = runs.map { run in
            "  \(run.place)" + (run.fault.map { ": does not count, \($0)" } ?? "")
        }
        lines.insert(runs.count == 1 ? "1 run" : "\(runs.count) runs", at: 0)
        let counted = runs.filter { $0.fault == nil }
        let words = ComparisonWords(
            RunComparison(base: counted, new: [], rule: FigureComparison.Rule()))
        for figure in words.comparison.figures {
            guard let low = figure.base.min(), let high = figure.base.max() else { continue }
            let name = figure.figure.name
            let fill = String(repeating: " ", count: max(1, 15 - name.count))
            lines.append(
                "\(name)\(fill)median \(words.value(figure.baseMedian, figure)), from "
                    + "\(words.value(low, figure)) to \(words.value(high, figure))")
        }
        return lines.map(ReportText.plain).joined(separator: "\n")
    }
}
