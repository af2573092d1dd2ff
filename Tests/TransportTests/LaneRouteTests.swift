import Foundation
import Primitives
import TestSupport
import Testing

@testable import Transport

@Suite struct LaneRouteTests {
    @Test("IPv6 loopback is reached; connections get numbers of their own.")
    func ipv6() async throws {
        let server = try PlainListener(family: .ipv6)
        defer { server.stop() }
        try await withLane(script: nil) { lane, _ in
            let client = await lane.makeClient()
            let first = await lane.transfer(
                try request("http://[::1]:\(server.port)/"), client: client)
            let second = await lane.transfer(
                try request("http://[::1]:\(server.port)/"), client: client)
            #expect(first.status == 200 && second.status == 200)
            #expect(first.connectionNumber == 1 && second.connectionNumber == 1)
            #expect(!first.connectionReused && second.connectionReused)
        }
    }

    @Test("A Unix socket is reached only where it is allowed, and its connections are told apart.")
    func unixSocket() async throws {
        let server = try PlainListener(family: .unix)
        defer { server.stop() }
        var options = LaneOptions()
        options.unixSocket = server.path
        try await withLane(options, script: nil) { lane, _ in
            let result = await lane.transfer(
                try request("http://localhost/"), client: await lane.makeClient())
            #expect(result.failure == .policy)
        }
        options.allowedAddresses = AddressGate.loopback.allowing(unixSocket: server.path + "x")
        try await withLane(options, script: nil) { lane, _ in
            let result = await lane.transfer(
                try request("http://localhost/"), client: await lane.makeClient())
            #expect(result.failure == .policy)
        }
        options.allowedAddresses = AddressGate.loopback.allowing(unixSocket: server.path)
        try await withLane(options, script: nil) { lane, _ in
            for number in 1...3 {
                let client = await lane.makeClient()
                for round in 0..<2 {
                    let result = await lane.transfer(
                        try request("http://any.example/"), client: client)
                    #expect(result.failure == nil && result.status == 200)
                    #expect(result.connectionNumber == UInt64(number))
                    #expect(result.connectionReused == (round > 0))
                }
            }
        }
    }

    @Test("connect-to and resolve lead elsewhere, never past the gate.")
    func routes() async throws {
        var route = ConnectionRoute()
        try route.detour("api.example:80:127.0.0.1:1")
        #expect(route.connectToEntries == ["api.example:80:127.0.0.1:1"])
        let server = try ScriptedServer(script: answering())
        defer { server.stop() }
        var options = LaneOptions()
        options.connectTo = [
            "api.example:80:127.0.0.1:\(server.port)", "away.example:80:192.0.2.1:80",
        ]
        options.resolve = [
            ConnectionRoute.resolveEntry("pinned.example", Int(server.port), ["127.0.0.1"]),
            ConnectionRoute.resolveEntry("outside.example", 80, ["2001:db8::1", "192.0.2.1"]),
        ]
        try await withLane(options, script: nil) { lane, _ in
            let client = await lane.makeClient()
            for (url, expected) in [
                ("http://api.example/", FailureClass?.none),
                ("http://pinned.example:\(server.port)/", nil),
                ("http://away.example/", .policy), ("http://outside.example/", .policy),
            ] {
                let result = await lane.transfer(try request(url), client: client)
                #expect(result.failure == expected, "\(url)")
            }
        }
    }

    @Test("What the linked libcurl cannot do is refused when the lane is made, saying so.")
    func support() throws {
        var options = LaneOptions()
        options.httpVersion = .http3
        let without = CurlVersion(version: "7.0", features: ["SSL"], protocols: ["http"])
        let error = #expect(throws: TransportError.self) {
            try options.checkSupport(by: without)
        }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("without HTTP/3") == true)
        options.httpVersion = .auto
        try options.checkSupport(by: without)
        options.unixSocket = "/tmp/x"
        #expect(throws: TransportError.self) { try options.checkSupport(by: without) }
    }

    @Test("A name that does not exist is a failed lookup.")
    func noSuchName() async throws {
        try await withLane(script: nil) { lane, _ in
            let result = await lane.transfer(
                try request("http://nobody.invalid/"), client: await lane.makeClient())
            #expect(result.failure == .dns || result.failure == .dnsTimeout)
            #expect(result.lookedUp == nil && result.connectionNumber == 0)
        }
    }
}
