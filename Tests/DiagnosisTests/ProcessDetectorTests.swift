import Measurements
import Primitives
import Testing

@testable import Diagnosis

@Suite struct ProcessDetectorTests {
    /// Nobody listens from one second to another; what was under way is cut or finished.
    private static func away(from start: Double, to end: Double, cutting: Bool) -> SyntheticCase {
        var file = SyntheticCase()
        file.add(20, from: 0, to: start)
        if cutting {
            for number in 0..<5 {
                var shot = SyntheticCase.Shot()
                shot.outcome = "empty_reply"
                shot.took = 100
                file.add(at: start - 0.05 + 0.001 * Double(number), shot)
            }
        }
        file.add(20, from: start, to: end) { shot, _ in
            shot.outcome = "refused"
            shot.connect = nil
            shot.took = 0.3
        }
        file.add(20, from: end, to: 90)
        return file
    }

    @Test("Requests cut at an instant, nobody there, then back: a crash.")
    func crash() throws {
        let crash = ProcessDetectorTests.away(from: 45, to: 60, cutting: true)
        let evidence = try #require(crash.evidence("crash_instants"))
        #expect(evidence.outcome == .fired)
        #expect(evidence.statistic["crashes"] == 1)
        // Counts of seconds suffice.
        #expect(crash.unlisted.outcome("crash_instants") == .fired)
        #expect(crash.outcome("listener_gone") == .clear)
        let busy = SyntheticCase.trouble { shot, _ in shot.outcome = "500" }
        #expect(busy.outcome("crash_instants") == .clear)
        #expect(busy.outcome("listener_gone") == nil)
        #expect(SyntheticCase.quiet().outcome("crash_instants") == nil)
    }

    @Test("A listener that goes away without cutting anything was closed.")
    func listener() {
        let closed = ProcessDetectorTests.away(from: 45, to: 90, cutting: false)
        #expect(closed.outcome("listener_gone") == .fired)
        #expect(closed.outcome("crash_instants") == .clear)
    }

    @Test("Outages of three seconds are outages, and twice nobody there and back is a crash.")
    func shortOutages() throws {
        var file = SyntheticCase()
        file.add(20, from: 0, to: 40)
        for start in [40.0, 60] {
            file.add(20, from: start, to: start + 3) { shot, _ in
                shot.outcome = "refused"
                shot.connect = nil
                shot.took = 0.3
            }
            file.add(20, from: start + 3, to: start + 20)
        }
        file.add(20, from: 80, to: 90)
        let change = try #require(file.evidence("change_goodput_share"))
        #expect(change.outcome == .fired)
        #expect(change.statistic["onset"] == 40)
        let crash = try #require(file.evidence("crash_instants"))
        #expect(crash.outcome == .fired)
        #expect(crash.statistic["silences"] == 2)
        #expect(crash.statistic["period"] == 20)
        #expect(file.outcome("always_failing") == nil)
    }

    @Test("Behind a gateway one outage says nothing of a crash, and twice there and back does.")
    func behindGateway() throws {
        func outages(_ starts: [Double]) -> SyntheticCase {
            var file = SyntheticCase()
            var now = 0.0
            for start in starts {
                file.add(20, from: now, to: start)
                file.add(20, from: start, to: start + 6) { shot, _ in shot.outcome = "502" }
                now = start + 6
            }
            file.add(20, from: now, to: 90)
            return file
        }
        let twice = try #require(outages([40, 60]).evidence("crash_instants"))
        #expect(twice.outcome == .fired)
        #expect(twice.statistic["silences"] == 2)
        #expect(outages([40]).outcome("crash_instants") == nil)
    }

    @Test("One second in which some fail is no outage.")
    func noOutage() {
        var file = SyntheticCase()
        file.add(20, from: 0, to: 90) { shot, number in
            if number >= 1_000, number < 1_015 { shot.outcome = "refused" }
        }
        #expect(file.outcome("no_change") == .fired)
    }

    /// Nothing ends for two seconds in every four, and a fifth fails.
    private static func stalling() -> SyntheticCase {
        var file = SyntheticCase()
        file.add(50, from: 0, to: 40)
        for start in stride(from: 40.0, to: 88, by: 4) {
            file.add(50, from: start, to: start + 2) { shot, number in
                shot.took = 2_020 - Double(number) * 20
                if number % 5 == 0 { shot.outcome = "503" }
            }
            file.add(50, from: start + 2, to: start + 4) { shot, number in
                if number % 5 == 0 { shot.outcome = "503" }
            }
        }
        return file
    }

    @Test("Gaps in which nothing ends are stalls, and evenly spaced ones have a period.")
    func stalls() throws {
        let file = ProcessDetectorTests.stalling()
        #expect(file.outcome("stall_gaps") == .fired)
        let period = try #require(file.evidence("stall_period"))
        #expect(period.outcome == .fired)
        #expect(abs((period.statistic["period"] ?? .nan) - 4) < 0.1)
        let slow = SyntheticCase.trouble { shot, _ in shot.took = 600 }
        #expect(slow.outcome("stall_gaps") == .clear)
        #expect(slow.outcome("stall_period") == nil)
        #expect(file.unlisted.outcome("stall_gaps") == nil)
    }

