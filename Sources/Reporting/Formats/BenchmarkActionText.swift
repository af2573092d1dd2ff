extension ReportFormats {
    /// What github-action-benchmark reads as `customSmallerIsBetter`: a list of figures by name.
    ///
    /// Where a percentile falls among attempts without a good answer, the longest time seen stands
    /// for it, and `extra` says so.
    package var benchmarkAction: String {
        var entries: [String] = []
        func add(_ name: String, _ unit: String, _ value: Double?, _ remark: String = "") {
            guard let value, value.isFinite else { return }
            let extra =
                "run \(self.report.run.id), \(self.report.validity.state.rawValue)"
                + (remark.isEmpty ? "" : "; \(remark)")
            entries.append(
                "  "
                    + FormatText.object([
                        ("name", FormatText.string("\(self.report.run.scenario): \(name)")),
                        ("unit", FormatText.string(unit)), ("value", FormatText.number(value)),
                        ("extra", FormatText.string(extra)),
                    ]))
        }
        for name in ClassOrder.present(in: self.report) {
            guard let figures = self.report.classes[name] else { continue }
            if figures.intents > 0 {
                let share = Double(figures.intents - figures.accepted) / Double(figures.intents)
                add("\(name) not accepted", "%", share * 100)
            }
            add("\(name) response p50", "ms", figures.responseMs.p50)
            if let p99 = figures.responseMs.p99 {
                add("\(name) response p99", "ms", p99)
            } else {
                add(
                    "\(name) response p99", "ms", figures.responseMs.p99AtLeast,
                    "at least: p99 falls among attempts without a good answer")
            }
            add("\(name) attempts per step", "attempts", figures.amplification)
        }
        return "[\n" + entries.joined(separator: ",\n") + "\n]\n"
    }
}
