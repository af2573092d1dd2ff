import Foundation
import Primitives
import Testing

@testable import Scenarios

@Suite struct SchemaTests {
    static let validator = SchemaValidator(Scenario.jsonSchema)

    /// What the schema says about a text, its scalars read by JSON's grammar.
    static func schemaAccepts(_ text: String) throws -> Bool {
        let diagnostics = Diagnostics(source: SourceText(text), file: "a.yaml")
        let root = try #require(DocumentReading.read(text, diagnostics: diagnostics))
        return Self.validator.accepts(Self.json(root))
    }

    private static func json(_ node: SourceNode) -> SchemaValidator.Value {
        switch node.content {
        case .sequence(let items): return .list(items.map(Self.json))
        case .mapping(let entries):
            return .object(
                Dictionary(
                    entries.map { ($0.key, Self.json($0.value)) }, uniquingKeysWith: { $1 }))
        case .scalar(let text, let isPlain):
            if node.isNull { return .null }
            if isPlain, text == "true" || text == "false" { return .boolean(text == "true") }
            if isPlain, JSONNumber.isNumber(text), let number = Double(text) {
                return .number(number)
            }
            return .text(text)
        }
    }

    @Test("The schema is JSON, draft-07, and every reference in it resolves.")
    func isDraft07() throws {
        let data = Data(Scenario.jsonSchema.utf8)
        let root = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(root["$schema"] as? String == "http://json-schema.org/draft-07/schema#")
        let parts = try #require(root["definitions"] as? [String: Any])
        #expect(Set(parts.keys) == Set(Grammar.Part.allCases.map(\.rawValue)))
        for part in Grammar.Part.allCases {
            #expect(Scenario.jsonSchema.contains("\"#/definitions/\(part.rawValue)\""))
        }
    }

    @Test("Schema and decoder accept every original.")
    func originals() throws {
        for text in ScenarioMutationTests.originals {
            #expect(try Self.schemaAccepts(text))
            #expect(mistakes(of: text)?.rendered == nil)
        }
    }

    @Test(
        "Schema and decoder give one verdict on a change.", arguments: SchemaCase.all)
    func agree(_ change: SchemaCase) throws {
        let text = change.applied
        #expect(try Self.schemaAccepts(text) == change.isValid, "the schema")
        #expect((mistakes(of: text) == nil) == change.isValid, "the decoder")
    }

    @Test("Whatever the grammar refuses in a mutation, the schema refuses, and the reverse.")
    func mutations() throws {
        var compared = 0
        for number in 0..<600 {
            let text = Mutation.mutated(
                ScenarioMutationTests.originals[number % ScenarioMutationTests.originals.count],
                .init(seed: 7, population: 1, intent: number, purpose: .content))
            let diagnostics = Diagnostics(source: SourceText(text), file: "a.yaml")
            guard let root = DocumentReading.read(text, diagnostics: diagnostics),
                diagnostics.isEmpty, case .mapping = root.content
            else { continue }
            GrammarChecking(diagnostics: diagnostics).check(
                root, .record(ScenarioGrammar.root), label: "the scenario", anchor: root.location)
            let isValid = Self.validator.accepts(Self.json(root))
            compared += 1
            #expect(isValid == diagnostics.isEmpty, "\(number): \(diagnostics.errors().rendered)")
        }
        #expect(compared > 200)
    }
}

