import Foundation
import Testing

@Suite("Journeys from a scenario to its reports")
struct JourneyTests {
    /// The shipped journey in ten seconds, the app down for three of them.
    private static let phones = """
        version: 1
        name: Phones
        target:
          intake: { workers: 4, serviceTime: 2ms, serviceArea: [32.6, -97.0, 33.1, -96.5] }
        seed: 11
        http: { timeout: 3s }
        data:
          phones:
            inline: [ \(String(repeating: "{ latitude: 32.8, longitude: -96.8 }, ", count: 9))
              { latitude: 37.57, longitude: 126.98 } ]
        scenarios:
          phones:
            executor: constant-arrival-rate
            rate: 30/s
            duration: 10s
            flow:
              - get: { url: /v1/app, name: open }
              - post:
                  url: /v1/devices
                  name: register
                  json: { device: "phone-{{ $seq }}", latitude: "{{ phones.latitude }}", longitude: "{{ phones.longitude }}" }
                  capture: [ { json: $.device, as: device } ]
                  expect: { status: 201 }
              - think: 100ms
              - post:
                  url: /v1/tips
                  name: tip
                  json: { text: "tip {{ $seq }}", device: "{{ device }}", media: 1 }
                  capture: [ { json: $.id, as: tip } ]
                  expect: { status: 201 }
              - put:
                  url: /v1/tips/{{ tip }}/media
                  name: media
                  body: { generate: jpeg, size: 6KiB }
                  expect: { status: 201 }
              - loop:
                  - get: { url: "/v1/tips/{{ tip }}", name: receipt, capture: [ { json: $.state, as: state } ] }
                until: state == 'received'
                max: 5
            onFailure:
              - when: rejected
                pick:
                  - { weight: 1, flow: [ { post: { url: /v1/reviews, name: blocked, json: { stars: 1, text: blocked } } } ] }
                  - weight: 9
              - when: not rejected
                post: { url: /v1/reviews, name: one star, json: { stars: 1 } }
          raters:
            class: noise
            executor: constant-arrival-rate
            rate: 5/s
            duration: 10s
            flow: [ { post: { url: /v1/reviews, name: five stars, json: { stars: 5 } } } ]
        timeline:
          - at: 4s
            kind: trigger
            label: down
            request: { url: "{{ $admin }}/admin/operator", method: PUT, json: { state: page } }
          - at: 7s
            kind: recovery
            label: up
            request: { url: "{{ $admin }}/admin/operator", method: PUT, json: { state: open } }

        """

