import Foundation
import Primitives
import Testing

@testable import Scenarios

@Suite struct ScenarioMutationTests {
    /// Every scenario that ships, beside the texts of these tests.
    static let originals: [String] = {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appendingPathComponent("scenarios")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let shipped = names.filter { $0.hasSuffix(".yaml") }.sorted().compactMap {
            try? String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
        }
        return [
            SampleScenarios.flood, SampleScenarios.closed, SampleScenarios.least,
            SampleScenarios.journey,
        ] + shipped
    }()

    @Test("Every original is valid.")
    func originalsAreValid() {
        for text in Self.originals { #expect(mistakes(of: text)?.rendered == nil) }
    }

    @Test("Two thousand mutations give a scenario or mistakes inside the file, never a crash.")
    func mutations() {
        var refused = 0
        for number in 0..<2_000 {
            let draws = CounterRandom(seed: 42, population: 0, intent: number, purpose: .content)
            let original = Self.originals[number % Self.originals.count]
            let text = Mutation.mutated(original, draws)
            guard let errors = mistakes(of: text) else { continue }
            refused += 1
            #expect(!errors.mistakes.isEmpty)
            let lines = SourceText(text).lines
            for mistake in errors.mistakes {
                let line = mistake.location.line
                let isInside = (1...lines.count).contains(line)
                #expect(isInside, "\(mistake) in mutation \(number)")
                guard isInside else { continue }
                let width = max(1, lines[line - 1].count)
                #expect((1...width).contains(mistake.location.column))
            }
            let ordered = errors.mistakes.map { [$0.location.line, $0.location.column] }
            #expect(
                zip(ordered, ordered.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) })
        }
        // Most mutations of a strict language are mistakes; a decoder that accepts all is broken.
        #expect(refused > 1_000)
    }

    @Test("Texts cut off at any character never crash the decoder.")
    func truncations() {
        let scalars = Array(SampleScenarios.flood.unicodeScalars)
        for length in stride(from: 0, to: scalars.count, by: 23) {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars[..<length])
            let errors = mistakes(of: String(text))
            #expect(errors?.mistakes.isEmpty != true)
        }
    }
}

/// Changes a text in one or two places.
enum Mutation {
    private static let values = [
        "", "~", "null", "yes", "on", "010", "1:30", "-1", "0", "1e400", "[]", "{}", "[1, 2]",
        "{ a: b }", "*nope", "&a b", "!!int x", "\"open", "'", "{{ x }}", "\"{{ x }}\"", "\t", "|",
        "9223372036854775808", "10s", "5/s", "{ uniform: 3 }", "...", "---", "\u{1F525}", "<<: 3",
    ]

    /// The text after one or two seeded changes.
    static func mutated(_ text: String, _ draws: CounterRandom) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for round in 0..<(1 + draws.integer(0, in: 0...1)) where !lines.isEmpty {
            let base = round * 10 + 1
            let row = draws.integer(base, in: 0...(lines.count - 1))
            let line = lines[row]
            switch draws.integer(base + 1, in: 0...7) {
            case 0: lines.remove(at: row)
            case 1: lines.insert(line, at: row)
            case 2: lines.swapAt(row, draws.integer(base + 2, in: 0...(lines.count - 1)))
            case 3: lines[row] = " " + line
            case 4: lines[row] = self.retyped(line, draws, base)
            case 5: lines[row] = self.renamed(line, draws, base)
            case 6: lines[row] = String(line.dropLast(draws.integer(base + 2, in: 1...8)))
            default: lines[row] = self.flipped(line, draws, base)
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func retyped(_ line: String, _ draws: CounterRandom, _ base: Int) -> String {
        guard let colon = line.firstRange(of: ": ") else { return line + ":" }
        let value = self.values[draws.integer(base + 2, in: 0...(self.values.count - 1))]
        return line[..<colon.upperBound] + value
    }

    private static func renamed(_ line: String, _ draws: CounterRandom, _ base: Int) -> String {
        var characters = Array(line)
        guard let colon = characters.firstIndex(of: ":"), colon > 0 else { return line }
        let place = draws.integer(base + 2, in: 0...(colon - 1))
        if draws.integer(base + 3, in: 0...1) == 0 {
            characters.remove(at: place)
        } else {
            characters.insert("q", at: place)
        }
        return String(characters)
    }

    private static func flipped(_ line: String, _ draws: CounterRandom, _ base: Int) -> String {
        var characters = Array(line)
        guard !characters.isEmpty else { return "\u{0}" }
        let odd: [Character] = ["{", "}", "[", "]", ",", ":", "\"", "'", "#", "*", "&", "\t", "-"]
        let place = draws.integer(base + 2, in: 0...(characters.count - 1))
        characters[place] = odd[draws.integer(base + 3, in: 0...(odd.count - 1))]
        return String(characters)
    }
}
