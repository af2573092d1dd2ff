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
/// A rate curve lambda(t) made of segments; the n-th arrival is where its integral reaches
/// n + 1/2 (uniform), or a sum of n + 1 unit exponentials drawn from the seed (Poisson process by
/// time rescaling; Cinlar, 1975).
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
    /// The pieces, in order, without gaps.
    package var segments: [Segment]
    /// How arrivals are spaced inside the curve.
    package var spacing: ArrivalSpacing
    /// The seed of the Poisson draws.
    package var seed: UInt64
    /// The population's index, part of every draw's key.
    package var population: Int

    /// A schedule.
    package init(segments: [Segment], spacing: ArrivalSpacing, seed: UInt64, population: Int) {
        self.segments = segments
        self.spacing = spacing
        self.seed = seed
        self.population = population
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
