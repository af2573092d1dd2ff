import Measurements

/// Load and goodput second by second.
struct LoadCourses: Sendable {
    /// Attempts that arrivals would cause if nobody tried again.
    let load: [Double]
    /// Good answers.
    let good: [Double]
    /// Good answers per expected attempt in the baseline.
    let share: Double

    init(_ facts: RunFacts, baseline: Baseline) {
        let offered = (0..<facts.length).map { second in
            let row = facts.record.seconds[facts.rowOf[second]]
            return facts.loadedPopulations.filter { $0 < row.populations.count }
                .reduce(0.0) { $0 + Double(row.populations[$1].offered) }
                / Double(max(1, row.width))
        }
        let quiet = baseline.range.clamped(to: 0..<facts.length)
        let arrived = offered[quiet].reduce(0, +)
        let attempts = facts.total(quiet, \.attempts)
        // Steps per intent, taken where nobody has a reason to try again.
        let perArrival = arrived > 0 ? attempts / arrived : 0
        self.load = offered.map { $0 * perArrival }
        self.good = facts.seconds.map(\.good)
        self.share = attempts > 0 ? facts.total(quiet, \.good) / attempts : 0
    }

    func sum(_ values: [Double], _ range: Range<Int>) -> Double {
        values[range.clamped(to: 0..<values.count)].reduce(0, +)
    }

    func mean(_ values: [Double], _ range: Range<Int>) -> Double {
        range.isEmpty ? 0 : self.sum(values, range) / Double(range.count)
    }

    func sum(_ facts: RunFacts, _ range: Range<Int>, _ value: (RunFacts.Second) -> Double) -> Double
    {
        facts.total(range, value)
    }

    /// The mean load of the 5 s around a second.
    func smooth(_ second: Int) -> Double {
        let range = (second - 2)..<(second + 3)
        let inside = range.clamped(to: 0..<self.load.count)
        return self.mean(self.load, inside)
    }
}
