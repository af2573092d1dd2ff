import Measurements
import Planning
import Primitives
import Scenarios
import Testing

@testable import Engine

/// The largest distance between an empirical distribution and a uniform one on [0, 1]
/// (Kolmogorov 1933), times the root of n: above 1.63 with a chance of 1 in 100 if it is uniform.
func kolmogorov(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let n = Double(sorted.count)
    var distance = 0.0
    for (index, value) in sorted.enumerated() {
        distance = max(distance, Double(index + 1) / n - value, value - Double(index) / n)
    }
    return distance * n.squareRoot()
}

@Suite struct RetryWaitTests {
    private let journey = Journey(
        population: 2, seed: 11, program: FlowProgram([.request(step: 0)]), retries: [nil])

    private func waits(_ spec: RetrySpec, retry: Int, intents: Int = 4_000) -> [Double] {
        (0..<intents).map {
            self.journey.backOff(spec, retry: retry, intent: $0, instruction: 0).seconds
        }
    }

    @Test("Waits without jitter are the formula's, up to the longest.")
    func exact() {
        let spec = RetrySpec(
            max: 9, delay: .milliseconds(100), backoff: .exponential, maxDelay: .milliseconds(500))
        let waits = (1...5).map {
            self.journey.backOff(spec, retry: $0, intent: 1, instruction: 0)
        }
        #expect(waits == [100, 200, 400, 500, 500].map { .milliseconds($0) })
        let constant = RetrySpec(max: 9, delay: .milliseconds(100))
        for retry in 1...5 {
            let wait = self.journey.backOff(constant, retry: retry, intent: 1, instruction: 0)
            #expect(wait == .milliseconds(100))
        }
    }

    @Test("Full jitter is uniform up to the delay, equal jitter over its upper half.")
    func jitter() {
        for (retry, delay) in [(1, 0.1), (2, 0.2), (3, 0.3), (4, 0.3)] {
            var spec = RetrySpec(
                max: 9, delay: .milliseconds(100), backoff: .exponential, jitter: .full,
                maxDelay: .milliseconds(300))
            #expect(kolmogorov(self.waits(spec, retry: retry).map { $0 / delay }) < 1.63)
            spec.jitter = .equal
            let upper = self.waits(spec, retry: retry).map { ($0 - delay / 2) / (delay / 2) }
            #expect(kolmogorov(upper) < 1.63)
        }
    }

    @Test("Decorrelated waits are uniform between the first delay and three times the last wait.")
    func decorrelated() {
        let spec = RetrySpec(max: 9, delay: .milliseconds(100), backoff: .decorrelated)
        let first = self.waits(spec, retry: 1)
        #expect(kolmogorov(first.map { ($0 - 0.1) / 0.2 }) < 1.63)
        for retry in 2...4 {
            let before = self.waits(spec, retry: retry - 1)
            let now = self.waits(spec, retry: retry)
            let shares = zip(before, now).map { ($1 - 0.1) / ($0 * 3 - 0.1) }
            #expect(kolmogorov(shares) < 1.63, "retry \(retry)")
        }
        var capped = spec
        capped.maxDelay = .milliseconds(250)
        for retry in 1...6 {
            #expect(self.waits(capped, retry: retry).allSatisfy { $0 >= 0.1 && $0 <= 0.25 })
        }
    }

    @Test("No two retries, presses or places in a flow share a draw.")
    func places() {
        let spec = RetrySpec(max: 1_000, delay: .seconds(1), jitter: .full)
        var seen: Set<Nanoseconds> = []
        for instruction in 0..<3 {
            for press in [0, 1, 50] {
                for retry in [1, 2, 1_000] {
                    seen.insert(
                        self.journey.backOff(
                            spec, retry: retry, intent: 5, instruction: instruction, press: press))
                }
            }
        }
        #expect(seen.count == 27)
    }

    @Test("Retry-After lengthens a wait up to its cap, and only where it is honoured.")
    func retryAfter() {
        var spec = RetrySpec(max: 1, delay: .seconds(2), maxRetryAfter: .seconds(30))
        // Seconds asked for, seconds waited.
        for (asked, waited) in [(Int64(0), Int64(2)), (5, 5), (30, 30), (86_400, 30)] {
            let facts = AttemptFacts(outcome: .status(503), good: false, retryAfter: asked)
            #expect(self.decision(spec, facts) == .tryAgain(wait: .seconds(waited)))
        }
        spec.honorsRetryAfter = false
        let facts = AttemptFacts(outcome: .status(503), good: false, retryAfter: 5)
        #expect(self.decision(spec, facts) == .tryAgain(wait: .seconds(2)))
    }

    private func decision(_ spec: RetrySpec, _ facts: AttemptFacts) -> RetryDecision {
        Journey(program: FlowProgram([.request(step: 0)]), retries: [spec]).decision(
            after: facts, step: 0, attempt: 0, intent: 0, instruction: 0, presses: 0)
    }

    @Test("With failures of probability f, R retries make (1 - f^(R+1))/(1 - f) attempts.")
    func amplification() {
        let intents = 40_000
        for f in [0.2, 0.5, 0.9] {
            for retries in [1, 3] {
                let journey = Journey(
                    program: FlowProgram([.request(step: 0)]),
                    retries: [RetrySpec(max: retries, delay: .zero)])
                var attempts = 0
                for number in 0..<intents {
                    attempts += self.attempts(of: number, journey, failing: f)
                }
                let measured = Double(attempts) / Double(intents)
                var power = 1.0
                for _ in 0...retries { power *= f }
                let expected = (1 - power) / (1 - f)
                #expect(abs(measured / expected - 1) < 0.03, "f \(f), R \(retries): \(measured)")
            }
        }
    }

    private func attempts(of number: Int, _ journey: Journey, failing f: Double) -> Int {
        let random = CounterRandom(seed: 3, population: 9, intent: number, purpose: .content)
        var intent = IntentMachine(intent: number)
        var action = intent.begin(arrival: at(0), journey: journey)
        var draws = 0
        while case .start = action {
            let fails = random.uniform(draws) < f
            draws += 1
            let facts = AttemptFacts(outcome: .status(fails ? 503 : 200), good: !fails)
            action = intent.attemptEnded(facts, at: at(0), journey: journey)
        }
        #expect(Int(intent.attempts) == draws)
        return draws
    }
}
