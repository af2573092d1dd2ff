import Primitives
import Scenarios

/// How long apps and people wait, drawn from the seed.
extension Journey {
    /// How long the person of an intent waits from its arrival; nil for ever.
    func patience(intent: Int) -> Nanoseconds? {
        guard let patience = self.person.patience else { return nil }
        return self.wait(patience, .patience, place: 0, intent: intent)
    }

    /// The pause before a press, counted from 1.
    func pause(before press: Int, _ distribution: Distribution, intent: Int) -> Nanoseconds {
        self.wait(distribution, .patience, place: press, intent: intent)
    }

    /// The wait before a retry, counted from 1.
    ///
    /// d = min(maxDelay, delay x 2^(retry - 1)) when it grows; `full` jitter draws from [0, d],
    /// `equal` from [d/2, d]; `decorrelated` draws from [delay, 3 x the wait before] and keeps to
    /// maxDelay (Brooker, "Exponential Backoff And Jitter", 2015). With a delay of 1 s:
    ///
    /// | retry | constant | exponential | full jitter | equal jitter | decorrelated |
    /// |---|---|---|---|---|---|
    /// | 1 | 1 s | 1 s | 0 - 1 s | 0.5 - 1 s | 1 - 3 s |
    /// | 2 | 1 s | 2 s | 0 - 2 s | 1 - 2 s | 1 - 9 s |
    /// | 3 | 1 s | 4 s | 0 - 4 s | 2 - 4 s | 1 - 27 s |
    ///
    /// - Parameter press: how often the person has pressed again: each press draws anew.
    func backOff(
        _ spec: RetrySpec, retry: Int, intent: Int, instruction: Int, press: Int = 0
    ) -> Nanoseconds {
        let random = CounterRandom(
            seed: self.seed, population: self.population, intent: intent, purpose: .retry)
        // A step in a loop stands at several instructions: each draws for itself. Retries are at
        // most 1,000 and presses at most 50, so no two share a place.
        let place = instruction << 16 | press << 10
        let longest = spec.maxDelay ?? .max
        var delay = spec.delay
        switch spec.backoff {
        case .constant: break
        case .exponential:
            // 2^62 is far beyond any run; the product saturates.
            delay = delay * Double(UInt64(1) << UInt64(min(62, max(0, retry - 1))))
        case .decorrelated:
            for number in 1...max(1, retry) {
                let spread = delay * 3 - spec.delay
                delay = min(longest, spec.delay + spread * random.uniform(place + number))
            }
            return delay
        }
        delay = min(longest, delay)
        guard spec.jitter != .none else { return delay }
        let draw = random.uniform(place + retry)
        return spec.jitter == .full ? delay * draw : delay * (0.5 + 0.5 * draw)
    }
}
