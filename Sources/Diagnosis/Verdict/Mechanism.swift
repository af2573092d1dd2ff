/// A failure mechanism of the catalogue (research: diagnosis, table 2); the raw value is its id.
///
/// Most are rivals: at most one of them is the cause of a run's trouble. Four come on top of a
/// cause and are judged apart, yes or no (`isOverlay`).
package enum Mechanism: String, Sendable, Hashable, Codable, CaseIterable {
    /// The processors are busy all the time.
    case processors = "M01"
    /// All workers wait for something that is not the processor.
    case workerPool = "M02"
    /// Overlay: work waits in a queue that has no end.
    case unboundedQueue = "M03"
    /// Overlay: the queue is full and the rest is turned away.
    case boundedQueue = "M04"
    /// The kernel's queue of connections to accept overflows.
    case acceptQueue = "M05"
    /// No more connections or descriptors.
    case connectionLimit = "M06"
    /// The path, the host or a firewall drops what is sent.
    case path = "M07"
    /// TLS handshakes cost more than there is.
    case handshakes = "M08"
    /// Names are not looked up.
    case nameService = "M09"
    /// The link is full.
    case bandwidth = "M10"
    /// Bodies above a size are refused.
    case bodyLimit = "M11"
    /// A client may send so much and no more.
    case rateLimit = "M12"
    /// The server turns away what it cannot do, and does the rest well.
    case shedding = "M13"
    /// No free connection to the database.
    case databasePool = "M14"
    /// Workers stand in each other's way: more of them do less.
    case contention = "M15"
    /// Something behind the server is slow until a proxy's deadline.
    case downstream = "M16"
    /// The disk or a quota is full.
    case diskFull = "M17"
    /// The disk cannot write faster.
    case diskSpeed = "M18"
    /// Memory runs out, or is collected in pauses.
    case memory = "M19"
    /// The process dies and comes back.
    case crash = "M20"
    /// Overlay: retries keep it down after the trigger has gone.
    case retryStorm = "M21"
    /// Somebody switched it off.
    case switchedOff = "M22"
    /// It is not warm yet, or more instances are on their way.
    case coldStart = "M23"
    /// One of several instances fails.
    case partialFailure = "M24"
    /// A release, a setting or a poisonous request.
    case badRelease = "M25"
    /// Overlay: the people behind the endpoint fall behind.
    case reviewBacklog = "M26"
    /// The load generator.
    case generator = "M27"

    /// The family it belongs to (2.1).
    package var family: Family {
        switch self {
        case .path, .nameService: .reach
        case .acceptQueue, .connectionLimit, .handshakes: .admit
        case .processors, .workerPool, .bandwidth, .databasePool, .contention, .downstream,
            .diskSpeed:
            .capacity
        case .unboundedQueue, .boundedQueue: .queueForm
        case .bodyLimit, .rateLimit, .shedding: .policy
        case .diskFull, .memory: .depletion
        case .crash, .badRelease: .process
        case .switchedOff: .off
        case .coldStart, .partialFailure: .partial
        case .generator: .harness
        // What feeds back or waits for people has no family among the causes.
        case .retryStorm, .reviewBacklog: .unknown
        }
    }

    /// True for what is judged beside the cause: how a queue shows, feedback, people.
    package var isOverlay: Bool {
        switch self {
        case .unboundedQueue, .boundedQueue, .retryStorm, .reviewBacklog: true
        default: false
        }
    }
}

/// One of the explanations that compete for a run's trouble.
enum Rival: Sendable, Hashable {
    /// A mechanism that is no overlay.
    case mechanism(Mechanism)
    /// Nothing failed.
    case healthy
    /// None of the above explains it.
    case unknown

    /// All of them, in the order of their ids.
    static let all: [Rival] =
        Mechanism.allCases.filter { !$0.isOverlay }.map { .mechanism($0) } + [.healthy, .unknown]

    /// `M01` to `M27`, `HEALTHY` or `UNKNOWN`.
    var id: String {
        switch self {
        case .mechanism(let mechanism): mechanism.rawValue
        case .healthy: Family.healthy.rawValue
        case .unknown: Family.unknown.rawValue
        }
    }

    /// The family in whose sum it counts.
    var family: Family {
        switch self {
        case .mechanism(let mechanism): mechanism.family
        case .healthy: .healthy
        case .unknown: .unknown
        }
    }

    /// The mechanism; nil for `HEALTHY` and `UNKNOWN`.
    var mechanism: Mechanism? {
        if case .mechanism(let mechanism) = self { mechanism } else { nil }
    }
}
