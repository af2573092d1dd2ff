package import Primitives

/// The intake's capacities and habits; the words are the same in scenarios, flags and manifest.
///
/// Real time (never scaled): `workers`, `serviceTime`, `serviceJitter`, `cpuCost`, `queue`,
/// `backlog`, `maxConnections`, `databasePool`, `retryAfter`. Story time (divided by `timeScale`
/// by the intake itself): an explicit `spoolQuota`, `review.perItem`, the limiter's windows, the
/// operator's clock and the clock of the faults.
package struct IntakeSettings: Sendable, Equatable {
    /// In which order waiting work is served.
    package enum QueueOrder: String, Sendable, CaseIterable {
        /// First come, first served.
        case fifo
        /// The newest first.
        case lifo
    }

    /// What happens to work whose client has left.
    package enum AbandonedWork: String, Sendable, CaseIterable {
        /// It is done and stored all the same: the server does not notice.
        case work
        /// It is given up where it stands.
        case drop
    }

    /// When a request takes a worker.
    package enum Admission: String, Sendable, CaseIterable {
        /// At its first header: slow uploads hold workers, as in synchronous servers.
        case beforeBody = "before-body"
        /// When its body is whole, as behind a buffering proxy.
        case afterBody = "after-body"
    }

    /// How sure a commit is.
    package enum Durability: String, Sendable, CaseIterable {
        /// SQLite's `synchronous=NORMAL`: survives the process, not always the machine.
        case normal
        /// `synchronous=FULL`: one more fsync per commit.
        case full
    }

    /// In which order analysts take tips.
    package enum ReviewOrder: String, Sendable, CaseIterable {
        /// Oldest first.
        case arrival
        /// Highest `priority` first, oldest among equals.
        case relevance
    }

    /// A token bucket per client.
    package struct Limiter: Sendable, Equatable {
        /// Tokens a second of story time; nil for no limit.
        package var rate: Rate?
        /// Tokens a full bucket holds.
        package var burst = 10
        /// `address`, or the name of the request header that tells clients apart.
        package var key = "address"
        /// The status of a refusal.
        package var status = 429
    }

    /// Refusing early, before the queue is full.
    package struct Shed: Sendable, Equatable {
        /// Refuse while more than this many wait; nil for never.
        package var above: Int?
        /// The status of a refusal.
        package var status = 503
    }

    /// The people who read the tips.
    package struct Review: Sendable, Equatable {
        /// How many analysts work at once.
        package var analysts = 3
        /// Story time an analyst needs for one tip.
        package var perItem = Nanoseconds.seconds(120)
        /// The order in which they take tips.
        package var order = ReviewOrder.arrival
    }

    /// How many units of work are served at once.
    package var workers = 4
    /// How long a worker is held per unit, asleep; real time.
    package var serviceTime = Nanoseconds.milliseconds(20)
    /// Uniform, both ways, around `serviceTime`.
    package var serviceJitter = Nanoseconds.zero
    /// Processor time burnt per unit.
    package var cpuCost = Nanoseconds.zero
    /// How many units may wait for a worker.
    package var queue = 1_400
    /// The order of waiting.
    package var queueOrder = QueueOrder.fifo
    /// What happens to work whose client has left.
    package var abandoned = AbandonedWork.work
    /// When a request takes a worker.
    package var admission = Admission.afterBody
    /// The listener's backlog; the kernel caps it (`net.core.somaxconn`).
    package var backlog = 4_096
    /// Connections open at once, the rest wait in the backlog; nil for no limit.
    package var maxConnections: Int?
    /// The largest request body.
    package var bodyLimit = ByteCount(100_000_000)
    /// Keep what has arrived of a file whose upload broke off, and let it go on.
    package var resumable = false
    /// The spool's size in story bytes, divided by `timeScale`; nil for 2 GB at any scale.
    package var spoolQuota: ByteCount?
    /// How many requests may use the store at once.
    package var databasePool = 8
    /// How sure a commit is.
    package var durability = Durability.normal
    /// The token bucket per client.
    package var limiter = Limiter()
    /// Early refusal.
    package var shed = Shed()
    /// The `Retry-After` of refusals, in whole seconds, rounded up; nil for none.
    package var retryAfter: Nanoseconds?
    /// Where phones may register; nil for everywhere.
    package var serviceArea: ServiceArea?
    /// Devices that may not register or submit; a trailing `*` matches any ending.
    package var blockList: [String] = []
    /// The people who read the tips.
    package var review = Review()
    /// How many seconds of story pass in one second of wall time; at least 1.
    package var timeScale = 1.0
    /// What shall go wrong, and when.
    package var faults: [FaultSpec] = []

    /// A healthy server's settings.
    package init() {}
}

extension IntakeSettings {
    /// The spool's limit in real bytes.
    var spoolLimit: Int {
        guard let quota = self.spoolQuota else { return 2_000_000_000 }
        return Int(max(1, Double(quota.count) / self.timeScale))
    }

    /// Wall time an analyst needs for one tip.
    var reviewSpan: Nanoseconds { self.review.perItem / self.timeScale }

    /// Tokens a second of wall time; nil for no limit.
    var limiterRate: Double? { self.limiter.rate.map { $0.perSecond * self.timeScale } }

    /// Whether a device is on the block list.
    func blocks(device: String) -> Bool {
        self.blockList.contains { entry in
            entry.hasSuffix("*") ? device.hasPrefix(entry.dropLast()) : entry == device
        }
    }
}

/// A rectangle of latitudes and longitudes, in degrees, borders included.
package struct ServiceArea: Sendable, Equatable {
    /// The southern border.
    package var south: Double
    /// The western border.
    package var west: Double
    /// The northern border.
    package var north: Double
    /// The eastern border.
    package var east: Double

    /// Whether a place lies inside.
    func contains(latitude: Double, longitude: Double) -> Bool {
        (self.south...self.north).contains(latitude) && (self.west...self.east).contains(longitude)
    }
}
