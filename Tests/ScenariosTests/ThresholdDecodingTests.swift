import Foundation
import Primitives
import Scenarios
import Testing

@Suite("The grammar of thresholds")
struct ThresholdDecodingTests {
    private static func text(_ thresholds: String) -> String {
        """
        version: 1
        target: http://127.0.0.1:8080
        scenarios:
          tips:
            executor: ramping-arrival-rate
            startRate: 5/s
            stages: [ { name: calm, duration: 1m, target: 5/s }, { name: peak, duration: 1m, target: 9/s } ]
            tags: { app: ios }
            flow:
              - post: { url: /v1/tips, name: send, json: { a: b } }
              - get: { url: /v1/tips, name: look }
          flood:
            class: noise
            executor: constant-arrival-rate
            rate: 5/s
            duration: 2m
            flow:
              - get: { url: /, name: page }
        thresholds:
        \(thresholds)
        """
    }

    private static func rules(_ thresholds: String) throws -> [ThresholdRule] {
        try Scenario.decode(text: Self.text(thresholds), file: "t.yaml").thresholds
    }

    private static func mistakes(_ thresholds: String) -> [String] {
        do {
            _ = try self.rules(thresholds)
            return []
        } catch let errors as ScenarioErrors {
            return errors.mistakes.map(\.message)
        } catch {
            return ["\(error)"]
        }
    }

    @Test("Every key is read.")
    func keys() throws {
        let rules = try Self.rules(
            """
              http_req_failed{class:genuine,phase:peak}:
                - { threshold: "rate<1%", over: 10s, for: 30s, severity: warning, name: soft }
                - { threshold: "rate<50%", abortOnFail: true, delayAbortEval: 20s, allowEmpty: true }
                - { threshold: "rate<=0.05", expect: fail }
            """)
        #expect(rules.map(\.phase) == ["peak", "peak", "peak"])
        #expect(rules[0].window == .seconds(10))
        #expect(rules[0].lasting == .seconds(30))
        #expect(rules[0].severity == .warning)
        #expect(rules[0].name == "soft")
        #expect(!rules[0].abortsRun)
        #expect(rules[1].abortsRun)
        #expect(rules[1].abortDelay == .seconds(20))
        #expect(rules[1].allowsEmpty)
        #expect(rules[1].severity == .error)
        #expect(rules[2].expectsFailure)
        #expect(rules[2].line == 23 && rules[2].column == 7)
        #expect(rules[0].selector == "http_req_failed{class:genuine}")
        #expect(rules[0].conditions == "rate<1% over 10 s for 30 s in phase peak")
    }

    @Test(
        "Every metric takes what fits its kind, and its units.",
        arguments: ThresholdMetric.all.map(\.name))
    func metrics(name: String) throws {
        let metric = try #require(ThresholdMetric.named(name))
        let good: [String: Double]
        switch metric.kind {
        case .counter(isSize: true):
            good = ["count<2MiB": 2_097_152, "rate<3kB": 3_000, "count<4": 4]
        case .counter: good = ["count<10": 10, "rate<20/s": 20, "rate>3": 3]
        case .trend: good = ["p(99.9)<2s": 2_000, "avg<3": 3, "med<5us": 0.005, "max<1m": 60_000]
        case .rate: good = ["rate<12%": 0.12, "rate===0.5": 0.5]
        case .gauge: good = ["value<5": 5, "max<=7": 7, "min>=1": 1]
        case .span: good = ["value<30s": 30_000, "value<5": 5]
        }
        for (expression, limit) in good {
            let rules = try Self.rules("  \(name): [ \"\(expression)\" ]")
            #expect(rules.first?.limit == limit, "\(name) \(expression)")
        }
        let bad = metric.kind == .rate ? "p(95)<1s" : "rate<5%"
        #expect(Self.mistakes("  \(name): [ \"\(bad)\" ]").count == 1, "\(name) \(bad)")
    }

