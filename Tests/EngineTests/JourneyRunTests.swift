import Measurements
import Planning
import Primitives
import Scenarios
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Engine

/// Whole runs of journeys against a server that plays its part.
@Suite(.serialized) struct JourneyRunTests {
    /// What a test's server saw, in order, and what it found wrong.
    private final class Log: Sendable {
        let paths = Mutex<[String]>([])
        let faults = Mutex<[String]>([])

        func add(_ path: String) { self.paths.withLock { $0.append(path) } }
        func fault(_ text: String) { self.faults.withLock { $0.append(text) } }
        func count(_ path: String) -> Int {
            self.paths.withLock { $0.filter { $0 == path }.count }
        }
    }

    private func run(
        _ flow: String, onFailure: String = "", data: String = "", rate: Int = 50,
        server: ScriptedServer
    ) async throws -> KeepingSink.Kept {
        let text = """
            version: 1
            target: \(server.url(""))
            data: { none: { inline: [ { a: 1 } ] }\(data) }
            scenarios:
              people:
                executor: constant-arrival-rate
                rate: \(rate)/s
                duration: 400ms
                flow:
            \(flow)
            \(onFailure)

            """
        let scenario = try Scenario.decode(text: text, file: "journey.yaml")
        let materials = try DraftMaterials.load(scenario: scenario, environment: [:])
        let plan = try Plan.make(scenario, materials: materials)
        let sink = KeepingSink()
        let run = try Run(
            options: RunOptions(plan: plan, runID: "run", baseURL: server.url()), sink: sink)
        try run.start()
        _ = await run.waitUntilFinished()
        let counts = sink.kept.counts
        #expect(counts.intents.values.reduce(0, +) == counts.offered)
        #expect(counts.attempts.values.reduce(0, +) == counts.attemptsStarted)
        #expect(sink.kept.ends.count == counts.offered)
        return sink.kept
    }

    @Test("Each client has cookies and a token of its own, and keeps them all its way.")
    func sessions() async throws {
        let log = Log()
        let server = try ScriptedServer { connection in
            var own = ""
            while let request = connection.readRequest() {
                log.add(request.path)
                let cookie = request.header("cookie") ?? ""
                let token = request.header("authorization") ?? ""
                if request.path == "/app" {
                    own = "\(connection.number)"
                    if !cookie.isEmpty { log.fault("a new client sent \(cookie)") }
                    _ = connection.answer(
                        200, headers: ["Set-Cookie: session=\(own); Path=/"],
                        body: "{\"token\":\"t\(own)\"}")
                    continue
                }
                if cookie != "session=\(own)" { log.fault("\(own) sent \(cookie)") }
                if token != "Bearer t\(own)" { log.fault("\(own) sent \(token)") }
                guard connection.answer(201) else { return }
            }
        }
        defer { server.stop() }
        let kept = try await self.run(
            """
                  - get: { url: /app, capture: [ { json: $.token, as: token } ] }
                  - post: { url: /tips, headers: { Authorization: "Bearer {{ token }}" }, text: a }
                  - parallel:
                      - get: { url: /a, headers: { Authorization: "Bearer {{ token }}" } }
                  - get: { url: /b, headers: { Authorization: "Bearer {{ token }}" } }
            """, server: server)
        #expect(log.faults.withLock { $0 } == [])
        #expect(kept.counts.offered == 20)
        #expect(kept.counts.ended(.accepted) == 20)
        #expect(log.count("/tips") == 20)
    }

    @Test("A receipt is polled until it says what was waited for.")
    func polling() async throws {
        let log = Log()
        let server = try ScriptedServer { connection in
            var polls = 0
            while let request = connection.readRequest() {
                log.add(request.path)
                polls += request.path == "/receipt" ? 1 : 0
                // Every client has a connection of its own: the third look finds it.
                let state = polls >= 3 ? "received" : "pending"
                guard connection.answer(200, body: "{\"state\":\"\(state)\"}") else { return }
            }
        }
        defer { server.stop() }
        let loop = """
                  - loop:
                      - get: { url: /receipt, capture: [ { json: $.state, as: state } ] }
                      - when: state != 'received'
                        think: 5ms
                    until: state == 'received'
                    max: MOST
                  - when: status == 200 and not failed
                    get: /done
            """
        var kept = try await self.run(
            loop.replacing("MOST", with: "3"), server: server)
        #expect(kept.counts.ended(.accepted) == 20)
        #expect(log.count("/receipt") == 60 && log.count("/done") == 20)
        kept = try await self.run(loop.replacing("MOST", with: "2"), server: server)
        #expect(kept.counts.ended(.failed) == 20, "two looks are not enough")
        #expect(log.count("/receipt") == 100 && log.count("/done") == 20)
    }

