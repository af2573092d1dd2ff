import Foundation
import Primitives
import Synchronization
import TestSupport
import Testing

@Suite("What became of each person")
struct PeopleTests {
    /// A server that answers by the person's key, and by how often the person was heard before.
    private final class Counter: Sendable {
        private let heard = Mutex<[String: Int]>([:])

        /// Requests by key.
        var seen: [String: Int] { self.heard.withLock { $0 } }

        /// Which of four fates a key has.
        static func fate(_ key: String) -> UInt32 { (UInt32(key.prefix(8), radix: 16) ?? 0) % 4 }

        func start() throws -> ScriptedServer {
            try ScriptedServer(backlog: 1_024) { [self] connection in
                while let request = connection.readRequest() {
                    let key = request.header("idempotency-key") ?? ""
                    let before = self.heard.withLock { heard in
                        heard[key, default: 0] += 1
                        return heard[key, default: 0] - 1
                    }
                    let status =
                        switch Counter.fate(key) {
                        case 0: 200
                        case 1: before == 0 ? 503 : 200
                        case 2: 503
                        default: 403
                        }
                    guard connection.answer(status) else { return }
                }
            }
        }
    }

    @Test("People are in at the first try, later or never, exactly as the server's own list says.")
    func outcomes() async throws {
        let counter = Counter()
        let server = try counter.start()
        defer { server.stop() }
        try await BuiltProgram.withFolder { folder in
            let text = """
                version: 1
                name: People
                target: \(server.url(""))
                http: { timeout: 20s }
                scenarios:
                  visitors:
                    executor: constant-arrival-rate
                    rate: 60/s
                    duration: 5s
                    retry: { max: 2, delay: 20ms, when: [5xx] }
                    flow: [ { post: { url: /, json: { tip: 1 } } } ]
                """
            try BuiltProgram.write(text, to: "people.yaml", in: folder)
            let run = try BuiltProgram.run(
                ["run", "people.yaml", "--out-dir", "out"], in: folder)
            #expect([0, 95].contains(run.status), "\(run.errors)")
            let report = try BuiltProgram.json(folder + "/out/report.json")
            RunTests.checkLedger(report)
            let seen = counter.seen
            func people(_ fate: UInt32) -> Int { seen.keys.count { Counter.fate($0) == fate } }
            let fates = (0..<4).map { people(UInt32($0)) }
            #expect(fates.allSatisfy { $0 > 30 } && seen.count == 300)
            let figures = value(report, "people.classes.genuine")
            func count(_ name: String) -> Int { Int(number(figures, name) ?? -1) }
            #expect(count("in_first_try") == fates[0] && count("in_later") == fates[1])
            #expect(count("failed") == fates[2] && count("rejected") == fates[3])
            #expect(
                (value(figures, "tries") as? [NSNumber])?.map(\.intValue) == [fates[0], fates[1]])
            #expect(count("attempts") == seen.values.reduce(0, +))
            #expect(count("retries") == fates[1] + 2 * fates[2] && count("presses") == 0)
            let amplification = Double(count("attempts")) / 300
            let told = number(figures, "app_amplification") ?? 0
            #expect(abs(told - amplification) <= 0.0005)
            // Whoever is in was in after one answer, or after two and the pause.
            let share = Double(fates[0] + fates[1]) / 300
            let last = (value(figures, "curve") as? [Any])?.last
            #expect(abs((number(last, "share") ?? 0) - share) <= 0.0005)
            // Nobody gave up: then patience would have changed nothing.
            #expect(number(last, "share") == number(last, "if_patient"))
            let sentence =
                "Of 300 genuine people \(fates[0]) got in at the first try, \(fates[1]) later, "
                + "\(fates[2] + fates[3]) never."
            let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains(sentence), "\(run.output)")
            let marks = try BuiltProgram.shell(
                "python3",
                [BuiltProgram.root.path + "/scripts/check-report-charts.py", folder + "/out"])
            #expect(marks.status == 0, "\(marks.output)")
        }
    }
}