    @Test("Every person's end is known, nothing is missing, and reviews fall with the outage.")
    func phones() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.phones, to: "phones.yaml", in: folder)
            let plan = try BuiltProgram.run(["plan", "phones.yaml"], in: folder)
            #expect(plan.output.contains("when state == 'received', else"))
            let run = try BuiltProgram.run(["run", "phones.yaml", "--out-dir", "out"], in: folder)
            #expect([0, 95].contains(run.status), "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            func genuine(_ name: String) -> Int {
                Int(number(report, "classes.genuine.\(name)") ?? -1)
            }
            #expect(genuine("intents") == 300)
            #expect(genuine("accepted") + genuine("rejected") + genuine("failed") == 300)
            // A tenth of those who met the open app; who meets the page fails.
            #expect((18...24).contains(genuine("rejected")))
            #expect((80...105).contains(genuine("failed")))
            #expect(number(report, "loss.reconcile.acked_missing") == 0)
            let stars = try BuiltProgram.shell(
                "sqlite3",
                [
                    folder + "/out/intake/intake.sqlite",
                    """
                    SELECT count(*) FROM reviews WHERE stars = 1 AND text <> 'blocked';
                    SELECT count(*) FROM tips WHERE state <> 'awaiting-media';
                    SELECT count(*) FROM reviews WHERE stars = 1;
                    """,
                ])
            let counts = stars.output.split(separator: "\n").compactMap { Int($0) }
            try #require(counts.count == 3)
            RunTests.checkLedger(report, afterwards: counts[2])
            #expect(counts[0] == genuine("failed"), "each said so on the store's page")
            #expect(counts[1] >= genuine("accepted"))
            let averages = try Self.averages(folder + "/out/journal/samples.ndjson")
            let before = try #require(averages.last { $0.second <= 4 })
            let after = try #require(averages.last)
            #expect(before.average > 4)
            #expect(after.average < before.average - 1)
        }
    }

    /// The store page's average, second by second.
    private static func averages(
        _ path: String
    ) throws -> [(second: Int, average: Double)] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let json = try? JSONSerialization.jsonObject(with: Data(line.utf8))
            guard let second = number(json, "server.second"),
                let count = number(json, "server.values.page_reviews_total"), count > 0,
                let stars = number(json, "server.values.page_stars_total")
            else { return nil }
            return (Int(second), stars / count)
        }
    }

    /// The standard library of Python reads the form as a browser's; what it saw goes to a log.
    private static let service = """
        import email.parser, email.policy, hashlib, http.server, json, sys, threading, uuid
        log = open("server.log", "w", buffering=1)
        lock = threading.Lock()
        polls = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, value, *headers):
                body = json.dumps(value).encode()
                self.send_response(status)
                for name, text in headers:
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                if self.path == "/v1/app":
                    return self.answer(200, {}, ("Set-Cookie", "session=" + uuid.uuid4().hex))
                with lock:
                    polls[self.path] = polls.get(self.path, 0) + 1
                    state = "received" if polls[self.path] > 1 else "pending"
                self.answer(200 if "session=" in self.headers.get("Cookie", "") else 401, {"state": state})

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                head = b"Content-Type: " + self.headers["Content-Type"].encode() + b"\\r\\n\\r\\n"
                form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
                parts = {part.get_param("name", header="content-disposition"): part for part in form.iter_parts()}
                media = parts["media"].get_payload(decode=True)
                with lock:
                    log.write(json.dumps({
                        "key": self.headers["Idempotency-Key"], "length": length,
                        "name": parts["media"].get_filename(), "kind": parts["media"].get_content_type(),
                        "size": len(media), "sha256": hashlib.sha256(media).hexdigest(),
                        "text": parts["text"].get_payload(decode=True).decode()}) + "\\n")
                self.answer(202, {"id": uuid.uuid4().hex})

            def log_message(self, *words):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

        server = Server(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
        server.serve_forever()
        """

    @Test("Python's own server reads every upload as it was sent: bytes, digest, name and text.")
    func foreignUploads() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(Self.service, to: "service.py", in: folder)
            let names = try Self.makeFiles(in: folder)
            let server = Process()
            server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            server.arguments = ["python3", "service.py"]
            server.currentDirectoryURL = URL(fileURLWithPath: folder)
            let (input, output) = (Pipe(), Pipe())
            server.standardInput = input
            server.standardOutput = output
            try server.run()
            defer {
                // It ends with its input.
                try? input.fileHandleForWriting.close()
                server.waitUntilExit()
            }
            let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
            try BuiltProgram.write(
                """
                version: 1
                target: http://127.0.0.1:\(port)
                http: { timeout: 20s }
                scenarios:
                  phones:
                    executor: shared-iterations
                    vus: 4
                    iterations: 60
                    flow:
                      - get: /v1/app
                      - post:
                          url: /v1/tips
                          multipart:
                            text: "line one\\nof {{ $seq }}: äöü"
                            media: { file: [\(names.keys.sorted().joined(separator: ", "))] }
                          capture: [ { json: $.id, as: tip } ]
                          expect: { status: 202 }
                      - loop:
                          - get: { url: "/v1/tips/{{ tip }}", capture: [ { json: $.state, as: state } ] }
                        until: state == 'received'
                        max: 5

                """, to: "foreign.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "foreign.yaml", "--out-dir", "out", "-o", "attempts"], in: folder)
            #expect([0, 95].contains(run.status), "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(number(report, "classes.genuine.accepted") == 60)
            let logged = try Self.lines(folder + "/server.log")
            let attempts = try Self.lines(folder + "/out/journal/attempts.ndjson")
                .filter { $0["step"] as? Int == 1 }
            #expect(logged.count == 60 && attempts.count == 60)
            let lengths = Dictionary(
                attempts.map { ($0["key"] as? String ?? "", $0["bytesUp"] as? Int) },
                uniquingKeysWith: { first, _ in first })
            for row in logged {
                let known = names[row["name"] as? String ?? ""]
                #expect(row["size"] as? Int == known?.size)
                #expect(row["sha256"] as? String == known?.digest)
                #expect(row["length"] as? Int == lengths[row["key"] as? String ?? ""] ?? nil)
                #expect(row["kind"] as? String == "video/mp4")
                let text = row["text"] as? String ?? ""
                #expect(text.hasPrefix("line one\r\nof ") && text.hasSuffix(": äöü"))
            }
        }
    }

    /// Files of 5 kB to 2 MB, with what `sha256sum` says about them.
    private static func makeFiles(
        in folder: String
    ) throws -> [String: (size: Int, digest: String)] {
        var files: [String: (size: Int, digest: String)] = [:]
        for (index, size) in [5_000, 16_384, 65_537, 400_000, 2_000_000].enumerated() {
            let name = "clip-\(index).mp4"
            let content = Data(
                (0..<size).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 11) })
            try content.write(to: URL(fileURLWithPath: folder + "/" + name))
            let sum = try BuiltProgram.shell("sha256sum", [folder + "/" + name])
            files[name] = (size, String(sum.output.prefix(64)))
        }
        return files
    }

    private static func lines(_ path: String) throws -> [[String: Any]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    @Test("A feeder that runs dry is a note of check, a warning of plan, and a failure by name.")
    func dryFeeder() async throws {
        try await BuiltProgram.withFolder { folder in
            try BuiltProgram.write(
                """
                version: 1
                target: { intake: {} }
                data: { names: { inline: [ { name: a }, { name: b } ], order: once } }
                scenarios:
                  people:
                    executor: constant-arrival-rate
                    rate: 5/s
                    duration: 1s
                    flow: [ { post: { url: /v1/tips, json: { text: "{{ names.name }}" } } } ]

                """, to: "dry.yaml", in: folder)
            let dry = "2 rows for one use each and people about 5 intents: 3 of them"
            let check = try BuiltProgram.run(["check", "dry.yaml"], in: folder)
            #expect(check.status == 0 && check.errors.contains(dry), "\(check.errors)")
            let plan = try BuiltProgram.run(["plan", "dry.yaml"], in: folder)
            #expect(plan.output.contains(dry))
            let run = try BuiltProgram.run(["run", "dry.yaml", "--out-dir", "out"], in: folder)
            #expect([0, 95].contains(run.status), "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            #expect(number(report, "classes.genuine.accepted") == 2)
            #expect(number(report, "classes.genuine.failed") == 3)
            let events = try String(
                contentsOfFile: folder + "/out/journal/events.ndjson", encoding: .utf8)
            #expect(events.contains("has run dry"))
        }
    }
}
