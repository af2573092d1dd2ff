import Foundation
import Measurements
import Planning
import Primitives
import Scenarios
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Engine

/// Keeps what a run delivers.
final class KeepingSink: RunSink {
    struct Kept {
        var counts = PopulationSecond()
        var ends: [IntentEnd] = []
        var attempts: [AttemptSample] = []
        var events: [RunEvent] = []
        var samples: [GeneratorSample] = []
        var secondsOfLanes: [Int: [Int]] = [:]
        var completed = 0
    }
    private let state = Mutex(Kept())
    private let onHarvest: @Sendable () -> Void

    init(onHarvest: @escaping @Sendable () -> Void = {}) { self.onHarvest = onHarvest }

    var kept: Kept { self.state.withLock { $0 } }

    func began(origin: MonotonicTime, at wall: WallTime, lanes: Int) {}
    func harvested(_ seconds: [LaneSecond], lane: Int) {
        self.state.withLock { kept in
            for second in seconds {
                for population in second.populations { kept.counts.merge(population) }
                kept.ends += second.intentEnds
                kept.attempts += second.attempts
                kept.secondsOfLanes[lane, default: []].append(second.second)
            }
        }
        self.onHarvest()
    }
    func completed(before second: Int) { self.state.withLock { $0.completed = second } }
    func sampled(_ sample: GeneratorSample) { self.state.withLock { $0.samples.append(sample) } }
    func happened(_ event: RunEvent) { self.state.withLock { $0.events.append(event) } }
}

/// What a test's server saw.
final class Seen: Sendable {
    let bodies = Mutex<[String: Int]>([:])
    let requests = Mutex(0)
}

