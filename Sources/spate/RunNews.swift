import Measurements
import Planning
import Primitives

/// What a running run tells those who watch it.
enum RunNews: Sendable {
    /// The run's second 0 is fixed.
    case began(RunManifest, origin: MonotonicTime, at: WallTime)
    /// Whole seconds of all lanes, in order.
    case seconds([SecondRow])
    /// The generator's health in a second.
    case health(GeneratorSample)
    /// Something happened.
    case event(RunEvent)
    /// An operator moved what was planned.
    case moved(RunManifest)
    /// Everything that happened before that second has been told.
    case complete(before: Int)
    /// The last second has been told.
    case ended
}

/// Whoever watches a run: called in order, on the run's control queue, and to return at once.
protocol RunObserver: Sendable {
    /// Takes the next news.
    func take(_ news: RunNews)
}

extension RunManifest {
    /// The manifest with phases, events and length where an operator's changes have moved them.
    ///
    /// What is held back stands where it would come if arrivals came again at once.
    func moved(by paces: PlanPaces) -> RunManifest {
        func time(_ seconds: Double) -> Double {
            paces.expected(Nanoseconds(seconds: seconds), now: paces.present.since).seconds
        }
        var manifest = self
        manifest.plannedSeconds = time(self.plannedSeconds)
        manifest.phases = self.phases.map { phase in
            var phase = phase
            phase.start = time(phase.start)
            phase.end = time(phase.end)
            return phase
        }
        manifest.timeline = self.timeline.map { entry in
            var entry = entry
            entry.at = time(entry.at)
            return entry
        }
        return manifest
    }
}
