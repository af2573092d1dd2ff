import Foundation
import Testing

@Suite("A run from a scenario to its reports")
struct RunTests {
    /// Six seconds of tips against the bundled intake.
    static let tips = """
        version: 1
        name: Tips
        target: { intake: { workers: 4, serviceTime: 2ms } }
        seed: 7
        http: { timeout: 3s }
        scenarios:
          tips:
            executor: constant-arrival-rate
            rate: 30/s
            duration: 6s
            arrivals: poisson
            flow:
              - post:
                  url: /v1/tips
                  multipart:
                    text: "tip {{ $seq }}"
                    video: { generate: mp4, size: { lognormal: { median: 4KiB, p99: 32KiB } } }
                  expect: { status: [201] }
          spam:
            class: noise
            executor: ramping-arrival-rate
            startRate: 1/s
            stages: [ { name: calm, duration: 3s, target: 1/s }, { name: busy, duration: 3s, target: 20/s } ]
            flow:
              - post:
                  url: /v1/tips
                  multipart: { video: { generate: jpeg, size: 2KiB, unique: false } }
                  expect: { status: [201] }
        """

    /// The sums every run has to keep, whatever happened.
    ///
    /// - Parameter afterwards: how often people sent something after their journey had ended.
    static func checkLedger(_ report: [String: Any], afterwards: Int = 0) {
        let totals = value(report, "totals")
        func count(_ name: String) -> Int { Int(number(totals, name) ?? -1) }
        let endings = ["accepted", "rejected", "gave_up", "failed", "dropped", "unfinished"]
        #expect(count("intents") == endings.map(count).reduce(0, +))
        #expect(
            count("attempts") == count("attempts_completed") + count("attempts_failed")
                + count("attempts_unfinished"))
        #expect(count("intents") > 0)
        Self.checkPeople(report)
        // In a run that came to its end every attempt was made for somebody who ended, too.
        let people = (value(report, "people.classes") as? [String: Any]) ?? [:]
        let made = people.keys.reduce(0) { $0 + Int(number(people, "\($1).attempts") ?? -1) }
        #expect(made + afterwards == count("attempts"))
    }

    /// Each person counted one by one is one of the intents counted in sum.
    static func checkPeople(_ report: [String: Any]) {
        let classes = (value(report, "classes") as? [String: Any]) ?? [:]
        #expect(!classes.isEmpty)
        for name in classes.keys {
            let people = value(report, "people.classes.\(name)")
            #expect(number(people, "people") == number(classes, "\(name).intents"))
            for ending in ["accepted", "rejected", "gave_up", "failed", "dropped", "unfinished"] {
                #expect(number(people, ending) == number(classes, "\(name).\(ending)"))
            }
            #expect(
                (number(people, "in_first_try") ?? -1) + (number(people, "in_later") ?? -1)
                    == number(people, "accepted"))
        }
    }

    @Test("It exits 0, writes every file, and rebuilding from the journal changes no byte.")
    func wholeRun() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.tips, to: "tips.yaml", in: folder)
            let run = try BuiltProgram.run(["run", "tips.yaml"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains("/report.html"))
            let latest = folder + "/reports/tips/latest"
            let link = try FileManager.default.destinationOfSymbolicLink(atPath: latest)
            #expect(!link.hasPrefix("/"), "latest is relative, so that the folder can be moved")
            for file in [
                "manifest.json", "scenario.yaml", "plan.json", "report.json", "report.html",
                "report.md", "junit.xml", "intake.log", "reconcile.json",
                "journal/windows.ndjson", "journal/latency.hlog", "journal/events.ndjson",
            ] {
                #expect(FileManager.default.fileExists(atPath: latest + "/" + file), "\(file)")
            }
            #expect(!FileManager.default.fileExists(atPath: latest + "/intake/spool"))
            let report = try BuiltProgram.json(latest + "/report.json")
            Self.checkLedger(report)
            #expect(number(report, "classes.genuine.dropped") == 0)
            #expect(
                number(report, "classes.genuine.accepted")
                    == number(report, "classes.genuine.intents"))
            #expect(
                number(report, "people.classes.genuine.in_first_try")
                    == number(report, "classes.genuine.intents"))
            #expect(run.output.contains("got in at the first try, 0 later, 0 never."))
            let stored = try BuiltProgram.shell(
                "sqlite3", [latest + "/intake/intake.sqlite", "select count(*) from stored"])
            #expect(
                Double(stored.output.trimmingCharacters(in: .whitespacesAndNewlines))
                    == (number(report, "loss.reconcile.acked_stored") ?? -1)
                    + (number(report, "loss.reconcile.unacked_stored") ?? -1))
            #expect(number(report, "loss.reconcile.acked_missing") == 0)
            let marks = try BuiltProgram.shell(
                "python3", [BuiltProgram.root.path + "/scripts/check-report-charts.py", latest])
            #expect(marks.status == 0, "\(marks.output)")
            let before = try Data(contentsOf: URL(fileURLWithPath: latest + "/report.json"))
            let rebuilt = try BuiltProgram.run(["report", "reports/tips/latest"], in: folder)
            #expect(rebuilt.status == 0, "\(rebuilt.errors)")
            let after = try Data(contentsOf: URL(fileURLWithPath: latest + "/report.json"))
            #expect(before == after)
        }
    }

    @Test("Rows that vanish from the store are found, exactly those.")
    func lostRows() async throws {
        try await BuiltProgram.withFolder { folder in
            let scenario =
                Self.tips + """

                    timeline:
                      - at: 5500ms
                        label: Seven rows are lost
                        request: { url: "{{ $admin }}/admin/forget", method: POST, json: { count: 7 } }

                    """
            try BuiltProgram.write(scenario, to: "lost.yaml", in: folder)
            let run = try BuiltProgram.run(["run", "lost.yaml"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let latest = folder + "/reports/lost/latest"
            let report = try BuiltProgram.json(latest + "/report.json")
            #expect(number(report, "loss.reconcile.acked_missing") == 7)
            let cells = try BuiltProgram.json(latest + "/reconcile.json")
            #expect((value(cells, "missing") as? [String])?.count == 7)
        }
    }

    @Test("Two runs of one seed store the same submissions.")
    func sameSeedSameSubmissions() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.tips, to: "tips.yaml", in: folder)
            var stores: [Set<String>] = []
            for name in ["first", "second"] {
                let run = try BuiltProgram.run(
                    ["run", "tips.yaml", "--out-dir", name, "-q"], in: folder)
                #expect(run.status == 0, "\(run.errors)")
                #expect(run.output.isEmpty)
                let text = try String(
                    contentsOfFile: folder + "/\(name)/reconcile.ndjson", encoding: .utf8)
                stores.append(Set(text.split(separator: "\n").map(String.init)))
            }
            #expect(stores[0].count > 200)
            #expect(stores[0] == stores[1])
        }
    }

    @Test(
        "The first signal ends arrivals and lets what is under way finish: exit 105, reports written."
    )
    func firstSignal() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.tips, to: "tips.yaml", in: folder)
            let running = try BuiltProgram.start(
                ["run", "tips.yaml", "--out-dir", "out"], in: folder)
            try await Files.wait(for: folder + "/out/journal/windows.ndjson", toHoldLines: 2)
            running.send(SIGINT)
            let outcome = running.finish()
            #expect(outcome.status == 105)
            #expect(outcome.errors.contains("Ctrl-C again to stop now"))
            let report = try BuiltProgram.json(folder + "/out/report.json")
            Self.checkLedger(report)
            #expect(value(report, "run.stopped") as? String == "signal")
            #expect((number(report, "run.duration") ?? 99) < 5.9)
            #expect(number(report, "totals.dropped") == 0)
        }
    }

    @Test("A run that was killed can be explained: all but the last two seconds are there.")
    func killed() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.tips, to: "tips.yaml", in: folder)
            let running = try BuiltProgram.start(
                ["run", "tips.yaml", "--out-dir", "out"], in: folder)
            try await Files.wait(for: folder + "/out/journal/windows.ndjson", toHoldLines: 4)
            running.send(SIGKILL)
            _ = running.finish()
            let rebuilt = try BuiltProgram.run(["report", "out", "--json"], in: folder)
            #expect(rebuilt.status == 0, "\(rebuilt.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(value(report, "run.stopped") == nil, "nobody knows how it ended")
            #expect((number(report, "run.duration") ?? 0) >= 2)
            #expect((value(report, "series") as? [Any])?.isEmpty == false)
            Self.checkPeople(report)
        }
    }

    @Test("Two runs into one folder are refused; nothing of the first is touched.")
    func occupiedFolder() async throws {
        try await BuiltProgram.withFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/out", withIntermediateDirectories: true)
            try BuiltProgram.write("precious", to: "out/file", in: folder)
            try BuiltProgram.write(Self.tips, to: "tips.yaml", in: folder)
            let run = try BuiltProgram.run(["run", "tips.yaml", "--out-dir", "out"], in: folder)
            #expect(run.status == 1)
            #expect(run.errors.contains("out"))
            let left = try FileManager.default.contentsOfDirectory(atPath: folder + "/out")
            #expect(left == ["file"])
        }
    }

    @Test("Secrets reach neither journal nor report nor recorded command line.")
    func secretsStayOut() async throws {
        try await BuiltProgram.withFolder { folder in
            let canary = "CANARY-7f3a"
            let scenario = Self.tips
                .replacingOccurrences(
                    of: "seed: 7",
                    with: """
                        seed: 7
                        vars: { token: { value: "\(canary)-var", secret: true } }
                        """
                )
                .replacingOccurrences(
                    of: "http: { timeout: 3s }",
                    with: """
                        http:
                          timeout: 3s
                          headers:
                            Authorization: "Bearer \(canary)-header"
                            Cookie: "session=\(canary)-cookie"
                            X-Api-Key: "{{ token }}"
                            X-From-Environment: "{{ $env.SECRET_TOKEN }}"
                        """)
            try BuiltProgram.write(scenario, to: "secret.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "secret.yaml", "--out-dir", "out", "-e", "token=\(canary)-flag"],
                in: folder, environment: ["SECRET_TOKEN": canary + "-environment"])
            #expect(run.status == 0, "\(run.errors)")
            let found = try BuiltProgram.shell("grep", ["-r", "-l", canary, folder + "/out"])
            #expect(found.output.isEmpty, "\(found.output)")
        }
    }
}

/// Waits for files that another process writes.
enum Files {
    /// Waits until a file has that many lines; the limit is generous because machines are slow.
    static func wait(for path: String, toHoldLines lines: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let data = FileManager.default.contents(atPath: path) ?? Data()
            if data.count(where: { $0 == 0x0A }) >= lines { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw CocoaError(.fileReadUnknown)
    }

    /// Waits until a file has that text somewhere.
    static func wait(for path: String, toContain text: String) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let data = FileManager.default.contents(atPath: path) ?? Data()
            if String(decoding: data, as: UTF8.self).contains(text) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw CocoaError(.fileReadUnknown)
    }
}
