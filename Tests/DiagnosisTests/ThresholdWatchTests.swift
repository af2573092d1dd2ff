import Diagnosis
import Measurements
import Primitives
import Testing

@Suite("Thresholds, second by second")
struct ThresholdWatchTests {
    /// Two populations and the phases quiet (0 to 10 s) and peak (10 to 30 s).
    private static let manifest = RunManifest(
        id: "r", scenario: "s", description: "", scenarioSHA256: "", seed: 1,
        started: "2026-01-01T00:00:00Z", timeScale: 1, plannedSeconds: 30, version: "0",
        libcurl: "8", command: "spate", target: "http://127.0.0.1:1",
        host: HostFacts(
            kernel: "k", cores: 1, descriptors: 1, localPorts: 1, memory: 1, name: "h"),
        populations: [
            PopulationFacts(
                name: "tips", trafficClass: .genuine, executor: "constant-arrival-rate",
                steps: ["POST"], writes: true),
            PopulationFacts(
                name: "flood", trafficClass: .noise, executor: "constant-arrival-rate",
                steps: ["POST"], writes: true),
        ],
        phases: [
            PhaseFacts(name: "quiet", start: 0, end: 10),
            PhaseFacts(name: "peak", start: 10, end: 30),
        ], timeline: [])

    /// A second in which ten tips ended, so many of them badly.
    private static func row(_ second: Int, bad: Int, of all: Int = 10) -> SecondRow {
        var tips = PopulationSecond()
        tips.offered = all
        tips.inFlight = bad
        tips.attempts[.init(step: 0, outcome: .status(201), good: true)] = all - bad
        tips.attempts[.init(step: 0, outcome: .status(503), good: false)] = bad
        tips.intents[.init(arrivalSecond: second, ending: .accepted)] = all - bad
        tips.intents[.init(arrivalSecond: second, ending: .failed)] = bad
        return SecondRow(second: second, populations: [tips, PopulationSecond()])
    }

    /// A run of so many seconds in which some seconds are bad altogether.
    private static func run(_ seconds: Int, bad: Range<Int>) -> [SecondRow] {
        (0..<seconds).map { Self.row($0, bad: bad.contains($0) ? 10 : 0) }
    }

    private static func rule(
        _ metric: String = "http_req_failed", _ aggregation: MetricAggregation = .rate,
        _ comparison: ThresholdRule.Relation = .less, _ limit: Double = 0.5,
        _ change: (inout ThresholdRule) -> Void = { _ in }
    ) -> ThresholdRule {
        var rule = ThresholdRule(
            metric: metric, expression: "rule", aggregation: aggregation, comparison: comparison,
            limit: limit)
        change(&rule)
        return rule
    }

    private static func judge(_ rule: ThresholdRule, _ rows: [SecondRow]) -> ThresholdResult {
        var watch = ThresholdWatch(rules: [rule], manifest: Self.manifest)
        for row in rows { watch.add(row) }
        return watch.results[0]
    }

    @Test("A rule over everything tells when it first broke and for how long, also if it healed.")
    func cumulative() {
        let broken = Self.judge(
            Self.rule("http_req_failed", .rate, .less, 0.1), Self.run(20, bad: 10..<15))
        #expect(broken.state == .crossed)
        #expect(broken.value == 0.25)
        // 10 of 120 is under a tenth, 20 of 130 is not.
        #expect(broken.firstBroken == 11)
        #expect(broken.brokenFor == 9)
        let healed = Self.judge(
            Self.rule("http_req_failed", .rate, .less, 0.3), Self.run(40, bad: 2..<6))
        #expect(healed.state == .met)
        #expect(healed.value == 0.1)
        #expect(healed.firstBroken == 2)
        #expect(healed.brokenFor == 11)
    }

    @Test("With 'over' the worst full window counts; one that is not full yet is none.")
    func window() {
        let rule = Self.rule { $0.window = .seconds(5) }
        let broken = Self.judge(rule, Self.run(20, bad: 10..<13))
        #expect(broken.state == .crossed)
        #expect(broken.value == 0.6)
        #expect(broken.firstBroken == 12)
        #expect(broken.brokenFor == 3)
        #expect(Self.judge(rule, Self.run(20, bad: 10..<12)).state == .met)
        #expect(Self.judge(rule, Self.run(20, bad: 10..<12)).value == 0.4)
        // Bad from the start: the first window is judged when five seconds have passed.
        #expect(Self.judge(rule, Self.run(5, bad: 0..<5)).firstBroken == 4)
        #expect(Self.judge(rule, Self.run(4, bad: 0..<4)).state == .noSamples)
    }

