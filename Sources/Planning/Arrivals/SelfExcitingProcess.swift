package import Primitives
import Scenarios

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Hawkes's self-exciting process with an exponential kernel (Biometrika 58, 1971), in wall time.
///
///     lambda(t) = base + sum over earlier arrivals t_i of  branching · exp(-(t - t_i)/decay)/decay
///
/// It begins with no arrivals behind it.
package struct SelfExcitingProcess: Sendable, Hashable {
    /// Arrivals per second that come of themselves.
    package var base: Double
    /// How many arrivals one brings directly, on average; below 1.
    package var branching: Double
    /// How much later they come, on average, in seconds.
    package var decay: Double
    /// How long it goes on.
    package var length: Nanoseconds

    /// A process.
    package init(base: Double, branching: Double, decay: Double, length: Nanoseconds) {
        precondition(branching < 1, "from 1 on, a self-exciting process never ends")
        self.base = base
        self.branching = branching
        self.decay = decay
        self.length = length
    }

    /// The rate it comes to in the long run, per second: base / (1 - branching).
    package var longRunRate: Double { self.base / (1 - self.branching) }

    /// The expected rate at a time from the beginning, per second.
    ///
    /// The solution of m' = (base - (1 - branching) m) / decay with m(0) = base (Dassios and
    /// Zhao, "Exact simulation of Hawkes process with exponentially decaying intensity", Electron.
    /// Commun. Probab. 18, 2013, theorem 3.6).
    package func expectedRate(at time: Double) -> Double {
        let fading = exp(-(1 - self.branching) * time / self.decay)
        return self.longRunRate * (1 - self.branching * fading)
    }

    /// The expected rate as segments: lines at sixteen points per time constant, then constant.
    ///
    /// Within 0.1 % of `expectedRate`.
    func segments(start: Nanoseconds) -> [ArrivalSchedule.Segment] {
        let constant = self.decay / (1 - self.branching)
        var segments: [ArrivalSchedule.Segment] = []
        var begin = 0.0
        let end = self.length.seconds
        for point in 1...128 where begin < end && self.branching > 0 {
            let next = min(end, constant * Double(point) / 16)
            segments.append(
                self.segment(
                    start, begin, next, self.expectedRate(at: begin), self.expectedRate(at: next)))
            begin = next
        }
        if begin < end {
            let rate = self.branching > 0 ? self.expectedRate(at: begin) : self.base
            segments.append(self.segment(start, begin, end, rate, self.longRunRate))
        }
        return segments
    }

    private func segment(
        _ start: Nanoseconds, _ begin: Double, _ end: Double, _ from: Double, _ to: Double
    ) -> ArrivalSchedule.Segment {
        let first = start + Nanoseconds(seconds: begin)
        return ArrivalSchedule.Segment(
            start: first, duration: start + Nanoseconds(seconds: end) - first, from: from, to: to,
            shape: .linear)
    }
}

/// The arrivals of a self-exciting process, one draw of two numbers each.
///
/// Dassios and Zhao's exact method: between arrivals the intensity is the base plus an excess that
/// fades exponentially, so the next arrival is the earlier of two, each drawn by inverting its
/// integral. It has the law of Ogata's thinning (IEEE Trans. Inf. Theory 27, 1981) and rejects
/// nothing: the n-th arrival uses the n-th draw only.
struct SelfExcitingArrivals: Sendable {
    private let process: SelfExcitingProcess
    private let start: Nanoseconds
    private let seed: UInt64
    private let population: Int
    private var number = 0
    /// The last arrival, in seconds from the beginning, and the excess just after it.
    private var time = 0.0
    private var excess = 0.0

    init(
        _ process: SelfExcitingProcess, start: Nanoseconds, seed: UInt64, population: Int
    ) {
        self.process = process
        self.start = start
        self.seed = seed
        self.population = population
    }

    /// The next arrival's time, or nil after the last.
    mutating func next() -> Nanoseconds? {
        let random = CounterRandom(
            seed: self.seed, population: self.population, intent: self.number, purpose: .arrival)
        let (decay, base) = (self.process.decay, self.process.base)
        var gap = base > 0 ? -log1p(-random.uniform(0)) / base : .infinity
        if self.excess > 0 {
            // The excess brings 1 - exp(-excess · decay) of an arrival at most.
            let left = 1 + log1p(-random.uniform(1)) / (self.excess * decay)
            if left > 0 { gap = min(gap, -decay * log(left)) }
        }
        self.time += gap
        guard self.time < self.process.length.seconds else {
            self.time = .infinity
            return nil
        }
        self.excess = self.excess * exp(-gap / decay) + self.process.branching / decay
        self.number += 1
        return self.start + Nanoseconds(seconds: self.time)
    }
}
