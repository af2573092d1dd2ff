package import Primitives

/// What a simulated server can do, and what is wrong with it.
///
/// Seconds, bytes and rates are real ones. Faults lie in `faults`; everything here is capacity.
package struct SimulatedServer: Sendable {
    /// The order of waiting.
    package enum Order: Sendable {
        /// First come, first served.
        case fifo
        /// The newest first.
        case lifo
    }
    /// A token bucket.
    package struct Limiter: Sendable {
        /// Tokens per second.
        package var rate: Double
        /// Tokens that a full bucket holds.
        package var burst: Double
        /// One bucket per client, or one for all.
        package var isPerClient = true
        /// The status of a refusal.
        package var status = 429
        /// Seconds that its `Retry-After` names.
        package var retryAfter: Int64?

        /// A bucket per client.
        package init(rate: Double, burst: Double) {
            self.rate = rate
            self.burst = burst
        }
    }
    /// A pool of connections to a database, which each unit of work needs.
    package struct Pool: Sendable {
        /// Connections.
        package var size: Int
        /// Seconds for which one is held.
        package var hold: Distribution
        /// Seconds after which waiting for one ends with a failure.
        package var wait = 30.0
        /// The status of that failure.
        package var status = 503

        /// A pool.
        package init(size: Int, hold: Distribution) {
            self.size = size
            self.hold = hold
        }
    }
    /// A disk that writes one thing after another.
    package struct Disk: Sendable {
        /// Seconds per write.
        package var write: Double
        /// Bytes a second.
        package var bandwidth = 1e9
        /// Seconds between flushes that block everything; nil for none.
        package var flushEvery: Double?
        /// Seconds that such a flush takes.
        package var flush = 0.0

        /// A disk.
        package init(write: Double) { self.write = write }
    }

    /// Units of work served at once.
    package var workers = 4
    /// Seconds for which a unit holds its worker.
    package var service = Distribution.fixed(0.020)
    /// The share of that time that is processor time.
    package var processorShare = 0.1
    /// Processors; they bound nothing by themselves, `workers` does.
    package var cores = 4.0
    /// The most that wait; nil for no bound.
    package var queue: Int?
    /// The order of waiting.
    package var order = Order.fifo
    /// Work whose client has left is given up.
    package var dropsAbandoned = false
    /// Refuse while more than this wait.
    package var shedAbove: Int?
    /// The status of a full queue and of shedding.
    package var busyStatus = 503
    /// The largest body; nil for none.
    package var bodyLimit: Double?
    /// Bodies are refused before they are sent.
    package var refusesBodiesEarly = true
    /// A limiter.
    package var limiter: Limiter?
    /// A pool of connections to a database.
    package var pool: Pool?
    /// A disk that may be the bottleneck.
    package var disk: Disk?
    /// Bytes that may be stored; nil for no end.
    package var quota: Double?
    /// The status when they are used up.
    package var fullStatus = 507
    /// Contention: a unit served beside n - 1 others takes 1 + alpha (n-1) + beta n (n-1) as long.
    package var contention: (alpha: Double, beta: Double)?
    /// Bytes a second that the network brings; nil for no limit.
    package var link: Double?
    /// Connections that wait to be accepted.
    package var backlog = 4_096
    /// Seconds that accepting a connection takes.
    package var acceptCost = 0.0
    /// Descriptors for connections; nil for no limit.
    package var descriptors: Int?
    /// Seconds of processor time of a TLS handshake; nil without TLS.
    package var handshake: Double?
    /// Instances behind the address.
    package var instances = 1
    /// People who read what was stored, and the seconds that each needs; nil for no such queue.
    package var review: (analysts: Int, perItem: Double)?
    /// What is wrong with it.
    package var faults: [SimulatedFault] = []

    /// A healthy server: 200 units a second.
    package init() {}

    /// Units a second with all workers, or the pool, or the disk, or the link always busy.
    ///
    /// The exact capacity where nothing contends; the best of all concurrencies where something
    /// does. `body` is the mean size, for what is limited in bytes.
    package func capacity(body: Double) -> Double {
        let mean = self.service.mean
        var least = Double(self.workers) / mean
        if let contention {
            let rates = (1...self.workers).map { workers -> Double in
                let n = Double(workers)
                let factor = 1 + contention.alpha * (n - 1) + contention.beta * n * (n - 1)
                return n / (mean * factor)
            }
            least = rates.max() ?? least
        }
        if let pool { least = min(least, Double(pool.size) / pool.hold.mean) }
        if let disk {
            var cost = disk.write + body / disk.bandwidth
            if let every = disk.flushEvery { cost /= max(0.01, 1 - disk.flush / every) }
            least = min(least, 1 / cost)
        }
        if let link, body > 0 { least = min(least, link / body) }
        if let handshake { least = min(least, 1 / handshake) }
        if self.acceptCost > 0 { least = min(least, 1 / self.acceptCost) }
        return least
    }
}
