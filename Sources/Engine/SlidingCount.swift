import Primitives

/// A sum over the last stretch of time, kept in ten slices: what is older than nine tenths of the
/// stretch may be forgotten, what is older than all of it is.
///
/// 100 bytes; constant time but for the slices that have passed since the call before. Instants
/// may come slightly out of order: what is older than the present slice counts in it.
struct SlidingCount: Sendable {
    private static let slices: Int64 = 10

    private let width: Int64
    private var sums = [Int64](repeating: 0, count: Int(slices))
    private var latest: Int64 = .min
    private var sum: Int64 = 0

    /// An empty sum over that stretch of time.
    init(over stretch: Nanoseconds) {
        self.width = max(1, stretch.count / SlidingCount.slices)
    }

    /// Adds to the present slice.
    mutating func add(_ amount: Int64, at now: MonotonicTime) {
        self.advance(to: now)
        self.sums[self.index(self.latest)] += amount
        self.sum += amount
    }

    /// The sum as it is now.
    mutating func value(at now: MonotonicTime) -> Int64 {
        self.advance(to: now)
        return self.sum
    }

    private mutating func advance(to now: MonotonicTime) {
        let slice = now.nanoseconds / self.width
        guard slice > self.latest else { return }
        if self.latest == .min || slice - self.latest >= SlidingCount.slices {
            for index in self.sums.indices { self.sums[index] = 0 }
            self.sum = 0
        } else {
            for passed in (self.latest + 1)...slice {
                let index = self.index(passed)
                self.sum -= self.sums[index]
                self.sums[index] = 0
            }
        }
        self.latest = slice
    }

    private func index(_ slice: Int64) -> Int {
        let rest = slice % SlidingCount.slices
        return Int(rest < 0 ? rest + SlidingCount.slices : rest)
    }
}
