import Diagnosis
import Measurements
import Primitives
import Testing

@Suite struct ThresholdTests {
    private static func check(
        _ metric: String, _ tags: [String: String], _ aggregation: MetricAggregation,
        _ comparison: ThresholdRule.Relation, _ limit: Double
    ) -> ThresholdRule {
        ThresholdRule(
            metric: metric, tags: tags, expression: "rule",
            aggregation: aggregation, comparison: comparison, limit: limit)
    }

    private static func judge(_ checks: [ThresholdRule]) -> Explanation {
        Explanation.explain(QueueSimulator().record(), thresholds: checks)
    }

    @Test("A rule holds or breaks by its metric's number, per phase.")
    func plain() {
        var before = ThresholdTests.check(
            "http_req_failed", ["class": "genuine"], .rate, .less, 0.5)
        before.phase = "after"
        let whole = ThresholdTests.check(
            "http_req_failed", ["class": "genuine"], .rate, .less, 0.01)
        let explanation = ThresholdTests.judge([before, whole])
        #expect(explanation.thresholds[0].state == .met)
        #expect(explanation.thresholds[0].value == 0)
        #expect(explanation.thresholds[1].state == .crossed)
        #expect((explanation.thresholds[1].value ?? 0) > 0.3)
        #expect(explanation.anyThresholdCrossed)
        #expect(!explanation.inconclusive)
    }

    @Test("An expected failure is met when the rule breaks, and crossed when it holds.")
    func expected() {
        var check = ThresholdTests.check(
            "http_req_failed", ["class": "genuine"], .rate, .less, 0.01)
        check.expectsFailure = true
        #expect(ThresholdTests.judge([check]).thresholds[0].state == .met)
        check.limit = 2
        let held = ThresholdTests.judge([check])
        #expect(held.thresholds[0].state == .crossed)
        #expect(!held.thresholds[0].ok)
    }

    @Test(
        "A rule without samples is inconclusive, also for a count of zero, unless it may be empty.",
        arguments: [
            ThresholdTests.check("http_req_failed", ["class": "nobody"], .rate, .less, 1),
            ThresholdTests.check("dropped_iterations", ["scenario": "nobody"], .count, .equal, 0),
            ThresholdTests.check("no_such_metric", [:], .count, .equal, 0),
            ThresholdTests.check("http_req_tls_handshaking", [:], .p(95), .less, 1),
        ])
    func empty(check: ThresholdRule) {
        let explanation = ThresholdTests.judge([check])
        #expect(explanation.thresholds[0].state == .noSamples)
        #expect(!explanation.thresholds[0].ok)
        #expect(explanation.inconclusive)
        #expect(!explanation.anyThresholdCrossed)
        var lenient = check
        lenient.allowsEmpty = true
        let allowed = ThresholdTests.judge([lenient])
        #expect(allowed.thresholds[0].ok)
        #expect(!allowed.inconclusive)
    }

    @Test("Nothing dropped is a fact, and meets count==0.")
    func nothingDropped() {
        let explanation = ThresholdTests.judge([
            ThresholdTests.check("dropped_iterations", [:], .count, .equal, 0)
        ])
        #expect(explanation.thresholds[0].state == .met)
        #expect(explanation.thresholds[0].value == 0)
    }

    @Test("A percentile beyond every good answer has no number and breaks an upper limit.")
    func censored() {
        let explanation = ThresholdTests.judge([
            ThresholdTests.check(
                "http_req_response_time", ["class": "genuine"], .p(95), .less, 2_000)
        ])
        #expect(explanation.thresholds[0].state == .crossed)
        #expect(explanation.thresholds[0].value == nil)
    }
}
