package import Primitives
import Scenarios

/// An arrival of one of the populations, as `spate plan --arrivals` lists it.
package struct PlannedArrival: Sendable, Hashable {
    /// When, from the run's start in wall time.
    package var at: Nanoseconds
    /// The population's index.
    package var population: Int
    /// The population's name.
    package var name: String
    /// The intent's number in its population.
    package var number: Int
    /// The body bytes of the intent's whole flow; 0 where they hang on a response.
    package var bodyBytes: Int64

    /// The line of the listing: seconds with nine decimals, name, number, bytes; tabs between.
    package var line: String {
        let fraction = String(self.at.count % 1_000_000_000)
        let zeros = String(repeating: "0", count: 9 - fraction.count)
        return "\(self.at.count / 1_000_000_000).\(zeros)\(fraction)\t\(self.name)"
            + "\t\(self.number)\t\(self.bodyBytes)"
    }
}

/// The arrivals of all open populations in order of time, produced one by one.
///
/// Identical for identical plans; about 10 us each, since every body is drafted for its size.
package struct PlannedArrivals: Sendable, Sequence, IteratorProtocol {
    private struct Source: Sendable {
        var population: PopulationPlan
        var iterator: ArrivalIterator
        var next: Arrival?
        var captures: [String: String]
    }
    private var sources: [Source]
    private let drafter: RequestDrafter
    private let seed: UInt64

    init(_ plan: Plan) {
        self.seed = plan.seed
        self.drafter = RequestDrafter(
            plan: plan, runID: "plan", baseURL: "http://localhost", adminURL: "http://localhost")
        self.sources = plan.populations.compactMap { population in
            guard case .open(let schedule) = population.load else { return nil }
            var iterator = ArrivalIterator(schedule)
            let first = iterator.next()
            let names = population.steps.flatMap(\.captures).map(\.name)
            return Source(
                population: population, iterator: iterator, next: first,
                captures: Dictionary(
                    names.map { ($0, "") }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// The next arrival, or nil after the last; ties go to the population that comes first.
    package mutating func next() -> PlannedArrival? {
        var earliest: (index: Int, arrival: Arrival)?
        for (index, source) in self.sources.enumerated() {
            guard let arrival = source.next else { continue }
            if let known = earliest, known.arrival.at <= arrival.at { continue }
            earliest = (index, arrival)
        }
        guard let (index, arrival) = earliest else { return nil }
        self.sources[index].next = self.sources[index].iterator.next()
        let source = self.sources[index]
        return PlannedArrival(
            at: arrival.at, population: source.population.index, name: source.population.name,
            number: arrival.number, bodyBytes: self.bodyBytes(arrival.number, source))
    }

    private func bodyBytes(_ number: Int, _ source: Source) -> Int64 {
        var bytes: Int64 = 0
        let population = source.population.index
        let ways = CounterRandom(
            seed: self.seed, population: population, intent: number, purpose: .way)
        source.population.program.walk(ways) { step, place in
            let draft = try? self.drafter.draft(
                source.population.steps[step],
                context: DraftContext(
                    population: population, intent: number, instruction: place,
                    captures: source.captures))
            bytes += draft?.body?.length ?? 0
        }
        return bytes
    }
}

extension Plan {
    /// Every arrival of the open populations in order of time, without storing them.
    package func arrivals() -> PlannedArrivals { PlannedArrivals(self) }
}
