import Measurements
import Primitives
import Testing

@testable import Diagnosis

@Suite struct LoadDetectorTests {
    /// A server of four workers of 20 ms under a steady load that rises to a rate at 40 s.
    private static func step(to rate: Double, queue: Int?, timeout: Double = 1_000)
        -> QueueSimulator
    {
        var simulator = QueueSimulator.quiet(rate: 60, seed: 3)
        simulator.loads[0].rate = { t in t < 40 ? 60 : rate }
        simulator.loads[0].most = rate
        simulator.queue = queue
        simulator.timeout = timeout
        return simulator
    }

    private static func outcome(_ simulator: QueueSimulator, _ test: String) -> TestOutcome? {
        Explanation.explain(simulator.record()).evidence.first { $0.test == test }?.outcome
    }

    @Test("Trouble at an unchanged load is told from trouble that came with it.")
    func unchanged() {
        let step = SyntheticCase.trouble { shot, _ in shot.outcome = "500" }
        #expect(step.outcome("unchanged_load") == .fired)
        #expect(LoadDetectorTests.outcome(QueueSimulator(), "unchanged_load") == .clear)
        #expect(SyntheticCase.quiet().outcome("unchanged_load") == nil)
    }

    /// A crowd from 40 to 50 s; failures begin in it and end at a second, or never.
    private static func crowd(until end: Double) -> SyntheticCase {
        var file = SyntheticCase.quiet()
        file.add(100, from: 40, to: 50) { shot, number in
            if number >= 200 { shot.outcome = "500" }
        }
        file.add(20, from: 50, to: end) { shot, _ in shot.outcome = "500" }
        file.add(20, from: end, to: 90)
        return file
    }

    @Test("What goes on failing after the crowd has left is told from what recovers.")
    func outlasting() {
        #expect(LoadDetectorTests.crowd(until: 90).outcome("outlasts_load") == .fired)
        #expect(LoadDetectorTests.crowd(until: 56).outcome("outlasts_load") == .clear)
        let steady = SyntheticCase.trouble { shot, _ in shot.outcome = "500" }
        #expect(steady.outcome("outlasts_load") == nil)
    }

