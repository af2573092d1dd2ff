import Foundation
import Primitives
import Testing

@testable import Intake

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite(.timeLimit(.minutes(2))) struct FaultProcessTests {
    private func eventually(_ condition: () async -> Bool) async throws {
        let clock = SystemClock()
        let end = clock.now() + .seconds(30)
        while await !condition() {
            try #require(clock.now() < end, "the condition never held")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func seconds(_ instant: Any?) -> Double? {
        ((instant as? [String: Any])?["t"] as? NSNumber)?.doubleValue
    }

    @Test("A killed process refuses for its time and comes back on the same ports.")
    func crash() async throws {
        let status = try await IntakeProgram.run(
            ["--fault", "crash afterCount=3 down=1s"]
        ) { intake in
            for _ in 0..<3 { #expect(await intake.get("/v1/app").status == 200) }
            async let refused = RawClient.wereRefused([intake.port, intake.adminPort])
            _ = await intake.get("/v1/app")
            #expect(await refused)
            try await self.eventually { await intake.get("/healthz").status == 200 }
            try await self.eventually { await intake.fault()["ended"] is [String: Any] }
            let manifest = await intake.manifest()
            #expect((manifest["restarts"] as? NSNumber)?.intValue == 1)
            let fault = await intake.fault()
            let deaths = fault["occurrences"] as? [[String: Any]] ?? []
            #expect(deaths.count == 1)
            let began = try #require(self.seconds(deaths.first?["began"]))
            let ended = try #require(self.seconds(deaths.first?["ended"]))
            #expect(ended - began >= 1)
        }
        #expect(status == 0)
    }

    @Test("A crash loop goes on by its own count of requests.")
    func crashLoop() async throws {
        let fault = "crash afterCount=2 down=10ms requests=4"
        let status = try await IntakeProgram.run(["--fault", fault]) { intake in
            try await self.eventually {
                _ = await intake.get("/v1/app")
                let deaths = await intake.fault()["occurrences"] as? [Any] ?? []
                return deaths.count >= 3
            }
        }
        #expect(status == 0)
    }

    @Test("A pause stops everything, for as long as it says.")
    func pause() async throws {
        let status = try await IntakeProgram.run(
            ["--fault", "pause at=0s freeze=400ms period=1h"]
        ) { intake in
            _ = await intake.get("/v1/app")
            try await self.eventually {
                let stops = await intake.fault()["occurrences"] as? [[String: Any]] ?? []
                return stops.first?["ended"] is [String: Any]
            }
            let stops = await intake.fault()["occurrences"] as? [[String: Any]] ?? []
            let began = try #require(self.seconds(stops.first?["began"]))
            let ended = try #require(self.seconds(stops.first?["ended"]))
            #expect(ended - began >= 0.399)
            #expect(await intake.get("/v1/app").status == 200)
        }
        #expect(status == 0)
    }

    #if os(Linux)
        @Test("As many connections as there are descriptors left are served, and not one more.")
        func descriptors() async throws {
            let status = try await IntakeProgram.run(
                ["--fault", "descriptors at=0s spare=6"]
            ) { intake in
                _ = await intake.get("/v1/app")
                try await self.eventually { await intake.fault()["began"] is [String: Any] }
                var free = -1
                // Connections of the questions above are still being closed.
                try await self.eventually {
                    let before = free
                    free = self.freeDescriptors(of: intake.pid)
                    try? await Task.sleep(for: .milliseconds(100))
                    return free == before
                }
                try #require(free >= 14 && free < 30)
                var held: [Int32] = []
                defer { for descriptor in held { close(descriptor) } }
                while held.count < 40, let next = Self.served(by: intake.port) {
                    held.append(next)
                }
                // Eight are left to whatever else the process opens.
                #expect(held.count == free - 8)
                // One that leaves makes room for one that comes.
                close(held.removeLast())
                let late = Self.served(by: intake.port, patience: 10_000)
                #expect(late != nil)
                if let late { held.append(late) }
            }
            #expect(status == 0)
        }

        /// Numbers below the soft limit that no open descriptor has.
        private func freeDescriptors(of pid: Int) -> Int {
            let limits = (try? String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)) ?? ""
            let line = limits.split(separator: "\n").first { $0.hasPrefix("Max open files") }
            let words = line?.split(separator: " ") ?? []
            guard words.count > 3, let soft = Int(words[3]) else { return -1 }
            let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")
            return soft - (open ?? []).compactMap(Int.init).filter { $0 < soft }.count
        }
    #endif

    /// A connection that got an answer; nil when it got none within so many milliseconds.
    private static func served(by port: Int, patience: Int32 = 2_500) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        let request = Array("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard result == 0, send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) > 0,
            poll(&waiting, 1, patience) == 1
        else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    @Test("The truth of a process that was killed is in one file, and nowhere else.")
    func truth() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/truth-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let status = try await IntakeProgram.run(
            ["--truth", path, "--fault", "crash afterCount=1 down=50ms"]
        ) { intake in
            _ = await intake.get("/v1/app")
            _ = await intake.get("/v1/app")
            try await self.eventually {
                let told = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
                return told.contains("\"restarts\":1,") && told.contains("\"ended\":{")
            }
            try await self.eventually { await intake.get("/healthz").status == 200 }
            let manifest = await intake.manifest()
            #expect(manifest["version"] != nil && manifest["faults"] == nil)
            #expect((manifest["settings"] as? [String: Any])?["faults"] == nil)
            #expect(manifest["restarts"] == nil)
            let names = try FileManager.default.contentsOfDirectory(
                atPath: intake.directory + "/data")
            #expect(!names.contains("faults.json"))
        }
        #expect(status == 0)
    }
}
