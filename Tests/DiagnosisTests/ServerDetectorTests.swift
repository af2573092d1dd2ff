import Measurements
import Primitives
import Testing

@testable import Diagnosis

@Suite struct ServerDetectorTests {
    /// Failures from 40 s on, with readings of the server before and during.
    private static func file(
        _ before: @escaping (Int) -> [String: Double],
        _ during: @escaping (Int) -> [String: Double]
    ) -> SyntheticCase {
        var file = SyntheticCase.trouble { shot, number in
            if number % 2 == 0 { shot.outcome = "500" }
        }
        file.sample(0..<40, before)
        file.sample(40..<90, during)
        return file
    }

    /// A gauge that has one value before and another in the trouble.
    private static func gauge(
        _ names: [String: Double], _ before: [String: Double], _ during: [String: Double]
    ) -> SyntheticCase {
        ServerDetectorTests.file(
            { _ in names.merging(before) { $1 } }, { _ in names.merging(during) { $1 } })
    }

    /// A counter that grows by so much a second before and in the trouble.
    private static func counter(_ name: String, _ before: Double, _ during: Double) -> SyntheticCase
    {
        ServerDetectorTests.file(
            { [name: before * Double($0)] },
            { [name: before * 40 + during * Double($0 - 40)] })
    }

    private static let none = SyntheticCase.trouble { shot, _ in shot.outcome = "500" }

