/// A link's rate as a token bucket: begins empty, fills at the rate, holds little.
///
/// Exact: the level is kept in billionths of a byte, in which a rate in bytes per second times
/// nanoseconds is a whole number, so a link loses nothing to rounding, even below one byte a tick.
/// While somebody waits for it the link is never idle, so nothing overflows: a generator that
/// wakes late does not make the phone's network slower.
struct TokenBucket: Sendable, Hashable {
    /// What it holds of its rate when nobody sends.
    static let depth: Int64 = 50_000_000
    /// What it makes up for at most when the generator wakes late.
    static let longestGap: Int64 = 2_000_000_000
    /// Parts of a byte.
    static let unit: Int64 = 1_000_000_000

    /// Bytes per second.
    let rate: Int64
    /// Parts of bytes that may pass; negative after more has passed than was there.
    private(set) var level: Int64 = 0
    private var instant: Int64
    /// How many transfers wait for it.
    var waiting: Int32 = 0

    /// An empty bucket at an instant in nanoseconds; the rate is in `ClientNetwork.rates`.
    init(rate: Int64, at instant: Int64) {
        self.rate = rate
        self.instant = instant
    }

    /// Fills it for the time that has passed.
    mutating func advance(to now: Int64) {
        let gap = now - self.instant
        guard gap > 0 else { return }
        self.instant = now
        let room = self.waiting == 0 ? TokenBucket.depth : TokenBucket.longestGap
        self.level = min(
            self.level + self.rate * min(gap, TokenBucket.longestGap), self.rate * room)
    }

    /// Lets time pass in which nothing moves.
    mutating func skip(to now: Int64) {
        self.instant = max(self.instant, now)
    }

    /// Whole bytes that may pass now.
    var available: Int { self.level > 0 ? Int(self.level / TokenBucket.unit) : 0 }

    /// Takes bytes, whether or not they are there.
    mutating func take(_ bytes: Int) {
        // The debt is bounded as well: four billion bytes.
        self.level = max(self.level - Int64(bytes) * TokenBucket.unit, -Int64.max / 2)
    }

    /// When so many bytes may pass, if nobody takes any; the last advance's instant when they may.
    func instant(of bytes: Int) -> Int64 {
        let missing = Int64(bytes) * TokenBucket.unit - self.level
        guard missing > 0 else { return self.instant }
        let (wait, overflow) = self.instant.addingReportingOverflow(
            (missing + self.rate - 1) / self.rate)
        return overflow ? .max : wait
    }

    /// The bytes that pass in so many nanoseconds, at least one; at most two seconds' worth.
    func bytes(in nanoseconds: Int64) -> Int {
        max(1, Int(self.rate * min(nanoseconds, TokenBucket.longestGap) / TokenBucket.unit))
    }

    /// What was there is gone: another link begins, empty.
    mutating func drain() {
        self.level = min(self.level, 0)
    }
}