@Suite(.serialized) struct RunTests {
    /// A server that counts requests and answers them after `before` returned.
    func server(
        _ seen: Seen, before: @escaping @Sendable (ScriptedRequest) -> Void = { _ in },
        status: @escaping @Sendable (ScriptedRequest) -> Int = { _ in 201 }
    ) throws -> ScriptedServer {
        try ScriptedServer { connection in
            while let request = connection.readRequest() {
                seen.requests.withLock { $0 += 1 }
                seen.bodies.withLock { $0[String(request.body.hashValue), default: 0] += 1 }
                before(request)
                guard connection.answer(status(request), body: #"{"id":"t1"}"#) else { return }
            }
        }
    }

    func upload(_ url: String = "/v1/tips") -> StepSpec {
        .request(
            RequestSpec(
                method: .post, url: Template(literal: url), name: "upload",
                body: .part(
                    PartSpec(
                        content: .generated(
                            .mp4, size: .lognormal(median: 2_000, p99: 20_000), limit: nil,
                            unique: true)))))
    }

    func open(
        _ flow: [StepSpec], rate: Double, milliseconds: Int64,
        gracefulStop: Nanoseconds = .seconds(5)
    ) -> PopulationSpec {
        PopulationSpec(
            name: "people",
            load: .constantArrivalRate(
                rate: Rate(perSecond: rate), duration: .milliseconds(milliseconds),
                spacing: .poisson),
            gracefulStop: gracefulStop, flow: flow)
    }

    func options(
        _ server: ScriptedServer, _ populations: [PopulationSpec],
        timeline: [TimelineEvent] = [], seed: UInt64 = 1
    ) throws -> RunOptions {
        let scenario = Scenario(
            name: "test", target: .url(server.url()), seed: seed, populations: populations,
            timeline: timeline)
        let plan = try Plan.make(scenario, materials: DraftMaterials())
        return RunOptions(plan: plan, runID: "run", baseURL: server.url())
    }

    func expectIdentities(_ kept: KeepingSink.Kept) {
        let counts = kept.counts
        #expect(counts.intents.values.reduce(0, +) == counts.offered)
        #expect(counts.attempts.values.reduce(0, +) == counts.attemptsStarted)
        #expect(kept.ends.count == counts.offered)
        #expect(Set(kept.ends.map(\.number)).count == counts.offered)
    }

    @Test("Open arrivals over two lanes all reach the server, and the server agrees.")
    func openArrivals() async throws {
        let seen = Seen()
        let server = try self.server(seen)
        defer { server.stop() }
        var options = try self.options(
            server, [self.open([self.upload()], rate: 200, milliseconds: 1_200)])
        options.lanes = 2
        let sink = KeepingSink()
        let run = try Run(options: options, sink: sink)
        try run.start()
        let outcome = await run.waitUntilFinished()
        let kept = sink.kept
        self.expectIdentities(kept)
        #expect(outcome.stopped == .finished)
        #expect(kept.counts.offered > 150)
        #expect(kept.counts.ended(.accepted) == kept.counts.offered)
        #expect(kept.counts.completed == seen.requests.withLock { $0 })
        // A new client, and so a new connection, for each intent.
        #expect(server.accepted == kept.counts.offered)
        #expect(run.progress.done == kept.counts.completed)
        for (_, seconds) in kept.secondsOfLanes {
            #expect(seconds == Array(0..<seconds.count))
        }
        #expect(kept.secondsOfLanes.keys.sorted() == [0, 1])
        #expect(!kept.samples.isEmpty)
    }

    @Test("Two runs with one seed send the same bodies; another seed sends others.")
    func sameBodies() async throws {
        var sets: [[String: Int]] = []
        for (seed, lanes) in [(UInt64(5), 1), (5, 2), (6, 1)] {
            let seen = Seen()
            let server = try self.server(seen)
            defer { server.stop() }
            var options = try self.options(
                server, [self.open([self.upload()], rate: 100, milliseconds: 400)], seed: seed)
            options.lanes = lanes
            let run = try Run(options: options, sink: KeepingSink())
            try run.start()
            _ = await run.waitUntilFinished()
            sets.append(seen.bodies.withLock { $0 })
        }
        #expect(sets[0].count > 20)
        #expect(sets[0] == sets[1])
        #expect(sets[0] != sets[2])
    }

    @Test("Captured values reach the next request, and a final answer rejects.")
    func captures() async throws {
        let seen = Seen()
        let paths = Mutex<Set<String>>([])
        let server = try self.server(
            seen, before: { request in paths.withLock { _ = $0.insert(request.path) } },
            status: { $0.path.hasSuffix("/media") ? 403 : 201 })
        defer { server.stop() }
        let first = RequestSpec(
            method: .post, url: Template(literal: "/v1/tips"), name: "tip",
            captures: [CaptureSpec(name: "id", source: .json(path: "$.id"))])
        let second = RequestSpec(
            method: .put,
            url: Template(pieces: [
                .literal("/v1/tips/"), .expression(.variable("id")), .literal("/media"),
            ]), name: "media")
        let options = try self.options(
            server,
            [self.open([.request(first), .request(second)], rate: 50, milliseconds: 300)])
        let sink = KeepingSink()
        let run = try Run(options: options, sink: sink)
        try run.start()
        _ = await run.waitUntilFinished()
        let kept = sink.kept
        self.expectIdentities(kept)
        #expect(kept.counts.ended(.rejected) == kept.counts.offered)
        #expect(kept.counts.attemptsStarted == 2 * kept.counts.offered)
        #expect(paths.withLock { $0 } == ["/v1/tips", "/v1/tips/t1/media"])
        // One client per intent keeps its connection between its requests.
        #expect(server.accepted == kept.counts.offered)
    }

    @Test("A first stop drains what is in flight; nothing new arrives.")
    func firstStop() async throws {
        let seen = Seen()
        let gate = Latch()
        let server = try self.server(seen, before: { _ in gate.wait() })
        defer { server.stop() }
        let options = try self.options(
            server,
            [self.open([self.upload()], rate: 20, milliseconds: 600_000)])
        let stopped = Mutex(false)
        let box = Mutex<Run?>(nil)
        let sink = KeepingSink {
            guard !stopped.withLock({ exchange(&$0, true) }) else { return }
            box.withLock { $0 }?.stop(.signal)
            gate.open()
        }
        let run = try Run(options: options, sink: sink)
        box.withLock { $0 = run }
        try run.start()
        let outcome = await run.waitUntilFinished()
        box.withLock { $0 = nil }
        let kept = sink.kept
        self.expectIdentities(kept)
        #expect(outcome.stopped == .signal)
        #expect(!outcome.wasCut)
        #expect(kept.counts.offered > 5)
        #expect(kept.counts.ended(.accepted) == kept.counts.offered)
        #expect(kept.counts.completed == seen.requests.withLock { $0 })
    }

    @Test("A second stop cuts what is in flight: unfinished, never lost.")
    func secondStop() async throws {
        let seen = Seen()
        let gate = Latch()
        let server = try self.server(seen, before: { _ in gate.wait() })
        defer {
            gate.open()
            server.stop()
        }
        let options = try self.options(
            server,
            [self.open([self.upload()], rate: 20, milliseconds: 600_000)])
        let stopped = Mutex(false)
        let box = Mutex<Run?>(nil)
        let sink = KeepingSink {
            guard !stopped.withLock({ exchange(&$0, true) }) else { return }
            box.withLock { $0 }?.stop(.signal)
            box.withLock { $0 }?.stop(.signal)
        }
        let run = try Run(options: options, sink: sink)
        box.withLock { $0 = run }
        try run.start()
        let outcome = await run.waitUntilFinished()
        box.withLock { $0 = nil }
        let kept = sink.kept
        self.expectIdentities(kept)
        #expect(outcome.wasCut)
        #expect(outcome.duration < .seconds(4))
        #expect(kept.counts.offered > 5)
        #expect(kept.counts.ended(.unfinished) == kept.counts.offered)
        #expect(kept.counts.attempts.keys.allSatisfy { $0.outcome == .unfinished })
    }

    @Test("The grace over, intents still in flight are unfinished and the run ends by itself.")
    func grace() async throws {
        let gate = Latch()
        let server = try self.server(Seen(), before: { _ in gate.wait() })
        defer {
            gate.open()
            server.stop()
        }
        let options = try self.options(
            server,
            [
                self.open(
                    [self.upload()], rate: 50, milliseconds: 200,
                    gracefulStop: .milliseconds(100))
            ])
        let sink = KeepingSink()
        let run = try Run(options: options, sink: sink)
        try run.start()
        let outcome = await run.waitUntilFinished()
        self.expectIdentities(sink.kept)
        #expect(outcome.stopped == .finished)
        #expect(sink.kept.counts.ended(.unfinished) == sink.kept.counts.offered)
        #expect(outcome.duration >= .milliseconds(300))
    }

    @Test("The timeline's events are told in order, and their requests answered.")
    func timeline() async throws {
        let seen = Seen()
        let server = try self.server(seen)
        defer { server.stop() }
        let events = [
            TimelineEvent(at: .zero, label: "appeal", kind: .trigger),
            TimelineEvent(
                at: .milliseconds(100), label: "page up", kind: .mitigation,
                request: RequestSpec(
                    method: .put, url: Template(literal: "/admin/operator"), name: "page",
                    body: .text(Template(literal: "{}")))),
        ]
        let options = try self.options(
            server, [self.open([self.upload()], rate: 20, milliseconds: 300)], timeline: events)
        let sink = KeepingSink()
        let run = try Run(options: options, sink: sink)
        try run.start()
        _ = await run.waitUntilFinished()
        let told = sink.kept.events.map { "\($0.kind) \($0.label.prefix(12))" }
        #expect(
            told == [
                "started 1 lane", "trigger appeal", "mitigation page up",
                "operator page up: 201", "finished finished",
            ])
        #expect(seen.requests.withLock { $0 } == sink.kept.counts.completed + 1)
    }

