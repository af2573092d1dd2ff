import Foundation
import Primitives
import TestSupport
import Testing
import Transport

@Suite struct TransferFailureTests {
    /// Runs one transfer against a script and gives its result.
    private func outcome(
        _ options: LaneOptions = LaneOptions(), scheme: String = "http", method: String = "GET",
        body: UploadBody? = nil, timeout: Nanoseconds = .seconds(10),
        connectTimeout: Nanoseconds = .seconds(10),
        script: (@Sendable (ScriptedConnection) -> Void)?
    ) async throws -> TransferResult {
        var result: TransferResult?
        try await withLane(options, script: script) { lane, server in
            let client = await lane.makeClient()
            result = await lane.transfer(
                try request(
                    server.url(scheme: scheme), method: method, body: body, timeout: timeout,
                    connectTimeout: connectTimeout), client: client)
        }
        return try #require(result)
    }

    @Test("A port where nobody listens is refused.")
    func refused() async throws {
        let server = try ScriptedServer(script: nil)
        let url = server.url()
        server.stop()
        try await withLane(script: nil) { lane, _ in
            let result = await lane.transfer(try request(url), client: await lane.makeClient())
            #expect(result.failure == .refused)
            #expect(result.curlCode == 7)
            #expect(result.osErrno == ECONNREFUSED)
            #expect(result.connected == nil && result.lastSent == nil)
        }
    }

    @Test("A name that cannot exist fails in the lookup.")
    func lookup() async throws {
        try await withLane(script: nil) { lane, _ in
            let label = String(repeating: "a", count: 70)
            let result = await lane.transfer(
                try request("http://\(label).invalid/"), client: await lane.makeClient())
            #expect(result.failure == .dns)
            #expect(result.lookedUp == nil)
        }
    }

    @Test("A full listen queue is a connect timeout.")
    func connectTimeout() async throws {
        try await withLane(backlog: 0, script: nil) { lane, server in
            let url = server.url()
            // The queue of a listener that never accepts takes one or two; the rest is not answered.
            var tokens: [UInt64] = []
            for _ in 0..<4 {
                tokens.append(
                    await lane.start(
                        try request(url, timeout: .seconds(1), connectTimeout: .milliseconds(300)),
                        client: await lane.makeClient()))
            }
            var classes: [FailureClass?] = []
            for token in tokens { classes.append(await lane.result(of: token).failure) }
            #expect(classes.last == .connectTimeout)
            #expect(classes.allSatisfy { $0 == .connectTimeout || $0 == .firstByteTimeout })
        }
    }

    @Test("A TLS handshake that nobody answers is a TLS timeout.")
    func tlsTimeout() async throws {
        let result = try await self.outcome(
            scheme: "https", connectTimeout: .milliseconds(300)
        ) { $0.drainUntilClosed() }
        #expect(result.failure == .tlsTimeout)
        #expect(result.connected != nil && result.secured == nil)
    }

    @Test("A TLS handshake answered with plain text is a TLS failure.")
    func tls() async throws {
        let result = try await self.outcome(scheme: "https") { connection in
            connection.answer(400)
            connection.drainUntilClosed()
        }
        #expect(result.failure == .tls)
    }

    @Test("A server that stops reading makes the upload time out while sending.")
    func sendTimeout() async throws {
        let block = SharedBlock([UInt8](repeating: 7, count: 1 << 16))
        let body = UploadBody(segments: [.block(block, offset: 0, length: 64 << 20)])
        let result = try await self.outcome(
            method: "POST", body: body, timeout: .milliseconds(500)
        ) { connection in
            connection.limitReceiveBuffer(4096)
            connection.holdUntilClosed()
        }
        #expect(result.failure == .sendTimeout)
        #expect(result.lastSent == nil)
        #expect(result.bytesUp > 0 && result.bytesUp < 64 << 20)
    }

    @Test("A reset in the middle of an upload is a reset while sending.")
    func sendReset() async throws {
        let block = SharedBlock([UInt8](repeating: 7, count: 1 << 16))
        let body = UploadBody(segments: [.block(block, offset: 0, length: 64 << 20)])
        let result = try await self.outcome(method: "POST", body: body) { connection in
            _ = connection.read(200_000)
            connection.resetAtClose()
        }
        #expect(result.failure == .sendReset)
    }

    @Test("A body that ends before its length is our own fault.")
    func localRead() async throws {
        let path = NSTemporaryDirectory() + "spate-\(UUID().uuidString)"
        try Data(repeating: 1, count: 1000).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        let file = try FileBody(path: path)
        #expect(file.size == 1000)
        let body = UploadBody(segments: [.file(file, offset: 500, length: 501)])
        let result = try await self.outcome(method: "PUT", body: body, script: answering())
        #expect(result.failure == .localRead)
    }

