import Foundation
import Primitives
import Synchronization
import TestSupport
import Testing
import Transport

@Suite struct UploadTests {
    /// Bytes that differ at every offset that matters.
    private func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    private func withFile(_ bytes: [UInt8], _ body: (FileBody) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "spate-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let file = try FileBody(path: path)
        // The descriptor is enough.
        unlink(path)
        try await body(file)
    }

    @Test("A body without its first bytes is the rest of it, wherever it is cut.")
    func dropFirst() async throws {
        let bytes = self.pattern(1_000)
        let block = self.pattern(77)
        try await self.withFile(bytes) { file in
            let whole = UploadBody(segments: [
                .bytes(Array(bytes[..<100])), .file(file, offset: 100, length: 400),
                .block(SharedBlock(block), offset: 70, length: 300),
            ])
            let expected = bytes[..<500] + (0..<300).map { block[($0 + 70) % 77] }
            for count in [0, 1, 99, 100, 101, 499, 500, 507, 508, 799, 800] {
                let rest = whole.dropFirst(Int64(count))
                #expect(rest.length == Int64(800 - count))
                let received = Mutex<[UInt8]>([])
                try await withLane { connection in
                    while let request = connection.readRequest() {
                        received.withLock { $0 = request.body }
                        connection.answer(201)
                    }
                } _: { lane, server in
                    let client = await lane.makeClient()
                    let upload = try request(
                        server.url(), method: "PUT", headers: [], body: rest)
                    _ = await lane.transfer(upload, client: client)
                }
                #expect(received.withLock { $0 } == Array(expected.dropFirst(count)))
            }
        }
    }

    @Test(
        "A body of all kinds of pieces arrives byte for byte.", arguments: ["POST", "PUT", "PATCH"])
    func exact(method: String) async throws {
        let received = Mutex<[ScriptedRequest]>([])
        let bytes = self.pattern(300_001)
        let blockBytes = self.pattern(777)
        let expected =
            Array("prefix".utf8) + bytes[17...] + (0..<100_000).map { blockBytes[($0 + 700) % 777] }
            + Array("suffix".utf8)
        try await self.withFile(bytes) { file in
            let body = UploadBody(segments: [
                .bytes(Array("prefix".utf8)), .bytes([]),
                .file(file, offset: 17, length: file.size - 17),
                .block(SharedBlock(blockBytes), offset: 700, length: 100_000),
                .bytes(Array("suffix".utf8)),
            ])
            #expect(body.length == Int64(expected.count))
            try await withLane { connection in
                while let request = connection.readRequest() {
                    received.withLock { $0.append(request) }
                    connection.answer(201)
                }
            } _: { lane, server in
                let client = await lane.makeClient()
                let upload = try request(
                    server.url(), method: method,
                    headers: [(name: "Content-Type", value: "video/mp4")], body: body)
                for _ in 0..<2 {
                    let result = await lane.transfer(upload, client: client)
                    #expect(result.status == 201)
                    #expect(result.bytesUp == Int64(expected.count))
                }
            }
        }
        let requests = received.withLock { $0 }
        #expect(requests.count == 2)
        for request in requests {
            #expect(request.method == method)
            #expect(request.body == expected)
            #expect(request.header("content-length") == "\(expected.count)")
            #expect(request.header("content-type") == "video/mp4")
            #expect(request.header("expect") == nil)
        }
    }

