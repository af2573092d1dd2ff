import Foundation
import Primitives
import Testing

@testable import Intake

@Suite(.timeLimit(.minutes(1))) struct FaultPolicyTests {
    private func texts(_ count: Int) -> String {
        "{\"text\":\"\(String(repeating: "x", count: count))\"}"
    }

    @Test("After so many requests bodies may be no larger; those before were.")
    func bodyLimit() async throws {
        try await withIntake(["faults": "body-limit afterCount=2 largest=1kB"]) { intake in
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(await intake.tip(self.texts(2_000)).status) }
            statuses.append(await intake.tip(self.texts(900)).status)
            #expect(statuses == [201, 201, 413, 413, 201])
            try await intake.eventually { await intake.fault()["began"] is [String: Any] }
            let fault = await intake.fault()
            #expect(fault["mechanism"] as? String == "M11")
            let before = fault["at_trigger"] as? [String: Any]
            #expect((before?["requests"] as? NSNumber)?.intValue == 3)
            #expect(fault["ended"] is NSNull && fault["failure"] is NSNull)
            let settings = await intake.admin("GET", "/admin/settings").body
            #expect(settings.contains("\"bodyLimit\":100000000"))
        }
    }

    @Test("A fault that is over leaves what was there before.")
    func over() async throws {
        try await withIntake(["faults": "body-limit at=0s for=2s largest=1kB"]) { intake in
            #expect(await intake.tip(self.texts(2_000)).status == 413)
            try await intake.eventually { await intake.tip(self.texts(2_000)).status == 201 }
            try await intake.eventually { await intake.fault()["ended"] is [String: Any] }
            let fault = await intake.fault()
            let times = ["began", "ended"].compactMap { (fault[$0] as? [String: Any])?["t"] }
            let seconds = times.compactMap { ($0 as? NSNumber)?.doubleValue }
            try #require(seconds.count == 2)
            #expect(seconds[1] >= 2 && seconds[0] <= seconds[1])
        }
    }

    @Test("A limiter that answers 503 looks like an overload, and is per client.")
    func limiter() async throws {
        let faults = "limiter afterCount=1 rate=1/h burst=2 key=X-Phone status=503"
        try await withIntake(["faults": faults]) { intake in
            var statuses: [Int] = []
            for phone in ["a", "a", "a", "a", "b"] {
                let answer = await RawClient.send(
                    "GET", "/v1/app", to: intake.server.port, headers: ["X-Phone: \(phone)"])
                statuses.append(answer.status)
            }
            #expect(statuses == [200, 200, 200, 503, 200])
            #expect(intake.server.services.counters.snapshot.limited == 1)
        }
    }

    @Test("A maintenance page with 200 takes the service off, and the store's page stays.")
    func page() async throws {
        try await withIntake(["faults": "switch-off at=0s state=page status=200"]) { intake in
            try await intake.untilFaultBegan()
            let answer = await intake.tip()
            #expect(answer.status == 200)
            #expect(answer.body == OperatorState.pageText)
            let review = await RawClient.send(
                "POST", "/v1/reviews", to: intake.server.port,
                body: Array("{\"stars\":1,\"text\":\"down\"}".utf8))
            #expect(review.status == 201)
            #expect(await intake.stored().count == 1)
            #expect(!(await intake.admin("GET", "/admin/manifest").body.contains("\"operator\":")))
        }
    }

    @Test("A route that is gone for good, and a listener that is off for a while.")
    func routes() async throws {
        try await withIntake(["faults": "switch-off at=0s state=route-off status=410"]) { intake in
            try await intake.untilFaultBegan()
            #expect(await intake.open().status == 410)
        }
        let faults = "switch-off at=0s state=listener-off"
        try await withIntake(["faults": faults]) { intake in
            try await intake.untilFaultBegan()
            #expect(await intake.open().status == -1)
            intake.server.services.faultIsOver(0)
            try await intake.eventually { await intake.fault()["ended"] is [String: Any] }
            #expect(await intake.open().status == 200)
        }
    }

    @Test("Which instance a key comes to never changes, and only one is ill.")
    func instanceByKey() async throws {
        let faults = "instance at=0s instances=2 by=key symptom=error status=502"
        try await withIntake(["faults": faults]) { intake in
            let keys = (0..<12).map { "key-\($0)" }
            let expected = keys.map {
                Int(FaultShare.place(of: $0) * 1_000_000) % 2 == 0 ? 502 : 201
            }
            #expect(Set(expected).count == 2)
            for _ in 0..<2 {
                var statuses: [Int] = []
                for key in keys { statuses.append(await intake.tip(key: key).status) }
                #expect(statuses.map { $0 == 200 ? 201 : $0 } == expected)
            }
        }
    }

    @Test("One connection of four comes to the ill instance, which hangs up.")
    func instanceByConnection() async throws {
        try await withIntake(["faults": "instance at=0s symptom=reset"]) { intake in
            var statuses: [Int] = []
            for _ in 0..<8 { statuses.append(await intake.open().status) }
            #expect(statuses == [0, 200, 200, 200, 0, 200, 200, 200])
        }
    }

    @Test("Poison is in the input: it fails again, and the others do not.")
    func poison() async throws {
        let faults = "poison at=0s share=0.5 effect=error status=500"
        try await withIntake(["faults": faults]) { intake in
            for number in 0..<12 {
                let key = "key-\(number)"
                let isPoison = FaultShare.place(of: key) < 0.5
                let statuses = [
                    await intake.tip(key: key).status, await intake.tip(key: key).status,
                ]
                #expect(statuses == (isPoison ? [500, 500] : [201, 200]), "\(key)")
            }
        }
    }

    @Test(
        "Odd things: a garbled answer, a submission that is acknowledged and lost, no answer.",
        arguments: [("garbled", 201, 1), ("forgets", 201, 0), ("cut", 0, 1)])
    func odd(kind: String, status: Int, rows: Int) async throws {
        try await withIntake(["faults": "odd at=0s kind=\(kind) share=1"]) { intake in
            let answer = await intake.tip()
            #expect(answer.status == status)
            #expect(answer.body.contains("no such encoding") == (kind == "garbled"))
            #expect(await intake.stored().count == rows)
            #expect(await intake.open().status == 200)
        }
    }

    @Test("Where the truth goes to a file, nothing else tells it.")
    func sealed() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/truth-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/truth.json"
        let told = try String(
            contentsOfFile: await self.toldWhileSealed(path), encoding: .utf8)
        #expect(told.contains("\"id\":\"body-limit\"") && told.contains("\"capacity_measured\""))
        #expect(told.contains("\"mechanism\":\"M11\""))
    }

    /// Runs a sealed intake, asks it everything, and returns the truth's path.
    private func toldWhileSealed(_ path: String) async throws -> String {
        let faults = ["faults": "body-limit at=0s largest=1kB"]
        try await withIntake(faults, launched: { $0.truthPath = path }) { intake in
            #expect(await intake.tip(self.texts(2_000)).status == 413)
            try await intake.eventually {
                let truth = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
                return truth.contains("\"began\":{")
            }
            for question in ["manifest", "settings", "counters", "operator"] {
                let answer = await intake.admin("GET", "/admin/\(question)")
                #expect(answer.status == 200 && !answer.body.contains("fault"), "\(question)")
                #expect(!answer.body.contains("body-limit"))
            }
            let changed = await intake.admin("PUT", "/admin/settings", "{\"workers\":2}")
            #expect(changed.status == 200 && !changed.body.contains("fault"))
            #expect(await intake.tip(self.texts(2_000)).status == 413)
            let metrics = await intake.admin("GET", "/metrics").body
            #expect(!metrics.contains("fault") && !metrics.contains("operator"))
        }
        return path
    }
}