    @Test("An answer without what the journey needs is not good, is told, and is counted.")
    func missingCapture() async throws {
        let log = Log()
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                log.add(request.path)
                guard connection.answer(200, body: "{\"id\":null}") else { return }
            }
        }
        defer { server.stop() }
        let capture = "- get: { url: /, capture: [ { json: $.id, as: id MORE } ] }"
        var kept = try await self.run(
            "      " + capture.replacing(" MORE", with: "") + "\n      - get: \"/x/{{ id }}\"",
            server: server)
        #expect(kept.counts.ended(.failed) == 20)
        #expect(kept.counts.attempts.keys.allSatisfy { !$0.good })
        #expect(kept.counts.completed == 20)
        let problems = kept.events.filter { $0.kind == "problem" }.map(\.label)
        #expect(
            problems == [
                "GET /: a good answer has nothing at $.id",
                "GET /: a good answer has nothing at $.id (20 times)",
            ])
        for (more, path) in [(", default: none", "/x/none"), (", optional: true", "/x/")] {
            kept = try await self.run(
                "      " + capture.replacing(" MORE", with: more)
                    + "\n      - get: \"/x/{{ id }}\"", server: server)
            #expect(kept.counts.ended(.accepted) == 20)
            #expect(log.count(path) == 20)
        }
    }

    @Test("Those for whom a feeder of single use has no row fail, and the reason is told.")
    func dryFeeder() async throws {
        let log = Log()
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                log.add(request.path)
                guard connection.answer(200) else { return }
            }
        }
        defer { server.stop() }
        let rows = (0..<12).map { "{ name: n\($0) }" }.joined(separator: ", ")
        let kept = try await self.run(
            "      - get: \"/{{ names.name }}\"",
            data: ", names: { inline: [\(rows)], order: once }", server: server)
        #expect(kept.counts.ended(.accepted) == 12)
        #expect(kept.counts.ended(.failed) == 8)
        #expect(log.paths.withLock { Set($0) }.count == 12)
        let problems = kept.events.filter { $0.kind == "problem" }.map(\.label)
        #expect(problems.count == 2)
        #expect(problems.first?.contains("'names' has run dry: each of its 12 rows") == true)
        #expect(problems.last?.hasSuffix("(8 times)") == true)
    }

    @Test("Steps at the same time overlap, on connections of one client; what follows waits.")
    func parallel() async throws {
        let log = Log()
        let both = Mutex<[String: Int]>([:])
        let latch = Latch()
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                log.add(request.path)
                if request.path != "/after" {
                    let waiting = both.withLock { seen -> Int in
                        seen[request.path, default: 0] += 1
                        return min(seen["/a", default: 0], seen["/b", default: 0])
                    }
                    // Nobody is answered before both branches of one person have asked.
                    if waiting >= 1 { latch.open() } else { latch.wait() }
                }
                guard connection.answer(200) else { return }
            }
        }
        defer { server.stop() }
        let kept = try await self.run(
            """
                  - parallel: [ { get: /a }, { get: /b } ]
                  - get: /after
            """, rate: 3, server: server)
        #expect(kept.counts.offered == 1)
        #expect(kept.counts.ended(.accepted) == 1)
        #expect(log.paths.withLock { $0.last } == "/after")
        #expect(server.accepted == 2)
    }

    @Test("What people do after a failure is sent, and changes nothing about how it ended.")
    func aftermath() async throws {
        let log = Log()
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                log.add(request.path)
                if request.path == "/review", request.header("idempotency-key") != nil {
                    log.fault("a review under the tip's key")
                }
                let status = request.path == "/tips" ? 403 : 201
                guard connection.answer(status) else { return }
            }
        }
        defer { server.stop() }
        let kept = try await self.run(
            "      - post: { url: /tips, text: a }",
            onFailure: """
                    onFailure:
                      - think: 20ms
                      - when: rejected
                        post: { url: /review, json: { stars: 1 } }
                      - when: not rejected
                        get: /never
                """, server: server)
        #expect(kept.counts.ended(.rejected) == 20)
        #expect(log.count("/review") == 20 && log.count("/never") == 0)
        #expect(kept.counts.attemptsStarted == 40)
        #expect(log.faults.withLock { $0 } == [])
    }
}
