import Foundation
import Testing

@Suite("Runs against an intake that breaks on purpose")
struct FaultRunTests {
    private func report(_ fault: String) async throws -> [String: Any] {
        try await BuiltProgram.withFolder { folder in
            let text = """
                version: 1
                name: Faults
                target: { intake: { workers: 4, serviceTime: 2ms, faults: [ { \(fault) } ] } }
                http: { timeout: 5s }
                scenarios:
                  tips:
                    executor: constant-arrival-rate
                    rate: 20/s
                    duration: 5s
                    flow:
                      - post:
                          url: /v1/tips
                          json: { text: "\(String(repeating: "x", count: 1_500))" }
                """
            try BuiltProgram.write(text, to: "faults.yaml", in: folder)
            let run = try BuiltProgram.run(["run", "faults.yaml"], in: folder)
            // 95: a machine too busy to keep the schedule, which changes none of the sums.
            #expect(run.status == 0 || run.status == 95, "\(run.errors)")
            return try BuiltProgram.json(folder + "/reports/faults/latest/report.json")
        }
    }

    @Test("From the thirty-first request on bodies are too large, and not one sooner.")
    func bodyLimit() async throws {
        let report = try await self.report("id: body-limit, afterCount: 30, largest: 1kB")
        RunTests.checkLedger(report)
        let intents = try #require(number(report, "totals.intents"))
        #expect(intents >= 90)
        #expect(number(report, "totals.accepted") == 30)
        #expect(number(report, "totals.rejected") == intents - 30)
        #expect(number(report, "outcomes.2xx") == 30)
        #expect(number(report, "outcomes.413") == intents - 30)
        #expect(number(report, "loss.reconcile.acked_stored") == 30)
    }

    @Test("A process that is killed refuses, comes back on its ports, and has lost nothing.")
    func crash() async throws {
        let report = try await self.report("id: crash, afterCount: 30, down: 1s")
        RunTests.checkLedger(report)
        #expect((number(report, "outcomes.refused") ?? 0) > 0)
        // Before it and after it.
        #expect((number(report, "outcomes.2xx") ?? 0) > 35)
        #expect(number(report, "loss.reconcile.acked_missing") == 0)
        #expect(
            number(report, "loss.reconcile.acked_stored") == number(report, "totals.accepted"))
    }
}
