extension ReportFormats {
    /// OpenMetrics text for GitLab's `metrics` report, which compares values as strings.
    ///
    /// Three significant digits; times in seconds; what is not known has no line.
    package var openMetrics: String {
        var text = OpenMetricsText()
        let report = self.report
        let classes = ClassOrder.present(in: report)
        text.add("spate_valid", [("", report.validity.state == .invalid ? 0 : 1)])
        text.add(
            "spate_intents",
            classes.flatMap { name -> [(String, Double?)] in
                guard let figures = report.classes[name] else { return [] }
                return [
                    ("accepted", figures.accepted), ("rejected", figures.rejected),
                    ("gave_up", figures.gaveUp), ("failed", figures.failed),
                    ("dropped", figures.dropped), ("unfinished", figures.unfinished),
                ].map { ending, count in
                    (OpenMetricsText.labels([("class", name), ("ending", ending)]), Double(count))
                }
            })
        text.add(
            "spate_accepted_ratio",
            classes.compactMap { name -> (String, Double?)? in
                guard let figures = report.classes[name], figures.intents > 0 else { return nil }
                return (
                    OpenMetricsText.labels([("class", name)]),
                    Double(figures.accepted) / Double(figures.intents)
                )
            })
        for (metric, path) in [
            ("spate_response_seconds", \Report.ClassFigures.responseMs),
            ("spate_answered_seconds", \Report.ClassFigures.answeredMs),
            ("spate_service_seconds", \Report.ClassFigures.serviceMs),
        ] {
            text.add(
                metric,
                classes.flatMap { name -> [(String, Double?)] in
                    guard let figures = report.classes[name]?[keyPath: path] else { return [] }
                    return [
                        ("0.5", figures.p50), ("0.9", figures.p90), ("0.99", figures.p99),
                        ("0.999", figures.p999),
                    ].map { quantile, value in
                        let labels = [("class", name), ("quantile", quantile)]
                        return (OpenMetricsText.labels(labels), value.map { $0 / 1_000 })
                    }
                })
        }
        text.add(
            "spate_attempts",
            report.outcomes.sorted { $0.key < $1.key }.map { name, count in
                (OpenMetricsText.labels([("outcome", name)]), Double(count))
            })
        text.add("spate_capacity_per_second", [("", report.knee?.capacity)])
        text.add(
            "spate_threshold_ok",
            zip(report.thresholdNames, report.thresholds).map { name, rule in
                (OpenMetricsText.labels([("threshold", name)]), rule.ok.map { $0 ? 1 : 0 })
            })
        return text.lines + "# EOF\n"
    }
}

/// Lines of OpenMetrics 1.0, all of them gauges.
struct OpenMetricsText {
    private(set) var lines = ""

    /// Adds one family; unknown values have no line, and a family without lines no header.
    mutating func add(_ name: String, _ values: [(labels: String, value: Double?)]) {
        let known = values.compactMap { labels, value in
            value.flatMap { $0.isFinite ? "\(name)\(labels) \(FormatText.coarse($0))\n" : nil }
        }
        guard !known.isEmpty else { return }
        self.lines += "# TYPE \(name) gauge\n" + known.joined()
    }

    /// Labels in braces; backslash, quote and line break are escaped.
    static func labels(_ pairs: [(String, String)]) -> String {
        let parts = pairs.map { name, value in
            let escaped = value.map { character in
                switch character {
                case "\\": "\\\\"
                case "\"": "\\\""
                case "\n", "\r", "\r\n": "\\n"
                // GitLab takes the rest of a line for a comment, wherever the sign stands.
                case "#": "\u{FF03}"
                default: String(character)
                }
            }.joined()
            return "\(name)=\"\(escaped)\""
        }
        return "{" + parts.joined(separator: ",") + "}"
    }
}
