import Foundation
import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite("Recorded sizes and times")
struct ValueFileTests {
    @Test(
        "One value a line, or a column; bare numbers are bytes or seconds, units always hold.",
        arguments: [
            ("1\n2.5\n\n# a remark\n3e3\n", nil, RecordedValues.Unit.bytes, [1, 2.5, 3_000]),
            ("\u{FEFF}12KiB\r\n 1 MB \r\n7", nil, .bytes, [12_288, 1_000_000, 7]),
            ("0.25\n250ms\n1m30s\n0", nil, .seconds, [0.25, 0.25, 90, 0]),
            ("who,size\nann,10\n\"b,o\",20kB\n", "size", .bytes, [10, 20_000]),
        ] as [(String, String?, RecordedValues.Unit, [Double])])
    func reads(
        text: String, column: String?, unit: RecordedValues.Unit, values: [Double]
    ) throws {
        #expect(try ValueFile.values(Array(text.utf8), column: column, unit: unit) == values)
    }

    @Test(
        "What is no value is told with its line.",
        arguments: [
            ("1\n\n-4\n", nil, 3, "-4 is negative"), ("", nil, 1, "the file holds no value"),
            ("# nothing\n", nil, 1, "the file holds no value"),
            ("1\nx\n", nil, 2, "'x' is not a size; write for example 512B, 25MB or 8MiB"),
            ("nan\n", nil, 1, "'nan' is not a size; write for example 512B, 25MB or 8MiB"),
            ("inf\n", nil, 1, "'inf' is not a size; write for example 512B, 25MB or 8MiB"),
            ("1e999\n", nil, 1, "'1e999' is not a size; write for example 512B, 25MB or 8MiB"),
            ("a,b\n1,2\n", nil, 1, "this is CSV; say in 'column' which column holds them"),
            ("a,b\n1,2\n", "c", 1, "there is no column 'c'; there are: a, b"),
            ("a,b\n1,2\n3\n", "a", 3, "1 fields where the head has 2"),
            ("a,b\n1,\n", "b", 2, "'' is not a size; write for example 512B, 25MB or 8MiB"),
        ] as [(String, String?, Int, String)])
    func refuses(text: String, column: String?, line: Int, message: String) {
        #expect(throws: CSVTable.Mistake(line: line, message: message)) {
            try ValueFile.values(Array(text.utf8), column: column, unit: .bytes)
        }
    }

    private func scenario(_ directory: String) throws -> Scenario {
        let text = """
            version: 1
            target: http://127.0.0.1:1
            timeScale: 60
            scenarios:
              one:
                executor: per-vu-iterations
                vus: 1
                iterations: 1
                patience: { empirical: pauses.txt }
                pressAgain: { max: 1, after: { empirical: pauses.txt } }
                flow:
                  - think: { empirical: pauses.txt }
                  - loop: [ { think: { empirical: pauses.txt } } ]
                    count: 2
                  - post:
                      url: /
                      multipart:
                        a: { generate: jpeg, size: { empirical: { file: seen.csv, column: bytes } } }
                        b: { mix: [ { generate: mp4, size: { empirical: sizes.txt, max: 5kB } } ] }
            """
        return try Scenario.decode(text: text, file: "a.yaml", directory: directory)
    }

    @Test("Files are read before the plan; what is missing is told with its place.")
    func loading() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let scenario = try self.scenario(folder.path)
        try "90\n30m\n".write(
            to: folder.appending(path: "pauses.txt"), atomically: true, encoding: .utf8)
        try "id,bytes\n1,many\n".write(
            to: folder.appending(path: "seen.csv"), atomically: true, encoding: .utf8)
        let errors = #expect(throws: ScenarioErrors.self) {
            try DraftMaterials.load(scenario: scenario, environment: [:])
        }
        #expect(
            errors?.mistakes.map { "\($0.location.line):\($0.location.column) \($0.message)" } == [
                "18:61 seen.csv:2: 'many' is not a size; write for example 512B, 25MB or 8MiB",
                "19:61 there is no file sizes.txt in \(folder.path)",
            ])
        try "id,bytes\n1,700\n2,900\n".write(
            to: folder.appending(path: "seen.csv"), atomically: true, encoding: .utf8)
        try "4000\n6000\n".write(
            to: folder.appending(path: "sizes.txt"), atomically: true, encoding: .utf8)
        let plan = try Plan.make(
            scenario, materials: try DraftMaterials.load(scenario: scenario, environment: [:]))
        // A mean of 945 s is story time: a sixtieth.
        let pause = Distribution.choices(WeightedValues([1.5, 30]))
        #expect(
            plan.populations[0].instructions.filter { $0 == .think(pause) }.count == 2)
        #expect(plan.populations[0].program.longestThink == 3 * pause.mean)
        #expect(plan.populations[0].person.patience == pause)
        #expect(plan.populations[0].person.pressAgain?.after == pause)
        // 800 and the mean of 4000 and 5000, and what frames two fields.
        #expect(plan.bodyBytes(of: plan.populations[0]) == 800 + 4_500 + 360)
        let drafter = RequestDrafter(plan: plan, runID: "", baseURL: "http://h", adminURL: nil)
        let lengths = try (0..<60).map { intent -> Int64 in
            let draft = try drafter.draft(
                plan.populations[0].steps[0],
                context: DraftContext(population: 0, intent: intent, instruction: 3))
            return draft.body?.length ?? 0
        }
        let frame = (lengths.min() ?? 0) - 4_700
        #expect(Set(lengths.map { $0 - frame }) == [4_700, 4_900, 5_700, 5_900])
    }
}
