import Primitives
import Synchronization
import TestSupport
import Testing
import Transport

/// Who answered, as real sockets tell.
@Suite struct AnswerTraceTests {
    private final class Traces: Sendable {
        let byToken = Mutex<[UInt64: AnswerTrace]>([:])
    }

    /// A transfer's result, and what the lane said about its answer at its end.
    private func transfer(
        _ request: TransferRequest, _ lane: LaneHarness, _ client: ClientHandle
    ) async throws -> (result: TransferResult, trace: AnswerTrace) {
        let traces = Traces()
        await lane.onQueue {
            lane.onEnd = { [unowned lane] token, _ in
                let trace = lane.lane.answerTrace()
                traces.byToken.withLock { $0[token] = trace }
            }
        }
        let token = await lane.start(request, client: client)
        let result = await lane.result(of: token)
        await lane.onQueue { lane.onEnd = nil }
        return (result, try #require(traces.byToken.withLock { $0[token] }))
    }

    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    @Test("A new and a reused connection: the same peer, the same answerer, another body.")
    func reuse() async throws {
        let script: @Sendable (ScriptedConnection) -> Void = { connection in
            var count = 0
            while connection.readRequest() != nil {
                count += 1
                connection.answer(
                    503,
                    headers: [
                        "Server: nginx/1.25.3", "Content-Type: text/html; charset=utf-8",
                        "Retry-After: \(count)",
                    ], body: count == 1 ? "sorry" : "still")
            }
        }
        try await withLane(script: script) { lane, server in
            let client = await lane.makeClient()
            let get = try request(server.url(), keep: ResponseKeep())
            let first = try await self.transfer(get, lane, client)
            #expect(!first.result.connectionReused && first.result.connectionNumber == 1)
            #expect(first.trace.peer.text == "127.0.0.1:\(server.port)")
            #expect(first.trace.fingerprint == 0x6bd1_d49a_2d44_246a)
            #expect(first.trace.body == 0x7f8c_5560_a685_24ca)
            let second = try await self.transfer(get, lane, client)
            #expect(second.result.connectionReused && second.result.connectionNumber == 1)
            #expect(second.result.retryAfter == 2)
            #expect(second.trace.peer == first.trace.peer)
            #expect(second.trace.fingerprint == first.trace.fingerprint)
            #expect(second.trace.body == Self.hash("still"))
            let other = try await self.transfer(get, lane, await lane.makeClient())
            #expect(!other.result.connectionReused && other.result.connectionNumber == 2)
            #expect(other.trace.peer == first.trace.peer)
            // Nothing is being told now.
            #expect(await lane.onQueue { lane.lane.answerTrace() } == AnswerTrace())
        }
    }

    @Test("Of a long body the first 4 KiB count; of none the hash is that of nothing.")
    func bodies() async throws {
        let start = String(repeating: "x", count: 4_095)
        let answers = [start + "a" + "b", start + "a" + "c", start + "b", ""]
        let script: @Sendable (ScriptedConnection) -> Void = { connection in
            while let request = connection.readRequest() {
                let number = Int(request.path.dropFirst()) ?? 0
                connection.answer(body: answers[number])
            }
        }
        try await withLane(script: script) { lane, server in
            let client = await lane.makeClient()
            var hashes: [UInt64?] = []
            for number in answers.indices {
                let get = try request(server.url("/\(number)"), keep: ResponseKeep())
                hashes.append(try await self.transfer(get, lane, client).trace.body)
            }
            let expected = answers.map { Self.hash(String($0.prefix(4_096))) }
            #expect(hashes == expected.map { Optional($0) })
            #expect(expected[0] == expected[1] && expected[0] != expected[2])
        }
    }

    @Test("An answer cut off has its headers' fingerprint and no body.")
    func truncated() async throws {
        let head = "HTTP/1.1 200 OK\r\nServer: a\r\nContent-Length: 100\r\n\r\nhalf"
        let script: @Sendable (ScriptedConnection) -> Void = { connection in
            if connection.readRequest() != nil { connection.send(head) }
        }
        try await withLane(script: script) { lane, server in
            let cut = try await self.transfer(
                try request(server.url()), lane, await lane.makeClient())
            #expect(cut.result.failure == .truncated)
            #expect(cut.trace.peer.text == "127.0.0.1:\(server.port)")
            #expect(cut.trace.fingerprint != nil && cut.trace.body == nil)
        }
    }

    @Test("A refused connection names the peer, and nothing of an answer or of one before.")
    func refused() async throws {
        let gone = try ScriptedServer(script: nil)
        let url = gone.url()
        gone.stop()
        try await withLane(script: answering()) { lane, server in
            let client = await lane.makeClient()
            let before = try await self.transfer(try request(server.url()), lane, client)
            #expect(before.trace.fingerprint != nil && before.trace.body == Self.hash("ok"))
            let refused = try await self.transfer(try request(url), lane, client)
            #expect(refused.result.failure == .refused)
            #expect(refused.trace.peer.text == "127.0.0.1:\(gone.port)")
            #expect(refused.trace.fingerprint == nil && refused.trace.body == nil)
        }
    }

    @Test("Of redirects that are followed the last answer counts.")
    func redirect() async throws {
        let script: @Sendable (ScriptedConnection) -> Void = { connection in
            while let request = connection.readRequest() {
                if request.path == "/old" {
                    connection.answer(
                        302, headers: ["Location: /new", "Server: old", "Retry-After: 1"],
                        body: "moved")
                } else {
                    connection.answer(headers: ["Server: new"], body: "here")
                }
            }
        }
        var options = LaneOptions()
        options.followRedirects = 3
        try await withLane(options, script: script) { lane, server in
            let client = await lane.makeClient()
            let old = try await self.transfer(try request(server.url("/old")), lane, client)
            let new = try await self.transfer(try request(server.url("/new")), lane, client)
            #expect(old.result.status == 200 && old.trace == new.trace)
            #expect(new.trace.body == Self.hash("here"))
        }
    }

    @Test("A pinned name gives the address it is pinned to.")
    func pinned() async throws {
        let server = try ScriptedServer(script: answering())
        defer { server.stop() }
        var options = LaneOptions()
        options.resolve = ["tips.example:\(server.port):127.0.0.1"]
        try await withLane(options, script: nil) { lane, _ in
            let get = try request("http://tips.example:\(server.port)/")
            let answer = try await self.transfer(get, lane, await lane.makeClient())
            #expect(answer.result.status == 200)
            #expect(answer.trace.peer.text == "127.0.0.1:\(server.port)")
        }
    }

    @Test("A lane that lists nothing learns nothing of answers.")
    func untraced() async throws {
        var options = LaneOptions()
        options.tracesAnswers = false
        try await withLane(options, script: answering()) { lane, server in
            let answer = try await self.transfer(
                try request(server.url()), lane, await lane.makeClient())
            #expect(answer.result.status == 200)
            #expect(answer.trace.fingerprint == nil && answer.trace.body == nil)
        }
    }
}
