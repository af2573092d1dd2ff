import Foundation
import Primitives
import Synchronization
import Testing

@testable import Intake

@Suite(.timeLimit(.minutes(2))) struct OperatorTests {
    @Test("The operator's page, missing routes and closed listener each look their way.")
    func states() async throws {
        try await withIntake { intake in
            let port = intake.server.port
            for (state, status) in [
                ("page", 503), ("route-off", 404), ("listener-off", -1), ("open", 200),
            ] {
                let answer = await intake.admin(
                    "PUT", "/admin/operator", "{\"state\":\"\(state)\",\"until\":null}")
                #expect(answer.status == 200 && answer["state"] == state)
                let health = await RawClient.send("GET", "/healthz", to: port)
                #expect(health.status == status, "\(state)")
                if state == "page" {
                    #expect(
                        health.body.contains("down temporarily due to technical difficulties"))
                    #expect(health.head.lowercased().contains("text/html"))
                }
                #expect(await intake.admin("GET", "/healthz").status == 200)
            }
            let wrong = await intake.admin("PUT", "/admin/operator", "{\"state\":\"off\"}")
            #expect(wrong.status == 400)
        }
    }

    @Test("A state with an end ends by itself, in story time.")
    func until() async throws {
        try await withIntake(["timeScale": "100"]) { intake in
            let answer = await intake.admin(
                "PUT", "/admin/operator", "{\"state\":\"listener-off\",\"until\":\"20s\"}")
            #expect(answer.status == 200)
            try await intake.eventually {
                await RawClient.send("GET", "/healthz", to: intake.server.port).status == 200
            }
            let status = await intake.admin("GET", "/admin/operator")
            #expect(status["state"] == "open")
        }
    }

    @Test("Twenty times off and on while 600 connections a second come.")
    func cycles() async throws {
        try await withIntake { intake in
            let port = intake.server.port
            let tally = Tally()
            let visitors = (0..<6).map { _ in
                Task {
                    while !Task.isCancelled {
                        tally.count(await RawClient.send("GET", "/healthz", to: port).status)
                        try await Task.sleep(for: .milliseconds(8))
                    }
                }
            }
            defer { for visitor in visitors { visitor.cancel() } }
            for _ in 0..<20 {
                for (state, status) in [("listener-off", -1), ("open", 200)] {
                    let answer = await intake.admin(
                        "PUT", "/admin/operator", "{\"state\":\"\(state)\"}")
                    #expect(answer.status == 200)
                    let before = tally.of(status)
                    try await intake.eventually { tally.of(status) > before }
                }
            }
            #expect(await RawClient.send("GET", "/healthz", to: port).status == 200)
        }
    }

    @Test("Rows that an administrator forgets are really gone.")
    func forgetting() async throws {
        try await withIntake { intake in
            for number in 0..<10 { _ = await intake.tip(key: "k\(number)") }
            let answer = await intake.admin("POST", "/admin/forget", "{\"count\":7}")
            #expect(answer["forgotten"] == "7")
            #expect(await intake.stored().count == 3)
            #expect(await intake.admin("DELETE", "/admin/store?newest=2").status == 200)
            let left = await intake.stored()
            #expect(left.count == 1 && left[0].contains("\"key\":\"k0\""))
            #expect(await intake.admin("POST", "/admin/forget", "{}").status == 400)
        }
    }

    @Test("Counters, metrics, manifest and reviews tell what happened.")
    func truth() async throws {
        let settings = ["review.perItem": "10s", "timeScale": "1000"]
        try await withIntake(settings) { intake in
            for number in 0..<5 { _ = await intake.tip(key: "k\(number)") }
            _ = await intake.tip("{}")
            #expect(await intake.admin("GET", "/admin/quiet").status == 200)
            let counters = await intake.admin("GET", "/admin/counters")
            #expect(
                counters.body.contains("\"answered\":{\"POST /v1/tips\":{\"201\":5,\"400\":1}}"))
            #expect(counters.body.contains("\"sent\":{\"POST /v1/tips\":{\"201\":5,\"400\":1}}"))
            #expect(counters["accepted"] == "5" && counters["received"] == "6")
            let metrics = await intake.admin("GET", "/metrics").body
            #expect(
                metrics.contains(
                    "intake_requests_total{route=\"POST /v1/tips\",status=\"201\"} 5\n"))
            #expect(metrics.contains("intake_workers 4\n"))
            let manifest = await intake.admin("GET", "/admin/manifest")
            #expect(manifest["capacity_measured"] == "<null>")
            try await intake.eventually {
                let lines = await intake.admin("GET", "/admin/reviews").lines
                return lines.count == 5 && lines.allSatisfy { !$0.contains("null") }
            }
        }
    }

    @Test("A port that is taken is a clear error.")
    func takenPort() async throws {
        try await withIntake { intake in
            let directory = intake.directory + "/second"
            await #expect(throws: LaunchError.self) {
                _ = try await IntakeServer(
                    IntakeLaunch(port: intake.server.port, dataDirectory: directory))
            }
        }
    }
}

/// Counts statuses from many tasks.
private final class Tally: Sendable {
    private let counts = Mutex<[Int: Int]>([:])

    func count(_ status: Int) {
        self.counts.withLock { $0[status, default: 0] += 1 }
    }

    func of(_ status: Int) -> Int {
        self.counts.withLock { $0[status] ?? 0 }
    }
}