    /// A page in the way of the service from 45 s on.
    static func page(body: String? = "page") -> SyntheticCase {
        var file = SyntheticCase()
        file.add(20, from: 0, to: 45)
        file.add(20, from: 45, to: 90) { shot, _ in
            shot.outcome = "503"
            shot.took = 1
            shot.fingerprint = "00000000000000bb"
            shot.body = body
        }
        return file
    }

    @Test("A switch is sharp, comes without warning and answers as somebody else.")
    func switchOff() {
        let page = ProcessDetectorTests.page()
        #expect(page.outcome("sharp_transition") == .fired)
        #expect(page.outcome("precursor") == .clear)
        #expect(page.outcome("fingerprint_change") == .fired)
        #expect(page.outcome("nothing_good") == .fired)
        #expect(page.unlisted.outcome("fingerprint_change") == nil)
        #expect(page.unlisted.outcome("sharp_transition") == .fired)
    }

    @Test("A collapse is announced, takes its time and leaves something good.")
    func collapse() throws {
        var file = SyntheticCase()
        file.add(20, from: 0, to: 40)
        // Ten seconds of growing waits, then more and more that fail.
        file.add(20, from: 40, to: 55) { shot, number in shot.took = 20 + 8 * Double(number) }
        file.add(20, from: 55, to: 90) { shot, number in
            shot.took = 2_400
            if number % 10 < min(9, number / 40) { shot.outcome = "503" }
        }
        #expect(file.outcome("sharp_transition") == .clear)
        #expect(file.outcome("precursor") == .fired)
        #expect(file.outcome("fingerprint_change") == .clear)
        let residual = try #require(file.evidence("nothing_good"))
        #expect(residual.outcome == .clear && residual.vetoes == ["M22"])
        let slow = SyntheticCase.trouble { shot, _ in shot.took = 600 }
        #expect(slow.outcome("precursor") == nil)
    }

    @Test("What the same address goes on taking rules a switch-off out, under another name not.")
    func namesakes() throws {
        for (names, vetoed) in [(["POST", "POST"], ["M22"]), (["POST", "GET"], [])] {
            var file = SyntheticCase()
            file.steps = names
            file.add(20, from: 0, to: 90) { shot, number in
                guard number % 3 != 0 else { return shot.step = 1 }
                if number >= 800 { shot.outcome = "507" }
            }
            let residual = try #require(file.evidence("nothing_good"))
            #expect(residual.vetoes == vetoed)
            #expect(residual.outcome == (vetoed.isEmpty ? .fired : .clear))
        }
    }

    @Test("Requests beside the bottleneck that stay well rule the path out.")
    func siblings() {
        var file = SyntheticCase.trouble { shot, _ in shot.outcome = "500" }
        file.add(5, from: 0, to: 90) { shot, _ in shot.population = 1 }
        #expect(file.outcome("siblings_well") == .fired)
        #expect(file.outcome("siblings_suffer") == .clear)
        #expect(file.outcome("siblings_late") == .clear)
        let alone = SyntheticCase.trouble { shot, _ in shot.outcome = "500" }
        #expect(alone.outcome("siblings_well") == nil)
        #expect(alone.outcome("siblings_late") == nil)
    }

    @Test("Requests beside the bottleneck that come late are not well, though they are good.")
    func lateSiblings() {
        var file = SyntheticCase.trouble { shot, _ in shot.outcome = "500" }
        file.add(5, from: 0, to: 40) { shot, _ in shot.population = 1 }
        file.add(5, from: 40, to: 90) { shot, number in
            shot.population = 1
            if number % 2 == 0 { shot.took = 1_040 }
        }
        #expect(file.outcome("siblings_late") == .fired)
        #expect(file.outcome("siblings_well") == .clear)
    }

    @Test("Changes name the signal, its size and the interval of its beginning.")
    func changes() throws {
        let file = SyntheticCase.trouble { shot, number in
            if number % 2 == 0 { shot.outcome = "503" }
        }
        let evidence = try #require(file.evidence("change_refusals"))
        #expect(evidence.outcome == .fired)
        #expect(abs((evidence.statistic["onset"] ?? .nan) - 40) <= 1)
        #expect(evidence.statistic["before"] == 0)
        #expect(abs((evidence.statistic["after"] ?? .nan) - 0.5) < 0.05)
        let low = try #require(evidence.statistic["low"])
        let high = try #require(evidence.statistic["high"])
        #expect(low <= 40 && high >= 40)
        #expect(file.outcome("change_timeouts") == .clear)
        #expect(file.outcome("no_change") == .clear)
        #expect(file.outcome("always_failing") == nil)
        #expect(SyntheticCase.quiet().outcome("no_change") == .fired)
    }

    @Test("Parts of requests that slow down tell what came first, and no more.")
    func parts() throws {
        let file = SyntheticCase.trouble { shot, _ in shot.took = 900 }
        let evidence = try #require(file.evidence("change_wait_p95"))
        #expect(evidence.outcome == .fired && !evidence.anomalous)
        let explanation = Explanation.explain(file.record())
        let onset = try #require(explanation.onset)
        #expect(onset.tied.contains("wait_p95"))
        #expect(SyntheticCase.quiet().outcome("change_wait_p95") == nil)
    }
}
