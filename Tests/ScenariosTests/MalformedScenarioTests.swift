import Testing

@testable import Scenarios

/// A malformed file and what people read about it.
struct Malformed: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var rendered: String
    var testDescription: String { self.name }

    init(_ name: String, text: String, rendered: String) {
        self.name = name
        self.text = text
        self.rendered = rendered
    }
}

@Suite struct MalformedScenarioTests {
    @Test(
        "A malformed file gives exactly this text.",
        arguments: cases1 + cases2 + cases3 + cases4 + cases5 + cases6 + cases7
            + cases8)
    func rendersMistakes(_ malformed: Malformed) {
        let errors = mistakes(of: malformed.text)
        #expect(errors?.rendered == malformed.rendered)
    }

    @Test("At least twenty kinds of malformed files are in the table.")
    func tableIsLarge() {
        let all =
            Self.cases1 + Self.cases2 + Self.cases3 + Self.cases4 + Self.cases5
            + Self.cases6 + Self.cases7 + Self.cases8
        #expect(Set(all.map(\.name)).count >= 20)
        #expect(Set(all.map(\.rendered)).count >= 20)
    }

    @Test("An alias bomb is refused, not expanded.")
    func aliasBomb() {
        var text = "version: 1\nx-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let row = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "x-\(level): &a\(level) [\(row)]\n"
        }
        let errors = mistakes(of: text)
        #expect(errors?.mistakes.map(\.message) == ["the document has more than 100,000 values"])
    }

    @Test("An alias bomb as a key is refused before its keys are compared.")
    func aliasBombAsKey() {
        var text = "version: 1\nx-0: &a0 [x, x]\n"
        for level in 1...20 { text += "x-\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += "? *a20\n: 1\n"
        let errors = mistakes(of: text)
        #expect(errors?.mistakes.map(\.message) == ["an alias cannot be a key here"])
        #expect(errors?.mistakes.first?.location == SourceLocation(line: 23, column: 1))
    }

    @Test("Nesting is bounded.", arguments: [101, 900, 5_000])
    func deepNesting(_ depth: Int) {
        let brackets =
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let errors = mistakes(of: "version: 1\nx-deep: \(brackets)\n")
        #expect(errors?.mistakes.map(\.message) == ["nested more than 100 deep"])
        #expect(errors?.mistakes.first?.location.line == 2)
    }

    @Test("Bytes that were no UTF-8 are told with their place.")
    func notUTF8() {
        let bytes: [UInt8] = Array("version: 1\nname: a".utf8) + [0xFF] + Array("b\n".utf8)
        let errors = mistakes(of: String(decoding: bytes, as: UTF8.self))
        #expect(
            errors?.mistakes == [
                .init(
                    location: SourceLocation(line: 2, column: 8),
                    message: "these bytes are no UTF-8 text; save the file as UTF-8")
            ])
    }

    @Test("A byte order mark at the start and CRLF line breaks are fine.")
    func byteOrderMark() throws {
        let text = "\u{FEFF}" + SampleScenarios.least.replacing("\n", with: "\r\n")
        #expect(try Scenario.decode(text: text, file: "a.yaml").populations.count == 1)
        let wrong = text.replacing("rate: 5", with: "rate: -5")
        let errors = mistakes(of: wrong)
        #expect(errors?.mistakes.first?.location == SourceLocation(line: 6, column: 11))
    }

    @Test("Duplicates are told where the duplicate stands, in block, flow and quoted keys.")
    func duplicates() {
        let text = """
            version: 1
            "version": 1
            target: http://localhost
            http: { timeout: 5s, connectTimeout: 1s, 'timeout': 6s }
            vars: { a: b, a: c, a: d }
            scenarios:
              one:
                executor: constant-vus
                vus: 1
                duration: 1s
                flow:
                  - get: { url: /, name: timeout }
                  - get: { url: /, name: x,
                      url: /y }
                vus: 2
            """
        let places = mistakes(of: text)?.mistakes.map {
            "\($0.location.line):\($0.location.column) \($0.message)"
        }
        #expect(
            places == [
                "2:1 'version' is given twice", "4:42 'timeout' is given twice",
                "5:15 'a' is given twice", "5:21 'a' is given twice",
                "14:11 'url' is given twice", "15:5 'vus' is given twice",
            ])
    }

    @Test("A long line is cut around the mistake.")
    func longLine() throws {
        let padding = String(repeating: "x", count: 1_000)
        let text = SampleScenarios.least + "\nname: { a: \(padding), b: c }\n"
        let errors = try #require(mistakes(of: text))
        let longest = errors.rendered.split(separator: "\n").map(\.count).max() ?? 0
        #expect(longest <= 170)
    }
}

/// The mistakes of a text; nil when it is a valid scenario.
func mistakes(of text: String, overrides: [(path: String, value: String)] = []) -> ScenarioErrors? {
    do {
        _ = try Scenario.decode(text: text, file: "viral.yaml", overrides: overrides)
        return nil
    } catch {
        return error
    }
}