    @Test("Processor seconds over cores: busy speaks for the processor, idle rules it out.")
    func processor() throws {
        func file(_ cores: Double) -> SyntheticCase {
            var file = ServerDetectorTests.counter("cpu.user", 0.2, cores)
            file.sample(0..<90) { _ in ["cpu.cores": 4] }
            return file
        }
        let busy = try #require(file(3.8).evidence("server_cpu"))
        #expect(busy.outcome == .fired && busy.vetoes.isEmpty)
        #expect(abs((busy.statistic["share"] ?? .nan) - 0.95) < 0.01)
        let idle = try #require(file(1).evidence("server_cpu"))
        #expect(idle.outcome == .clear && idle.vetoes == ["M01"])
        // Neither the one nor the other.
        #expect(file(2.9).outcome("server_cpu") == nil)
        #expect(ServerDetectorTests.none.outcome("server_cpu") == nil)
        // A process that was started anew begins at 0, and ends below what the first one had used.
        var anew = ServerDetectorTests.file(
            { ["cpu.user": 35_000 + 0.2 * Double($0)] }, { ["cpu.user": 0.4 * Double($0 - 40)] })
        anew.sample(0..<90) { _ in ["cpu.cores": 4] }
        #expect(anew.outcome("server_cpu") == .clear)
        // Elsewhere nobody knows the number of cores.
        #expect(
            ServerDetectorTests.counter("cpu.user", 0.2, 2).outcome("server_cpu") == nil)
    }

    @Test("Pressure counts in microseconds.")
    func pressure() {
        let high = ServerDetectorTests.counter("psi.cpu.some", 10_000, 600_000)
        #expect(high.outcome("server_cpu_pressure") == .fired)
        let low = ServerDetectorTests.counter("psi.cpu.some", 10_000, 20_000)
        #expect(low.outcome("server_cpu_pressure") == .clear)
        let disk = ServerDetectorTests.counter("psi.io.full", 1_000, 300_000)
        #expect(disk.outcome("server_io") == .fired)
        let calm = ServerDetectorTests.counter("psi.io.full", 1_000, 2_000)
        #expect(calm.outcome("server_io") == .clear)
        #expect(ServerDetectorTests.none.outcome("server_io") == nil)
        // Nobody waited in the whole run: what was waited for before it is no share of it.
        let untouched = ServerDetectorTests.gauge(
            [:], ["psi.io.full": 144_634_093], ["psi.io.full": 144_634_093])
        #expect(untouched.outcome("server_io") == .clear)
        #expect(untouched.evidence("server_io")?.statistic["share"] == 0)
        // Seconds of waiting for the disk per second.
        let never = ServerDetectorTests.counter("app.sync_s", 0.2, 0.97)
        #expect(never.outcome("server_io") == .fired)
        let idle = ServerDetectorTests.counter("app.sync_s", 0.2, 0.3)
        #expect(idle.outcome("server_io") == .clear)
        #expect(ServerDetectorTests.none.outcome("server_cpu_pressure") == nil)
    }

    @Test(
        "All workers busy, by the probes' names and by the bundled intake's.",
        arguments: ["app.", ""])
    func workers(prefix: String) {
        let (busy, most, queue) = (
            "\(prefix)workers_busy", "\(prefix)workers_max", "\(prefix)queue_depth"
        )
        let full = ServerDetectorTests.gauge(
            [most: 4], [busy: 1, queue: 0], [busy: 4, queue: 300])
        #expect(full.outcome("server_workers_full") == .fired)
        #expect(full.outcome("server_queue") == .fired)
        #expect(full.outcome("server_idle_at_onset") == .clear)
        let idle = ServerDetectorTests.gauge([most: 4], [busy: 1, queue: 0], [busy: 0, queue: 0])
        #expect(idle.outcome("server_workers_full") == .clear)
        #expect(idle.outcome("server_queue") == .clear)
        #expect(idle.outcome("server_idle_at_onset") == .fired)
        #expect(ServerDetectorTests.none.outcome("server_workers_full") == nil)
        #expect(ServerDetectorTests.none.outcome("server_idle_at_onset") == nil)
    }

    @Test("A sleeping processor alone does not make a server idle.")
    func sleepingProcessor() {
        let name = "server_idle_at_onset"
        let (user, waiting) = ("cpu.user", "listen.recvq")
        func processors(_ cores: Double) -> SyntheticCase {
            var file = ServerDetectorTests.counter(user, 0.1, cores)
            file.sample(0..<90) { _ in ["cpu.cores": 2] }
            return file
        }
        #expect(processors(0.1).outcome(name) == nil)
        #expect(processors(1.9).outcome(name) == .clear)
        let waitedFor = ServerDetectorTests.gauge(
            ["cpu.cores": 2], [user: 0.1, waiting: 0], [user: 0.1, waiting: 40])
        #expect(waitedFor.outcome(name) == .clear)
        let pool = ServerDetectorTests.gauge(
            ["cpu.cores": 2, "app.db_pool_max": 5], [user: 0.1, "app.db_pool_busy": 1],
            [user: 0.1, "app.db_pool_busy": 5])
        #expect(pool.outcome(name) == .clear)
    }

    @Test("A pool of connections that is used up and waited for.")
    func pool() {
        let names = ["app.db_pool_max": 5.0]
        let full = ServerDetectorTests.gauge(
            names, ["app.db_pool_busy": 1, "app.db_pool_wait_ms": 0],
            ["app.db_pool_busy": 5, "app.db_pool_wait_ms": 900])
        #expect(full.outcome("server_db_pool") == .fired)
        let free = ServerDetectorTests.gauge(
            names, ["app.db_pool_busy": 1, "app.db_pool_wait_ms": 0],
            ["app.db_pool_busy": 2, "app.db_pool_wait_ms": 1])
        #expect(free.outcome("server_db_pool") == .clear)
        #expect(ServerDetectorTests.none.outcome("server_db_pool") == nil)
    }

    @Test(
        "Overflows count for the whole machine: with an empty queue of its own they are another's.")
    func overflowsOfOthers() {
        func file(_ waiting: Double) -> SyntheticCase {
            var file = ServerDetectorTests.counter("tcpext.ListenOverflows", 0, 20)
            file.sample(0..<90) { _ in ["listen.recvq": waiting, "listen.sendq": 128] }
            return file
        }
        #expect(file(1).outcome("server_listen_overflow") == nil)
        #expect(file(129).outcome("server_listen_overflow") == .fired)
    }

    @Test("Overflows of the accept queue and descriptors that are used up.")
    func connections() {
        #expect(
            ServerDetectorTests.counter("tcpext.ListenOverflows", 0, 20)
                .outcome("server_listen_overflow") == .fired)
        #expect(
            ServerDetectorTests.counter("tcpext.ListenOverflows", 0, 0)
                .outcome("server_listen_overflow") == .clear)
        let queue = ["listen.sendq": 128.0]
        #expect(
            ServerDetectorTests.gauge(queue, ["listen.recvq": 0], ["listen.recvq": 129])
                .outcome("server_listen_full") == .fired)
        #expect(
            ServerDetectorTests.gauge(queue, ["listen.recvq": 0], ["listen.recvq": 3])
                .outcome("server_listen_full") == .clear)
        let limit = ["fds.limit": 1_024.0]
        #expect(
            ServerDetectorTests.gauge(limit, ["fds.open": 90], ["fds.open": 1_024])
                .outcome("server_descriptors") == .fired)
        #expect(
            ServerDetectorTests.gauge(limit, ["fds.open": 90], ["fds.open": 200])
                .outcome("server_descriptors") == .clear)
        for test in ["server_listen_overflow", "server_listen_full", "server_descriptors"] {
            #expect(ServerDetectorTests.none.outcome(test) == nil)
        }
    }

    @Test("A queue of connections that stands before idle workers, and one before busy ones.")
    func accepting() {
        func outcome(waiting: Double, busy: Double) -> TestOutcome? {
            ServerDetectorTests.gauge(
                ["app.workers_max": 20], ["listen.recvq": 0, "app.workers_busy": 3],
                ["listen.recvq": waiting, "app.workers_busy": busy]
            ).outcome("server_not_accepting")
        }
        #expect(outcome(waiting: 200, busy: 2) == .fired)
        #expect(outcome(waiting: 1, busy: 2) == .clear)
        #expect(outcome(waiting: 1, busy: 20) == .clear)
        #expect(outcome(waiting: 200, busy: 20) == nil)
        #expect(ServerDetectorTests.none.outcome("server_not_accepting") == nil)
    }

    @Test("What overflows or fills up long after the onset is a consequence.")
    func consequences() {
        let late = ServerDetectorTests.file(
            { _ in
                [
                    "tcpext.ListenOverflows": 0, "listen.recvq": 0, "listen.sendq": 128,
                    "fds.open": 90, "fds.limit": 200,
                ]
            },
            { second in
                let isLate = second >= 65
                return [
                    "tcpext.ListenOverflows": isLate ? 30 * Double(second - 65) : 0,
                    "listen.recvq": isLate ? 129 : 0, "listen.sendq": 128,
                    "fds.open": isLate ? 200 : 90, "fds.limit": 200,
                ]
            })
        for test in ["server_listen_overflow", "server_listen_full", "server_descriptors"] {
            #expect(late.outcome(test) == nil, "\(test)")
        }
    }

    @Test("Free space that runs out, and space that does not.")
    func space() {
        let full = ServerDetectorTests.file(
            { ["disk.free_bytes": 400e6 - 10e6 * Double($0)] }, { _ in ["disk.free_bytes": 0] })
        #expect(full.outcome("server_disk_full") == .fired)
        let free = ServerDetectorTests.gauge(
            [:], ["disk.free_bytes": 9e9], ["disk.free_bytes": 8e9])
        #expect(free.outcome("server_disk_full") == .clear)
        #expect(ServerDetectorTests.none.outcome("server_disk_full") == nil)
        // A quota may be used up on a disk that has room.
        let quota = ServerDetectorTests.file(
            { ["disk.free_bytes": 9e9, "app.free_bytes": 20e6 - 0.5e6 * Double($0)] },
            { _ in ["disk.free_bytes": 9e9, "app.free_bytes": 1_000] })
        #expect(quota.outcome("server_disk_full") == .fired)
        #expect(quota.evidence("server_disk_full")?.statistic["least"] == 1_000)
        // A small quota is not used up because it is small.
        let small = ServerDetectorTests.gauge(
            [:], ["app.free_bytes": 3e6], ["app.free_bytes": 2e6])
        #expect(small.outcome("server_disk_full") == .clear)
    }

    @Test("Memory that is used up before each restart is the cause, not the restart.")
    func memoryUsedUp() {
        // A new process every twenty seconds, each from 40 MB up by 10 MB a second.
        let sawtooth: (Int) -> [String: Double] = { second in
            ["mem.rss": 40e6 + 10e6 * Double(second % 20), "proc.pid": Double(100 + second / 20)]
        }
        let usedUp = ServerDetectorTests.file(sawtooth, sawtooth)
        #expect(usedUp.outcome("server_memory_used_up") == .fired)
        #expect(usedUp.evidence("server_memory_used_up")?.statistic["largest_bytes"] == 230e6)
        // The same restarts at an even size.
        let crashes: (Int) -> [String: Double] = { second in
            ["mem.rss": 40e6, "proc.pid": Double(100 + second / 20)]
        }
        #expect(
            ServerDetectorTests.file(crashes, crashes).outcome("server_memory_used_up") == .clear)
        // One process all the time: nobody knows what it would have ended with.
        let alive = ServerDetectorTests.file(
            { ["mem.rss": 1e6 * Double($0), "proc.pid": 7] },
            { ["mem.rss": 1e6 * Double($0), "proc.pid": 7] })
        #expect(alive.outcome("server_memory_used_up") == nil)
    }

    @Test("Memory that grows all the time, and kills by the kernel.")
    func memory() {
        let leak = ServerDetectorTests.file(
            { ["mem.rss": 100e6 + 5e6 * Double($0)] }, { ["mem.rss": 100e6 + 5e6 * Double($0)] })
        #expect(leak.outcome("server_memory_growth") == .fired)
        let flat = ServerDetectorTests.gauge([:], ["mem.rss": 100e6], ["mem.rss": 110e6])
        #expect(flat.outcome("server_memory_growth") == .clear)
        #expect(
            ServerDetectorTests.counter("mem.oom_kills", 0, 0.1).outcome("server_memory_short")
                == .fired)
        #expect(
            ServerDetectorTests.counter("mem.oom_kills", 0, 0).outcome("server_memory_short")
                == .clear)
        #expect(ServerDetectorTests.none.outcome("server_memory_growth") == nil)
        // Flat until the onset, and growing from then on.
        let late = ServerDetectorTests.file(
            { _ in ["mem.rss": 100e6] }, { ["mem.rss": 100e6 + 10e6 * Double($0 - 40)] })
        #expect(late.outcome("server_memory_growth") == .fired)
        #expect(ServerDetectorTests.none.outcome("server_memory_short") == nil)
    }

    @Test("Another process afterwards is a restart.")
    func restart() {
        let again = ServerDetectorTests.gauge(
            [:], ["proc.pid": 41, "proc.start_time": 100], ["proc.pid": 97, "proc.start_time": 141])
        #expect(again.outcome("server_restart") == .fired)
        let same = ServerDetectorTests.gauge([:], ["proc.pid": 41], ["proc.pid": 41])
        #expect(same.outcome("server_restart") == .clear)
        #expect(ServerDetectorTests.none.outcome("server_restart") == nil)
    }

    @Test("The server's own counts of refusals, by rule.")
    func policy() {
        for (name, test) in [("app.limited", "server_limited"), ("app.shed", "server_shed")] {
            #expect(ServerDetectorTests.counter(name, 0, 10).outcome(test) == .fired)
            #expect(ServerDetectorTests.counter(name, 0, 0).outcome(test) == .clear)
            #expect(ServerDetectorTests.none.outcome(test) == nil)
        }
    }

    @Test("Counters that a restart sets back lose nothing but what it took.")
    func series() {
        let series = ServerSeries(
            [0.0, 5, 9, 1, 4].enumerated().map { second, value in
                ServerSample(second: second, values: ["app.shed": value])
            })
        #expect(series.increase(.shed, in: 0..<5) == 12)
        #expect(series.rates(.shed, in: 0..<5) == [5, 4, 3])
        #expect(series.values(.shed, in: 1..<3) == [5, 9])
        #expect(series.increase(.limited, in: 0..<5) == nil)
    }
}