    @Test("With 'for' it has to be broken that long without a pause.")
    func lasting() {
        let rule = Self.rule { $0.lasting = .seconds(4) }
        let short = Self.judge(rule, Self.run(20, bad: 3..<6) + Self.run(0, bad: 0..<0))
        #expect(short.state == .met)
        #expect(short.value == 1)
        #expect(short.firstBroken == 3)
        #expect(short.brokenFor == 3)
        #expect(Self.judge(rule, Self.run(20, bad: 3..<7)).state == .crossed)
        let twice = Self.run(20, bad: 3..<6)[..<10] + Self.run(20, bad: 10..<13)[10...]
        #expect(Self.judge(rule, Array(twice)).state == .met)
        var expected = rule
        expected.expectsFailure = true
        #expect(Self.judge(expected, Self.run(20, bad: 3..<7)).state == .met)
        #expect(Self.judge(expected, Self.run(20, bad: 3..<6)).state == .crossed)
    }

    @Test("A second in which nothing ended neither breaks a rule nor mends it.")
    func pause() {
        var rows = Self.run(20, bad: 3..<7)
        rows[5] = SecondRow(second: 5, populations: [PopulationSecond(), PopulationSecond()])
        let rule = Self.rule { $0.lasting = .seconds(4) }
        #expect(Self.judge(rule, rows).state == .crossed)
        #expect(Self.judge(rule, rows).brokenFor == 4)
    }

    @Test("A silent second mends no upper limit of a counter, and breaks a lower one.")
    func silence() {
        var rows = Self.run(20, bad: 3..<7)
        rows[5] = SecondRow(second: 5, populations: [PopulationSecond(), PopulationSecond()])
        let upper = Self.rule("http_reqs", .rate, .less, 1) { $0.lasting = .seconds(19) }
        #expect(Self.judge(upper, rows).state == .crossed)
        let lower = Self.rule("http_reqs", .rate, .greater, 1) { $0.lasting = .seconds(1) }
        #expect(Self.judge(lower, rows).state == .crossed)
        #expect(Self.judge(lower, rows).brokenFor == 1)
    }

    @Test("In a phase only its seconds count.")
    func phase() {
        let rule = Self.rule {
            $0.phase = "quiet"
            $0.lasting = .seconds(3)
        }
        #expect(Self.judge(rule, Self.run(30, bad: 8..<20)).state == .met)
        #expect(Self.judge(rule, Self.run(30, bad: 7..<10)).state == .crossed)
        let whole = Self.rule { $0.phase = "peak" }
        let result = Self.judge(whole, Self.run(30, bad: 0..<15))
        #expect(result.state == .met)
        #expect(result.value == 0.25)
        #expect(result.firstBroken == 10)
    }

    @Test(
        "abortOnFail ends the run at the end of the second that breaks it, once, after its delay.")
    func abort() {
        func end(_ delay: Int64, _ rows: [SecondRow]) -> [ThresholdAbort] {
            let rules = [
                Self.rule("http_req_failed", .rate, .less, 0.05),
                Self.rule("http_req_failed", .rate, .less, 0.1) {
                    $0.abortsRun = true
                    $0.abortDelay = .seconds(delay)
                },
            ]
            var watch = ThresholdWatch(rules: rules, manifest: Self.manifest)
            return rows.compactMap { watch.add($0) }
        }
        let rows = Self.run(20, bad: 10..<15)
        #expect(end(0, rows) == [ThresholdAbort(rule: 1, at: 12, value: 20.0 / 120)])
        #expect(end(14, rows) == [ThresholdAbort(rule: 1, at: 14, value: 40.0 / 140)])
        #expect(end(0, Self.run(20, bad: 10..<11)).isEmpty)
    }

