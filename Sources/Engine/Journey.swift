import Planning
import Primitives
import Scenarios

/// What decides an intent's way through its flow: the part of a population's plan without I/O.
struct Journey: Sendable {
    /// The population's index; part of every draw's key.
    var population: Int
    /// The seed of every draw.
    var seed: UInt64
    /// What the client does, in order.
    var instructions: [FlowInstruction]
    /// Each step's retries, by the step's index.
    var retries: [RetrySpec?]
    /// Statuses that end an intent as rejected.
    var finalStatuses: [StatusPattern]

    init(
        population: Int = 0, seed: UInt64 = 1, instructions: [FlowInstruction],
        retries: [RetrySpec?], finalStatuses: [StatusPattern] = []
    ) {
        self.population = population
        self.seed = seed
        self.instructions = instructions
        self.retries = retries
        self.finalStatuses = finalStatuses
    }

    init(_ plan: PopulationPlan, seed: UInt64) {
        self.init(
            population: plan.index, seed: seed, instructions: plan.instructions,
            retries: plan.steps.map(\.retry), finalStatuses: plan.finalStatuses)
    }

    /// The planned pause at an instruction of an intent; never negative.
    func think(_ distribution: Distribution, intent: Int, instruction: Int) -> Nanoseconds {
        if case .fixed(let seconds) = distribution { return Nanoseconds(seconds: max(0, seconds)) }
        let random = CounterRandom(
            seed: self.seed, population: self.population, intent: intent, purpose: .think)
        let seconds = distribution.value(
            random.uniform(instruction * 2), random.uniform(instruction * 2 + 1))
        return Nanoseconds(seconds: max(0, seconds))
    }

    /// The wait before a retry, counted from 1.
    ///
    /// delay x 2^(retry - 1) when it grows; `full` jitter draws from [0, d], `equal` from [d/2, d]
    /// (Brooker, "Exponential backoff and jitter", 2015). With a delay of 1 s:
    ///
    /// | retry | constant | exponential | full jitter | equal jitter |
    /// |---|---|---|---|---|
    /// | 1 | 1 s | 1 s | 0 - 1 s | 0.5 - 1 s |
    /// | 2 | 1 s | 2 s | 0 - 2 s | 1 - 2 s |
    /// | 3 | 1 s | 4 s | 0 - 4 s | 2 - 4 s |
    func backOff(
        _ spec: RetrySpec, retry: Int, intent: Int, instruction: Int
    ) -> Nanoseconds {
        var delay = spec.delay
        if spec.backoff == .exponential {
            // 2^62 is far beyond any run; the product saturates.
            delay = delay * Double(UInt64(1) << UInt64(min(62, max(0, retry - 1))))
        }
        guard spec.jitter != .none else { return delay }
        let random = CounterRandom(
            seed: self.seed, population: self.population, intent: intent, purpose: .retry)
        // A step in a loop stands at several instructions: each draws for itself.
        let draw = random.uniform(instruction << 16 + retry)
        return spec.jitter == .full ? delay * draw : delay * (0.5 + 0.5 * draw)
    }
}
