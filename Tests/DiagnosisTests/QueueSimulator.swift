import Measurements
import Primitives

#if canImport(Glibc)
    import Glibc
#endif

/// A queue with a few workers behind a load that varies, as a record that a run would leave.
///
/// First come, first served; a bounded queue answers 503 when full; a client that has waited too
/// long goes away, and its work is done all the same: the wasted work of an overload.
struct QueueSimulator: Sendable {
    /// One population of clients.
    struct Load: Sendable {
        var name: String
        var trafficClass: TrafficClass
        /// Arrivals per second at a time.
        var rate: @Sendable (Double) -> Double
        /// The largest value of `rate`.
        var most: Double
        /// False for requests that the workers never see.
        var needsWorker = true
    }
    var workers = 4
    /// Mean seconds of service.
    var service = 0.020
    /// Coefficient of variation of service; 0 is constant, 1 is nearly exponential.
    var variation = 0.0
    /// The most waiting; nil for no bound.
    var queue: Int? = 1400
    var timeout = 5.0
    var seconds = 120
    var seed: UInt64 = 1
    var loads: [Load] = QueueSimulator.flood
    /// Seconds in which the operator's page answers.
    var page: Range<Double>? = 73..<91
    var trigger: Double? = 30
    /// The share of requests that fail whatever the load.
    var faultyShare = 0.0
    /// The share of seconds in which the whole machine, reference included, is late and slow.
    var stalls = 0.0

    private struct Job {
        var population: Int
        var number: Int
        var at: Double
    }

    /// Genuine tips, a flood that grows to 500/s, reviews and a probe.
    static let flood: [Load] = [
        Load(name: "tips", trafficClass: .genuine, rate: { _ in 20 }, most: 20),
        Load(name: "flood", trafficClass: .noise, rate: floodRate, most: 500),
        Load(
            name: "reviews", trafficClass: .noise, rate: { _ in 3 }, most: 3, needsWorker: false),
        Load(name: "probe", trafficClass: .probe, rate: { _ in 1 }, most: 1, needsWorker: false),
    ]

    @Sendable private static func floodRate(_ t: Double) -> Double {
        if t < 30 { return 2 }
        if t < 54 { return 2 + 498 * (t - 30) / 24 }
        return t < 72 ? 500 : 2
    }

    /// A steady load of genuine tips that the server can bear.
    static func quiet(rate: Double, seed: UInt64, seconds: Int = 120) -> QueueSimulator {
        var simulator = QueueSimulator()
        simulator.seed = seed
        simulator.seconds = seconds
        simulator.page = nil
        simulator.trigger = nil
        simulator.loads = [
            Load(name: "tips", trafficClass: .genuine, rate: { _ in rate }, most: rate),
            Load(
                name: "probe", trafficClass: .probe, rate: { _ in 1 }, most: 1, needsWorker: false
            ),
        ]
        return simulator
    }

    /// A load that rises linearly.
    static func ramp(from low: Double, to high: Double, over seconds: Int) -> QueueSimulator {
        var simulator = QueueSimulator.quiet(rate: low, seed: 1, seconds: seconds)
        let rate: @Sendable (Double) -> Double = { t in low + (high - low) * t / Double(seconds) }
        simulator.loads[0].rate = rate
        simulator.loads[0].most = max(low, high)
        return simulator
    }

    /// Runs the queue.
    func record() -> RunRecord {
        var rows = (0..<(self.seconds + 12)).map { second in
            SecondRow(
                second: second,
                populations: self.loads.map { _ in PopulationSecond() })
        }
        let late = self.lateSeconds(rows.count)
        var free = Array(repeating: 0.0, count: self.workers)
        var starts: [Double] = []
        var waitingFrom = 0
        for (index, job) in self.arrivals().enumerated() {
            let draw = CounterRandom(seed: self.seed, population: 90, intent: index, purpose: .size)
            let slow = late.contains(Int(job.at)) ? 1.6 : 1.0
            guard self.loads[job.population].needsWorker else {
                self.end(&rows, job, after: 0.002 * slow, outcome: .status(200))
                continue
            }
            if let page, page.contains(job.at) {
                self.end(&rows, job, after: 0.001 * slow, outcome: .status(503))
                continue
            }
            while waitingFrom < starts.count, starts[waitingFrom] <= job.at { waitingFrom += 1 }
            if let queue, starts.count - waitingFrom >= queue {
                self.end(&rows, job, after: 0.001, outcome: .status(503))
                continue
            }
            let worker = free.indices.min { free[$0] < free[$1] } ?? 0
            let begin = max(job.at, free[worker])
            let done = begin + self.serviceTime(draw) * (late.contains(Int(begin)) ? 1.6 : 1)
            free[worker] = done
            starts.append(begin)
            if done - job.at > self.timeout {
                self.end(
                    &rows, job, after: self.timeout, outcome: .failure(.firstByteTimeout))
            } else if draw.uniform(9) < self.faultyShare {
                self.end(&rows, job, after: done - job.at, outcome: .status(500))
            } else {
                self.end(&rows, job, after: done - job.at, outcome: .status(201))
            }
        }
        return self.record(rows, late: late)
    }

