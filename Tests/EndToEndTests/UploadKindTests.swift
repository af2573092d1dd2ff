import Foundation
import Testing

@Suite("What clients send, against the bundled intake")
struct UploadKindTests {
    private static let scenario = """
        version: 1
        name: Kinds of uploads
        target: { intake: { workers: 4, serviceTime: 1ms, bodyLimit: 1MB } }
        seed: 3
        http: { timeout: 5s }
        scenarios:
          mixed: &tips
            executor: constant-arrival-rate
            rate: 20/s
            duration: 4s
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    text: "tip {{ $seq }}"
                    media:
                      mix:
                        - { generate: mp4, size: 20kB }
                        - { generate: mov, size: 20kB }
                        - { generate: webm, size: 20kB }
                        - { generate: jpeg, size: 20kB }
                        - { generate: heic, size: 20kB }
                        - { generate: png, size: 20kB }
                        - { generate: webp, size: 20kB }
          popular:
            <<: *tips
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    text: "tip {{ $seq }}"
                    media:
                      generate: mp4
                      size: { uniform: { min: 5kB, max: 300kB } }
                      clips: { count: 3, exponent: 1 }
          truncated:
            <<: *tips
            class: noise
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    media: { generate: mp4, size: 400kB, fault: truncated }
          mislabelled:
            <<: *tips
            class: noise
            flow:
              - post:
                  url: /v1/tips
                  multipart: { media: { generate: jpeg, size: 20kB, fault: mislabelled } }
          empty:
            <<: *tips
            class: noise
            rate: 10/s
            flow:
              - post:
                  url: /v1/tips
                  multipart: { media: { generate: jpeg, size: 20kB, fault: empty } }
          oversized:
            <<: *tips
            class: noise
            rate: 5/s
            flow:
              - post: { url: /v1/tips, multipart: { media: { generate: mov, size: 3MB } } }
        """

    @Test("Good uploads are stored once each; of the broken ones nothing is left behind.")
    func kinds() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.scenario, to: "kinds.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "kinds.yaml", "--out-dir", "out", "--keep-spool"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            RunTests.checkLedger(report)
            let outcomes = value(report, "outcomes") as? [String: Int] ?? [:]
            #expect(outcomes == ["2xx": 160, "aborted": 80, "415": 120, "413": 20])
            #expect(number(report, "classes.genuine.accepted") == 160)
            #expect(number(report, "loss.reconcile.acked_stored") == 160)
            #expect(number(report, "loss.reconcile.acked_missing") == 0)
            #expect(number(report, "loss.reconcile.unacked_stored") == 0)
            let spool = try FileManager.default.contentsOfDirectory(
                atPath: folder + "/out/intake/spool")
            #expect(spool.count == 160)
            #expect(spool.allSatisfy { !$0.hasSuffix(".part") })
            let digests = try BuiltProgram.shell(
                "sqlite3", [folder + "/out/intake/intake.sqlite", Self.digestsOfClips])
            #expect(digests.output == "3\n")
            let containers = try BuiltProgram.shell(
                "sqlite3",
                [
                    folder + "/out/intake/intake.sqlite",
                    "select distinct container from media order by container",
                ])
            #expect(
                containers.output.split(separator: "\n") == [
                    "heic", "jpeg", "matroska", "mp4", "png", "quicktime", "webp",
                ])
        }
    }

    /// How many different files the 80 popular uploads were.
    private static let digestsOfClips =
        "select count(*) from (select sha256, count(*) n from media group by sha256 having n > 2)"
}