/// A change of a valid scenario and whether the result is valid.
struct SchemaCase: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    var isValid: Bool

    var testDescription: String { self.new }

    var applied: String {
        guard let range = SampleScenarios.flood.firstRange(of: self.old) else { return "missing" }
        return SampleScenarios.flood.replacingCharacters(in: range, with: self.new)
    }

    private static func valid(_ old: String, _ new: String) -> SchemaCase {
        SchemaCase(old: old, new: new, isValid: true)
    }

    private static func invalid(_ old: String, _ new: String) -> SchemaCase {
        SchemaCase(old: old, new: new, isValid: false)
    }

    static let all: [SchemaCase] = [
        valid("rate: 20/s", "rate: 20"), valid("rate: 20/s", "rate: 1.5/500ms"),
        valid("rate: 20/s", "rate: 7 / 1m30s"), invalid("rate: 20/s", "rate: 20/"),
        invalid("rate: 20/s", "rate: \"20\""), invalid("rate: 20/s", "rate: 020"),
        invalid("rate: 20/s", "rate: .5/s"), invalid("rate: 20/s", "rate: 1e3/s"),
        invalid("rate: 20/s", "rate: -1"), invalid("rate: 20/s", "rate: fast"),
        invalid("rate: 20/s", "rate: [20/s]"), invalid("rate: 20/s", "x-rate: 20/s"),
        valid("timeout: 5s", "timeout: 5 s"), valid("timeout: 5s", "timeout: 1m2.5s"),
        valid("timeout: 5s", "timeout: \"5s\""), invalid("timeout: 5s", "timeout: 5"),
        invalid("timeout: 5s", "timeout: 5.s"), invalid("timeout: 5s", "timeout: 5 sec"),
        invalid("timeout: 5s", "timeout: 1:30"), invalid("timeout: 5s", "timeout: ~"),
        invalid("timeout: 5s", "timeout:"), invalid("timeout: 5s", "timeout: -5s"),
        valid("size: 64KiB", "size: 65536"), valid("size: 64KiB", "size: 1.5 MB"),
        invalid("size: 64KiB", "size: -1"), invalid("size: 64KiB", "size: 64 kib"),
        invalid("size: 64KiB", "size: { uniform: { min: 1 } }"),
        valid("size: 64KiB", "size: { uniform: { min: 1, max: 2kB } }"),
        invalid("size: 64KiB, ", ""), invalid("generate: mp4, size: 64KiB", "size: 64KiB"),
        invalid("seed: 20200531", "seed: 1.5"), valid("seed: 20200531", "seed: 1e3"),
        invalid("seed: 20200531", "seed: \"1\""), invalid("seed: 20200531", "seed: 010"),
        invalid("version: 1", "version: 2"), invalid("version: 1", "version: \"1\""),
        invalid("version: 1\n", ""), invalid("class: noise", "class: loud"),
        invalid("class: noise", "class: on"), valid("class: noise", "class: probe"),
        invalid("executor: ramping-arrival-rate", "executor: replay"),
        invalid("executor: ramping-arrival-rate", "executor: constant-vus"),
        invalid("startRate: 2/s", "vus: 3"),
        invalid("maxVUs: 4000", "maxVUs: 4000\n    maxInFlight: 3"),
        valid("success: [2xx, 3xx]", "success: [200, 404-410]"),
        invalid("success: [2xx, 3xx]", "success: []"),
        invalid("success: [2xx, 3xx]", "success: [6xx]"),
        invalid("success: [2xx, 3xx]", "success: 2xx"), invalid("when: [timeout", "when: [time"),
        invalid("- think: 200ms", "- think: 200"),
        valid("- think: 200ms", "- think: { lognormal: { median: 1s, p99: 2s } }"),
        invalid("- think: 200ms", "- think: 1s\n        get: /"),
        invalid("- think: 200ms", "- pick: []"),
        valid("- think: 200ms", "- pick: [ { flow: [ { get: / } ] }, { weight: 0.5 } ]"),
        invalid("- think: 200ms", "- pick: [ { flow: [ { get: / } ] } ]"),
        valid("- think: 200ms", "- parallel: [ { get: / }, { flow: [ { get: / } ] } ]"),
        valid("- think: 200ms", "- when: not failed\n        optional: true\n        get: /"),
        invalid("- think: 200ms", "- optional: true\n        think: 1s"),
        valid("        count: 2", "        until: failed\n        max: 2"),
        invalid("        count: 2", "        until: failed"),
        invalid("        count: 2", "        count: 2\n        max: 2"),
        valid("        count: 2", "        count: 2\n        while: failed"),
        invalid("- think: 200ms", "- until: failed\n        get: /"),
        valid("as: place }", "as: place, default: none }"),
        invalid("as: place }", "as: place, default: none, optional: true }"),
        valid("final: [409, 413]", "onFailure: [ { get: / } ]"),
        valid("order: random", "order: once"),
        invalid("- think: 200ms", "- {}"), invalid("        count: 2", "        times: 2"),
        invalid("count: 2", "count: 0"), valid("outputs: [html", "outputs: [json"),
        invalid("outputs: [html", "outputs: [pdf"), invalid("outputs: [html", "outputs: [html="),
        invalid("- rate<1%", "- rate < 1 per cent"), valid("- rate<1%", "- \"  rate <= 0.01  \""),
        invalid("- rate<1%", "- { phase: peak }"), invalid("expect: fail", "expect: failure"),
        valid("expect: fail", "expect: fail, for: 30s"), valid("x-retry:", "x-anything:"),
        invalid("seed:", "sede:"), invalid("safety: {", "safety: { allowHosts: [a],"),
        invalid("{ at: 10h, ", "{ "), invalid("kind: trigger", "kind: shot"),
        invalid("order: random", "order: any"),
        invalid("csv: tips.csv", "csv: tips.csv, json: a.json"),
        invalid("workers: 4", "workers: four"), invalid("workers: 4", "fault: []"),
        valid("workers: 4", "faults: [ { id: cpu, at: 5s, cost: 2ms } ]"),
        invalid("workers: 4", "faults: [ { id: cpu, at: 5s, held: 2, cost: 2ms } ]"),
        invalid("workers: 4", "faults: [ { id: lock, at: 5s } ]"),
        invalid("workers: 4", "faults: [ { id: crash } ]"),
        valid("workers: 4", "serviceJitter: 2ms"), invalid("workers: 4", "serviceJitter: 2"),
        valid("workers: 4", "maxConnections: none"), invalid("workers: 4", "queue: none"),
        valid("workers: 4", "serviceArea: [32.6, -97.0, 33.0, -96.5]"),
        invalid("workers: 4", "serviceArea: [32.6, -97.0]"),
        invalid("rate: 5/s", "rate: 5"), valid("rate: 5/s", "rate: none"),
        invalid("fit: 2m", "fit: 2m, factor: 3"), invalid("fit: 2m, ", ""),
        valid("fit: 2m", "factor: 3"), invalid("rates: preserve", "rates: scale"),
        invalid("  tips:\n    executor", "  ti ps:\n    executor"),
        invalid("city: Dallas", "ci-ty: Dallas"),
        valid("city: Dallas", "city: 75201"), valid("city: Dallas", "city: true"),
        invalid("city: Dallas", "city: [a]"), invalid("secret: true", "secret: yes"),
        valid("connectTimeout: 2s", "version: 2"), valid("connectTimeout: 2s", "version: 1.1"),
        invalid("connectTimeout: 2s", "version: 4"), valid("connectTimeout: 2s", "insecure: false"),
        invalid("connectTimeout: 2s", "insecure: \"false\""),
    ]
}
