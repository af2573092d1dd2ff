import Primitives
import TestSupport
import Testing
import Transport

@testable import Targets

@Suite("Single questions over HTTP")
struct ControlClientTests {
    @Test("An answer comes with its status and body, whatever the status.")
    func answers() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                guard connection.answer(request.method == "PUT" ? 404 : 200, body: "it") else {
                    return
                }
            }
        }
        defer { server.stop() }
        let client = try ControlClient(gate: .loopback)
        let got = try await client.send("GET", server.url())
        #expect(got.status == 200)
        #expect(got.body == Array("it".utf8))
        #expect(try await client.send("PUT", server.url(), json: "{}").status == 404)
        await client.shutdown()
    }

    @Test("Whoever waits when the client is closed, or asks afterwards, gets an error.")
    func closing() async throws {
        let arrived = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            arrived.continuation.yield()
            connection.holdUntilClosed()
        }
        defer { server.stop() }
        let client = try ControlClient(gate: .loopback)
        let url = server.url()
        let waiting = Task { try await client.send("GET", url, timeout: .seconds(60)) }
        var arrivals = arrived.stream.makeAsyncIterator()
        await arrivals.next()
        await client.shutdown()
        await #expect(throws: TargetError.self) { try await waiting.value }
        await #expect(throws: TargetError.self) { try await client.send("GET", url) }
    }

    @Test("An address that the gate does not allow is refused.")
    func gate() async throws {
        let client = try ControlClient(gate: try AddressGate(pinned: ["192.0.2.1"]))
        let error = await #expect(throws: TargetError.self) {
            try await client.send("GET", "http://127.0.0.1:9/")
        }
        #expect(error?.message == "GET http://127.0.0.1:9/: policy")
        await client.shutdown()
    }
}
