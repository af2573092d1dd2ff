import Foundation
import Testing

@testable import Intake

@Suite(.timeLimit(.minutes(1))) struct BadInputTests {
    /// Nothing stored, nothing in the spool, no room taken.
    private func expectUntouched(
        _ intake: IntakeFixture, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await intake.eventually { intake.server.services.isQuiet }
        #expect(await intake.stored().isEmpty, sourceLocation: sourceLocation)
        try await intake.eventually { intake.spooled.isEmpty }
        #expect(intake.server.services.spool.usedBytes == 0, sourceLocation: sourceLocation)
    }

    @Test("A body that ends early stores nothing and leaves no file.")
    func truncated() async throws {
        try await withIntake { intake in
            let tip = await intake.tip("{\"text\":\"x\",\"media\":1}")
            let id = try #require(tip["id"])
            for manner in [RawClient.Manner.halfClose, .leave] {
                let answer = await RawClient.send(
                    "PUT", "/v1/tips/\(id)/media", to: intake.server.port,
                    body: IntakeFixture.video(150_000), announced: 300_000, manner)
                #expect([0, 400].contains(answer.status))
            }
            try await intake.eventually { intake.server.services.counters.snapshot.truncated == 2 }
            try await self.expectUntouched(intake)
        }
    }

    @Test("A length that is too short, twice given or no number is a 4xx and stores no more.")
    func lyingLength() async throws {
        try await withIntake { intake in
            let json = "{\"text\":\"x\"}"
            let heads = [
                "Content-Length: 5", "Content-Length: 12\r\nContent-Length: 13",
                "Content-Length: twelve", "Content-Length: -1",
                "Content-Length: 12\r\nTransfer-Encoding: chunked",
            ]
            for head in heads {
                let request = "POST /v1/tips HTTP/1.1\r\nHost: x\r\n\(head)\r\n\r\n\(json)"
                let answer = await RawClient.send(Array(request.utf8), to: intake.server.port)
                #expect((400..<500).contains(answer.status), "\(head)")
            }
            try await self.expectUntouched(intake)
        }
    }

    @Test("Media that is not media is refused with 415, by form and by PUT.")
    func notMedia() async throws {
        try await withIntake { intake in
            let page = Array(repeating: Array("<html>".utf8), count: 30_000).flatMap { $0 }
            #expect(await intake.form(page, key: "a").status == 415)
            #expect(await intake.form([], key: "b").status == 415)
            let id = try #require(await intake.tip("{\"text\":\"x\",\"media\":1}")["id"])
            for body in [page, [], [0xFF]] {
                let answer = await RawClient.send(
                    "PUT", "/v1/tips/\(id)/media", to: intake.server.port, body: body)
                #expect(answer.status == 415)
            }
            try await self.expectUntouched(intake)
        }
    }

    @Test("A text of 10 MB is refused with 413, as JSON and in a form.")
    func hugeText() async throws {
        try await withIntake { intake in
            let text = String(repeating: "a", count: 10_000_000)
            #expect(await intake.tip("{\"text\":\"\(text)\"}").status == 413)
            let answer = await intake.form(IntakeFixture.video(100), key: "a", text: text)
            #expect(answer.status == 413)
            let exact = String(repeating: "é", count: 32_768)
            #expect(await intake.tip("{\"text\":\"\(exact)a\"}").status == 413)
            try await self.expectUntouched(intake)
            #expect(await intake.tip("{\"text\":\"\(exact)\"}").status == 201)
        }
    }

    @Test("Ids that climb out of the store are refused, and no such file is touched.")
    func climbingIds() async throws {
        try await withIntake { intake in
            for id in ["..", "../..", "%2e%2e%2fx", "..%5c", "../../../../tmp/x", "a/../b", ""] {
                let put = await RawClient.send(
                    "PUT", "/v1/tips/\(id)/media", to: intake.server.port,
                    body: IntakeFixture.video(50))
                let get = await RawClient.send("GET", "/v1/tips/\(id)", to: intake.server.port)
                #expect([400, 404].contains(put.status) && [400, 404].contains(get.status))
            }
            let unknown = await RawClient.send(
                "PUT", "/v1/tips/0000/media", to: intake.server.port,
                body: IntakeFixture.video(50))
            #expect(unknown.status == 404)
            try await self.expectUntouched(intake)
        }
    }

    @Test("A body over the limit is 413, whether announced or sent in chunks.")
    func overTheLimit() async throws {
        try await withIntake(["bodyLimit": "100kB"]) { intake in
            let id = try #require(await intake.tip("{\"text\":\"x\",\"media\":1}")["id"])
            let path = "/v1/tips/\(id)/media"
            let video = IntakeFixture.video(3_000_000)
            let announced = await RawClient.send(
                "PUT", path, to: intake.server.port, body: video)
            #expect(announced.status == 413)
            let head =
                "PUT \(path) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "\(String(video.count, radix: 16))\r\n"
            let chunked = await RawClient.send(
                Array(head.utf8) + video + Array("\r\n0\r\n\r\n".utf8), to: intake.server.port)
            #expect(chunked.status == 413)
            try await self.expectUntouched(intake)
            let fits = await RawClient.send(
                "PUT", path, to: intake.server.port, body: IntakeFixture.video(100_000))
            #expect(fits.status == 201)
        }
    }

    @Test("A full spool is 507, and room given back can be used again.")
    func fullSpool() async throws {
        try await withIntake(["spoolQuota": "200kB"]) { intake in
            #expect(await intake.form(IntakeFixture.video(150_000), key: "a").status == 201)
            #expect(await intake.form(IntakeFixture.video(90_000), key: "b").status == 507)
            #expect(await intake.form(IntakeFixture.video(50_000), key: "c").status == 201)
            #expect(await intake.stored().count == 2)
            #expect(intake.server.services.spool.usedBytes == 200_000)
        }
    }

    @Test("Forms and JSON that say nothing useful are 400.")
    func nonsense() async throws {
        try await withIntake { intake in
            for json in [
                "", "[]", "{}", "{\"text\":5}", "{\"text\":\"x\",\"media\":99}",
                "{\"text\":\"x\",\"priority\":\"high\"}", "nul",
            ] {
                #expect(await intake.tip(json).status == 400, "\(json)")
            }
            for type in ["multipart/form-data", "multipart/form-data; boundary=b"] {
                let answer = await RawClient.send(
                    "POST", "/v1/tips", to: intake.server.port,
                    headers: ["Content-Type: \(type)"],
                    body: Array("--b\r\nContent-Disposition: form-data; name=text\r\n\r\nx".utf8))
                #expect(answer.status == 400)
            }
            let key = String(repeating: "k", count: 201)
            #expect(await intake.tip(key: key).status == 400)
            let garbage = await RawClient.send(
                Array("\u{1}\u{2}garbage\r\n\r\n".utf8), to: intake.server.port)
            #expect(garbage.status == 400)
            try await self.expectUntouched(intake)
        }
    }
}