    @Test("A rule that ended the run stays crossed, whatever followed while it drained.")
    func aborted() {
        var rule = Self.rule("http_req_failed", .rate, .less, 0.3)
        rule.abortsRun = true
        var record = RunRecord(manifest: Self.manifest, seconds: Self.run(40, bad: 2..<6))
        #expect(ThresholdResult.evaluate([rule], record)[0].state == .met)
        record.closing = RunClosing(stopped: "threshold", duration: 40)
        record.closing?.threshold = ThresholdAbort(rule: 0, at: 3, value: 1.0 / 3)
        let result = ThresholdResult.evaluate([rule], record)[0]
        #expect(result.state == .crossed)
        #expect(result.value == 1.0 / 3)
        #expect(result.firstBroken == 2)
        #expect(result.endedRun)
    }

    @Test("What must grow to its limit is not broken before the end.")
    func growing() {
        var rule = Self.rule("http_reqs", .count, .greater, 150)
        #expect(rule.waitsForTheEnd)
        #expect(Self.judge(rule, Self.run(20, bad: 0..<0)).state == .met)
        #expect(Self.judge(rule, Self.run(20, bad: 0..<0)).firstBroken == nil)
        let short = Self.judge(rule, Self.run(15, bad: 0..<0))
        #expect(short.state == .crossed)
        #expect(short.value == 150)
        #expect(short.firstBroken == 15)
        rule.comparison = .equal
        #expect(!rule.waitsForTheEnd)
        #expect(Self.judge(rule, Self.run(15, bad: 0..<0)).firstBroken == nil)
        #expect(Self.judge(rule, Self.run(20, bad: 0..<0)).firstBroken == 15)
    }

    @Test("A warning and an allowed emptiness fail no run; a rule without samples does.")
    func severity() {
        let record = RunRecord(manifest: Self.manifest, seconds: Self.run(20, bad: 0..<20))
        func explain(_ change: (inout ThresholdRule) -> Void) -> Explanation {
            Explanation.explain(record, thresholds: [Self.rule("http_req_failed", change: change)])
        }
        #expect(explain { _ in }.anyThresholdCrossed)
        let warned = explain { $0.severity = .warning }
        #expect(warned.thresholds[0].state == .crossed)
        #expect(!warned.anyThresholdCrossed)
        let empty = explain { $0.tags = ["class": "noise"] }
        #expect(empty.thresholds[0].state == .noSamples)
        #expect(empty.inconclusive)
        func isHeldUp(_ change: (inout ThresholdRule) -> Void) -> Bool {
            explain { rule in
                rule.tags = ["class": "noise"]
                change(&rule)
            }.thresholds.contains { $0.state == .noSamples && $0.rule.severity == .error }
        }
        #expect(isHeldUp { _ in })
        #expect(!isHeldUp { $0.severity = .warning })
        #expect(!isHeldUp { $0.allowsEmpty = true })
    }

    @Test("Outages are told by seconds in which most attempts were not good.")
    func outage() {
        func value(_ metric: String, _ rows: [SecondRow]) -> ThresholdResult {
            Self.judge(Self.rule(metric, .value, .less, 6_000), rows)
        }
        let rows = Self.run(30, bad: 5..<8) + []
        #expect(value("outage_duration", rows).value == 3_000)
        #expect(value("recovery_time", rows).value == 3_000)
        let twice = Array(rows[..<10] + Self.run(30, bad: 12..<14)[10...])
        #expect(value("outage_duration", twice).value == 5_000)
        #expect(value("recovery_time", twice).value == 9_000)
        #expect(value("recovery_time", twice).state == .crossed)
        let never = value("recovery_time", Self.run(30, bad: 28..<30))
        #expect(never.value == nil)
        #expect(never.state == .crossed)
        #expect(value("recovery_time", Self.run(30, bad: 0..<0)).value == 0)
    }

    @Test("Levels: the last, the least and the most clients, and the most so far.")
    func levels() {
        let rows = Self.run(200, bad: 100..<110)
        func value(_ metric: String, _ aggregation: MetricAggregation) -> Double? {
            Self.judge(Self.rule(metric, aggregation, .less, 1_000), rows).value
        }
        #expect(value("vus", .max) == 10)
        #expect(value("vus", .value) == 0)
        #expect(value("in_flight", .min) == 0)
        #expect(value("vus_max", .value) == 10)
    }
}

extension ThresholdWatchTests {
    private static func rule(
        _ metric: String, change: (inout ThresholdRule) -> Void
    ) -> ThresholdRule {
        Self.rule(metric, .rate, .less, 0.5, change)
    }
}
