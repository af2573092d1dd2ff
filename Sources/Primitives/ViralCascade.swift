#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Something that people see, pass on and act upon, until everybody has seen it or nobody cares.
///
/// The mean field of a cascade in an audience of N, with S of them still to see it:
///
///     e(t) = R · S(t)/N · 2^(-t/halfLife) · ∫ e(t-s) g(s) ds      people who see it, per second
///     a(t) = share · ∫ e(t-s) g(s) ds                             people who act, per second
///
/// where g(s) = exp(-s/delay)/delay is the time from seeing to acting and passing on, and `seeds`
/// people see it at time 0. Without the half-life it is the model of Kermack and McKendrick (1927),
/// which Goffman and Newill (Nature 204, 1964) applied to ideas; the half-life is the ageing that
/// Bauckhage ("Insights into Internet Memes", ICWSM 2011) and Zhao et al. (SEISMIC, KDD 2015) found
/// in memes and tweets.
package struct ViralCascade: Sendable, Hashable {
    /// The people it can reach, N.
    package var audience: Double
    /// Those of them who see it at time 0.
    package var seeds: Double
    /// Whom one person brings to see it while it is new to all, on average: R.
    package var reproduction: Double
    /// From seeing it to acting and passing it on, on average.
    package var delay: Nanoseconds
    /// After this long people pass it on half as eagerly.
    package var halfLife: Nanoseconds
    /// The share of those who see it who act, 0 to 1.
    package var share: Double

    /// The part of the audience that sees it at time 0 where nobody says how many: an assumption.
    package static let usualSeeds = 1e-3

    /// A cascade; times are above zero.
    package init(
        audience: Double, seeds: Double, reproduction: Double, delay: Nanoseconds,
        halfLife: Nanoseconds, share: Double
    ) {
        self.audience = audience
        self.seeds = seeds
        self.reproduction = reproduction
        self.delay = delay
        self.halfLife = halfLife
        self.share = share
    }

    /// The R at which the number of those who saw it doubles in that time at first.
    ///
    /// R = 1 + ln 2 · delay / doubling for an exponential delay (Wallinga and Lipsitch, Proc. R.
    /// Soc. B 274, 2007); the half-life is not yet felt.
    package static func reproduction(doubling: Nanoseconds, delay: Nanoseconds) -> Double {
        1 + log(2) * delay.seconds / doubling.seconds
    }
}

extension ViralCascade {
    /// The same cascade in the audience of which so many see it in the end.
    ///
    /// - Parameter seeds: how many of them see it at time 0; nil for `usualSeeds` of the audience.
    /// - Returns: nil where interest is lost before, however many it could reach, or where the
    ///   course is too long to compute.
    package func reaching(_ seen: Double, seeds: Double?) -> ViralCascade? {
        func cascade(_ audience: Double) -> ViralCascade {
            var cascade = self
            cascade.audience = audience.rounded()
            cascade.seeds = seeds ?? max(1, (audience * ViralCascade.usualSeeds).rounded(.down))
            return cascade
        }
        guard (seeds ?? 1) <= seen else { return nil }
        var (low, high) = (seen, seen * 1e4)
        guard let most = cascade(high).course()?.seen, most >= seen else { return nil }
        // The number of those who see it rises with the audience.
        while high - low > max(0.5, low * 1e-6) {
            let middle = (low + high) / 2
            guard let reached = cascade(middle).course()?.seen else { return nil }
            if reached < seen { low = middle } else { high = middle }
        }
        return cascade(high)
    }
}

extension ViralCascade {
    /// The solution on an even grid of times.
    package struct Course: Sendable, Equatable {
        /// The grid's step in seconds.
        package var step: Double
        /// The rate of people who act at 0, step, 2 step and so on, per second; never zero.
        package var rates: [Double]
        /// The people who have seen it by the last time.
        package var seen: Double

        /// The last time in seconds.
        package var length: Double { self.step * Double(self.rates.count - 1) }
    }

    /// The most grid steps of a course: a bound on memory and time.
    package static let longestCourse = 100_000

    /// Solves the equation: Runge and Kutta's fourth order at two steps per step of the grid.
    ///
    /// The grid has 16 steps in the shortest of delay/R, delay and halfLife/ln 2. At its points the
    /// rates are within 1e-6 of the exact ones; between them, joined by exponentials, within 0.1 %.
    ///
    /// - Parameter end: how far, above zero; nil until fewer than one in a thousand (or half a
    ///   person) of those who see it are still to act. It ends earlier where nothing is left.
    /// - Returns: nil if that takes more than `longestCourse` steps.
    package func course(until end: Nanoseconds? = nil) -> Course? {
        var step = self.gridStep
        if let end {
            let count = (end.seconds / step).rounded(.up)
            // Half a day of a cascade that lives for a minute is mostly silence.
            if count < Double(ViralCascade.longestCourse) { step = end.seconds / max(1, count) }
        }
        var state = State(open: self.audience - self.seeds, active: self.seeds)
        var course = Course(step: step, rates: [self.rate(state)], seen: self.seeds)
        for index in 0..<ViralCascade.longestCourse {
            let time = Double(index) * step
            if let end {
                if time + step / 2 > end.seconds { return course }
                if self.remaining(state, at: time) * self.share < 1e-3 { return course }
            } else if index > 0 {
                let left = self.remaining(state, at: time)
                if left < max(0.5, 1e-3 * (self.audience - state.open)) { return course }
            }
            self.advance(&state, from: time, by: step / 2)
            self.advance(&state, from: time + step / 2, by: step / 2)
            course.rates.append(self.rate(state))
            course.seen = self.audience - state.open
        }
        return nil
    }

    /// Who has not seen it, and who has seen it and will still act.
    private struct State {
        var open: Double
        var active: Double

        func moved(_ slope: State, _ time: Double) -> State {
            State(open: self.open + slope.open * time, active: self.active + slope.active * time)
        }
    }

    private var gridStep: Double {
        let delay = self.delay.seconds
        let shortest = min(
            delay / max(1, self.reproduction), self.halfLife.seconds / log(2))
        return shortest / 16
    }

    /// Never zero, so that its logarithm exists.
    private func rate(_ state: State) -> Double {
        max(self.share * state.active / self.delay.seconds, 1e-300)
    }

    /// Whom one person who passes it on brings to see it.
    private func effective(_ state: State, at time: Double) -> Double {
        self.reproduction * exp2(-time / self.halfLife.seconds) * state.open / self.audience
    }

    /// At most so many people will still act; infinite while it grows.
    private func remaining(_ state: State, at time: Double) -> Double {
        let factor = self.effective(state, at: time)
        return factor < 1 ? state.active / (1 - factor) : .infinity
    }

    private func slope(_ state: State, at time: Double) -> State {
        let passing = state.active / self.delay.seconds
        let exposed = self.effective(state, at: time) * passing
        return State(open: -exposed, active: exposed - passing)
    }

    private func advance(_ state: inout State, from time: Double, by step: Double) {
        let first = self.slope(state, at: time)
        let second = self.slope(state.moved(first, step / 2), at: time + step / 2)
        let third = self.slope(state.moved(second, step / 2), at: time + step / 2)
        let fourth = self.slope(state.moved(third, step), at: time + step)
        state = state.moved(first, step / 6).moved(second, step / 3).moved(third, step / 3)
            .moved(fourth, step / 6)
        state.open = max(0, state.open)
        state.active = max(0, state.active)
    }
}