    @Test("Slow at first and well at the same load is a cold start.")
    func improving() {
        var cold = SyntheticCase()
        cold.add(20, from: 0, to: 30) { shot, _ in shot.took = 400 }
        cold.add(20, from: 30, to: 90) { shot, _ in shot.took = 40 }
        #expect(cold.outcome("improves_at_constant_load") == .fired)
        var steady = SyntheticCase()
        steady.add(20, from: 0, to: 90)
        #expect(steady.outcome("improves_at_constant_load") == .clear)
        #expect(
            LoadDetectorTests.outcome(QueueSimulator(), "improves_at_constant_load") == nil)
    }

    @Test("A wait that grows in a line by the load beyond capacity has no bound.")
    func unbounded() throws {
        let open = LoadDetectorTests.step(to: 260, queue: nil)
        let evidence = try #require(
            Explanation.explain(open.record()).evidence.first { $0.test == "queue_unbounded" })
        #expect(evidence.outcome == .fired)
        // 1 - 200 / 260 by the second of the answer.
        #expect(abs((evidence.statistic["slope"] ?? .nan) - 0.23) < 0.05)
        let short = LoadDetectorTests.step(to: 260, queue: 100)
        #expect(LoadDetectorTests.outcome(short, "queue_unbounded") == .clear)
        #expect(
            LoadDetectorTests.outcome(QueueSimulator.quiet(rate: 60, seed: 1), "queue_unbounded")
                == nil)
    }

    @Test("A wait that stays flat while the rest is refused has one.")
    func bounded() {
        let short = LoadDetectorTests.step(to: 260, queue: 100)
        #expect(LoadDetectorTests.outcome(short, "queue_bounded") == .fired)
        let open = LoadDetectorTests.step(to: 260, queue: nil)
        #expect(LoadDetectorTests.outcome(open, "queue_bounded") == .clear)
        #expect(
            LoadDetectorTests.outcome(QueueSimulator.quiet(rate: 60, seed: 1), "queue_bounded")
                == nil)
    }

    @Test("Shedding that keeps goodput and its speed is told from a queue that only delays.")
    func shedding() {
        func ramp(_ queue: Int) -> QueueSimulator {
            var simulator = QueueSimulator.ramp(from: 20, to: 400, over: 120)
            simulator.queue = queue
            simulator.timeout = 1_000
            return simulator
        }
        #expect(LoadDetectorTests.outcome(ramp(2), "shedding_works") == .fired)
        #expect(LoadDetectorTests.outcome(ramp(100), "shedding_works") == .clear)
        // No knee, nothing to shed.
        #expect(
            LoadDetectorTests.outcome(QueueSimulator.quiet(rate: 60, seed: 1), "shedding_works")
                == nil)
    }

    @Test("A queue longer than anybody's patience collapses, a bounded one does not.")
    func collapse() {
        #expect(LoadDetectorTests.outcome(QueueSimulator(), "collapse") == .fired)
        var bounded = QueueSimulator.ramp(from: 20, to: 400, over: 120)
        bounded.queue = 40
        #expect(LoadDetectorTests.outcome(bounded, "collapse") == .clear)
        // Collapse by lost patience is no contention.
        #expect(LoadDetectorTests.outcome(QueueSimulator(), "retrograde") == .clear)
    }

    /// Steps of 1 to 32 clients of 15 s each, with throughput by the scalability law.
    private static func steps(contention: Double, coherency: Double) -> SyntheticCase {
        var file = SyntheticCase()
        file.executor = "ramping-vus"
        for (index, clients) in [1.0, 2, 4, 8, 16, 32].enumerated() {
            let load = 1 + contention * (clients - 1) + coherency * clients * (clients - 1)
            let rate = 40 * clients / load
            let start = Double(index) * 15
            file.add(rate, from: start, to: start + 15) { shot, _ in
                shot.took = 1_000 * clients / rate
            }
        }
        return file
    }

    @Test("Throughput that falls with concurrency is contention; one that levels off is not.")
    func scalability() throws {
        let falling = LoadDetectorTests.steps(contention: 0.02, coherency: 0.01)
        let evidence = try #require(falling.evidence("usl_retrograde"))
        #expect(evidence.outcome == .fired)
        #expect(abs((evidence.statistic["peak"] ?? .nan) - 9.9) < 2)
        let level = LoadDetectorTests.steps(contention: 0.05, coherency: 0)
        #expect(level.outcome("usl_retrograde") == .clear)
        // An open loop has as many at a time as it gets, and tells nothing.
        #expect(LoadDetectorTests.outcome(QueueSimulator(), "usl_retrograde") == nil)
    }

    @Test("The law's parameters are found exactly from exact levels.")
    func law() throws {
        let levels = [1.0, 2, 4, 8, 16, 32].map { n -> (number: Double, rate: Double) in
            (n, 10 * n / (1 + 0.05 * (n - 1) + 0.002 * n * (n - 1)))
        }
        let fit = try #require(ScalabilityLaw(levels))
        #expect(abs(fit.contention - 0.05) < 1e-6 && abs(fit.coherency - 0.002) < 1e-6)
        #expect(abs((fit.peak ?? .nan) - 21.794) < 1e-3)
        #expect(ScalabilityLaw([(number: 1, rate: 1)]) == nil)
    }

    @Test("Answers that become slower all the time at the same load drift; a step does not.")
    func drift() {
        var leak = SyntheticCase()
        leak.add(20, from: 0, to: 30)
        leak.add(20, from: 30, to: 90) { shot, number in
            shot.took = 20 * exponential(logarithm(30) * Double(number) / 1_200)
        }
        #expect(leak.outcome("latency_drift") == .fired)
        let step = SyntheticCase.trouble { shot, _ in shot.took = 600 }
        #expect(step.outcome("latency_drift") == .clear)
        #expect(LoadDetectorTests.outcome(QueueSimulator(), "latency_drift") == nil)
    }
}
