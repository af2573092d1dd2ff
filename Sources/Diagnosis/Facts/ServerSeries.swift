import Measurements

/// The server's own figures over the run, by the names of `probes:` (research: diagnosis, 1.5).
///
/// A figure may have several names: the bundled intake's page had its own before there were
/// probes. Counters are cumulative as read; they become rates here.
struct ServerSeries: Sendable {
    /// One reading.
    struct Point: Sendable, Hashable {
        var second: Int
        var value: Double
    }
    /// A figure under all its names; the first that is there is taken.
    struct Name: Sendable, Hashable {
        let spellings: [String]

        init(_ spellings: String...) {
            self.spellings = spellings
        }
    }
    private let series: [String: [Point]]

    /// Sorts samples by name.
    init(_ samples: [ServerSample]) {
        var series: [String: [Point]] = [:]
        for sample in samples {
            for (name, value) in sample.values where value.isFinite {
                series[name, default: []].append(Point(second: sample.second, value: value))
            }
        }
        self.series = series.mapValues { $0.sorted { $0.second < $1.second } }
    }

    /// All readings of a figure; empty when it was not sampled.
    func points(_ name: Name) -> [Point] {
        for spelling in name.spellings {
            if let points = self.series[spelling], !points.isEmpty { return points }
        }
        return []
    }

    /// The readings of a stretch.
    func points(_ name: Name, in range: Range<Int>) -> [Point] {
        self.points(name).filter { range.contains($0.second) }
    }

    /// The values of a gauge in a stretch.
    func values(_ name: Name, in range: Range<Int>) -> [Double] {
        self.points(name, in: range).map(\.value)
    }

    /// How much of a counter was added per second in a stretch, reading by reading; what a restart
    /// took back is left out.
    func rates(_ name: Name, in range: Range<Int>) -> [Double] {
        let points = self.points(name, in: range)
        return zip(points, points.dropFirst()).compactMap { first, next in
            guard next.second > first.second, next.value >= first.value else { return nil }
            return (next.value - first.value) / Double(next.second - first.second)
        }
    }

    /// How much of a counter was added in a stretch; nil with fewer than two readings.
    func increase(_ name: Name, in range: Range<Int>) -> Double? {
        let points = self.points(name, in: range)
        guard points.count >= 2 else { return nil }
        return zip(points, points.dropFirst()).reduce(0) { sum, pair in
            sum + max(0, pair.1.value - pair.0.value)
        }
    }
}

extension ServerSeries.Name {
    static let workersBusy = Self("app.workers_busy", "workers_busy")
    static let workersMax = Self("app.workers_max", "workers_max")
    static let queueDepth = Self("app.queue_depth", "queue_depth")
    static let poolBusy = Self("app.db_pool_busy")
    static let poolMax = Self("app.db_pool_max")
    static let poolWait = Self("app.db_pool_wait_ms")
    static let shed = Self("app.shed", "shed_total")
    static let limited = Self("app.limited", "limited_total")
    static let cpuUser = Self("cpu.user")
    static let cpuSystem = Self("cpu.sys")
    static let cpuCores = Self("cpu.cores")
    static let cpuThrottled = Self("cpu.throttled")
    static let pressureCPU = Self("psi.cpu.some")
    static let pressureIO = Self("psi.io.full")
    static let pressureMemory = Self("psi.mem.full")
    static let memory = Self("mem.rss")
    static let swapIn = Self("mem.swap_in")
    static let outOfMemory = Self("mem.oom_kills")
    static let collection = Self("mem.gc_pause_ms")
    static let descriptors = Self("fds.open")
    static let descriptorLimit = Self("fds.limit")
    static let acceptWaiting = Self("listen.recvq")
    static let acceptRoom = Self("listen.sendq")
    static let acceptOverflows = Self("tcpext.ListenOverflows")
    static let acceptDrops = Self("tcpext.ListenDrops")
    static let diskAwait = Self("disk.await")
    static let freeBytes = Self("disk.free_bytes")
    static let freeInodes = Self("disk.free_inodes")
    static let freeQuota = Self("app.free_bytes")
    static let syncing = Self("app.sync_s")
    static let processStart = Self("proc.start_time")
    static let processID = Self("proc.pid")
    static let restarts = Self("proc.restarts")
}
