package import Primitives

/// How fast a plan is played from a moment on: its times as times of the run.
///
/// An operator holds arrivals (speed 0) or has them come faster or slower. Nothing planned is left
/// out and nothing is added: the same intents with the same numbers come at other times.
package struct PlanPace: Sendable, Hashable {
    /// The run's time from which on it holds.
    package var since = Nanoseconds.zero
    /// The plan's time at that moment.
    package var from = Nanoseconds.zero
    /// Seconds of the plan per second of the run; 0 while arrivals are held.
    package var speed = 1.0

    /// The plan as it was made.
    package static let planned = PlanPace()

    /// A pace.
    package init(
        since: Nanoseconds = .zero, from: Nanoseconds = .zero, speed: Double = 1
    ) {
        self.since = since
        self.from = from
        self.speed = speed
    }

    /// When a moment of the plan comes; nil while arrivals are held.
    ///
    /// An addition as long as the speed is the plan's own.
    package func time(of plan: Nanoseconds) -> Nanoseconds? {
        if self.speed == 1 { return plan + (self.since - self.from) }
        guard self.speed > 0 else { return nil }
        return self.since + (plan - self.from) / self.speed
    }

    /// Where in the plan the run is at a time.
    package func plan(at time: Nanoseconds) -> Nanoseconds {
        if self.speed == 1 { return time - (self.since - self.from) }
        return self.from + (time - self.since) * self.speed
    }

    /// Another speed from a time on.
    package func changed(to speed: Double, at time: Nanoseconds) -> PlanPace {
        PlanPace(since: time, from: self.plan(at: time), speed: speed)
    }
}

/// All paces of a run, one after another: where each moment of the plan came or will come.
package struct PlanPaces: Sendable, Hashable {
    /// The paces, in order of time; the first is the plan's own.
    package private(set) var all = [PlanPace.planned]

    /// Nothing was changed yet.
    package init() {}

    /// The pace that holds now.
    package var present: PlanPace { self.all[self.all.count - 1] }

    /// True once something was changed.
    package var isChanged: Bool { self.all.count > 1 }

    /// Takes another speed from a time on, which is not before the change before.
    package mutating func change(to speed: Double, at time: Nanoseconds) {
        let time = max(time, self.present.since)
        self.all.append(self.present.changed(to: speed, at: time))
    }

    /// When a moment of the plan came or comes; nil for one that is held back.
    ///
    /// Held arrivals stop at one moment of the plan; that moment itself came when they stopped.
    package func time(of plan: Nanoseconds) -> Nanoseconds? {
        (self.all.last { $0.from < plan } ?? .planned).time(of: plan)
    }

    /// The same for as long as arrivals are held: as if they came again at once.
    ///
    /// - Parameter now: the run's time.
    package func expected(_ plan: Nanoseconds, now: Nanoseconds) -> Nanoseconds {
        if let time = self.time(of: plan) { return time }
        let pace = self.present
        return max(now, pace.since) + (plan - pace.from)
    }
}
