import Primitives
import Scenarios

extension Plan {
    /// The highest offered rate in first attempts per second, all open populations together.
    ///
    /// Looked for on a grid of 64 points per segment: exact where every rate is linear, within a
    /// thousandth for the curved shapes. Curves that are points already are taken at their points.
    package var peakRequestRate: Double {
        self.peakRate { $0.program.meanRequests }
    }

    /// The highest rate of arrivals per second, all open populations together.
    package var peakArrivalRate: Double {
        self.peakRate { _ in 1 }
    }

    /// The highest sum of the open populations' rates, each times its weight.
    func peakRate(_ weight: (PopulationPlan) -> Double) -> Double {
        let open = self.populations.compactMap { population -> (ArrivalSchedule, Double)? in
            guard case .open(let schedule) = population.load else { return nil }
            return (schedule, weight(population))
        }
        var peak = 0.0
        for (schedule, segment) in open.flatMap({ open in open.0.segments.map { (open.0, $0) } })
        where segment.duration > .zero {
            let points = schedule.listing == .stages ? 64 : 1
            for point in 0..<points {
                let time = segment.start + segment.duration * (Double(point) / Double(points))
                peak = max(peak, open.reduce(0) { $0 + $1.0.rate(at: time) * $1.1 })
            }
            // The last nanosecond stands for the end, which already belongs to what follows.
            let end = segment.start + segment.duration - Nanoseconds(1)
            peak = max(peak, open.reduce(0) { $0 + $1.0.rate(at: end) * $1.1 })
        }
        return peak
    }

    func checkLimits(of scenario: Scenario, _ mistakes: inout MistakeList) {
        let heaviest = scenario.populations.max { left, right in
            self.weight(of: left.name) < self.weight(of: right.name)
        }
        guard let heaviest else { return }
        if let limit = self.safety.maxRate, self.peakRequestRate > limit * 1.000_001 {
            mistakes.add(
                "the plan's peak of \(UnitText.trimmed(self.peakRequestRate)) requests/s is above "
                    + "safety.maxRate, \(UnitText.trimmed(limit))/s", at: heaviest.location)
        }
        let bytes = self.expectedBytesUp
        if let limit = self.safety.maxBytes, bytes > Double(limit.count) {
            mistakes.add(
                "the plan sends about \(UnitText.format(ByteCount(Int64(min(bytes, 9e18))))), "
                    + "more than safety.maxBytes, \(UnitText.format(limit))",
                at: heaviest.location)
        }
        if let limit = self.safety.maxDuration, self.duration > limit {
            let last = zip(self.populations, scenario.populations).max { $0.0.end < $1.0.end }
            mistakes.add(
                "the plan lasts \(UnitText.format(self.duration)) of wall time, longer than "
                    + "safety.maxDuration, \(UnitText.format(limit))",
                at: last?.1.location ?? heaviest.location)
        }
    }

    private func weight(of name: String) -> Double {
        guard let population = self.populations.first(where: { $0.name == name }) else { return 0 }
        guard case .open(let schedule) = population.load else { return 0 }
        return schedule.peakRate * Double(population.requestsPerIntent)
    }
}
