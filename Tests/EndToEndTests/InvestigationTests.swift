import Foundation
import Testing

@Suite("Experiments on the command line")
struct InvestigationTests {
    private let scenario = """
        version: 1
        name: steps
        target: { intake: { workers: 2 } }
        scenarios:
          tips:
            executor: ramping-arrival-rate
            startRate: 10/s
            stages: [ { name: up, duration: 40s, target: 50/s } ]
            flow: [ { get: /v1/app } ]

        """

    @Test("A plan shows what an experiment comes to; what cannot be changed so exits 64.")
    func plan() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(self.scenario, to: "steps.yaml", in: folder)
            let steep = try BuiltProgram.run(
                ["plan", "steps.yaml", "--experiment", "e1"], in: folder)
            #expect(steep.status == 0, "\(steep.errors)")
            #expect(steep.output.contains("00:10"))
            let relief = try BuiltProgram.run(
                ["plan", "steps.yaml", "--experiment", "E7"], in: folder)
            #expect(relief.output.contains("relief"))
            for (flag, id, reason) in [
                ("--experiment", "E10", "E10: the target is not spoken to over TLS"),
                ("--experiment", "E99", "E99: is no experiment"),
                ("--remedy", "larger-spool", "larger-spool: the intake has no spoolQuota"),
                ("--remedy", "prayer", "prayer: is no remedy; there are bounded-queue"),
            ] {
                let refused = try BuiltProgram.run(["plan", "steps.yaml", flag, id], in: folder)
                #expect(refused.status == 64)
                #expect(refused.errors.contains(reason), "\(refused.errors)")
            }
        }
    }

    @Test("Of an outage with only public facts it says so, and what records would settle it.")
    func incident() async throws {
        try await BuiltProgram.withFolder { folder in
            let file = "incident.yml"
            let text = try String(
                contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                    .deletingLastPathComponent().deletingLastPathComponent()
                    .appendingPathComponent("scenarios/iwatch-dallas/incident.yml"),
                encoding: .utf8)
            try BuiltProgram.write(text, to: file, in: folder)
            let told = try BuiltProgram.run(["investigate", file], in: folder)
            #expect(told.status == 0, "\(told.errors)")
            #expect(told.output.hasPrefix("NOT_ENOUGH_EVIDENCE  iWatch Dallas"))
            #expect(told.output.contains("switched off 50 %, overwhelmed 50 %"))
            #expect(told.output.contains("requests per minute against answers"))
            #expect(!FileManager.default.fileExists(atPath: folder + "/reports"))
        }
    }
}
