import Foundation
import Primitives
import TestSupport
import Testing
import Transport

/// Serialized: descriptors are counted for the whole process.
@Suite(.serialized) struct ConnectionTests {
    /// The sockets of this process that are connected to a port on 127.0.0.1.
    private func socketsConnected(to port: UInt16) -> Int {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        else { return -1 }
        return names.count { name in
            guard let descriptor = Int32(name) else { return false }
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let found = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    getpeername(descriptor, $0, &length)
                }
            }
            return found == 0 && address.sin_family == sa_family_t(AF_INET)
                && UInt16(bigEndian: address.sin_port) == port
        }
    }

    @Test("A client that retires closes its connections at once.")
    func retire() async throws {
        try await withLane(script: answering()) { lane, server in
            let get = try request(server.url())
            for _ in 0..<20 {
                let client = await lane.makeClient()
                let result = await lane.transfer(get, client: client)
                #expect(result.failure == nil && !result.connectionReused)
                #expect(self.socketsConnected(to: server.port) == 1)
                await lane.retire(client)
                #expect(self.socketsConnected(to: server.port) == 0)
            }
            #expect(server.accepted == 20)
        }
    }

    @Test("A client that retires in the word about its own transfer is gone.")
    func retireInside() async throws {
        try await withLane(script: answering()) { lane, server in
            let get = try request(server.url())
            let client = await lane.makeClient()
            await lane.onQueue { lane.onEnd = { _, _ in lane.lane.retire(client) } }
            _ = await lane.transfer(get, client: client)
            #expect(self.socketsConnected(to: server.port) == 0)
            await lane.onQueue { lane.onEnd = nil }
            let next = await lane.makeClient()
            #expect(next != client)
            #expect(await lane.transfer(get, client: next).failure == nil)
        }
    }

    @Test("A connection that the server closes at rest is noticed once, and replaced.")
    func closedAtRest() async throws {
        let once: @Sendable (ScriptedConnection) -> Void = { connection in
            if connection.readRequest() != nil { connection.answer(body: "ok") }
        }
        try await withLane(script: once) { lane, server in
            let client = await lane.makeClient()
            for round in 1...3 {
                let result = await lane.transfer(try request(server.url()), client: client)
                #expect(result.failure == nil && !result.connectionReused)
                #expect(server.accepted == round)
                let before = await lane.onQueue { lane.events.count }
                await lane.alarm(at: SystemClock().now() + .milliseconds(30))
                // A lane that is told of the close over and over wakes thousands of times.
                #expect(await lane.onQueue { lane.events.count } - before < 20)
            }
        }
    }

    @Test("Connections that are not to be reused are closed after their request.")
    func noReuse() async throws {
        var options = LaneOptions()
        options.reuseConnections = false
        try await withLane(options, script: answering()) { lane, server in
            let client = await lane.makeClient()
            for number in 1...5 {
                let result = await lane.transfer(try request(server.url()), client: client)
                #expect(!result.connectionReused)
                #expect(result.connectionNumber == UInt64(number))
                #expect(self.socketsConnected(to: server.port) == 0)
            }
        }
    }

    @Test("Transfers of one client at one time use several connections and keep them.")
    func parallel() async throws {
        try await withLane(script: answering()) { lane, server in
            let client = await lane.makeClient()
            let get = try request(server.url())
            for round in 0..<3 {
                let tokens = await lane.onQueue {
                    (0..<4).map { _ in lane.startHere(get, client: client) }
                }
                var numbers: Set<UInt64> = []
                for token in tokens {
                    let result = await lane.result(of: token)
                    #expect(result.failure == nil)
                    numbers.insert(result.connectionNumber)
                    if round > 0 { #expect(result.connectionNumber <= 4) }
                }
                #expect(!numbers.contains(0))
            }
            #expect(server.accepted <= 4)
        }
    }

    @Test("No descriptor is left behind, whatever became of the transfers.")
    func descriptors() async throws {
        let refusing = try ScriptedServer(script: nil)
        let dead = refusing.url()
        let deadPort = refusing.port
        refusing.stop()
        var port: UInt16 = 0
        try await withLane { connection in
            guard connection.readRequest() != nil else { return }
            switch connection.number % 3 {
            case 0: connection.answer()
            case 1: connection.resetAtClose()
            default: connection.holdUntilClosed()
            }
        } _: { lane, server in
            port = server.port
            for _ in 0..<5 {
                var tokens: [UInt64] = []
                for index in 0..<12 {
                    let url = index % 4 == 3 ? dead : server.url()
                    tokens.append(
                        await lane.start(
                            try request(url, timeout: .milliseconds(150)),
                            client: await lane.makeClient()))
                }
                let cancelled = tokens[0]
                await lane.onQueue { lane.lane.cancel(token: cancelled) }
                for token in tokens { _ = await lane.result(of: token) }
            }
        }
        #expect(self.socketsConnected(to: port) == 0)
        #expect(self.socketsConnected(to: deadPort) == 0)
    }

    @Test("Only pinned addresses are connected to.")
    func gate() async throws {
        var options = LaneOptions()
        options.allowedAddresses = try AddressGate(pinned: ["127.0.0.1"])
        options.followRedirects = 3
        options.resolve = ["intake.example:80:127.0.0.2"]
        try await withLane(options) { connection in
            while let request = connection.readRequest() {
                let elsewhere = "http://127.0.0.2:1/"
                if request.path == "/away" {
                    connection.answer(302, headers: ["Location: \(elsewhere)"])
                } else {
                    connection.answer()
                }
            }
        } _: { lane, server in
            let client = await lane.makeClient()
            #expect(await lane.transfer(try request(server.url()), client: client).failure == nil)
            let refused = [
                "http://127.0.0.2:\(server.port)/", "http://0x7f.2:\(server.port)/",
                "http://[::1]:\(server.port)/", "http://0.0.0.0:\(server.port)/",
                "http://intake.example/", server.url("/away"),
            ]
            for url in refused {
                let result = await lane.transfer(try request(url), client: client)
                #expect(result.failure == .policy, "\(url)")
            }
            let odd = await lane.transfer(
                try request("http://2130706433:\(server.port)/"), client: client)
            #expect(odd.failure == nil)
            #expect(server.accepted == 1)
        }
    }

    @Test("Clients connect from the source addresses in turn.")
    func sources() async throws {
        var options = LaneOptions()
        options.sourceAddresses = ["127.0.0.5", "127.0.0.6"]
        try await withLane(options, script: answering()) { lane, server in
            var results: Set<UInt64> = []
            for _ in 0..<4 {
                let result = await lane.transfer(
                    try request(server.url()), client: await lane.makeClient())
                #expect(result.failure == nil)
                results.insert(result.connectionNumber)
            }
            #expect(results == [1, 2, 3, 4])
            #expect(server.peers.sorted() == ["127.0.0.5", "127.0.0.5", "127.0.0.6", "127.0.0.6"])
        }
        #expect(throws: TransportError.self) {
            var bad = LaneOptions()
            bad.sourceAddresses = ["localhost"]
            _ = try TransferLane(label: "bad", options: bad)
        }
    }

    @Test("Clients that come and go use every source address, and so do connections not kept.")
    func sourcesRotate() async throws {
        var options = LaneOptions()
        options.sourceAddresses = ["127.0.0.5", "127.0.0.6", "127.0.0.7"]
        // One client at a time: the same place in the lane's list again and again.
        try await withLane(options, script: answering()) { lane, server in
            for _ in 0..<6 {
                let client = await lane.makeClient()
                let result = await lane.transfer(try request(server.url()), client: client)
                #expect(result.failure == nil)
                await lane.retire(client)
            }
            #expect(
                server.peers.sorted()
                    == Array(repeating: "127.0.0.", count: 6).enumerated()
                    .map { $1 + String(5 + $0 / 2) })
        }
        options.reuseConnections = false
        try await withLane(options, script: answering()) { lane, server in
            let client = await lane.makeClient()
            for _ in 0..<6 {
                let result = await lane.transfer(try request(server.url()), client: client)
                #expect(result.failure == nil)
            }
            #expect(Set(server.peers) == ["127.0.0.5", "127.0.0.6", "127.0.0.7"])
        }
    }

    @Test("A source address that is gone is the generator's fault, never the server's.")
    func sourceGone() async throws {
        var options = LaneOptions()
        // TEST-NET-3 (RFC 5737) belongs to nobody; the target has no IPv6 address.
        for sources in [["203.0.113.9"], ["::1"]] {
            options.sourceAddresses = sources
            try await withLane(options, script: answering()) { lane, server in
                let result = await lane.transfer(
                    try request(server.url()), client: await lane.makeClient())
                #expect(result.failure == .localPorts)
                #expect(result.failure?.isGeneratorFault == true)
                #expect(server.accepted == 0)
            }
        }
    }
}
