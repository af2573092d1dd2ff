package import Measurements
package import Planning
package import Primitives

/// Takes what a run observes; all calls come one after another, on the run's control queue.
///
/// A slow sink delays progress and events, never the load.
package protocol RunSink: AnyObject, Sendable {
    /// The run's start was fixed: its second 0 begins then.
    func began(origin: MonotonicTime, at wall: WallTime, lanes: Int)
    /// A lane's seconds that ended, in order; every lane delivers each of its seconds once.
    func harvested(_ seconds: [LaneSecond], lane: Int)
    /// All lanes have delivered the seconds before this one; rows up to it are complete.
    func completed(before second: Int)
    /// The generator's own health in a second.
    func sampled(_ sample: GeneratorSample)
    /// Something happened.
    func happened(_ event: RunEvent)
    /// An operator changed the pace; what was planned for later comes at other times.
    func paced(_ paces: PlanPaces)
}

extension RunSink {
    /// Nothing to be done where no plan was written down.
    package func paced(_ paces: PlanPaces) {}
}

/// A run's state at a moment, for a progress bar.
package struct RunProgress: Sendable, Hashable {
    /// Wall seconds since the start; negative shortly before it.
    package var t = 0.0
    /// Intents that arrived.
    package var offered = 0
    /// Attempts that ended with a whole response or a failure.
    package var done = 0
    /// Of which good.
    package var good = 0
    /// Intents between arrival and end.
    package var inFlight = 0
    /// Intents dropped.
    package var dropped = 0
    /// Attempts not good, by `Outcome.group`.
    package var failures: [String: Int] = [:]
    /// True once the run drains.
    package var isDraining = false
    /// What an operator has changed.
    package var steering = OperatorSteering()

    /// Nothing yet.
    package init() {}

    mutating func add(_ second: LaneSecond) {
        for population in second.populations {
            self.offered += population.offered
            for (key, count) in population.attempts where key.outcome != .unfinished {
                self.done += count
                if key.good {
                    self.good += count
                } else {
                    self.failures[key.outcome.group, default: 0] += count
                }
            }
            for (_, count) in population.drops { self.dropped += count }
        }
    }
}

/// How a run came to its end.
package struct RunOutcome: Sendable, Hashable {
    /// Why.
    package var stopped: StopReason
    /// From the start to the end of the drain.
    package var duration: Nanoseconds
    /// True when intents were cut off by a second stop.
    package var wasCut: Bool
}
