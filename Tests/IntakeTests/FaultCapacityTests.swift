import Foundation
import Primitives
import Synchronization
import Testing

@testable import Intake

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite(.timeLimit(.minutes(1))) struct FaultCapacityTests {
    @Test("Workers that are held are busy and serve nobody, until they are given back.")
    func workers() async throws {
        let settings = ["workers": "2", "queue": "0", "faults": "workers at=0s held=2"]
        try await withIntake(settings) { intake in
            _ = await intake.open()
            try await intake.eventually { intake.server.services.workers.load.busy == 2 }
            #expect(await intake.tip().status == 503)
            #expect(await intake.open().status == 200)
            intake.server.services.faultIsOver(0)
            try await intake.eventually { intake.server.services.workers.load.busy == 0 }
            #expect(await intake.tip().status == 201)
        }
    }

    @Test("A small pool turns away who waits too long; what needs no store is served.")
    func pool() async throws {
        let faults = "pool at=0s size=1 wait=100ms transaction=4s status=503"
        try await withIntake(["faults": faults]) { intake in
            try await intake.untilFaultBegan()
            let first = Task { await intake.tip(key: "first") }
            try await intake.eventually { intake.server.services.store.load.busy == 1 }
            let second = await intake.tip(key: "second")
            #expect(second.status == 503 && second.body.contains("no connection to the store"))
            #expect(await intake.open().status == 200)
            #expect(await first.value.status == 201)
            #expect(intake.server.services.store.load.workers == 1)
            #expect(await intake.stored().count == 1)
        }
    }

    @Test("Every second unit needs what is late, and is told so at the deadline.")
    func downstream() async throws {
        let faults = "downstream at=0s delay=1h deadline=30ms share=0.5"
        try await withIntake(["faults": faults]) { intake in
            var statuses: [Int] = []
            for _ in 0..<6 { statuses.append(await intake.tip().status) }
            #expect(statuses == [201, 504, 201, 504, 201, 504])
            #expect(intake.server.services.workers.load.busy == 0)
        }
    }

    @Test("Bodies come no faster than the rate.")
    func bandwidth() async throws {
        try await withIntake(["faults": "bandwidth at=0s throughput=200kB/s"]) { intake in
            let clock = SystemClock()
            let start = clock.now()
            #expect(await intake.form(IntakeFixture.video(100_000), key: "a").status == 201)
            #expect(clock.now() - start >= .milliseconds(500))
        }
    }

    @Test("A full disk takes what still fits, and nothing larger ever again.")
    func diskFull() async throws {
        let faults = "disk-full at=0s free=150kB status=500"
        try await withIntake(["faults": faults]) { intake in
            try await intake.untilFaultBegan()
            var statuses: [Int] = []
            for (number, bytes) in [100_000, 100_000, 40_000, 20_000, 9_000].enumerated() {
                let file = IntakeFixture.video(bytes, salt: UInt8(number))
                statuses.append(await intake.form(file, key: "key-\(number)").status)
            }
            #expect(statuses == [201, 500, 201, 500, 201])
            #expect(await intake.open().status == 200)
            #expect(intake.spooled.count == 3)
            #expect(intake.server.services.spool.usedBytes == 149_000)
        }
    }

    @Test("A store that cannot grow says so itself.")
    func storeFull() async throws {
        try await withIntake(["faults": "disk-full at=0s full=store"]) { intake in
            try await intake.untilFaultBegan()
            let text = "{\"text\":\"\(String(repeating: "x", count: 60_000))\"}"
            #expect(await intake.tip(text, key: "a").status == 507)
            #expect(await intake.stored().isEmpty)
            intake.server.services.faultIsOver(0)
            try await intake.eventually { await intake.fault()["ended"] is [String: Any] }
            #expect(await intake.tip(text, key: "a").status == 201)
        }
    }

    @Test("A quota leaves so much more than lies there already.")
    func quota() async throws {
        let settings = ["timeScale": "1200", "faults": "quota afterCount=1 free=10kB"]
        try await withIntake(settings) { intake in
            var statuses: [Int] = []
            for (number, bytes) in [50_000, 9_000, 9_000, 900].enumerated() {
                let file = IntakeFixture.video(bytes, salt: UInt8(number))
                statuses.append(await intake.form(file, key: "key-\(number)").status)
            }
            #expect(statuses == [201, 201, 507, 201])
        }
    }

    @Test("Locks, disks, releases, burns and leaks do their work and let the units through.")
    func costs() async throws {
        let faults = """
            lock at=0s section=2ms coherency=1ms; fsync at=0s syncs=2 latency=3ms;
            release at=0s cost=2ms; cpu at=0s cost=1ms threads=1;
            leak at=0s bytes=10kB memory=25kB; cold at=0s factor=3 warmup=10s
            """
        try await withIntake(["faults": faults]) { intake in
            let services = intake.server.services
            _ = await intake.open()
            try await intake.eventually {
                services.faultTools[0] != nil && services.faultTools[1] != nil
                    && services.faultTools[4] != nil
            }
            await withTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    group.addTask { await intake.tip(key: "key-\(number)").status }
                }
                for await status in group { #expect(status == 201) }
            }
            guard case .leak(let leak)? = services.faultTools[4] else {
                Issue.record("no leak")
                return
            }
            #expect(leak.bytes == 20_000)
            for fault in 0..<6 { services.faultIsOver(fault) }
            try await intake.eventually { await intake.fault(5)["ended"] is [String: Any] }
            #expect(leak.bytes == 0 && services.faultTools[0] == nil)
            #expect(!FileManager.default.fileExists(atPath: intake.directory + "/fault-journal"))
            #expect(await intake.stored().count == 8)
        }
    }

    @Test("A stalled acceptor leaves exactly one connection more than the backlog.")
    func accept() async throws {
        try await withIntake(["faults": "accept at=0s backlog=3"]) { intake in
            try await intake.untilFaultBegan()
            // The first request, and the connection that used up the accept that was armed.
            try await intake.eventually { intake.server.services.presence.total == 2 }
            var descriptors: [Int32] = []
            defer { for descriptor in descriptors { close(descriptor) } }
            while descriptors.count < 10, let next = Self.connected(intake.server.port) {
                descriptors.append(next)
            }
            #expect(descriptors.count == 4)
            #expect(intake.server.services.presence.total == 2)
        }
    }

    @Test("A process that nobody would start again is not killed.")
    func noParent() async throws {
        try await withIntake(["faults": "crash afterCount=1"]) { intake in
            for _ in 0..<3 { #expect(await intake.open().status == 200) }
            try await intake.eventually {
                await intake.fault()["failure"] as? String
                    == "nobody would start this process again"
            }
        }
    }

    @Test("Who takes the place of a process that was killed knows what it knew.")
    func successor() async throws {
        let directory =
            FileManager.default.temporaryDirectory.path + "/intake-heir-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let deaths = Deaths()
        var settings = IntakeSettings()
        try SettingsTable.set("faults", to: "crash afterCount=2 down=700ms", in: &settings)
        let launch = IntakeLaunch(
            dataDirectory: directory, settings: settings, crash: { deaths.add($0) })
        let first = try await IntakeServer(launch)
        let before = IntakeFixture(server: first, directory: directory)
        for _ in 0..<3 { #expect(await before.open().status == 200) }
        try await before.eventually { deaths.spans == [.milliseconds(700)] }
        await first.stop()
        var heir = launch
        heir.isSuccessor = true
        let second = try await IntakeServer(heir)
        let after = IntakeFixture(server: second, directory: directory)
        try await after.eventually { await after.fault()["ended"] is [String: Any] }
        let fault = await after.fault()
        let occurrences = fault["occurrences"] as? [[String: Any]] ?? []
        #expect(occurrences.count == 1 && occurrences.first?["ended"] is [String: Any])
        #expect(await after.open().status == 200)
        #expect(second.services.faults.requests == 4 && second.services.faults.restarts == 1)
        #expect(deaths.spans.count == 1)
        await second.stop()
    }

    /// A connection to a loopback port; nil when it is not there within half a second.
    private static func connected(_ port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        // Half a second: the first retransmission of a lost SYN comes after a whole one.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&waiting, 1, 500) == 1, Int32(waiting.revents) & POLLERR == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}

/// Notes how long a process was to be gone.
private final class Deaths: Sendable {
    private let noted = Mutex<[Nanoseconds]>([])

    /// The spans so far.
    var spans: [Nanoseconds] { self.noted.withLock { $0 } }

    /// Notes one.
    func add(_ span: Nanoseconds) { self.noted.withLock { $0.append(span) } }
}
