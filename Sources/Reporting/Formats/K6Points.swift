import Measurements
import Primitives

extension ReportFormats {
    /// k6's NDJSON output: one `Metric` for each name, then a `Point` for each value of an attempt.
    ///
    /// Made of the attempts that are listed. A listed attempt that stands for several counts as
    /// many in `http_reqs`; its times are one value each, as in a sample.
    package var k6Points: String {
        var output = ""
        for (name, type, contains) in K6Points.metrics {
            let data = FormatText.object([
                ("name", FormatText.string(name)), ("type", FormatText.string(type)),
                ("contains", FormatText.string(contains)), ("thresholds", "[]"),
                ("submetrics", "null"),
            ])
            output += FormatText.object([
                ("type", "\"Metric\""), ("data", data), ("metric", FormatText.string(name)),
            ])
            output += "\n"
        }
        let clock = RunClock(started: self.record.manifest.started)
        for attempt in self.record.attempts { output += self.points(of: attempt, clock) }
        return output
    }

    private func points(of attempt: AttemptLine, _ clock: RunClock) -> String {
        let populations = self.record.manifest.populations
        guard populations.indices.contains(attempt.population) else { return "" }
        let population = populations[attempt.population]
        let step =
            population.steps.indices.contains(attempt.step) ? population.steps[attempt.step] : ""
        let isAnswered = Int(attempt.outcome) != nil
        var tags = [
            ("scenario", population.name), ("class", population.trafficClass.rawValue),
            ("name", step), ("status", isAnswered ? attempt.outcome : "0"),
            ("expected_response", attempt.good ? "true" : "false"),
        ]
        if !isAnswered { tags.append(("error", attempt.outcome)) }
        let shown = FormatText.object(tags.map { ($0.0, FormatText.string($0.1)) })
        let time = FormatText.string(clock.time(at: attempt.t).iso8601)
        var output = ""
        func add(_ metric: String, _ value: Double?) {
            guard let value else { return }
            let data = FormatText.object([
                ("time", time), ("value", FormatText.number(value)), ("tags", shown),
            ])
            output += FormatText.object([
                ("type", "\"Point\""), ("metric", FormatText.string(metric)), ("data", data),
            ])
            output += "\n"
        }
        add("http_reqs", attempt.weight)
        add("http_req_failed", attempt.good ? 0 : 1)
        add("http_req_response_time", attempt.response)
        if isAnswered { add("http_req_duration", attempt.service) }
        for (metric, part) in K6Points.parts { add(metric, attempt.timings[part]) }
        add("data_sent", Double(attempt.bytesUp) * attempt.weight)
        add("data_received", Double(attempt.bytesDown) * attempt.weight)
        return output
    }
}

/// The metrics of k6's stream.
enum K6Points {
    static let parts = [
        ("http_req_blocked", "lookup"), ("http_req_connecting", "connect"),
        ("http_req_tls_handshaking", "tls"), ("http_req_sending", "send"),
        ("http_req_waiting", "wait"), ("http_req_receiving", "receive"),
    ]
    static let metrics: [(name: String, type: String, contains: String)] =
        [
            ("http_reqs", "counter", "default"), ("http_req_failed", "rate", "default"),
            ("http_req_response_time", "trend", "time"), ("http_req_duration", "trend", "time"),
        ] + parts.map { ($0.0, "trend", "time") } + [
            ("data_sent", "counter", "data"), ("data_received", "counter", "data"),
        ]
}
