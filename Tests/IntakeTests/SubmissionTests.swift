import Foundation
import Testing

@testable import Intake

@Suite(.timeLimit(.minutes(1))) struct SubmissionTests {
    @Test("A tip with media is stored only once its media came, and then once.")
    func twoSteps() async throws {
        try await withIntake { intake in
            let tip = await intake.tip("{\"text\":\"seen\",\"media\":1}", key: "k")
            #expect(tip.status == 201)
            let id = try #require(tip["id"])
            #expect(await intake.stored().isEmpty)
            let video = IntakeFixture.video(200_000)
            let path = "/v1/tips/\(id)/media"
            let port = intake.server.port
            let first = await RawClient.send("PUT", path, to: port, body: video)
            let second = await RawClient.send("PUT", path, to: port, body: video)
            let other = await RawClient.send(
                "PUT", path, to: port, body: IntakeFixture.video(99, salt: 1))
            let statuses: [Int] = [first.status, second.status, other.status]
            #expect(statuses == [201, 200, 409])
            #expect(first["sha256"] == second["sha256"])
            let receipt = await RawClient.send("GET", "/v1/tips/\(id)", to: port)
            #expect(receipt["state"] == "received")
            #expect(await intake.stored().count == 1)
            #expect(intake.spooled.count == 1)
            let file = try Data(
                contentsOf: URL(filePath: intake.directory + "/spool/" + intake.spooled[0]))
            #expect(Array(file) == video)
        }
    }

    @Test("A browser's form is one submission; the listing and the view agree.")
    func forms() async throws {
        try await withIntake { intake in
            for number in 0..<3 {
                let answer = await intake.form(
                    IntakeFixture.video(20_000 * (number * 4 + 1)), key: "f\(number)")
                #expect(answer.status == 201)
            }
            #expect(await intake.tip(key: "t").status == 201)
            let review = await RawClient.send(
                "POST", "/v1/reviews", to: intake.server.port,
                headers: ["Idempotency-Key: r"], body: Array("{\"stars\":1}".utf8))
            #expect(review.status == 201)
            let lines = await intake.stored()
            #expect(lines.count == 5)
            let rows = try await intake.server.services.store.storedCount()
            #expect(rows == 5)
            #expect(intake.spooled.count == 3)
            #expect(intake.server.services.spool.usedBytes == 20_000 * (1 + 5 + 9))
            let summary = await RawClient.send("GET", "/v1/reviews", to: intake.server.port)
            #expect(summary["count"] == "1")
            let metrics = await intake.admin("GET", "/metrics").body
            #expect(metrics.contains("\nintake_page_reviews_total 1\n"))
            #expect(metrics.contains("\nintake_page_stars_total 1\n"))
        }
    }

    @Test("Twenty at once with one key: one is new, all get its id, one row is stored.")
    func duplicates() async throws {
        try await withIntake { intake in
            let answers = await withTaskGroup(of: RawAnswer.self) { group in
                for _ in 0..<20 {
                    group.addTask { await intake.form(IntakeFixture.video(5_000), key: "same") }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { $0.status == 201 }.count == 1)
            #expect(answers.filter { $0.status == 200 }.count == 19)
            #expect(Set(answers.compactMap { $0["id"] }).count == 1)
            #expect(await intake.stored().count == 1)
            #expect(intake.spooled.count == 1)
            #expect(intake.server.services.spool.usedBytes == 5_000)
        }
    }

    @Test("Blocked devices and places outside are told so.")
    func devices() async throws {
        try await withIntake(["serviceArea": "32,-98,34,-96", "blockList": "fan-*"]) { intake in
            for (json, status) in [
                ("{\"latitude\":32.7,\"longitude\":-96.8,\"device\":\"p1\"}", 201),
                ("{\"latitude\":32.7,\"longitude\":-96.8,\"device\":\"fan-1\"}", 403),
                ("{\"latitude\":37.5,\"longitude\":127,\"device\":\"p2\"}", 403),
                ("{\"latitude\":91,\"longitude\":0}", 400), ("{\"latitude\":1}", 400), ("{", 400),
            ] {
                let answer = await RawClient.send(
                    "POST", "/v1/devices", to: intake.server.port, body: Array(json.utf8))
                #expect(answer.status == status, "\(json)")
                if status == 403 {
                    #expect(
                        answer.body
                            == "{\"error\":\"validation error\",\"message\":\"device is blocked\"}\n"
                    )
                }
            }
            let tip = await intake.tip("{\"text\":\"x\",\"device\":\"fan-2\"}")
            #expect(tip.status == 403)
        }
    }

    @Test("What was stored is still there, and still known, after a restart.")
    func restart() async throws {
        let directory =
            FileManager.default.temporaryDirectory.path + "/intake-test-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var ids: [String?] = []
        for _ in 0..<2 {
            let server = try await IntakeServer(IntakeLaunch(dataDirectory: directory))
            let intake = IntakeFixture(server: server, directory: directory)
            let answer = await intake.form(IntakeFixture.video(3_000), key: "k")
            ids.append(answer["id"])
            #expect(await intake.stored().count == 1)
            #expect(server.services.spool.usedBytes == 3_000)
            await server.stop()
        }
        #expect(ids[0] != nil && ids[0] == ids[1])
    }
}
