import Diagnosis
import Measurements
import Primitives
import Testing

@testable import Reporting

@Suite struct LiveLogTests {
    private func state(_ t: Double) -> LiveState {
        var state = LiveViewTests.state
        state.t = t
        state.thresholds[1].isKept = true
        return state
    }

    @Test("A line comes every ten seconds, and at once with each change.")
    func changes() {
        var log = LiveLog(usesUnicode: true)
        var said: [Double: String] = [:]
        for second in 1...40 {
            var state = self.state(Double(second) + 0.2)
            if second >= 13 { state.phase = "fades" }
            if (15..<18).contains(second) { state.thresholds[0].isKept = false }
            if second >= 23 { state.outcomes.append(.init(name: "reset", total: 1, isBad: true)) }
            if second >= 26 { state.isHeld = true }
            if second >= 27 { state.invalidity = "maxInFlight: 7 intents were never started" }
            for line in log.lines(state) { said[Double(second)] = line }
        }
        #expect(said.keys.sorted() == [1, 10, 13, 15, 18, 20, 23, 26, 27, 30, 40])
        #expect(said[1]?.hasSuffix("-- first 503; first timeout") == true)
        #expect(said[13]?.hasSuffix("-- phase fades") == true)
        #expect(said[15]?.hasSuffix("-- broken: http_req_failed rate<0.1") == true)
        #expect(said[15]?.contains("✗ http_req_failed rate<0.1") == true)
        #expect(said[18]?.hasSuffix("-- kept again: http_req_failed rate<0.1") == true)
        #expect(said[26]?.hasSuffix("-- arrivals held") == true)
        #expect(said[27]?.contains("MEASUREMENT NOT VALID: maxInFlight") == true)
    }

    @Test("A line has offered, done, good and dropped, the percentiles and what failed now.")
    func line() {
        var log = LiveLog(usesUnicode: false)
        let lines = log.lines(self.state(72))
        #expect(
            lines.first
                == "T+09:36 wall 01:12 phase peak offered 920/s done 611/s good 402/s ok 66%"
                + " p50 1.9 s p99 > 10 s in-flight 3412 503:121 timeout:88 DROPPED:7"
                + "  -- first 503; first timeout")
    }
}

@Suite struct LiveGatheringTests {
    private func row(_ second: Int, good: Int, refused: Int) -> SecondRow {
        var counts = PopulationSecond()
        counts.offered = good + refused
        counts.stepsBegun = good + refused
        counts.attemptsStarted = good + refused
        counts.attempts = [
            .init(step: 0, outcome: .status(201), good: true): good,
            .init(step: 0, outcome: .status(503), good: false): refused,
        ].filter { $0.value > 0 }
        for _ in 0..<good { counts.good.record(20_000) }
        for _ in 0..<refused { counts.notGood.record(1_000) }
        counts.inFlight = second
        return SecondRow(second: second, populations: [counts])
    }

    private func gathering() -> LiveGathering {
        let manifest = RunManifest(
            id: "a-1", scenario: "A", description: "", scenarioSHA256: "", seed: 1,
            started: "2026-01-01T00:00:00Z", timeScale: 1, plannedSeconds: 20, version: "0",
            libcurl: "8", command: "", target: "intake",
            host: HostFacts(
                kernel: "", cores: 2, descriptors: 1024, localPorts: 28_232, memory: 0, name: ""),
            populations: [
                PopulationFacts(
                    name: "people", trafficClass: .genuine, executor: "constant-arrival-rate",
                    steps: ["POST"], writes: true, tags: [:], timeout: 5, retries: 0)
            ],
            phases: [
                PhaseFacts(name: "quiet", start: 0, end: 10),
                PhaseFacts(name: "peak", start: 10, end: 20),
            ], timeline: [])
        let rule = ThresholdRule(
            metric: "http_req_failed", expression: "rate<0.1",
            aggregation: .rate, comparison: .less, limit: 0.1)
        var peak = rule
        peak.phase = "peak"
        return LiveGathering(manifest: manifest, rules: [rule, peak])
    }

    @Test("Figures are those of the last second, totals and thresholds those of the run.")
    func figures() {
        var gathering = self.gathering()
        #expect(gathering.present.thresholds.map(\.isKept) == [nil, nil])
        for second in 0..<10 { gathering.add(self.row(second, good: 10, refused: 0)) }
        #expect(gathering.present.thresholds.map(\.isKept) == [true, nil])
        for second in 10..<14 { gathering.add(self.row(second, good: 10, refused: 30)) }
        let state = gathering.present
        #expect(state.all.offered == 40 && state.all.done == 40 && state.all.good == 10)
        #expect(state.all.inFlight == 13 && state.populations[0].name == "people")
        #expect(
            state.outcomes == [
                .init(name: "503", now: 30, total: 120, isBad: true),
                .init(name: "2xx", now: 10, total: 140),
            ])
        #expect(state.thresholds.map(\.isKept) == [false, false])
        #expect(state.offeredHistory.count == 14 && state.goodHistory.last == 10)
        // 50 good and 120 not good in the last five seconds: the median lies beyond the good.
        #expect(state.all.times.p50?.isLeast == true)
        #expect(state.all.times.max?.milliseconds == 20)
        #expect(state.invalidity == nil)
    }

    @Test("A drop makes the measurement invalid at once, in the report's own words.")
    func invalid() {
        var gathering = self.gathering()
        gathering.add(self.row(0, good: 10, refused: 0))
        var row = self.row(1, good: 10, refused: 0)
        row.populations[0].drops = [.inFlightLimit: 3]
        gathering.add(row)
        #expect(gathering.present.invalidity?.hasSuffix("3 intents were never started") == true)
        #expect(gathering.present.all.dropped == 3)
    }
}
