import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Arrivals that follow a rate curve, evenly or as a Poisson process.
///
/// Positions are counted from the start of the current segment, so that no error adds up over a
/// long run.
struct CurveArrivals: Sendable {
    private let pieces: [RatePiece]
    private let seed: UInt64
    private let population: Int
    private let isPoisson: Bool

    private var index = 0
    private var number = 0
    /// The mass of the segment's first arrival (uniform) or of the last arrival (Poisson).
    private var mass: Double
    /// Uniform arrivals in this segment so far.
    private var steps = 0
    /// Kahan's running correction of the Poisson sum.
    private var correction = 0.0
    private var time = 0.0

    init(
        _ segments: [ArrivalSchedule.Segment], isPoisson: Bool, seed: UInt64, population: Int
    ) {
        self.pieces = segments.map(RatePiece.init)
        self.seed = seed
        self.population = population
        self.isPoisson = isPoisson
        self.mass = isPoisson ? 0 : 0.5
    }

    /// The next arrival's time, or nil after the last.
    mutating func next() -> Nanoseconds? {
        guard self.index < self.pieces.count else { return nil }
        if self.isPoisson { self.addExponential() }
        var wanted = self.mass + Double(self.steps)
        while wanted >= self.pieces[self.index].total {
            // An arrival on the border belongs to the segment that begins there.
            wanted -= self.pieces[self.index].total
            self.mass = wanted
            self.steps = 0
            self.correction = 0
            self.time = 0
            self.index += 1
            if self.index == self.pieces.count { return nil }
        }
        let time = self.pieces[self.index].time(reaching: wanted, after: self.time)
        self.time = time
        self.number += 1
        if !self.isPoisson { self.steps += 1 }
        return self.pieces[self.index].start + Nanoseconds(seconds: time)
    }

    /// Adds a unit exponential, drawn for this intent alone.
    private mutating func addExponential() {
        let random = CounterRandom(
            seed: self.seed, population: self.population, intent: self.number, purpose: .arrival)
        let corrected = -log1p(-random.uniform(0)) - self.correction
        let sum = self.mass + corrected
        self.correction = (sum - self.mass) - corrected
        self.mass = sum
    }
}