    private func serviceTime(_ draw: CounterRandom) -> Double {
        guard self.variation > 0 else { return self.service }
        // Gamma with shape 1 / variation^2, as a sum of exponentials.
        let shape = max(1, Int((1 / (self.variation * self.variation)).rounded()))
        let sum = (0..<shape).reduce(0.0) { $0 - log(1 - draw.uniform($1)) }
        return self.service * sum / Double(shape)
    }

    private func lateSeconds(_ count: Int) -> Set<Int> {
        let random = CounterRandom(seed: self.seed, population: 91, intent: 0, purpose: .think)
        return Set((0..<count).filter { random.uniform($0) < self.stalls })
    }

    private func arrivals() -> [Job] {
        var jobs: [Job] = []
        for (population, load) in self.loads.enumerated() {
            let random = CounterRandom(
                seed: self.seed, population: population, intent: 0, purpose: .arrival)
            var t = 0.0
            var n = 0
            var number = 0
            while true {
                t -= log(1 - random.uniform(n)) / load.most
                guard t < Double(self.seconds) else { break }
                if random.uniform(n + 1) * load.most < load.rate(t) {
                    jobs.append(Job(population: population, number: number, at: t))
                    number += 1
                }
                n += 2
            }
        }
        return jobs.sorted { ($0.at, $0.population) < ($1.at, $1.population) }
    }

    private func end(
        _ rows: inout [SecondRow], _ job: Job, after: Double, outcome: Outcome
    ) {
        let first = Int(job.at)
        let last = min(rows.count - 1, Int(job.at + after))
        let good = if case .status(let code) = outcome { code < 300 } else { false }
        let microseconds = Int64(after * 1e6)
        rows[first].populations[job.population].offered += 1
        rows[first].populations[job.population].stepsBegun += 1
        rows[first].populations[job.population].attemptsStarted += 1
        rows[first].populations[job.population].connectionsOpened += 1
        for second in first..<last { rows[second].populations[job.population].inFlight += 1 }
        let key = PopulationSecond.AttemptKey(step: 0, outcome: outcome, good: good)
        rows[last].populations[job.population].attempts[key, default: 0] += 1
        let ending = PopulationSecond.IntentKey(
            arrivalSecond: first, ending: good ? .accepted : .failed)
        rows[last].populations[job.population].intents[ending, default: 0] += 1
        if good {
            rows[last].populations[job.population].good.record(microseconds)
            rows[last].populations[job.population].intentTimes.record(microseconds)
        } else {
            rows[last].populations[job.population].notGood.record(microseconds)
        }
    }

    private func record(_ rows: [SecondRow], late: Set<Int>) -> RunRecord {
        var phases = [PhaseFacts(name: "all", start: 0, end: Double(self.seconds))]
        var timeline: [TimelineFacts] = []
        if let trigger { timeline.append(TimelineFacts(at: trigger, kind: "trigger", label: "go")) }
        if let page {
            phases = [
                PhaseFacts(name: "before", start: 0, end: page.lowerBound),
                PhaseFacts(
                    name: "page", start: page.lowerBound, end: page.upperBound, kind: .maintenance),
                PhaseFacts(name: "after", start: page.upperBound, end: Double(self.seconds)),
            ]
            timeline.append(
                TimelineFacts(at: page.lowerBound, kind: "mitigation", label: "The page is up"))
        }
        let facts = self.loads.map { load in
            PopulationFacts(
                name: load.name, trafficClass: load.trafficClass, executor: "constant-arrival-rate",
                steps: ["POST"], writes: load.trafficClass != .probe, timeout: self.timeout)
        }
        let manifest = RunManifest(
            id: "simulated", scenario: "simulated", description: "", scenarioSHA256: "",
            seed: self.seed, started: "2020-05-31T00:00:00.000Z", timeScale: 1,
            plannedSeconds: Double(self.seconds), version: "0", libcurl: "0", command: "spate",
            target: "intake",
            host: HostFacts(
                kernel: "Linux", cores: 2, descriptors: 65_536, localPorts: 28_232,
                memory: 1 << 33, name: "test"),
            populations: facts, phases: phases, timeline: timeline)
        let generator = rows.indices.map { second in
            let lag = late.contains(second) ? 60.0 : 1.0
            return GeneratorSample(
                second: second, cpu: 0.2, lagP99: lag, referenceP99: lag * 0.9, descriptors: 200,
                memory: 1 << 26)
        }
        return RunRecord(
            manifest: manifest, seconds: rows, generator: generator,
            closing: RunClosing(stopped: "finished", duration: Double(rows.count)))
    }
}
