import Foundation
import Testing

@testable import Intake

@Suite struct ResumableTests {
    private let file = IntakeFixture.video(300_000)

    /// Makes a tip that waits for its file, and returns the file's path.
    private func tip(_ intake: IntakeFixture) async throws -> String {
        let answer = await intake.tip("{\"text\":\"seen\",\"media\":1}", key: "k")
        return "/v1/tips/\(try #require(answer["id"]))/media"
    }

    private func put(
        _ intake: IntakeFixture, _ path: String, range: String? = nil, _ bytes: [UInt8],
        announced: Int? = nil, _ manner: RawClient.Manner = .patient
    ) async -> RawAnswer {
        await RawClient.send(
            "PUT", path, to: intake.server.port,
            headers: range.map { ["Content-Range: bytes \($0)"] } ?? [], body: bytes,
            announced: announced, manner)
    }

    @Test("An upload that broke off goes on where it stopped, and the digest is the whole file's.")
    func resumes() async throws {
        try await withIntake(["resumable": "true"]) { intake in
            let path = try await self.tip(intake)
            let empty = await self.put(intake, path, range: "*/300000", [])
            #expect(empty.status == 308)
            #expect(!empty.head.lowercased().contains("\r\nrange:"))
            _ = await self.put(
                intake, path, Array(self.file[..<120_000]), announced: 300_000, .halfClose)
            try await intake.eventually {
                let asked = await self.put(intake, path, range: "*/300000", [])
                return asked.head.lowercased().contains("\r\nrange: bytes=0-119999")
            }
            // Not the continuation: told again what is there.
            let wrong = await self.put(
                intake, path, range: "100000-299999/300000", Array(self.file[100_000...]))
            #expect(wrong.status == 308)
            let rest = await self.put(
                intake, path, range: "120000-299999/300000", Array(self.file[120_000...]))
            #expect(rest.status == 201)
            #expect(rest["bytes"] == "300000")
            let digest = Digest()
            self.file.withUnsafeBytes { digest.update($0) }
            #expect(rest["sha256"] == digest.finish())
        }
    }

    @Test("Without the setting what broke off is gone, and a question is no upload.")
    func notOffered() async throws {
        try await withIntake { intake in
            let path = try await self.tip(intake)
            _ = await self.put(
                intake, path, Array(self.file[..<120_000]), announced: 300_000, .halfClose)
            let asked = await self.put(intake, path, range: "*/300000", [])
            #expect(asked.status == 415)
            try await intake.eventually { intake.spooled.isEmpty }
            #expect(await self.put(intake, path, self.file).status == 201)
        }
    }

    @Test("Ranges are read as RFC 9110 has them, and as nothing else.")
    func ranges() {
        #expect(ContentRange("bytes */10") == .question(length: 10))
        #expect(ContentRange("bytes 0-9/10") == .part(first: 0, last: 9, length: 10))
        for bad in [
            "", "bytes", "bytes 0-9", "bytes 0-10/10", "bytes 5-4/10", "bytes -1-4/10",
            "bytes 0-9/*", "chars 0-9/10", "bytes 0-9/10/11", "bytes a-b/c",
        ] {
            #expect(ContentRange(bad) == nil, "\(bad)")
        }
    }
}
