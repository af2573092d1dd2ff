import Primitives

/// A population's present second while a lane counts it.
///
/// The same figures as `PopulationSecond`, without a dictionary on the path of a request.
struct PopulationTally: Sendable {
    /// What is counted directly; attempts, intents and timings are still missing in it.
    var counts = PopulationSecond()
    private var attempts = KindCounts<PopulationSecond.AttemptKey>()
    private var intents = KindCounts<PopulationSecond.IntentKey>()
    /// By the order of `RequestTiming.allCases`.
    private var timings = ContiguousArray(
        repeating: SparseHistogram(), count: RequestTiming.allCases.count)

    /// Counts one ended attempt; returns the place of its kind among the second's, from 0.
    mutating func attemptEnded(_ sample: borrowing AttemptSample) -> Int {
        let kind = self.attempts.add(
            PopulationSecond.AttemptKey(
                step: sample.step, outcome: sample.outcome, good: sample.good))
        self.counts.bytesUp += sample.bytesUp
        self.counts.bytesDown += sample.bytesDown
        if sample.openedConnection { self.counts.connectionsOpened += 1 }
        let response = (sample.ended - sample.intendedStart).microseconds
        if sample.good {
            self.counts.good.record(response)
        } else if sample.outcome != .unfinished {
            self.counts.notGood.record(response)
        }
        if case .status = sample.outcome {
            self.counts.answered.record(response)
            self.counts.service.record((sample.ended - sample.started).microseconds)
        }
        sample.timings.record(into: &self.timings)
        return kind
    }

    /// Counts one ended intent; arrival and end in microseconds from the run's start.
    mutating func intentEnded(
        _ ending: IntentEnding, drop: DropReason?, arrived: Int64, ended: Int64
    ) {
        _ = self.intents.add(
            PopulationSecond.IntentKey(
                arrivalSecond: arrived > 0 ? Int(arrived / 1_000_000) : 0, ending: ending))
        if let drop { self.counts.drops[drop, default: 0] += 1 }
        if ending == .accepted { self.counts.intentTimes.record(ended - arrived) }
    }

    /// The whole second.
    func finished(inFlight: Int) -> PopulationSecond {
        var second = self.counts
        second.attempts = self.attempts.byKind
        second.intents = self.intents.byKind
        for (part, histogram) in zip(RequestTiming.allCases, self.timings)
        where histogram.total > 0 {
            second.timings[part] = histogram
        }
        second.inFlight = inFlight
        return second
    }
}
