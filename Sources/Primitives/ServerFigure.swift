/// A figure of the server's side under its one name, whatever it was read from.
///
/// The names are those of `samples.ndjson`; docs/probes.md says where each comes from.
package struct ServerFigure: Sendable, Hashable {
    /// Its name, such as `cpu.user`.
    package let name: String
    /// Its unit in words.
    package let unit: String
    /// True for what only grows, kept as read; false for what stands at the moment.
    package let isCounter: Bool

    private init(_ name: String, _ unit: String, counts isCounter: Bool = false) {
        self.name = name
        self.unit = unit
        self.isCounter = isCounter
    }

    /// All of them, in the order of docs/probes.md.
    package static let all: [ServerFigure] =
        process + pressure + host + application + [
            ServerFigure("control.ok", "1 or 0"), ServerFigure("control.ms", "milliseconds"),
        ]

    /// The figure of that name.
    package static func named(_ name: String) -> ServerFigure? { byName[name] }

    /// What figures of an author's own choice begin with: kept, and not interpreted.
    package static let ownPrefix = "own."

    private static let byName = Dictionary(
        all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    private static let process = [
        ServerFigure("proc.pid", "number"),
        ServerFigure("proc.start_time", "seconds"),
        ServerFigure("proc.restarts", "processes", counts: true),
        ServerFigure("cpu.user", "seconds", counts: true),
        ServerFigure("cpu.sys", "seconds", counts: true),
        ServerFigure("cpu.throttled", "seconds", counts: true),
        ServerFigure("cpu.cores", "cores"),
        ServerFigure("mem.rss", "bytes"),
        ServerFigure("mem.gc_pause_ms", "milliseconds"),
        ServerFigure("threads", "threads"),
        ServerFigure("fds.open", "descriptors"),
        ServerFigure("fds.limit", "descriptors"),
        ServerFigure("listen.recvq", "connections"),
        ServerFigure("listen.sendq", "connections"),
    ]

    private static let pressure = ["cpu", "mem", "io"].flatMap { resource in
        ["some", "full"].map {
            ServerFigure("psi.\(resource).\($0)", "microseconds", counts: true)
        }
    }

    private static let host = [
        ServerFigure("cpu.iowait", "seconds", counts: true),
        ServerFigure("cpu.steal", "seconds", counts: true),
        ServerFigure("mem.avail", "bytes"),
        ServerFigure("mem.swap_in", "pages", counts: true),
        ServerFigure("mem.oom_kills", "processes", counts: true),
        ServerFigure("tcpext.ListenOverflows", "events", counts: true),
        ServerFigure("tcpext.ListenDrops", "events", counts: true),
        ServerFigure("tcpext.TCPReqQFullDrop", "events", counts: true),
        ServerFigure("tcpext.RetransSegs", "segments", counts: true),
        ServerFigure("disk.free_bytes", "bytes"),
        ServerFigure("disk.free_inodes", "inodes"),
        ServerFigure("disk.util", "share"),
        ServerFigure("disk.await", "milliseconds"),
        ServerFigure("net.tx", "bytes", counts: true),
        ServerFigure("net.rx", "bytes", counts: true),
        ServerFigure("net.drops", "packets", counts: true),
    ]

    private static let application = [
        ServerFigure("app.workers_busy", "workers"),
        ServerFigure("app.workers_max", "workers"),
        ServerFigure("app.queue_depth", "units of work"),
        ServerFigure("app.queue_max", "units of work"),
        ServerFigure("app.db_pool_busy", "connections"),
        ServerFigure("app.db_pool_max", "connections"),
        ServerFigure("app.db_pool_waiting", "units of work"),
        ServerFigure("app.db_pool_wait_ms", "milliseconds"),
        ServerFigure("app.free_bytes", "bytes"),
        ServerFigure("app.sync_s", "seconds", counts: true),
        ServerFigure("app.shed", "refusals", counts: true),
        ServerFigure("app.limited", "refusals", counts: true),
    ]
}
