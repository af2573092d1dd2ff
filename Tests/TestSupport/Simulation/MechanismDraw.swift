import Foundation
import Primitives

/// Draws a mechanism's parameters: what `LabelledRun.draw` does.
struct MechanismDraw {
    var run: LabelledRun
    private var draws: SimulatedDraws
    /// Units a second that the server can do before anything is wrong with it.
    private(set) var capacity: Double
    /// Mean body in bytes.
    private var body: Double

    init(label: String, number: Int) {
        var seed: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in label.utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01b3 }
        seed = CounterRandom.mix(seed ^ CounterRandom.mix(UInt64(number)))
        self.draws = SimulatedDraws(seed: seed, stream: 3)
        var simulation = Simulation()
        simulation.seed = seed
        self.run = LabelledRun(
            truth: label, region: number % 3, number: number, shape: "", simulation: simulation)
        // The regions differ in size, so that a fit on two of them has to reach into the third.
        let sizes = [50.0...75.0, 75.0...115.0, 115.0...160.0]
        self.capacity = 0
        self.body = 0
        self.capacity = self.uniform(sizes[number % 3])
        self.body = self.logUniform(2_000...60_000)
        self.serve(workers: self.pick([2, 4, 8, 16]), processorShare: 0.1)
    }

    // MARK: - Draws

    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * self.draws.uniform()
    }

    mutating func logUniform(_ range: ClosedRange<Double>) -> Double {
        let share = self.draws.uniform()
        return exp(log(range.lowerBound) * (1 - share) + log(range.upperBound) * share)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[min(elements.count - 1, Int(Double(elements.count) * self.draws.uniform()))]
    }

    mutating func chance(_ share: Double) -> Bool { self.draws.uniform() < share }

    // MARK: - Parts of a run

    /// Workers that together do `capacity` units a second.
    mutating func serve(workers: Int, processorShare: Double) {
        let mean = Double(workers) / self.capacity
        self.run.simulation.server.workers = workers
        self.run.simulation.server.processorShare = processorShare
        self.run.simulation.server.cores = 4
        self.run.simulation.server.service = self.pick([
            .fixed(mean), .exponential(mean: mean), .uniform(min: 0.5 * mean, max: 1.5 * mean),
        ])
    }

    /// Enough workers that something else is the bottleneck.
    mutating func serveAmply() {
        self.run.simulation.server.workers = 64
        self.run.simulation.server.service = .uniform(min: 0.002, max: 0.006)
    }

    /// People, a crowd beside them, and a health check; `peak` in multiples of the capacity.
    mutating func load(quiet: Double, peak: Double) {
        let seconds = Double(self.run.simulation.seconds)
        let people = 0.15 * quiet * self.capacity
        let low = max(1, quiet * self.capacity - people)
        let high = max(1, peak * self.capacity - people)
        let begin = self.uniform(20...28)
        let shape = self.pick(["ramp", "surge", "step"])
        var curve: RateCurve
        switch shape {
        case "ramp":
            curve = RateCurve([
                .init(0, low), .init(begin, low), .init(seconds - 10, high), .init(seconds, high),
            ])
        case "surge":
            curve = .surge(
                from: low, to: high, quiet: begin, rise: 6, plateau: 35, seconds: seconds)
        default:
            curve = RateCurve([
                .init(0, low), .init(begin, low), .init(begin, high), .init(seconds, high),
            ])
        }
        if peak <= quiet { curve = .constant(low, seconds: seconds) }
        self.run.shape = peak <= quiet ? "constant" : shape
        var crowd = SimulatedCrowd("crowd", .noise, curve)
        var genuine = SimulatedCrowd("people", .genuine, .constant(people, seconds: seconds))
        let retries = self.pick([0, 0, 1, 3])
        let timeout = self.pick([3.0, 5.0, 8.0])
        let isLogNormal = self.chance(0.5)
        for index in 0..<2 {
            var population = index == 0 ? crowd : genuine
            population.body =
                isLogNormal
                ? .lognormal(median: self.body * 0.7, p99: self.body * 4) : .fixed(self.body)
            population.timeout = timeout
            population.connectTimeout = timeout
            population.retry.max = retries
            population.retry.delay = 0.5
            population.retry.isExponential = true
            population.retry.hasJitter = true
            if index == 0 { crowd = population } else { genuine = population }
        }
        self.run.simulation.crowds = [genuine, crowd, .probe(seconds: seconds)]
        if peak > quiet {
            self.run.onset = curve.reaches(self.capacity - people, from: begin)
        }
        if self.chance(0.5) { self.run.simulation.announcedTrigger = peak > quiet ? begin : nil }
    }

    /// Load below what the server can do, for faults that come by themselves.
    mutating func bearableLoad() {
        let quiet = self.uniform(0.25...0.45)
        self.load(quiet: quiet, peak: self.pick([quiet, quiet, self.uniform(0.55...0.7)]))
        self.run.onset = nil
    }

    /// Load beyond what the server can do.
    mutating func tooMuchLoad() {
        self.load(quiet: self.uniform(0.25...0.4), peak: self.uniform(1.4...2.4))
        self.run.capacity = self.capacity
    }

    /// A bounded queue, or one without end: the form in which too much work shows.
    mutating func formQueue() {
        if self.chance(0.5) {
            self.run.simulation.server.queue = Int(self.capacity * self.uniform(0.5...2.0))
            self.run.overlays.append("M04")
        } else {
            self.run.overlays.append("M03")
        }
    }

    /// A fault at a moment in the middle.
    mutating func fault(_ kind: SimulatedFault.Kind, until end: Double? = nil) {
        let time = self.uniform(30...50)
        self.run.simulation.server.faults.append(SimulatedFault(kind, at: time, until: end))
        self.run.onset = time
    }

    /// Every client keeps its connection.
    mutating func keepConnections(_ clients: Int) {
        for index in self.run.simulation.crowds.indices {
            self.run.simulation.crowds[index].clients = clients
            self.run.simulation.crowds[index].reuses = true
        }
    }
}
