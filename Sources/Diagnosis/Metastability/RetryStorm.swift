/// A server with a backlog whose clients retry: how long it takes to drain.
///
/// One server, one client timeout, clients that give up at once (Bronson et al., 2021, "Metastable
/// failures in distributed systems"; Huang et al., 2022). Larger designs differ.
package struct RetryStorm: Sendable, Hashable {
    /// What the server completes, per second; above 0.
    package var capacity: Double
    /// Steps begun per second, first attempts only.
    package var load: Double
    /// Attempts per step begun; 1 when nobody retries.
    package var amplification: Double
    /// Attempts waiting when the trigger ended: an upper bound when counted by the client.
    package var backlog: Double

    /// A storm; the amplification is at least 1.
    package init(capacity: Double, load: Double, amplification: Double, backlog: Double) {
        precondition(capacity > 0, "a server without capacity never drains")
        self.capacity = capacity
        self.load = load
        self.amplification = max(1, amplification)
        self.backlog = max(0, backlog)
    }

    /// Seconds to drain when nobody retries; infinite when the load alone fills the server.
    package var tFresh: Double { self.drain(at: self.load) }

    /// Seconds to drain when everybody retries; infinite when the retries fill the server.
    package var tStorm: Double { self.drain(at: self.load * self.amplification) }

    private func drain(at rate: Double) -> Double {
        rate < self.capacity ? self.backlog / (self.capacity - rate) : .infinity
    }

    /// The load under which it heals even if every attempt fails: capacity / (1 + r).
    ///
    /// r is what clients retry per first try while everything fails: their `max`, or the share
    /// that a retry budget grants, if that is less.
    package static func hiddenCapacity(of capacity: Double, retriesPerRequest: Double) -> Double {
        precondition(retriesPerRequest >= 0, "nobody retries a negative number of times")
        return capacity / (1 + retriesPerRequest)
    }

    /// Attempts per step at a failure probability of 0 to 1.
    ///
    /// It is 1 + f + f^2 and so on to f^retries, summed rather than divided, because the closed
    /// form is 0/0 where everything fails.
    package static func amplification(failure: Double, retries: Int) -> Double {
        precondition(retries >= 0, "a client cannot retry a negative number of times")
        var term = 1.0
        var sum = 1.0
        for _ in 0..<retries {
            term *= failure
            sum += term
        }
        return sum
    }
}
