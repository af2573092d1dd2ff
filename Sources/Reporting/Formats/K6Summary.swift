import Measurements
import Primitives

extension ReportFormats {
    /// k6's legacy summary (`--summary-export`), the shape GitLab's `load_performance` reads.
    ///
    /// Metrics without samples are left out: of `checks` that were none GitLab would show `NaN%`.
    /// Rates are by the run's length. Under `thresholds`, `true` means crossed: k6's own sense.
    package var k6Summary: String {
        let store = MetricStore(record: self.record)
        let duration = self.report.run.duration
        var metrics = ThresholdMetric.all.map(\.name).sorted().compactMap { name in
            store.values(metric: name).map { K6Summary.Metric(name, $0, duration) }
        }.filter { !$0.figures.isEmpty }
        for threshold in self.report.thresholds {
            let crossed = K6Summary.Rule(
                text: threshold.conditions, isCrossed: threshold.ok != true)
            if let place = metrics.firstIndex(where: { $0.name == threshold.selector }) {
                metrics[place].add(crossed)
                continue
            }
            let selector = K6Summary.Selector(threshold.selector)
            let samples = store.values(metric: selector.metric, tags: selector.tags)
            var metric = K6Summary.Metric(threshold.selector, samples, duration)
            metric.add(crossed)
            metrics.append(metric)
        }
        let lines = metrics.map { "    \(FormatText.string($0.name)): \($0.json)" }
        return "{\n  \"metrics\": {\n" + lines.joined(separator: ",\n") + "\n  },\n"
            + "  \"root_group\": {\"name\":\"\",\"path\":\"\","
            // The MD5 of the empty path, as k6 names its root.
            + "\"id\":\"d41d8cd98f00b204e9800998ecf8427e\",\"groups\":{},\"checks\":{}}\n}\n"
    }
}

/// The parts of k6's summary.
enum K6Summary {
    /// A metric with the tags that select some of its samples: `http_req_failed{class:noise}`.
    struct Selector {
        var metric: String
        var tags: [String: String] = [:]

        init(_ text: String) {
            guard let brace = text.firstIndex(of: "{"), text.hasSuffix("}") else {
                self.metric = text
                return
            }
            self.metric = String(text[..<brace])
            for pair in text[text.index(after: brace)...].dropLast().split(separator: ",") {
                let halves = pair.split(separator: ":", maxSplits: 1).map {
                    String($0.drop { $0 == " " })
                }
                if halves.count == 2 { self.tags[halves[0]] = halves[1] }
            }
        }
    }

    /// A threshold under its metric.
    struct Rule {
        var text: String
        var isCrossed: Bool
    }

    /// One entry of `metrics`.
    struct Metric {
        var name: String
        var figures: [(String, String)]
        private var rules: [Rule] = []

        init(_ name: String, _ samples: MetricSamples?, _ duration: Double) {
            self.name = name
            self.figures = samples.map { K6Summary.figures($0, duration) } ?? []
        }

        /// Keys are unique: of two equal rules one that is crossed stands.
        mutating func add(_ rule: Rule) {
            if let place = self.rules.firstIndex(where: { $0.text == rule.text }) {
                self.rules[place].isCrossed = self.rules[place].isCrossed || rule.isCrossed
            } else {
                self.rules.append(rule)
            }
        }

        var json: String {
            var members = self.figures
            if !self.rules.isEmpty {
                let rules = self.rules.map { ($0.text, $0.isCrossed ? "true" : "false") }
                members.append(("thresholds", FormatText.object(rules)))
            }
            return FormatText.object(members)
        }
    }

    /// A metric's figures; none without samples.
    ///
    /// - Parameter duration: the run's length in seconds, of which the last is seldom a whole one.
    static func figures(_ samples: MetricSamples, _ duration: Double) -> [(String, String)] {
        switch samples {
        case .counter(let sum, let seconds):
            let span = duration > 0 ? min(seconds, duration) : seconds
            let rate = span > 0 ? Double(sum) / span : 0
            return [("count", String(sum)), ("rate", FormatText.number(rate))]
        case .share(let part, let whole):
            guard whole > 0 else { return [] }
            let value = Double(part) / Double(whole)
            return [
                ("value", FormatText.number(value)), ("passes", String(part)),
                ("fails", String(whole - part)),
            ]
        case .gauge(let values):
            guard !values.isEmpty else { return [] }
            return figures(samples, [("value", .value), ("min", .min), ("max", .max)])
        case .outage:
            // k6 has no such metric; a gauge is what its readers understand.
            return figures(samples, [("value", .value)])
        case .trend:
            return figures(
                samples,
                [
                    ("avg", .avg), ("min", .min), ("med", .med), ("max", .max), ("p(90)", .p(90)),
                    ("p(95)", .p(95)),
                ])
        }
    }

    /// Figures that exist; a percentile among attempts without an answer is no number.
    private static func figures(
        _ samples: MetricSamples, _ wanted: [(String, MetricAggregation)]
    ) -> [(String, String)] {
        wanted.compactMap { name, aggregation in
            guard let value = samples.aggregate(aggregation), value.isFinite else { return nil }
            return (name, FormatText.number(value))
        }
    }
}
