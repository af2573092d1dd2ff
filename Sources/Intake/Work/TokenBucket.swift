import Primitives
import Synchronization

/// Tokens that come back at a steady rate, up to a burst.
struct TokenBucket: Sendable, Equatable {
    private var tokens: Double
    private var last: MonotonicTime

    /// A full bucket.
    init(burst: Int, at now: MonotonicTime) {
        self.tokens = Double(burst)
        self.last = now
    }

    /// Takes a token if there is one.
    mutating func take(perSecond: Double, burst: Int, at now: MonotonicTime) -> Bool {
        self.refill(perSecond: perSecond, burst: burst, at: now)
        guard self.tokens >= 1 else { return false }
        self.tokens -= 1
        return true
    }

    /// Whether the bucket would be full, so that forgetting it changes nothing.
    func isFull(perSecond: Double, burst: Int, at now: MonotonicTime) -> Bool {
        var copy = self
        copy.refill(perSecond: perSecond, burst: burst, at: now)
        return copy.tokens >= Double(burst)
    }

    private mutating func refill(perSecond: Double, burst: Int, at now: MonotonicTime) {
        let passed = max(0, (now - self.last).seconds)
        self.tokens = min(Double(burst), self.tokens + passed * perSecond)
        self.last = max(self.last, now)
    }
}

/// One token bucket per client.
final class Limiter: Sendable {
    /// More clients than this are never remembered; those with full buckets are forgotten first.
    static let mostClients = 100_000

    private let buckets = Mutex<[String: TokenBucket]>([:])

    /// How many clients are remembered.
    var clients: Int { self.buckets.withLock(\.count) }

    /// Whether a request of this client may pass.
    func admits(_ client: String, perSecond: Double, burst: Int, at now: MonotonicTime) -> Bool {
        self.buckets.withLock { buckets in
            if buckets.count >= Limiter.mostClients {
                buckets = buckets.filter {
                    !$0.value.isFull(perSecond: perSecond, burst: burst, at: now)
                }
                if buckets.count >= Limiter.mostClients { buckets = [:] }
            }
            return buckets[client, default: TokenBucket(burst: burst, at: now)]
                .take(perSecond: perSecond, burst: burst, at: now)
        }
    }
}
