import Measurements
import Primitives

/// Keeps what a run would have left: seconds, listed attempts, samples.
struct SimulationRecorder {
    private let plan: Simulation
    /// Seconds recorded: those of the plan and the drain after them.
    let length: Int
    private var rows: [SecondRow]
    private var samples: [ServerSample] = []
    private var generator: [GeneratorSample] = []
    private var inFlight: [Int]
    private var ended: [EndedAttempt] = []
    private let lateSeconds: Set<Int>

    /// What is kept of an attempt until it is known how many are listed.
    struct EndedAttempt {
        var attempt: SimulatedAttempt
        var number: Int
        var outcome: Outcome
        var isGood: Bool
        var at: Double
    }

    init(_ plan: Simulation) {
        self.plan = plan
        let longest = plan.crowds.map(\.timeout).max() ?? 0
        self.length = plan.seconds + Int(longest.rounded(.up)) + 2
        self.rows = (0..<self.length).map { second in
            SecondRow(second: second, populations: plan.crowds.map { _ in PopulationSecond() })
        }
        self.inFlight = plan.crowds.map { _ in 0 }
        let random = CounterRandom(
            seed: plan.seed, population: 91, intent: 0, purpose: .think)
        self.lateSeconds = Set((0..<self.length).filter { random.uniform($0) < plan.stalls })
    }

    private func row(_ time: Double) -> Int { min(self.length - 1, max(0, Int(time))) }

    mutating func offer(_ population: Int, at time: Double) {
        let row = self.row(time)
        self.rows[row].populations[population].offered += 1
        self.rows[row].populations[population].stepsBegun += 1
        self.inFlight[population] += 1
    }

    mutating func start(_ attempt: SimulatedAttempt, at time: Double) {
        let row = self.row(time)
        self.rows[row].populations[attempt.population].attemptsStarted += 1
        if attempt.number > 0 { self.rows[row].populations[attempt.population].retriesStarted += 1 }
        self.rows[row].populations[attempt.population].lag.record(
            microseconds(time - attempt.intended))
    }

    mutating func connect(_ population: Int, at time: Double) {
        self.rows[self.row(time)].populations[population].connectionsOpened += 1
    }

    mutating func end(
        _ attempt: SimulatedAttempt, _ outcome: Outcome, isGood: Bool, at time: Double,
        number: Int
    ) {
        let response = microseconds(time - attempt.intended)
        let service = microseconds(time - attempt.started)
        let key = PopulationSecond.AttemptKey(step: 0, outcome: outcome, good: isGood)
        let spans = attempt.spans(until: time)
        let sent = attempt.sentAt >= 0
        let isAnswer = if case .status = outcome { true } else { false }
        let record: (inout PopulationSecond) -> Void = { second in
            second.attempts[key, default: 0] += 1
            if isGood { second.good.record(response) } else { second.notGood.record(response) }
            if isAnswer {
                second.answered.record(response)
                second.service.record(service)
                second.bytesDown += 220
            }
            if sent { second.bytesUp += Int64(attempt.size) }
            for (part, span) in spans {
                second.timings[part, default: SparseHistogram()].record(microseconds(span))
            }
        }
        record(&self.rows[self.row(time)].populations[attempt.population])
        self.ended.append(
            EndedAttempt(
                attempt: attempt, number: number, outcome: outcome, isGood: isGood, at: time))
    }

    mutating func end(_ population: Int, arrival: Double, at time: Double, ending: IntentEnding) {
        let row = self.row(time)
        let key = PopulationSecond.IntentKey(arrivalSecond: Int(arrival), ending: ending)
        self.rows[row].populations[population].intents[key, default: 0] += 1
        if ending == .accepted {
            self.rows[row].populations[population].intentTimes.record(microseconds(time - arrival))
        }
        self.inFlight[population] -= 1
    }

    mutating func tick(_ second: Int, _ values: [String: Double], generatorBehind: Double) {
        for population in self.inFlight.indices {
            self.rows[second].populations[population].inFlight = self.inFlight[population]
        }
        if self.plan.samplesServer {
            self.samples.append(ServerSample(second: second, values: values))
        }
        let isStalled = self.lateSeconds.contains(second)
        let isSaturated = generatorBehind > 0.02
        let lag = isSaturated ? generatorBehind * 1_000 : isStalled ? 60 : 1
        var sample = GeneratorSample(
            second: second, cpu: isSaturated ? 0.99 : 0.2, lagP99: lag,
            referenceP99: isStalled ? 55 : 0.4, descriptors: 200, memory: 1 << 26)
        sample.lanes = [
            GeneratorSample.Lane(
                busy: isSaturated ? 0.99 : 0.2, longest: 2, lagP50: lag / 2, lagP99: lag)
        ]
        self.generator.append(sample)
    }

    /// The record and what else is known.
    func outcome(_ run: SimulationRun) -> SimulatedOutcome {
        var record = RunRecord(
            manifest: self.manifest, seconds: self.rows, generator: self.generator,
            server: self.samples,
            closing: RunClosing(stopped: "finished", duration: Double(self.length)))
        record.attempts = self.lines
        return SimulatedOutcome(
            record: record, done: run.gauges.done, stored: run.gauges.stored)
    }

    private var lines: [AttemptLine] {
        guard self.plan.listed > 0 else { return [] }
        let every = max(1, (self.ended.count + self.plan.listed - 1) / self.plan.listed)
        return stride(from: 0, to: self.ended.count, by: every).map { index in
            self.ended[index].line(weight: Double(every))
        }
    }

    private var manifest: RunManifest {
        let facts = self.plan.crowds.map { crowd in
            PopulationFacts(
                name: crowd.name, trafficClass: crowd.trafficClass,
                executor: "ramping-arrival-rate", steps: ["POST"],
                writes: crowd.trafficClass != .probe, timeout: crowd.timeout,
                retries: crowd.retry.max)
        }
        let seconds = Double(self.plan.seconds)
        let phases =
            self.plan.phases.isEmpty
            ? [PhaseFacts(name: "all", start: 0, end: seconds)]
            : self.plan.phases.map { phase in
                PhaseFacts(
                    name: phase.name, start: phase.range.lowerBound, end: phase.range.upperBound,
                    kind: PhaseFacts.Kind(rawValue: phase.kind) ?? .load)
            }
        let timeline = self.plan.announcedTrigger.map {
            [TimelineFacts(at: $0, kind: "trigger", label: "the load rises")]
        }
        return RunManifest(
            id: "simulated-\(self.plan.seed)", scenario: "simulated", description: "",
            scenarioSHA256: "", seed: self.plan.seed, started: "2020-05-31T00:00:00.000Z",
            timeScale: 1, plannedSeconds: seconds, version: "0", libcurl: "0", command: "spate",
            target: "simulated",
            host: HostFacts(
                kernel: self.plan.knocks == Simulation.linearKnocks ? "Linux 6.18" : "Linux 6.1",
                cores: 2, descriptors: 65_536, localPorts: 28_232, memory: 1 << 33, name: "test"),
            populations: facts, phases: phases, timeline: timeline ?? [])
    }
}

/// Whole microseconds of a span in seconds.
func microseconds(_ seconds: Double) -> Int64 { Int64((max(0, seconds) * 1e6).rounded()) }
