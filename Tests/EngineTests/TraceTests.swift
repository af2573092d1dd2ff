import Measurements
import Planning
import Primitives
import Scenarios
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// What a run's listed attempts tell of clients, connections and answers.
@Suite(.serialized) struct TraceTests {
    private func attempts(
        _ server: ScriptedServer, _ load: LoadSpec, lanes: Int, sampleLimit: Int = .max
    ) async throws -> [AttemptSample] {
        let upload = StepSpec.request(
            RequestSpec(
                method: .post, url: Template(literal: "/v1/tips"), name: "upload",
                body: .part(
                    PartSpec(
                        content: .generated(
                            .mp4, size: .lognormal(median: 2_000, p99: 20_000), limit: nil,
                            unique: true)))))
        let look = StepSpec.request(
            RequestSpec(method: .get, url: Template(literal: "/v1/app"), name: "look"))
        let scenario = Scenario(
            name: "test", target: .url(server.url()), seed: 1,
            populations: [
                PopulationSpec(
                    name: "people", load: load, gracefulStop: .seconds(5), flow: [upload, look])
            ], timeline: [])
        let plan = try Plan.make(scenario, materials: DraftMaterials())
        var options = RunOptions(plan: plan, runID: "run", baseURL: server.url())
        options.lanes = lanes
        options.sampleLimit = sampleLimit
        let sink = KeepingSink()
        let run = try Run(options: options, sink: sink)
        try run.start()
        _ = await run.waitUntilFinished()
        return sink.kept.attempts
    }

    private func server() throws -> ScriptedServer {
        try ScriptedServer { connection in
            while let request = connection.readRequest() {
                let isUpload = request.method == "POST"
                let headers = ["Server: test", "X-Size: \(request.body.count)"]
                guard
                    connection.answer(
                        isUpload ? 201 : 200, headers: headers,
                        body: isUpload ? "kept" : "welcome")
                else { return }
            }
        }
    }

    @Test("Every request carries the ids that its listed attempt is found by.")
    func traceparent() async throws {
        let seen = Mutex<[String]>([])
        let server = try ScriptedServer { connection in
            while let request = connection.readRequest() {
                seen.withLock { $0.append(request.header("traceparent") ?? "none") }
                guard connection.answer(201) else { return }
            }
        }
        defer { server.stop() }
        let step = StepSpec.request(
            RequestSpec(method: .post, url: Template(literal: "/v1/tips"), name: "tip"))
        var scenario = Scenario(
            name: "test", target: .url(server.url()), seed: 1,
            populations: [
                PopulationSpec(
                    name: "people",
                    load: .perVUIterations(vus: 3, iterations: 4, maxDuration: .seconds(20)),
                    gracefulStop: .seconds(5), flow: [step, step])
            ], timeline: [])
        scenario.http.tracing = true
        let plan = try Plan.make(scenario, materials: DraftMaterials())
        var options = RunOptions(plan: plan, runID: "run", baseURL: server.url())
        options.sampleLimit = .max
        let sink = KeepingSink()
        let run = try Run(options: options, sink: sink)
        try run.start()
        _ = await run.waitUntilFinished()
        let drafter = RequestDrafter(
            plan: plan, runID: "run", baseURL: server.url(), adminURL: nil)
        let listed = sink.kept.attempts.compactMap { sample in
            drafter.trace(
                population: sample.population, intent: sample.intent, step: sample.step,
                attempt: sample.attempt, intendedStart: sample.intendedStart)?.header
        }
        #expect(listed.count == 24)
        #expect(Set(listed).count == 24)
        #expect(listed.sorted() == seen.withLock { $0.sorted() })
    }

    @Test("An open crowd: a client and a connection to each intent, over all lanes.")
    func open() async throws {
        let server = try self.server()
        defer { server.stop() }
        let rows = try await self.attempts(
            server,
            .constantArrivalRate(
                rate: Rate(perSecond: 100), duration: .milliseconds(600), spacing: .poisson),
            lanes: 2)
        let uploads = rows.filter { $0.step == 0 }
        let looks = rows.filter { $0.step == 1 }
        #expect(uploads.count > 30 && uploads.count == looks.count)
        #expect(rows.allSatisfy { $0.trace.client == $0.intent })
        #expect(rows.allSatisfy { $0.trace.peer.text == "127.0.0.1:\(server.port)" })
        // The second request of an intent takes the connection of the first, which is its own.
        #expect(uploads.allSatisfy { $0.trace.reused == false })
        #expect(looks.allSatisfy { $0.trace.reused == true })
        #expect(Set(uploads.map(\.trace.connection)).count == uploads.count)
        let own = Dictionary(uniqueKeysWithValues: uploads.map { ($0.intent, $0.trace.connection) })
        #expect(looks.allSatisfy { own[$0.intent] == $0.trace.connection })
        // Everything of a body was sent, so that its size is known from both sides.
        #expect(uploads.allSatisfy { $0.trace.size == $0.bytesUp && $0.trace.size > 0 })
        #expect(looks.allSatisfy { $0.trace.size == -1 })
        #expect(Set(uploads.map(\.trace.fingerprint)).count == 1)
        #expect(Set(uploads.map(\.trace.body)).count == 1)
        #expect(uploads[0].trace.fingerprint != looks[0].trace.fingerprint)
        #expect(uploads[0].trace.body != looks[0].trace.body)
        #expect(rows.allSatisfy { $0.trace.fingerprint != 0 && $0.trace.body != 0 })
        #expect(rows.allSatisfy { $0.trace.retryAfter == -1 })
    }

    @Test("Clients that come again keep the number of their first intent.")
    func clientsStay() async throws {
        let server = try self.server()
        defer { server.stop() }
        let rows = try await self.attempts(
            server, .constantVUs(vus: 3, duration: .milliseconds(300)), lanes: 1)
        let clients = Dictionary(grouping: rows, by: \.trace.client)
        #expect(clients.count == 3)
        for (number, attempts) in clients {
            #expect(attempts.map(\.intent).min() == number)
            #expect(Set(attempts.map(\.trace.connection)).count == 1)
            #expect(attempts.count { $0.trace.reused == false } == 1)
        }
    }

    @Test("A sample has what a whole list has.")
    func sampled() async throws {
        let server = try self.server()
        defer { server.stop() }
        let rows = try await self.attempts(
            server, .constantVUs(vus: 2, duration: .milliseconds(300)), lanes: 1, sampleLimit: 8)
        #expect(!rows.isEmpty && rows.count < 20)
        #expect(rows.allSatisfy { $0.trace.client >= 0 && $0.trace.body != 0 })
    }
}