    @Test(
        "What can never be asked is refused with a hint.",
        arguments: [
            ("http_req_fialed: [rate<1%]", "did you mean 'http_req_failed'?"),
            ("http_reqs{klass:genuine}: [count>1]", "did you mean 'class'?"),
            ("http_reqs{class:genuin}: [count>1]", "did you mean 'genuine'?"),
            ("http_reqs{scenario:tip}: [count>1]", "did you mean 'tips'?"),
            ("http_reqs{status:999}: [count>1]", "no answer has the status 999"),
            ("http_reqs{status:refusd}: [count>1]", "did you mean 'refused'?"),
            ("http_reqs{class:noise,scenario:tips}: [count>1]", "nothing in this scenario has all"),
            ("http_reqs{class:noise,class:genuine}: [count>1]", "given twice"),
            ("http_req_duration{status:200}: [avg<1s]", "is not kept by status"),
            ("http_req_duration{name:send}: [avg<1s]", "sends other requests besides 'send'"),
            ("http_req_failed: [rate<150%]", "a share is at most 100%"),
            ("http_req_failed: [rate<=100%]", "is always kept"),
            ("http_req_failed: [rate>1]", "can never be kept"),
            ("http_reqs: [count<0]", "can never be kept"),
            ("http_reqs: [count>=0]", "is always kept"),
            ("http_reqs: [count==1.5]", "a count is a whole number"),
            ("http_req_duration: [p(101)<1s]", "a percentile is at most 100"),
            ("http_reqs: [ { threshold: count>1, for: 0s } ]", "is no time at all"),
            (
                "http_reqs: [ { threshold: count>1, delayAbortEval: 5s } ]",
                "'delayAbortEval' "
            ),
            ("http_reqs: [ { threshold: count>9, abortOnFail: true } ]", "only the end can tell"),
            (
                "http_reqs: [ { threshold: rate>9, abortOnFail: true, expect: fail } ]",
                "expected to break cannot end the run"
            ),
            (
                "http_reqs: [ { threshold: rate>9, abortOnFail: true, severity: warning } ]",
                "a warning ends no run"
            ),
            ("http_reqs: [ { threshold: rate>9, severity: warnin } ]", "did you mean 'warning'?"),
            ("outage_duration: [ { threshold: value<9s, over: 5s } ]", "no 'over'"),
            (
                "\"http_reqs{phase:calm}\": [ { threshold: rate>9, phase: peak } ]",
                "is not the selector's 'calm'"
            ),
            ("http_reqs: [ { threshold: rate>9, fro: 5s } ]", "did you mean 'for'?"),
        ])
    func refused(threshold: String, hint: String) {
        let mistakes = Self.mistakes("  \(threshold)")
        #expect(mistakes.count == 1, "\(mistakes)")
        #expect(mistakes.first?.contains(hint) == true, "\(mistakes)")
    }

    @Test("Steps that are a population's only one, statuses and phases of k6's kind are selected.")
    func selected() {
        for good in [
            "http_req_duration{name:page}: [avg<1s]", "http_reqs{status:503}: [count==0]",
            "http_reqs{status:connect_timeout}: [count==0]",
            "http_req_failed{name:send,app:ios}: [rate<1%]",
            "http_reqs{expected_response:true}: [rate>1]",
            "http_reqs{phase:after}: [count>=1]",
        ] {
            #expect(Self.mistakes("  \(good)") == [], "\(good)")
        }
    }

    @Test("A rule survives its file, and one that an older run wrote is read.")
    func files() throws {
        let rules = try Self.rules(
            "  http_req_duration: [ { threshold: p(95)<1s, over: 10s, abortOnFail: true } ]")
        let coded = try JSONDecoder().decode(
            [ThresholdRule].self, from: try JSONEncoder().encode(rules))
        #expect(coded == rules)
        let old = """
            {"selector":"http_req_failed","metric":"http_req_failed","tags":{},
             "expression":"p(95)<1s","aggregation":{"percentile":{"_0":95}},"comparison":"<",
             "limit":1000,"expectsFailure":false,"allowsEmpty":true}
            """
        let rule = try JSONDecoder().decode(ThresholdRule.self, from: Data(old.utf8))
        #expect(rule.aggregation == .p(95))
        #expect(rule.allowsEmpty && rule.severity == .error && rule.line == 1)
        let rate = old.replacingOccurrences(of: #"{"percentile":{"_0":95}}"#, with: #"{"rate":{}}"#)
        #expect(
            try JSONDecoder().decode(ThresholdRule.self, from: Data(rate.utf8)).aggregation
                == .rate)
    }
}
