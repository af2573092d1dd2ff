import Primitives

extension LabelledRun {
    /// The n-th storm: as many on either side of the hidden capacity, none near it.
    package static func storm(number: Int) -> LabelledRun {
        let random = CounterRandom(
            seed: 0x57_0A11, population: 7_000, intent: number, purpose: .expression)
        let stays = number % 2 == 1
        let retries = stays ? [1, 3][number / 2 % 2] : [0, 1, 3][number / 2 % 3]
        let asked = stays ? 1.2 + 0.4 * random.uniform(0) : 0.5 + 0.25 * random.uniform(0)
        return self.storm(
            share: asked / Double(1 + retries), retries: retries, number: number)
    }

    /// A storm of retries or none: a load below the capacity, 20 s of too much, the same load again,
    /// relief, and the load once more (research: diagnosis, 3.8).
    ///
    /// One server with 100 units a second, a queue of ten seconds' work, work for clients that have
    /// left, deadlines of a second. With a share of the capacity asked for and so many retries it
    /// stays down when share x (1 + retries) is at least 1, and heals by itself otherwise, in the
    /// time that the queue takes to drain.
    ///
    /// - Parameters:
    ///   - share: The steady load as a share of the capacity, from 0 to 1.
    ///   - retries: Tries after the first, at once and without a budget.
    ///   - after: Seconds between the trigger's end and the relief.
    package static func storm(
        share: Double, retries: Int, spike: Double = 2.5, after: Double = 120, number: Int = 0
    ) -> LabelledRun {
        let capacity = 100.0
        let steady = share * capacity
        let end = 60 + 20 + after
        var simulation = Simulation()
        simulation.seconds = Int(end) + 30 + 60
        simulation.seed = 0x57_0A11 &+ UInt64(number)
        simulation.announcedTrigger = 60
        simulation.phases = [
            SimulatedPhase("baseline", 0..<60), SimulatedPhase("trigger", 60..<80),
            SimulatedPhase("after", 80..<end),
            SimulatedPhase("relief", end..<(end + 30), kind: "relief"),
            SimulatedPhase("again", (end + 30)..<(end + 90)),
        ]
        simulation.server.workers = 1
        simulation.server.service = .fixed(1 / capacity)
        simulation.server.queue = 1_000
        var crowd = SimulatedCrowd(
            "people", .genuine,
            RateCurve([
                .init(0, steady), .init(60, steady), .init(60, spike * capacity),
                .init(80, spike * capacity), .init(80, steady), .init(end, steady),
                .init(end, 0.2 * steady), .init(end + 30, 0.2 * steady), .init(end + 30, steady),
                .init(end + 90, steady),
            ]))
        crowd.timeout = 1
        crowd.connectTimeout = 1
        crowd.retry.max = retries
        crowd.retry.delay = 0.01
        simulation.crowds = [crowd, .probe(seconds: end + 90)]
        var run = LabelledRun(
            truth: "M02", region: number % 3, number: number, shape: "spike",
            simulation: simulation)
        run.onset = 60
        run.capacity = capacity
        if share * Double(1 + retries) >= 1 { run.overlays = ["M21"] }
        return run
    }
}
