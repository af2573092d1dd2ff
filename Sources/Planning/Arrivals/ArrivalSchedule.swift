package import Primitives
package import Scenarios

/// A planned arrival of one intent.
package struct Arrival: Sendable, Hashable {
    /// The intent's number in its population, from 0.
    package var number: Int
    /// When, from the run's start in wall time.
    package var at: Nanoseconds

    /// An arrival.
    package init(number: Int, at: Nanoseconds) {
        self.number = number
        self.at = at
    }
}

/// The arrivals of an open executor, produced one after another without storing them.
///
/// A rate curve lambda(t) made of segments, and a process. The n-th arrival is where the curve's
/// integral reaches n + 1/2 (uniform), or a sum of n + 1 unit exponentials drawn from the seed
/// (Poisson process by time rescaling; Cinlar, 1975); for the other processes the curve is what to
/// expect, and the times come from elsewhere.
package struct ArrivalSchedule: Sendable {
    /// A piece of the rate curve.
    package struct Segment: Sendable, Hashable {
        /// Where it begins, from the run's start in wall time.
        package var start: Nanoseconds
        /// How long it lasts.
        package var duration: Nanoseconds
        /// The rate at its beginning, per wall second.
        package var from: Double
        /// The rate at its end, per wall second.
        package var to: Double
        /// The way between.
        package var shape: StageShape

        /// A piece of a curve.
        package init(
            start: Nanoseconds, duration: Nanoseconds, from: Double, to: Double, shape: StageShape
        ) {
            self.start = start
            self.duration = duration
            self.from = from
            self.to = to
            self.shape = shape
        }
    }
    /// How `spate plan` lists the segments.
    package enum Listing: Sendable, Hashable {
        /// One by one: they are the author's stages.
        case stages
        /// As stretches that rise or fall: they are points of a curve with that name.
        case curve(String)
        /// As one stretch at its mean rate, with that name.
        case mean(String)
    }
    /// The pieces, in order, without gaps: the expected rate.
    package var segments: [Segment]
    /// How arrival times come about.
    package var process: ArrivalProcess
    /// The seed of the draws.
    package var seed: UInt64
    /// The population's index, part of every draw's key.
    package var population: Int
    /// How the segments are listed.
    package var listing: Listing
    /// When only a share of the arrivals comes; the segments show it already.
    package var reliefs: [ReliefWindow] = []
    /// What the author's numbers come to, in one sentence; nil where the segments say it.
    package var remark: String?

    /// A schedule.
    package init(
        segments: [Segment], process: ArrivalProcess, seed: UInt64, population: Int,
        listing: Listing = .stages, remark: String? = nil
    ) {
        self.segments = segments
        self.process = process
        self.seed = seed
        self.population = population
        self.listing = listing
        self.remark = remark
    }

    /// A schedule of stages.
    package init(segments: [Segment], spacing: ArrivalSpacing, seed: UInt64, population: Int) {
        self.init(
            segments: segments, process: spacing.process, seed: seed, population: population)
    }

    /// Where the first segment begins.
    package var start: Nanoseconds { self.segments.first?.start ?? .zero }
}

extension ArrivalSpacing {
    /// The process of arrivals spaced so.
    var process: ArrivalProcess {
        switch self {
        case .uniform: .uniform
        case .poisson: .poisson
        }
    }
}

/// A number of clients over time, for the closed executors.
package struct ClientCurve: Sendable, Hashable {
    /// The number of clients from a moment on.
    package struct Change: Sendable, Hashable {
        /// When, from the run's start in wall time.
        package var at: Nanoseconds
        /// How many clients from then on.
        package var clients: Int

        /// A change.
        package init(at: Nanoseconds, clients: Int) {
            self.at = at
            self.clients = clients
        }
    }
    /// The changes, in order of time; before the first there are none.
    package var changes: [Change]
    /// How long a client that has to go may finish its intent.
    package var gracefulRampDown: Nanoseconds

    /// A curve.
    package init(changes: [Change], gracefulRampDown: Nanoseconds) {
        self.changes = changes
        self.gracefulRampDown = gracefulRampDown
    }

    /// The most clients at any time.
    package var peak: Int { self.changes.map(\.clients).max() ?? 0 }
}
