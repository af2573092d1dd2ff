import Testing

@Suite("Uploads that are broken off")
struct ResumeTests {
    private static let scenario = """
        version: 1
        name: Resumed
        target: { intake: { workers: 4, serviceTime: 5ms, resumable: true } }
        http: { timeout: 10s, connectTimeout: 5s }
        scenarios:
          tips:
            executor: constant-arrival-rate
            rate: 10/s
            duration: 2s
            patience: 60s
            gracefulStop: 60s
            flow:
              - post:
                  url: /v1/tips
                  json: { text: tip, media: 1 }
                  capture: [ { json: $.id, as: id } ]
                  expect: { status: [200, 201] }
              - put:
                  url: /v1/tips/{{ id }}/media
                  body: { generate: mp4, size: 300kB }
                  abortAfter: 120kB
                  resume: true
                  retry: { max: 5, when: [aborted], delay: 300ms }
        """

    @Test("Phones that hang up every 120 kB get their 300 kB in with three attempts.")
    func resumed() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.scenario, to: "resumed.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "resumed.yaml", "--out-dir", "out", "-q"], in: folder)
            #expect([0, 95].contains(run.status), "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(number(report, "totals.accepted") == 20)
            #expect(number(report, "outcomes.aborted") == 40)
            // 24 bytes of JSON, 300,000 of media.
            #expect(number(report, "totals.bytes_up") == 6_000_480)
            #expect(number(report, "loss.reconcile.acked_missing") == 0)
            #expect(number(report, "loss.reconcile.acked_stored") == 20)
        }
    }
}
