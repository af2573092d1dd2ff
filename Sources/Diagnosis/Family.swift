/// A family of failure mechanisms: what data from the clients' side alone can support.
///
/// The names are those of the report; mechanisms inside a family need samples of the server or
/// designed runs to be told apart.
package enum Family: String, Sendable, Hashable, Codable, CaseIterable {
    /// Path, host or name service: nothing arrives.
    case reach = "REACH"
    /// Accept queue, descriptors, TLS: connections are not taken in.
    case admit = "ADMIT"
    /// Processors, workers, pools, locks, disks, bandwidth: asked for more than can be done.
    case capacity = "CAPACITY"
    /// How a lack of capacity shows: unbounded or bounded queue; never a rival of the others.
    case queueForm = "QUEUE-FORM"
    /// Size limits, rate limits, shedding: refused by rule.
    case policy = "POLICY"
    /// Disk, quota or memory used up.
    case depletion = "DEPLETION"
    /// Crashes, restarts, bad releases.
    case process = "PROCESS"
    /// Switched off on purpose.
    case off = "OFF"
    /// One of several instances fails.
    case partial = "PARTIAL"
    /// The load generator itself.
    case harness = "HARNESS"
    /// Nothing failed.
    case healthy = "HEALTHY"
    /// None of the above explains it.
    case unknown = "UNKNOWN"

    /// The hypotheses that compete in the ledger.
    static let rivals: [Family] = allCases.filter { $0 != .queueForm }

    /// What would have to be known to go beyond the family.
    var missing: [String] {
        switch self {
        case .capacity:
            ["server processor use", "busy workers", "database pool", "lock and disk waits"]
        case .admit: ["accept queue overflows", "server descriptors"]
        case .reach: ["a control endpoint on the same host", "a second vantage point"]
        case .policy: ["acceptance per client key", "limiter counters"]
        case .depletion: ["free disk space", "server memory"]
        case .process: ["server process start times"]
        case .off: ["the operator's audit log"]
        case .partial: ["which instance answered"]
        case .queueForm, .harness, .healthy, .unknown: []
        }
    }
}
