import Dispatch
import Measurements
import Primitives
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Telemetry

@Suite("Sending over real sockets", .timeLimit(.minutes(1)))
struct SendingTests {
    private static func sender(
        to server: ScriptedServer, timeout: Nanoseconds = .seconds(5)
    ) throws -> CollectorSender {
        let destination = try CollectorDestination("influx=\(server.url("/write?db=x"))")
        return CollectorSender(
            outbox: Outbox(kind: "influx", url: destination.redactedURL),
            encode: { InfluxEncoding.encode($0) },
            deliver: try CollectorDelivery.over(destination, timeout: timeout))
    }

    @Test("A collector gets every second with its headers, on one connection.")
    func delivers() throws {
        let bodies = Mutex<[String]>([])
        let heads = Mutex<[String]>([])
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                bodies.withLock { $0.append(String(decoding: request.body, as: UTF8.self)) }
                heads.withLock { list in
                    list.append("\(request.method) \(request.path)")
                    list.append(request.header("content-type") ?? "")
                    list.append(request.header("expect") ?? "no expect")
                }
                connection.answer(204)
            }
        }
        defer { server.stop() }
        let sender = try Self.sender(to: server)
        for second in 0..<5 { sender.offer(FrameSamples.frame(second: second)) }
        let tally = sender.finish(within: .seconds(20))
        #expect(tally.sent == 5)
        #expect(tally.lost == 0)
        #expect(tally.trouble == nil)
        #expect(server.accepted == 1)
        let lines = bodies.withLock { $0.joined() }.split(separator: "\n")
        #expect(lines.count == 15)
        let stamps = lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        #expect(stamps == stamps.sorted())
        #expect(
            heads.withLock { Array($0.prefix(3)) } == [
                "POST /write?db=x&precision=ms", "text/plain; charset=utf-8", "no expect",
            ])
    }

    @Test("After a 500 the same seconds come again; a 404 is final.")
    func answers() throws {
        let count = Mutex(0)
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil {
                let number = count.withLock { value in
                    value += 1
                    return value
                }
                switch number {
                case 1: connection.answer(500, body: "over\nloaded \u{1B}[31m")
                case 2: connection.answer(200)
                default: connection.answer(404, body: "database not found")
                }
            }
        }
        defer { server.stop() }
        let sender = try Self.sender(to: server)
        sender.offer(FrameSamples.frame(second: 0))
        var tally = sender.finish(within: .seconds(20))
        #expect(tally.sent == 1)
        #expect(tally.failures == 1)
        #expect(tally.trouble == "HTTP 500: over loaded [31m")
        let second = try Self.sender(to: server)
        second.offer(FrameSamples.frame(second: 0))
        tally = second.finish(within: .seconds(20))
        #expect(tally.lost == 1)
        #expect(tally.trouble == "HTTP 404: database not found")
    }

    @Test("A collector that hangs costs whoever offers nothing, and its seconds are counted.")
    func hangs() throws {
        let asked = Latch()
        let server = try ScriptedServer { connection in
            _ = connection.readRequest()
            asked.open()
            connection.holdUntilClosed()
        }
        defer { server.stop() }
        let sender = try Self.sender(to: server)
        sender.offer(FrameSamples.frame(second: 0))
        asked.wait()
        // The sender waits for an answer now. A thousand seconds: more than the box holds.
        let before = SystemClock().now()
        for second in 1...1_000 { sender.offer(FrameSamples.frame(second: second)) }
        #expect(SystemClock().now() - before < .seconds(2))
        let tally = sender.finish(within: .milliseconds(50))
        #expect(tally.sent == 0)
        #expect(tally.lost == 1_001)
        #expect(tally.trouble != nil)
    }

    @Test("Nobody listens: told in libcurl's words.")
    func refused() throws {
        let server = try ScriptedServer(script: nil)
        let destination = try CollectorDestination("otlp=\(server.url())")
        server.stop()
        let deliver = try CollectorDelivery.over(destination)
        guard case .failed(let why) = deliver([1, 2, 3]) else {
            Issue.record("an answer from nobody")
            return
        }
        #expect(why.contains("127.0.0.1"))
    }

    @Test("What an answer means depends on its status alone.")
    func meanings() {
        func read(_ status: Int, _ failure: String = "") -> CollectorAnswer {
            CollectorDelivery.read(BlockingPost.Answer(status: status, failure: failure))
        }
        #expect(read(200) == .accepted)
        #expect(read(204) == .accepted)
        #expect(read(302) == .refused("HTTP 302"))
        #expect(read(400) == .refused("HTTP 400"))
        #expect(read(429) == .refused("HTTP 429"))
        #expect(read(500) == .failed("HTTP 500"))
        #expect(read(503) == .failed("HTTP 503"))
        #expect(read(0, "timed out") == .failed("timed out"))
    }

    @Test("A run through the hub: every second of it arrives, once, at each collector.")
    func hub() async throws {
        let bodies = Mutex<[String]>([])
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                bodies.withLock { $0.append(String(decoding: request.body, as: UTF8.self)) }
                connection.answer(200)
            }
        }
        defer { server.stop() }
        let hub = try TelemetryHub(
            destinations: [
                try CollectorDestination("influx=\(server.url("/a"))"),
                try CollectorDestination("influx=\(server.url("/b"))"),
            ], endpoint: nil, version: "1")
        hub.begin(FrameSamples.run)
        for second in 0..<3 {
            hub.take([FrameSamples.second(second)])
            hub.complete(before: second + 1)
        }
        hub.take([FrameSamples.second(3)])
        let tallies = await hub.finish(within: .seconds(20))
        #expect(tallies.map(\.sent) == [4, 4])
        #expect(tallies.map(\.lost) == [0, 0])
        let lines = bodies.withLock { $0.joined() }.split(separator: "\n")
        let offered = lines.filter { $0.hasPrefix("spate_intents_offered") }
        let values = offered.compactMap { $0.split(separator: " ").dropFirst().first }
        let wanted = [10, 10, 15, 15, 20, 20, 5, 5].map { "value=\($0)i" }
        #expect(values.sorted() == wanted.map { Substring($0) })
    }
}
