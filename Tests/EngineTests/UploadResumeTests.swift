import Measurements
import Planning
import Primitives
import Scenarios
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Engine

@Suite struct UploadResumeTests {
    @Test("Nothing is asked before an upload broke off.")
    func asksOnlyThen() {
        var upload = UploadResume()
        #expect(!upload.asks)
        upload.interrupted()
        #expect(upload.asks)
    }

    @Test("308 with a range sends the rest, 308 without one sends everything.")
    func ranges() {
        // Range, length, verdict.
        let table: [(String?, UploadResume.Verdict)] = [
            (nil, .send(from: 0)), ("bytes=0-0", .send(from: 1)), ("bytes=0-98", .send(from: 99)),
            ("Bytes=0-41", .send(from: 42)),
            // Beyond the length, whole and yet not done, not from the start, nonsense.
            ("bytes=0-100", .falseRange), ("bytes=0-99", .falseRange), ("bytes=1-5", .falseRange),
            ("bytes=0-", .falseRange), ("bytes=0--5", .falseRange), ("0-5", .falseRange),
            ("bytes=0-99999999999999999999", .falseRange),
            ("bytes=0-9223372036854775807", .falseRange),
        ]
        for (range, verdict) in table {
            var upload = UploadResume()
            upload.interrupted()
            #expect(
                upload.answered(status: 308, range: range, length: 100) == verdict,
                "\(range ?? "none")")
        }
    }

    @Test("What a server has, it cannot have lost; then everything is sent, twice at most.")
    func backwards() {
        var upload = UploadResume()
        upload.interrupted()
        #expect(upload.answered(status: 308, range: "bytes=0-49", length: 100) == .send(from: 50))
        upload.interrupted()
        #expect(upload.answered(status: 308, range: "bytes=0-49", length: 100) == .send(from: 50))
        upload.interrupted()
        #expect(upload.answered(status: 308, range: "bytes=0-48", length: 100) == .falseRange)
        // The upload starts from 0 without a question; after the next break it asks once more.
        #expect(!upload.asks)
        upload.interrupted()
        #expect(upload.asks)
        #expect(upload.answered(status: 308, range: "bytes=0-9", length: 100) == .send(from: 10))
        upload.interrupted()
        #expect(upload.answered(status: 308, range: nil, length: 100) == .falseRange)
        upload.interrupted()
        #expect(!upload.asks)
    }

    @Test("Other answers end the attempt, or say that nothing is offered.")
    func otherAnswers() {
        for status in [200, 201, 408, 425, 429, 500, 503] {
            var upload = UploadResume()
            upload.interrupted()
            #expect(upload.answered(status: status, range: nil, length: 9) == .ends)
            #expect(upload.asks)
        }
        for status in [400, 404, 405, 411, 415, 301] {
            var upload = UploadResume()
            upload.interrupted()
            #expect(upload.answered(status: status, range: nil, length: 9) == .send(from: 0))
            #expect(!upload.asks, "not offered once, not offered again")
        }
    }

    /// What the server of a test saw, request by request.
    private final class Seen: Sendable {
        let requests = Mutex<[(range: String?, bytes: Int)]>([])
        let body = Mutex<[UInt8]>([])
    }

    /// Runs one upload of 300,000 bytes that breaks off after 120,000, and is answered `ranges`.
    private func run(
        _ seen: Seen, ranges: [String?]
    ) async throws -> KeepingSink.Kept {
        let server = try ScriptedServer { connection in
            while let head = connection.readRequest(body: false) {
                let range = head.header("content-range")
                let length = head.header("content-length").flatMap { Int($0) } ?? 0
                let number = seen.requests.withLock { $0.count }
                if number == 0 {
                    guard let part = connection.read(120_000) else { return }
                    seen.requests.withLock { $0.append((range, 120_000)) }
                    seen.body.withLock { $0 = part }
                    connection.resetAtClose()
                    return
                }
                guard let part = connection.read(length) else { return }
                seen.requests.withLock { $0.append((range, length)) }
                if range?.hasPrefix("bytes */") == true {
                    let answers = seen.requests.withLock { all in
                        all.count { $0.range?.hasPrefix("bytes */") == true }
                    }
                    let held = ranges[min(answers, ranges.count) - 1]
                    connection.answer(308, headers: held.map { ["Range: \($0)"] } ?? [])
                    continue
                }
                seen.body.withLock { body in
                    if range == nil { body = [] }
                    body += part
                }
                connection.answer(201)
            }
        }
        defer { server.stop() }
        var upload = RequestSpec(
            method: .put, url: Template(literal: "/media"), name: "media",
            body: .part(
                PartSpec(
                    content: .generated(.mp4, size: .fixed(300_000), limit: nil, unique: true))),
            retry: RetrySpec(max: 2, delay: .milliseconds(20)))
        upload.resumes = true
        let scenario = Scenario(
            name: "test", target: .url(server.url()),
            populations: [
                PopulationSpec(
                    name: "people",
                    load: .perVUIterations(
                        vus: 1, iterations: 1, maxDuration: .seconds(20)),
                    flow: [.request(upload)])
            ])
        let plan = try Plan.make(scenario, materials: DraftMaterials())
        let sink = KeepingSink()
        let run = try Run(
            options: RunOptions(plan: plan, runID: "run", baseURL: server.url()), sink: sink)
        try run.start()
        _ = await run.waitUntilFinished()
        return sink.kept
    }

    @Test("The rest of an upload follows where it broke off, and the file is whole.")
    func resumes() async throws {
        let seen = Seen()
        let kept = try await self.run(seen, ranges: ["bytes=0-119999"])
        #expect(kept.counts.ended(.accepted) == 1)
        let requests = seen.requests.withLock { $0 }
        #expect(
            requests.map(\.range) == [
                nil, "bytes */300000", "bytes 120000-299999/300000",
            ])
        #expect(requests.map(\.bytes) == [120_000, 0, 180_000])
        let body = seen.body.withLock { $0 }
        #expect(body.count == 300_000)
        #expect(Array(body[4..<8]) == Array("ftyp".utf8))
        // The question belongs to the second attempt.
        #expect(kept.counts.attemptsStarted == 2)
    }

    @Test("A false range is counted, and everything is sent once more.")
    func falseRange() async throws {
        let seen = Seen()
        let kept = try await self.run(seen, ranges: ["bytes=0-300000"])
        #expect(kept.counts.ended(.accepted) == 1)
        #expect(
            seen.requests.withLock { $0.map(\.range) } == [nil, "bytes */300000", nil])
        #expect(seen.body.withLock { $0.count } == 300_000)
        let falseRanges = kept.counts.attempts.filter { $0.key.outcome == .failure(.falseRange) }
        #expect(falseRanges.values.reduce(0, +) == 1)
    }
}
