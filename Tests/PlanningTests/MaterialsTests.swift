import Foundation
import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite struct MaterialsTests {
    @Test(
        "CSV is read as RFC 4180 has it.",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
            ("\u{FEFF}a\n\n\nx\n", [["a"], ["x"]]),
            ("a,b\n\"x,\"\"y\"\"\",\n", [["a", "b"], ["x,\"y\"", ""]]),
            ("a\n\"two\r\nlines\"\n", [["a"], ["two\r\nlines"]]),
            ("a\n spaces stay \n", [["a"], [" spaces stay "]]),
            ("a\n\"\"\n", [["a"], [""]]),
            ("ä\n日本\n", [["ä"], ["日本"]]),
        ])
    func csv(text: String, table: [[String]]) throws {
        let read = try CSVTable(Array(text.utf8))
        #expect([read.columns] + read.rows == table)
    }

    @Test(
        "Bad CSV is told with its line.",
        arguments: [
            ("", 1, "the file is empty"), ("a,b\n\n1\n", 3, "1 fields where the head has 2"),
            ("a\nx\"y\n", 2, "a quote inside an unquoted field; quote the whole field"),
            ("a\n\"x\ny\n", 2, "a quoted field is never closed"),
            ("a\n\"x\ny\"z\n", 3, "text follows the closing quote of a field"),
            ("a,a\n", 1, "two columns are called 'a'"), ("a,\n", 1, "a column has no name"),
        ])
    func badCSV(text: String, line: Int, message: String) {
        #expect(throws: CSVTable.Mistake(line: line, message: message)) {
            try CSVTable(Array(text.utf8))
        }
    }

    @Test("JSON rows are flat objects with the same keys.")
    func json() throws {
        let text = #"[{"b": 1, "a": "x"}, {"a": null, "b": true}]"#
        let table = try JSONTable(Array(text.utf8))
        #expect(table.columns == ["a", "b"])
        #expect(table.rows == [["x", "1"], ["", "true"]])
        for bad in ["{}", #"[{"a": []}]"#, #"[{"a": 1}, {}]"#, "["] {
            #expect(throws: JSONTable.Mistake.self) { try JSONTable(Array(bad.utf8)) }
        }
    }

    @Test("Every missing file, column and variable is a mistake at its place, all at once.")
    func mistakes() throws {
        let template = Template(pieces: [
            .expression(.column(feeder: "here", name: "nope")), .expression(.environment("TOKEN")),
        ])
        var scenario = Sample.scenario([
            Sample.population(
                Sample.constant(1, seconds: 1),
                flow: [
                    .request(Sample.post(body: .text(template))),
                    .request(
                        Sample.post(
                            body: .part(
                                PartSpec(
                                    content: .files(["gone.mp4"]),
                                    location: SourceLocation(line: 30, column: 1))))),
                ])
        ])
        scenario.directory = "/nonexistent"
        let place = SourceLocation(line: 3, column: 3)
        scenario.feeders = [
            FeederSpec(
                name: "here", source: .inline(rows: [["a": "1"]]), order: .sequence,
                location: place),
            FeederSpec(
                name: "away", source: .csv(path: "x.csv"), order: .sequence, location: place),
            FeederSpec(
                name: "none", source: .inline(rows: []), order: .sequence, location: place),
        ]
        let error = #expect(throws: ScenarioErrors.self) {
            try DraftMaterials.load(scenario: scenario, environment: [:])
        }
        #expect(
            error?.mistakes.map { "\($0.location.line): \($0.message)" } == [
                "3: there is no file x.csv in /nonexistent",
                "3: the feeder 'none' has no rows",
                "12: the feeder 'here' has no column 'nope'; its columns are a",
                "12: the environment has no TOKEN; set it or pass -e TOKEN=value",
                "30: there is no file gone.mp4 in /nonexistent",
            ])
    }

    @Test("Only what templates name is kept of the environment; variables are expanded.")
    func environment() throws {
        var scenario = Sample.scenario([Sample.population(Sample.constant(1, seconds: 1))])
        scenario.variables = [
            Variable(
                name: "auth",
                value: Template(pieces: [.literal("Bearer "), .expression(.environment("T"))]))
        ]
        let materials = try DraftMaterials.load(
            scenario: scenario, environment: ["T": "x", "HOME": "/root"])
        #expect(materials.variables == ["auth": "Bearer x"])
        #expect(materials.environment == ["T": "x"])
    }
}
