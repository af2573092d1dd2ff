import Primitives
import Scenarios

extension PersonSpec {
    /// The person in wall time: patience is story time, the rest is real.
    func planned(_ scale: StoryScale) -> PersonSpec {
        var person = self
        person.patience = self.patience.map { $0 / scale.factor }
        if let press = self.pressAgain { person.pressAgain?.after = scale.think(press.after) }
        return person
    }

    /// Notes spans within which nobody could ever connect.
    func check(_ connectTimeout: Nanoseconds, scale: Double, _ mistakes: inout MistakeList) {
        let limit = UnitText.format(connectTimeout)
        if let patience, patience.percentile99 < connectTimeout.seconds {
            let longest = UnitText.format(Nanoseconds(seconds: patience.percentile99))
            let story = scale == 1 ? "" : " of wall time"
            mistakes.add(
                "patience: 99 in 100 people leave within \(longest)\(story), before a connection "
                    + "may have failed (connectTimeout, \(limit)); lower http.connectTimeout",
                at: self.patienceLocation)
        }
        if let timeout, timeout < connectTimeout {
            mistakes.add(
                "timeout: the journey's \(UnitText.format(timeout)) end before a connection may "
                    + "have failed (connectTimeout, \(limit)); lower http.connectTimeout",
                at: self.timeoutLocation)
        }
    }
}

extension PopulationPlan {
    /// The longest an intent can take with its people: presses multiply, patience ends it.
    ///
    /// - Parameter once: the longest way through the flow, in seconds.
    func longest(once: Double) -> Double {
        let journey = min(once, self.person.timeout?.seconds ?? .infinity)
        var sum = journey
        if let press = self.person.pressAgain {
            sum += Double(press.max) * (journey + press.after.percentile99)
        }
        return min(sum, self.person.patience?.percentile99 ?? .infinity)
    }
}

extension Distribution {
    /// A distribution of seconds as its author would write it.
    var text: String {
        func span(_ seconds: Double) -> String { UnitText.format(Nanoseconds(seconds: seconds)) }
        switch self {
        case .fixed(let value): return span(value)
        case .uniform(let low, let high): return "\(span(low)) to \(span(high))"
        case .lognormal(let median, let p99): return "median \(span(median)), p99 \(span(p99))"
        case .exponential(let mean): return "exponential, mean \(span(mean))"
        case .pareto(let least, _):
            return "pareto, at least \(span(least)), p99 \(span(self.percentile99))"
        case .normal(let mean, let sd): return "normal, mean \(span(mean)), sd \(span(sd))"
        case .choices: return "one of some, median \(span(self.median))"
        case .recorded(let values): return "as in \(values.path)"
        }
    }
}
