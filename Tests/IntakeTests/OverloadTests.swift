import Primitives
import Testing

@testable import Intake

@Suite(.timeLimit(.minutes(1))) struct OverloadTests {
    @Test(
        "A full queue answers 503 with Retry-After, before the body and after it.",
        arguments: ["after-body", "before-body"])
    func fullQueue(admission: String) async throws {
        let settings = [
            "workers": "1", "queue": "0", "serviceTime": "1s", "retryAfter": "1500ms",
            "admission": admission,
        ]
        try await withIntake(settings) { intake in
            let first = Task { await intake.form(IntakeFixture.video(9_000), key: "a") }
            try await intake.eventually { intake.server.services.workers.load.busy == 1 }
            let second = await intake.form(IntakeFixture.video(9_000), key: "b")
            #expect(second.status == 503)
            #expect(second.head.lowercased().contains("retry-after: 2"))
            #expect(await first.value.status == 201)
            #expect(await intake.stored().count == 1)
            #expect(intake.server.services.counters.snapshot.queueFull == 1)
            #expect(intake.server.services.spool.usedBytes == 9_000)
        }
    }

    @Test("A client that left: its tip is stored all the same, or dropped, as set.")
    func abandoned() async throws {
        for (mode, rows) in [("work", 2), ("drop", 1)] {
            let settings = ["workers": "1", "serviceTime": "500ms", "abandoned": mode]
            try await withIntake(settings) { intake in
                let stays = Task { await intake.tip(key: "stays") }
                try await intake.eventually { intake.server.services.workers.load.busy == 1 }
                _ = await intake.tip(key: "leaves", .leave)
                try await intake.eventually {
                    let values = intake.server.services.counters.snapshot
                    return values.abandonedDone + values.abandonedDropped == 1
                }
                #expect(await stays.value.status == 201)
                try await intake.eventually { intake.server.services.isQuiet }
                #expect(await intake.stored().count == rows, "\(mode)")
                let values = intake.server.services.counters.snapshot
                #expect(values.abandonedDone == (mode == "work" ? 1 : 0))
                #expect(intake.server.services.workers.load.depth == 0)
            }
        }
    }

    @Test("The limiter tells clients apart by a header and answers with its status.")
    func limiter() async throws {
        let settings = [
            "limiter.rate": "1/h", "limiter.burst": "2", "limiter.key": "X-Phone",
            "limiter.status": "420",
        ]
        try await withIntake(settings) { intake in
            var statuses: [Int] = []
            for phone in ["a", "a", "a", "b"] {
                let answer = await RawClient.send(
                    "POST", "/v1/tips", to: intake.server.port, headers: ["X-Phone: \(phone)"],
                    body: Array("{\"text\":\"x\"}".utf8))
                statuses.append(answer.status)
            }
            #expect(statuses == [201, 201, 420, 201])
            let health = await RawClient.send("GET", "/healthz", to: intake.server.port)
            #expect(health.status == 200)
        }
    }

    @Test("Shedding refuses above a depth of the queue.")
    func shedding() async throws {
        let settings = [
            "workers": "1", "shed.above": "0", "shed.status": "529",
            "faults": "workers at=0s held=1",
        ]
        try await withIntake(settings) { intake in
            _ = await intake.open()
            try await intake.eventually { intake.server.services.workers.load.busy == 1 }
            let waiting = Task { await intake.tip() }
            try await intake.eventually { intake.server.services.workers.load.depth == 1 }
            #expect(await intake.tip().status == 529)
            intake.server.services.faultIsOver(0)
            #expect(await waiting.value.status == 201)
        }
    }

    @Test("The capacity is measured while all workers are busy, and is what was set.")
    func capacity() async throws {
        try await withIntake(["workers": "2", "serviceTime": "50ms"]) { intake in
            #expect(intake.server.services.workers.capacityMeasured == nil)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { for _ in 0..<9 { _ = await intake.tip() } }
                }
            }
            let measured = try #require(intake.server.services.workers.capacityMeasured)
            // 2 / 50 ms = 40 at most; a sleep may always be longer on a busy machine.
            #expect(measured > 2 && measured <= 40.4)
        }
    }

    @Test("Fewer workers or none to spare: changed settings apply to what waits.")
    func liveSettings() async throws {
        try await withIntake(["workers": "1", "serviceTime": "1s"]) { intake in
            let tips = (0..<6).map { _ in Task { await intake.tip() } }
            try await intake.eventually { intake.server.services.workers.load.depth == 5 }
            let answer = await intake.admin("PUT", "/admin/settings", "{\"workers\":6}")
            #expect(answer.status == 200)
            // What has begun never waits again; the first may have ended on a busy machine.
            #expect(intake.server.services.workers.load.depth == 0)
            for tip in tips { #expect(await tip.value.status == 201) }
        }
    }
}