    @Test("A hit of 200 requests by 4 clients makes exactly that, over 4 connections.")
    func hit() async throws {
        let seen = Seen()
        let server = try self.server(seen)
        defer { server.stop() }
        var spec = HitSpec(url: server.url("/x"), clients: 4, duration: nil, requests: 200)
        spec.headers = [("X-Probe", "1")]
        let hit = try HitRun(spec, runID: "hit") { _ in }
        try hit.start()
        let totals = await hit.waitUntilFinished()
        #expect(totals.completed == 200)
        #expect(totals.failed + totals.unfinished + totals.dropped == 0)
        #expect(seen.requests.withLock { $0 } == 200)
        #expect(server.accepted == 4)
    }

    @Test("An open hit of so many requests ends with the last answer, not with the last arrival.")
    func hitWaits() async throws {
        // The server needs ten times as long for an answer as all arrivals take.
        let server = try self.server(Seen(), before: { _ in Thread.sleep(forTimeInterval: 0.3) })
        defer { server.stop() }
        var spec = HitSpec(url: server.url("/x"), clients: 6, duration: nil, requests: 6)
        spec.rate = Rate(perSecond: 200)
        #expect(spec.length == .milliseconds(30))
        let hit = try HitRun(spec, runID: "hit") { _ in }
        try hit.start()
        let totals = await hit.waitUntilFinished()
        #expect(totals.completed == 6)
        #expect(totals.unfinished == 0)
    }

    @Test(
        "A closed loop of so many clients that answers never cease ends on time.",
        .timeLimit(.minutes(1)))
    func hitEnds() async throws {
        let server = try self.server(Seen())
        defer { server.stop() }
        // More than the kernel is asked for at a time, all of them ready again and again.
        let spec = HitSpec(url: server.url("/x"), clients: 200, duration: .milliseconds(500))
        let hit = try HitRun(spec, runID: "hit") { _ in }
        try hit.start()
        let totals = await hit.waitUntilFinished()
        #expect(totals.completed > 200)
        #expect(totals.unfinished <= 200)
    }

    @Test("An open hit with no idle client drops, and says why.")
    func hitDrops() async throws {
        let gate = Latch()
        let server = try self.server(Seen(), before: { _ in gate.wait() })
        defer {
            gate.open()
            server.stop()
        }
        var spec = HitSpec(url: server.url("/x"), clients: 2, duration: .milliseconds(200))
        spec.rate = Rate(perSecond: 50)
        let hit = try HitRun(spec, runID: "hit") { _ in }
        try hit.start()
        let totals = await hit.waitUntilFinished()
        #expect(totals.counts.drops == [.noIdleClient: 8])
        #expect(totals.unfinished == 2)
    }
}

private func exchange(_ value: inout Bool, _ new: Bool) -> Bool {
    defer { value = new }
    return value
}
