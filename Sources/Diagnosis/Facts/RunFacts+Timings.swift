import Measurements
import Primitives

extension RunFacts {
    /// The spans of one part of the requests that load the server, over a stretch of seconds.
    ///
    /// Connection parts exist only where a connection was made.
    func timing(_ part: RequestTiming, _ range: Range<Int>) -> SparseHistogram {
        var sum = SparseHistogram()
        for row in self.distinctRows(range) {
            for population in self.loadedPopulations where population < row.populations.count {
                if let spans = row.populations[population].timings[part] { sum.merge(spans) }
            }
        }
        return sum
    }

    /// Answers that were not good, of the requests that load the server, by outcome.
    func failures(_ range: Range<Int>) -> [Outcome: Int] {
        var result: [Outcome: Int] = [:]
        for row in self.distinctRows(range) {
            for (population, second) in row.populations.enumerated() {
                for (key, count) in second.attempts
                where !key.good && key.outcome.judgesServer
                    && self.loadedSteps.contains(StepID(population: population, step: key.step))
                {
                    result[key.outcome, default: 0] += count
                }
            }
        }
        return result
    }

    /// The rows of a stretch without its maintenance; one that covers several seconds once.
    private func distinctRows(_ range: Range<Int>) -> [SecondRow] {
        let seconds = range.clamped(to: 0..<self.length).filter { !self.maintenance[$0] }
        return Set(seconds.map { self.rowOf[$0] }).sorted().map { self.record.seconds[$0] }
    }

    /// The share of answers that were good in a stretch; nil with fewer than so many.
    func goodShare(_ range: Range<Int>, atLeast: Double = 20) -> Double? {
        let done = self.total(range, \.done)
        return done >= atLeast ? self.total(range, \.good) / done : nil
    }

    /// The mean load in a stretch, in attempts per second; 0 for an empty one.
    func load(in range: Range<Int>) -> Double {
        let clamped = range.clamped(to: 0..<self.length)
        return clamped.isEmpty ? 0 : self.total(clamped, \.attempts) / Double(clamped.count)
    }
}

extension SparseHistogram {
    /// A quantile in milliseconds; nil with fewer values than that.
    func milliseconds(_ share: Double, atLeast: Int = 20) -> Double? {
        guard self.total >= atLeast else { return nil }
        return self.value(atQuantile: share).map { Double($0) / 1_000 }
    }
}