    @Test("A pooled handle takes each method and size in turn.")
    func methods() async throws {
        try await withLane { connection in
            while let request = connection.readRequest() {
                let length = request.header("content-length") ?? "none"
                let type = request.header("content-type") ?? "none"
                let line = "\(request.method) \(length) \(type) \(request.header("x-key") ?? "-")"
                if request.method == "HEAD" {
                    connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Line: \(line)\r\n\r\n")
                } else {
                    connection.answer(headers: ["X-Line: \(line)"])
                }
            }
        } _: { lane, server in
            let client = await lane.makeClient()
            var lines: [String] = []
            let ten = UploadBody(bytes: [UInt8](repeating: 1, count: 10))
            let three = UploadBody(bytes: [1, 2, 3])
            let steps: [(String, UploadBody?, String?)] = [
                ("PUT", ten, nil), ("GET", nil, "a"), ("POST", three, "b"), ("POST", ten, nil),
                ("HEAD", nil, nil), ("DELETE", nil, nil), ("POST", nil, nil), ("PUT", three, nil),
                ("PATCH", three, nil), ("GET", nil, nil),
            ]
            for (method, body, key) in steps {
                var next = try request(
                    server.url(), method: method, body: body, keep: ResponseKeep(headers: true))
                if let key { next.extraHeaders = [(name: "X-Key", value: key)] }
                let result = await lane.transfer(next, client: client)
                #expect(result.failure == nil && result.status == 200)
                lines += result.responseHeaders.filter { $0.name == "X-Line" }.map { $0.value }
            }
            #expect(
                lines == [
                    "PUT 10 none -", "GET none none a", "POST 3 none b", "POST 10 none -",
                    "HEAD none none -", "DELETE none none -", "POST 0 none -", "PUT 3 none -",
                    "PATCH 3 none -", "GET none none -",
                ])
            #expect(server.accepted == 1)
        }
    }

    @Test("One prepared request serves many transfers with headers of their own.")
    func extraHeaders() async throws {
        try await withLane { connection in
            while let request = connection.readRequest() {
                let own = request.headers.filter { $0.name.hasPrefix("x-") }
                connection.answer(body: own.map { "\($0.name)=\($0.value)" }.joined(separator: ","))
            }
        } _: { lane, server in
            let client = await lane.makeClient()
            let prepared = try PreparedRequest(
                method: "GET", url: server.url(), headers: [(name: "X-Shared", value: "s")],
                hasBody: false)
            var bodies: [String] = []
            for key in ["1", nil, "2"] as [String?] {
                var next = TransferRequest(prepared: prepared, keep: ResponseKeep(body: true))
                if let key {
                    next.extraHeaders = [
                        (name: "X-Key", value: key), (name: "X-Blank", value: ""),
                    ]
                }
                let result = await lane.transfer(next, client: client)
                bodies.append(String(decoding: result.responseBody, as: UTF8.self))
            }
            #expect(
                bodies == [
                    "x-key=1,x-blank=,x-shared=s", "x-shared=s", "x-key=2,x-blank=,x-shared=s",
                ])
        }
    }

    @Test("A reused connection found dead is replaced, and the body sent again from its start.")
    func rewindAfterDeadConnection() async throws {
        let bytes = self.pattern(200_000)
        try await withLane { connection in
            _ = connection.readRequest()
            connection.answer(body: "first")
            // Takes the next request's beginning, then goes without a word.
            if connection.number == 1 {
                _ = connection.read(100_000)
                return
            }
            while let request = connection.readRequest() {
                connection.answer(body: request.body == bytes ? "exact" : "different")
            }
        } _: { lane, server in
            let client = await lane.makeClient()
            _ = await lane.transfer(try request(server.url()), client: client)
            let result = await lane.transfer(
                try request(server.url(), method: "POST", body: UploadBody(bytes: bytes)),
                client: client)
            // Whether the kernel reported an end (sent again) or a reset (a failure) is its race.
            if result.failure == nil {
                #expect(result.requestsBegun == 2)
                #expect(result.bytesUp > 200_000)
                #expect(!result.connectionReused)
            } else {
                #expect(result.failure == .sendReset || result.failure == .receiveReset)
            }
        }
    }

    @Test("A redirected upload is sent again from its start.", arguments: [307, 303])
    func redirectedUpload(status: Int) async throws {
        let bytes = self.pattern(100_000)
        var options = LaneOptions()
        options.followRedirects = 2
        try await withLane(options) { connection in
            while let request = connection.readRequest() {
                if request.path == "/old" {
                    connection.answer(status, headers: ["Location: /new"])
                } else {
                    let exact = request.body == bytes ? "exact" : "\(request.body.count)"
                    connection.answer(body: "\(request.method) \(exact)")
                }
            }
        } _: { lane, server in
            let client = await lane.makeClient()
            let put = try request(
                server.url("/old"), method: "POST", body: UploadBody(bytes: bytes))
            for _ in 0..<2 {
                let result = await lane.transfer(put, client: client)
                let text = String(decoding: result.responseBody, as: UTF8.self)
                #expect(text == (status == 307 ? "POST exact" : "GET 0"))
                #expect(result.requestsBegun == 2)
                #expect(result.lastSent != nil)
            }
        }
    }

    @Test("An upload with Expect waits for the server's word.")
    func expect() async throws {
        var options = LaneOptions()
        options.expect100 = true
        try await withLane(options) { connection in
            guard let head = connection.readRequest(body: false) else { return }
            connection.send("HTTP/1.1 100 Continue\r\n\r\n")
            let body = connection.read(5) ?? []
            connection.answer(body: "\(head.header("expect") ?? "none") \(body.count)")
        } _: { lane, server in
            let result = await lane.transfer(
                try request(
                    server.url(), method: "POST", body: UploadBody(bytes: [1, 2, 3, 4, 5])),
                client: await lane.makeClient())
            #expect(result.responseBody == Array("100-continue 5".utf8))
            #expect(result.status == 200)
        }
    }

    @Test(
        "A connection that waits for room to send is counted, and only while it does.",
        .timeLimit(.minutes(1)))
    func sendWaits() async throws {
        let gate = Latch()
        defer { gate.open() }
        // More than both kernels' buffers hold.
        let length: Int64 = 30_000_000
        try await withLane { connection in
            guard connection.readRequest(body: false) != nil else { return }
            gate.wait()
            guard connection.read(Int(length)) != nil else { return }
            connection.answer(body: "stored")
        } _: { lane, server in
            let body = UploadBody(segments: [
                .block(SharedBlock(self.pattern(77_777)), offset: 0, length: length)
            ])
            let upload = try request(server.url(), method: "PUT", body: body)
            let token = await lane.start(upload, client: await lane.makeClient())
            while await lane.onQueue({ lane.lane.takeLoad().sendWaits }) == 0 {
                await Task.yield()
            }
            gate.open()
            #expect(await lane.result(of: token).status == 200)
            #expect(await lane.onQueue { lane.lane.takeLoad().sendWaits } == 0)
        }
    }

    @Test("A file that is not there, or is a directory, is refused at once.")
    func noFile() {
        #expect(throws: TransportError.self) { try FileBody(path: "/nonexistent/file") }
        #expect(throws: TransportError.self) { try FileBody(path: "/") }
    }
}
