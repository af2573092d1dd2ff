import Planning
import Primitives
import Scenarios

/// What decides an intent's way through its flow: the part of a population's plan without I/O.
struct Journey: Sendable {
    /// The population's index; part of every draw's key.
    var population: Int
    /// The seed of every draw.
    var seed: UInt64
    /// What the client does.
    var program: FlowProgram
    /// Each step's retries, by the step's index.
    var retries: [RetrySpec?]
    /// Steps whose retries are their own, not the population's.
    var ownRetries: Set<Int>
    /// Statuses that end an intent as rejected.
    var finalStatuses: [StatusPattern]
    /// How long people wait, and whether they press again; in wall time.
    var person: PersonSpec
    /// When nobody tries again, from the run's start.
    var quiet: [Range<Nanoseconds>] = []

    init(
        population: Int = 0, seed: UInt64 = 1, program: FlowProgram,
        retries: [RetrySpec?], ownRetries: Set<Int> = [], finalStatuses: [StatusPattern] = [],
        person: PersonSpec = PersonSpec()
    ) {
        self.population = population
        self.seed = seed
        self.program = program
        self.retries = retries
        self.ownRetries = ownRetries
        self.finalStatuses = finalStatuses
        self.person = person
    }

    init(_ plan: PopulationPlan, seed: UInt64) {
        self.init(
            population: plan.index, seed: seed, program: plan.program,
            retries: plan.steps.map(\.retry),
            ownRetries: Set(plan.steps.filter { $0.request.retry != nil }.map(\.index)),
            finalStatuses: plan.finalStatuses, person: plan.person)
        self.quiet = plan.reliefs.filter { !$0.retries }.map { $0.start..<$0.end }
    }

    /// Where an intent goes on at a pick.
    func entry(of pick: Int, intent: Int, place: Int) -> Int {
        let random = CounterRandom(
            seed: self.seed, population: self.population, intent: intent, purpose: .way)
        return self.program.entry(of: pick, draw: random.uniform(place))
    }

    /// The planned pause at an instruction of an intent; never negative.
    func think(_ distribution: Distribution, intent: Int, instruction: Int) -> Nanoseconds {
        self.wait(distribution, .think, place: instruction, intent: intent)
    }

    /// A span of a distribution in seconds, never negative: the intent's draw of that place.
    func wait(
        _ distribution: Distribution, _ purpose: DrawPurpose, place: Int, intent: Int
    ) -> Nanoseconds {
        if case .fixed(let seconds) = distribution { return Nanoseconds(seconds: max(0, seconds)) }
        let random = CounterRandom(
            seed: self.seed, population: self.population, intent: intent, purpose: purpose)
        let seconds = distribution.value(random.uniform(place * 2), random.uniform(place * 2 + 1))
        return Nanoseconds(seconds: max(0, seconds))
    }
}