    @Test("A close without a byte is an empty reply.")
    func emptyReply() async throws {
        let result = try await self.outcome { _ = $0.readRequest() }
        #expect(result.failure == .emptyReply)
        #expect(result.curlCode == 52)
    }

    @Test("A reset instead of a response is a reset while receiving.")
    func receiveReset() async throws {
        let result = try await self.outcome { connection in
            _ = connection.readRequest()
            connection.resetAtClose()
        }
        #expect(result.failure == .receiveReset)
        #expect(result.osErrno == ECONNRESET)
    }

    @Test("A request that is never answered has no first byte in time.")
    func firstByteTimeout() async throws {
        let result = try await self.outcome(timeout: .milliseconds(300)) { connection in
            _ = connection.readRequest()
            connection.holdUntilClosed()
        }
        #expect(result.failure == .firstByteTimeout)
        #expect(result.lastSent != nil && result.firstHeader == nil)
    }

    @Test("An interim response is not a first byte.")
    func interim() async throws {
        let result = try await self.outcome(timeout: .milliseconds(300)) { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            connection.holdUntilClosed()
        }
        #expect(result.failure == .firstByteTimeout)
        #expect(result.status == 0)
    }

    @Test("A response that stops half-way stalls.")
    func stallTimeout() async throws {
        let result = try await self.outcome(timeout: .milliseconds(300)) { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            connection.holdUntilClosed()
        }
        #expect(result.failure == .stallTimeout)
        #expect(result.status == 200)
    }

    @Test(
        "A response that ends before its end is truncated.",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
            "HTTP/1.1 200 OK\r\nContent-Le",
            "HTTP/1.1 200 OK\r\nServer: x\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        ])
    func truncated(response: String) async throws {
        let result = try await self.outcome { connection in
            _ = connection.readRequest()
            connection.send(response)
        }
        #expect(result.failure == .truncated)
    }

    @Test(
        "Bytes that are no HTTP are garbage.",
        arguments: [
            "\u{1}\u{2}\u{3} what is this\r\n\r\n",
            "220 mail.example ESMTP\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\nab\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: banana\r\n\r\nhello",
        ])
    func garbage(response: String) async throws {
        let result = try await self.outcome { connection in
            _ = connection.readRequest()
            connection.send(response)
            connection.drainUntilClosed()
        }
        #expect(result.failure == .garbage)
    }

    @Test("Endless headers are cut off.", arguments: ["X-A: b\r\n", "a"])
    func endlessHeaders(piece: String) async throws {
        let many = String(repeating: piece, count: 8192 / piece.utf8.count)
        let result = try await self.outcome { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nX-Start: ")
            while connection.send(many) {}
        }
        #expect(result.failure == .tooLarge)
        #expect(result.bytesDown < 400_000)
    }

    @Test("An endless body is cut off, and only its beginning is kept.")
    func endlessBody() async throws {
        var options = LaneOptions()
        options.maxBodyBytes = 1_000_000
        let many = [UInt8](repeating: 65, count: 65_536)
        let result = try await self.outcome(options) { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send(many) {}
        }
        #expect(result.failure == .tooLarge)
        #expect(result.responseBody.count == 65_536)
        #expect(result.bodyTruncated)
    }

    @Test("Redirects are followed as often as allowed and no more.")
    func redirects() async throws {
        var options = LaneOptions()
        options.followRedirects = 3
        let result = try await self.outcome(options) { connection in
            while connection.readRequest() != nil {
                connection.answer(302, headers: ["Location: /again"])
            }
        }
        #expect(result.failure == .redirects)
        #expect(result.requestsBegun == 4)
        let unfollowed = try await self.outcome { connection in
            _ = connection.readRequest()
            connection.answer(302, headers: ["Location: /again"])
        }
        #expect(unfollowed.failure == nil && unfollowed.status == 302)
    }

    @Test("A redirect to another scheme is against the policy.")
    func redirectScheme() async throws {
        var options = LaneOptions()
        options.followRedirects = 3
        let result = try await self.outcome(options) { connection in
            _ = connection.readRequest()
            connection.answer(302, headers: ["Location: ftp://127.0.0.1/x"])
        }
        #expect(result.failure == .policy)
    }

    @Test("A header that would smuggle a line fails the transfer instead of being sent.")
    func smuggling() async throws {
        try await withLane(script: answering()) { lane, server in
            var bad = try request(server.url())
            bad.extraHeaders = [(name: "X-A", value: "b\r\nX-C: d")]
            let client = await lane.makeClient()
            let result = await lane.transfer(bad, client: client)
            #expect(result.failure == .other)
            #expect(server.accepted == 0)
            let good = await lane.transfer(try request(server.url()), client: client)
            #expect(good.failure == nil)
        }
    }
}
