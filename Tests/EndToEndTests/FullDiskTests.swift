import Foundation
import TestSupport
import Testing

@Suite("A journal whose disk is full")
struct FullDiskTests {
    /// True where a file system of a known size can be mounted.
    private static var canMount: Bool { getuid() == 0 }

    @Test(
        "The run stops and drains, is invalid, exits 95, and what was written stays readable.",
        .enabled(if: canMount))
    func fullDisk() async throws {
        let server = try ScriptedServer { connection in
            while connection.readRequest() != nil, connection.answer(200, body: "ok") {}
        }
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            let disk = folder + "/disk"
            try FileManager.default.createDirectory(
                atPath: disk, withIntermediateDirectories: true)
            let mounted = try BuiltProgram.shell(
                "mount", ["-t", "tmpfs", "-o", "size=200k", "spate-test", disk])
            // Some sandboxes give root no right to mount: there is nothing to test then.
            guard mounted.status == 0 else { return }
            defer { _ = try? BuiltProgram.shell("umount", [disk]) }
            try BuiltProgram.write(
                """
                version: 1
                target: \(server.url(""))
                scenarios:
                  people:
                    executor: constant-arrival-rate
                    rate: 400/s
                    duration: 60s
                    flow: [ { get: / } ]
                """, to: "full.yaml", in: folder)
            // 24,000 intents are known not to fit: that is refused before anything starts.
            let arguments = ["run", "full.yaml", "--out-dir", disk + "/out"]
            let refused = try BuiltProgram.run(arguments, in: folder)
            #expect(refused.status == 95)
            #expect(refused.errors.contains("the disk of its own journal: 576 kB needed"))
            #expect(!FileManager.default.fileExists(atPath: disk + "/out"))
            let run = try BuiltProgram.run(arguments + ["--force"], in: folder)
            #expect(run.status == 95, "\(run.errors)")
            #expect(run.output.contains("Not a valid test"))
            let said = run.output.replacing("\n", with: " ")
            #expect(said.contains("limited by the disk of its own journal: cannot write"))
            #expect(said.contains("To mend it: free space"))
            #expect(said.contains("--out-dir DIR"))
            // The reports find no room there either; elsewhere they can be made.
            try FileManager.default.copyItem(atPath: disk + "/out", toPath: folder + "/copy")
            let rebuilt = try BuiltProgram.run(["report", "copy", "--json"], in: folder)
            #expect(rebuilt.status == 0, "\(rebuilt.errors)")
            let report = try BuiltProgram.json(folder + "/copy/report.json")
            #expect((number(report, "run.duration") ?? 99) < 50, "it stopped early")
            #expect((value(report, "series") as? [Any])?.isEmpty == false)
            #expect(run.errors.contains("No space left"))
        }
    }
}
