import Primitives

/// How many events came within the last second, to a tenth of it.
struct RateWindow: Sendable, Equatable {
    private static let tenth: Int64 = 100_000_000

    private var counts = Array(repeating: 0, count: 10)
    private var latest: Int64 = .min

    /// An event came; returns how many there were in this tenth of a second and the nine before.
    mutating func add(at now: MonotonicTime) -> Int {
        let slot = now.nanoseconds / RateWindow.tenth
        if self.latest == .min || slot - self.latest >= 10 {
            self.counts = Array(repeating: 0, count: 10)
            self.latest = slot
        }
        while self.latest < slot {
            self.latest += 1
            self.counts[Int(self.latest % 10)] = 0
        }
        // A clock that seems to go back counts as the present.
        self.counts[Int(self.latest % 10)] += 1
        return self.counts.reduce(0, +)
    }
}
