import Primitives
import Testing

@Suite("Planned interruptions of a network")
struct NetworkInterruptionsTests {
    private func random(_ intent: Int = 0) -> CounterRandom {
        CounterRandom(seed: 1, population: 0, intent: intent, purpose: .network)
    }

    @Test("Stalls and disconnects come in order, each by its own count.")
    func order() {
        let plan = NetworkInterruptions(
            stalls: .init(every: .drawn(.fixed(10)), length: .fixed(2)),
            disconnects: .drawn(.fixed(7)), random: self.random())
        var events = plan.events()
        var seen: [String] = []
        for _ in 0..<8 {
            guard let next = events.next() else { break }
            seen.append("\(next.at.seconds) \(next.event)")
        }
        #expect(
            seen == [
                "7.0 disconnected", "10.0 stallBegan", "12.0 stallEnded", "14.0 disconnected",
                "21.0 disconnected", "22.0 stallBegan", "24.0 stallEnded", "28.0 disconnected",
            ])
    }

    @Test("Without either nothing ever happens.")
    func none() {
        var events = NetworkInterruptions(stalls: nil, disconnects: nil, random: self.random())
            .events()
        #expect(events.next() == nil)
    }

    @Test("A bare gap is exponential: its mean and its share below the mean.")
    func exponential() {
        var gaps: [Double] = []
        for intent in 0..<2_000 {
            var events = NetworkInterruptions(
                stalls: nil, disconnects: .exponential(mean: 30), random: self.random(intent)
            ).events()
            var before = 0.0
            for _ in 0..<10 {
                let at = events.next()?.at.seconds ?? 0
                gaps.append(at - before)
                before = at
            }
        }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        // Four standard errors: 30 / sqrt(20,000) each.
        #expect(abs(mean - 30) < 0.85)
        let below = Double(gaps.filter { $0 < 30 }.count) / Double(gaps.count)
        #expect(abs(below - 0.632_12) < 0.0137)
    }

    @Test("The same client gets the same times, another gets others, and the two kinds differ.")
    func deterministic() {
        func first(_ intent: Int) -> [Nanoseconds] {
            var events = NetworkInterruptions(
                stalls: .init(every: .exponential(mean: 5), length: .uniform(min: 1, max: 2)),
                disconnects: .exponential(mean: 5), random: self.random(intent)
            ).events()
            return (0..<20).compactMap { _ in events.next()?.at }
        }
        #expect(first(3) == first(3))
        #expect(first(3) != first(4))
        #expect(first(3) == first(3).sorted())
        #expect(Set(first(3)).count == 20)
    }
}
