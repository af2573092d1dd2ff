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

    /// The families that have a probability of their own, in a fixed order.
    static let rivals: [Family] = allCases.filter { $0 != .queueForm }

    /// The mechanisms in it that compete, in the order of their ids.
    var mechanisms: [Mechanism] {
        Mechanism.allCases.filter { $0.family == self && !$0.isOverlay }
    }

    /// What its mechanisms have in common, as a sentence without its full stop.
    var sentence: String {
        switch self {
        case .reach: "what was sent did not reach the server"
        case .admit: "the server did not take connections in"
        case .capacity: "the server was asked for more than it can do"
        case .queueForm: "work waited in a queue"
        case .policy: "the server refused by rule"
        case .depletion: "something that only fills up was used up"
        case .process: "the server's process changed or died"
        case .off: "the service was switched off"
        case .partial: "only a part of the service failed, or only for a while"
        case .harness: "the load generator was the limit"
        case .healthy: "nothing failed"
        case .unknown: "no known mechanism explains it"
        }
    }
}
