import Foundation
import Measurements
import Testing

@testable import Reporting

@Suite("k6's files")
struct FormatTestsK6 {
    private func metrics(_ text: String) throws -> [String: [String: Any]] {
        let summary = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(
            (summary?["root_group"] as? [String: Any])?["id"] as? String
                == "d41d8cd98f00b204e9800998ecf8427e")
        return summary?["metrics"] as? [String: [String: Any]] ?? [:]
    }

    @Test("The summary has the members that GitLab's load_performance reads.")
    func gitLab() throws {
        let metrics = try self.metrics(SyntheticRecord.formats().k6Summary)
        #expect(metrics["http_reqs"]?["count"] as? Int == 9)
        // Nine in the 1.5 seconds that the run lasted, not in the two that it touched.
        #expect(metrics["http_reqs"]?["rate"] as? Double == 6)
        #expect(metrics["checks"]?["passes"] as? Int == 7)
        #expect(metrics["checks"]?["fails"] as? Int == 2)
        #expect(metrics["http_req_waiting"]?["p(90)"] as? Double == 1)
        #expect(metrics["http_req_waiting"]?["p(95)"] as? Double == 1)
        #expect(metrics["http_req_failed"]?["value"] as? Double == 0.222222)
        #expect(metrics["data_sent"]?["count"] as? Int == 900)
    }

    @Test("A percentile among failures is left out; there is no infinity in JSON.")
    func infinite() throws {
        let metrics = try self.metrics(SyntheticRecord.formats().k6Summary)
        let times = try #require(metrics["http_req_response_time"])
        #expect(times["med"] as? Double == 1.6)
        #expect(times["p(90)"] == nil && times["p(95)"] == nil)
    }

    @Test("Thresholds stand under their metric, true when crossed; of equal ones the crossed.")
    func thresholds() throws {
        let text = SyntheticRecord.formats { report in
            let rules: [(String, String, Bool?)] = [
                ("http_reqs", "count>5", true), ("http_reqs", "count>5", false),
                ("http_req_failed{class:genuine}", "rate<1%", false),
                ("checks{scenario:visitors}", "rate>0", nil), ("unheard_of", "count>0", true),
            ]
            report.thresholds = rules.map {
                .init(selector: $0.0, expression: $0.1, value: 1, ok: $0.2)
            }
        }.k6Summary
        let metrics = try self.metrics(text)
        #expect(metrics["http_reqs"]?["thresholds"] as? [String: Bool] == ["count>5": true])
        let genuine = try #require(metrics["http_req_failed{class:genuine}"])
        #expect(genuine["thresholds"] as? [String: Bool] == ["rate<1%": true])
        #expect(genuine["passes"] as? Int == 1 && genuine["fails"] as? Int == 7)
        #expect(
            metrics["checks{scenario:visitors}"]?["thresholds"] as? [String: Bool]
                == ["rate>0": true])
        #expect(metrics["unheard_of"]?["thresholds"] as? [String: Bool] == ["count>0": false])
    }

    @Test("Without attempts there are no checks: GitLab would divide by their number.")
    func noChecks() throws {
        var record = SyntheticRecord.small()
        for second in record.seconds.indices {
            record.seconds[second].populations = [PopulationSecond(), PopulationSecond()]
        }
        let metrics = try self.metrics(SyntheticRecord.formats(record).k6Summary)
        #expect(metrics["checks"] == nil && metrics["http_req_failed"] == nil)
        #expect(metrics["http_reqs"]?["count"] as? Int == 0)
    }

    @Test("A selector's tags may have blanks, and a name without them has none.")
    func selectors() {
        #expect(K6Summary.Selector("checks").tags == [:])
        let selector = K6Summary.Selector("http_reqs{class: noise, name:a:b}")
        #expect(selector.metric == "http_reqs")
        #expect(selector.tags == ["class": "noise", "name": "a:b"])
    }

    private func attempt(_ outcome: String, good: Bool, weight: Double) -> AttemptLine {
        AttemptLine(
            t: 0.5, population: 0, intent: 3, step: 0, attempt: 0, outcome: outcome, good: good,
            weight: weight, intended: 0.25, started: 0.3, response: 250, service: 200,
            timings: ["wait": 150.5], bytesUp: 100, bytesDown: 10, curlCode: 0, osErrno: 0)
    }

    @Test("Points are k6's: each metric is told first, then each value with its tags.")
    func points() throws {
        var record = SyntheticRecord.small([SyntheticRecord.nasty])
        record.attempts = [
            self.attempt("201", good: true, weight: 1),
            self.attempt("refused", good: false, weight: 4),
        ]
        let text = SyntheticRecord.formats(record).k6Points
        let lines = try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let metrics = lines.filter { $0["type"] as? String == "Metric" }
        #expect(
            lines.first.map { FormatText.string($0["metric"] as? String ?? "") } == "\"http_reqs\"")
        #expect(metrics.count == 12)
        let points = lines.dropFirst(12)
        #expect(points.allSatisfy { $0["type"] as? String == "Point" })
        func shown(_ line: [String: Any]) -> String {
            let data = line["data"] as? [String: Any]
            return "\(line["metric"] ?? "") \((data?["value"] as? Double) ?? -1)"
        }
        #expect(
            points.map(shown) == [
                "http_reqs 1.0", "http_req_failed 0.0", "http_req_response_time 250.0",
                "http_req_duration 200.0", "http_req_waiting 150.5", "data_sent 100.0",
                "data_received 10.0", "http_reqs 4.0", "http_req_failed 1.0",
                "http_req_response_time 250.0", "http_req_waiting 150.5", "data_sent 400.0",
                "data_received 40.0",
            ])
        let names = Set(metrics.compactMap { $0["metric"] as? String })
        #expect(points.allSatisfy { names.contains($0["metric"] as? String ?? "") })
        let first = try #require(points.first?["data"] as? [String: Any])
        #expect(first["time"] as? String == "2020-05-31T05:48:00.750Z")
        #expect(
            first["tags"] as? [String: String] == [
                "scenario": SyntheticRecord.nasty, "class": "genuine", "name": "tip",
                "status": "201", "expected_response": "true",
            ])
        let last = try #require(points.last?["data"] as? [String: Any])
        let tags = last["tags"] as? [String: String]
        #expect(tags?["status"] == "0" && tags?["error"] == "refused")
    }
}
