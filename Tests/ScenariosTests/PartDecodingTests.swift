import Foundation
import Primitives
import Testing

@testable import Scenarios

@Suite("Parts of bodies, as they are written")
struct PartDecodingTests {
    private static func scenario(_ steps: String) -> String {
        """
        version: 1
        target: http://127.0.0.1:8080
        scenarios:
          one:
            executor: per-vu-iterations
            vus: 1
            iterations: 1
            flow:
              \(steps)

        """
    }

    private func part(_ keys: String) throws -> PartSpec {
        let text = Self.scenario("- post: { url: /, \(keys) }")
        let flow = try Scenario.decode(text: text, file: "a.yaml").populations[0].flow
        guard case .request(let request) = flow[0], case .part(let part)? = request.body else {
            throw Missing()
        }
        return part
    }

    private struct Missing: Error {}

    private func size(_ text: String) throws -> Distribution {
        let part = try self.part("generate: mp4, size: \(text)")
        guard case .generated(_, let size, _, _) = part.content else { throw Missing() }
        return size
    }

    @Test("Sizes take every spread.")
    func sizes() throws {
        #expect(try self.size("{ exponential: { mean: 2MB } }") == .exponential(mean: 2e6))
        #expect(
            try self.size("{ pareto: { min: 1kB, shape: 1.5 } }") == .pareto(min: 1_000, shape: 1.5)
        )
        #expect(
            try self.size("{ pareto: { min: 1kB, p99: 10kB } }")
                == .pareto(min: 1_000, shape: log(100) / log(10)))
        #expect(
            try self.size("{ normal: { mean: 3MB, sd: 500kB } }") == .normal(mean: 3e6, sd: 5e5))
        #expect(
            try self.size("{ choices: [ 1kB, { value: 2kB, weight: 3 } ] }")
                == .choices(WeightedValues([(1_000, 1), (2_000, 3)])))
        #expect(
            try self.size("{ empirical: sizes.txt }")
                == .recorded(RecordedValues(path: "sizes.txt", unit: .bytes)))
        #expect(
            try self.size("{ empirical: { file: a.csv, column: size }, max: 4kB }")
                == .recorded(RecordedValues(path: "a.csv", column: "size", unit: .bytes)))
        // Without a finite mean a limit has to cut it: either of the two.
        #expect(
            try self.size("{ pareto: { min: 1kB, shape: 1 }, max: 1GB }")
                == .pareto(min: 1_000, shape: 1))
        #expect(
            try self.size("{ pareto: { min: 1kB, shape: 0.5 } }, limit: 1GB")
                == .pareto(min: 1_000, shape: 0.5))
    }

    @Test("Think times take the same spreads, in seconds.")
    func thinkTimes() throws {
        let text = Self.scenario(
            """
            - get: /
                  - think: { exponential: { mean: 500ms } }
                  - think: { normal: { mean: 2s, sd: 1s } }
                  - think: { choices: [ 1s, 2s ] }
                  - think: { pareto: { min: 1s, shape: 3 } }
                  - think: { empirical: pauses.txt }
            """)
        let flow = try Scenario.decode(text: text, file: "a.yaml").populations[0].flow
        let times = flow.compactMap { if case .think(let time) = $0 { time } else { nil } }
        #expect(
            times == [
                .exponential(mean: 0.5), .normal(mean: 2, sd: 1),
                .choices(WeightedValues([(1, 1), (2, 1)])), .pareto(min: 1, shape: 3),
                .recorded(RecordedValues(path: "pauses.txt", unit: .seconds)),
            ])
    }

    @Test("Clips, faults and mixes are what they say.")
    func parts() throws {
        let popular = try self.part(
            "generate: mov, size: 1MB, clips: { count: 900, exponent: 0.8, catalogue: fancams }")
        #expect(popular.clips == ClipsSpec(count: 900, exponent: 0.8, catalogue: "fancams"))
        let files = try self.part("file: [a, b], clips: {}")
        #expect(files.clips == ClipsSpec(count: nil, exponent: 1, catalogue: nil))
        #expect(
            try self.part("generate: heic, size: 1MB, fault: truncated").fault
                == .truncated(sends: nil))
        #expect(
            try self.part("file: a, fault: truncated, sends: { uniform: { min: 0, max: 9kB } }")
                .fault == .truncated(sends: .uniform(min: 0, max: 9_000)))
        #expect(try self.part("generate: png, size: 1MB, fault: empty").fault == .empty)
        #expect(try self.part("file: a, fault: mislabelled").fault == .mislabelled)

        let mix = try self.part(
            "fault: empty, filename: x.mp4, mix: [ { weight: 3, file: a }, "
                + "{ generate: webp, size: 2kB, fault: mislabelled, contentType: image/x } ]")
        guard case .mix(let parts) = mix.content else { throw Missing() }
        #expect(parts.map(\.weight) == [3, 1])
        #expect(parts.map(\.part.fault) == [.empty, .mislabelled])
        #expect(parts.map(\.part.fileName) == ["x.mp4", "x.mp4"])
        #expect(parts.map(\.part.contentType) == [nil, "image/x"])
        #expect(mix.fault == nil)
        #expect(mix.withMixed.count == 3)
    }

    @Test("Parts share a catalogue when their clips are the same, whatever else differs.")
    func catalogues() throws {
        func mistakesOf(_ first: String, _ second: String) -> [String]? {
            let text = Self.scenario(
                """
                - post: { url: /, \(first) }
                      - post: { url: /, multipart: { m: { \(second) } } }
                """)
            return mistakes(of: text)?.mistakes.map {
                "\($0.location.line):\($0.location.column) \($0.message)"
            }
        }
        let clips = "clips: { count: 9, catalogue: c }"
        #expect(
            mistakesOf(
                "generate: mp4, size: 1MB, \(clips)",
                "generate: mp4, size: 1MB, filename: a, fault: truncated, "
                    + "clips: { count: 5, exponent: 2, catalogue: c }") == nil)
        #expect(
            mistakesOf(
                "mix: [ { file: a }, { file: b } ], \(clips)",
                "mix: [ { file: a, fault: empty }, { file: b } ], \(clips)") == nil)
        let same = "generate: mp4, size: { empirical: a.txt }, \(clips)"
        #expect(mistakesOf(same, same) == nil)
        let message =
            "catalogue: 'c' has other clips in line 9; parts that share a catalogue need the same "
            + "files, kinds and sizes"
        #expect(
            mistakesOf("generate: mp4, size: 1MB, \(clips)", "generate: mov, size: 1MB, \(clips)")
                == ["10:99 \(message)"])
        #expect(
            mistakesOf(
                "mix: [ { file: a } ], \(clips)", "mix: [ { file: b } ], \(clips)")?.count == 1)
    }

    private static let schemaCases: [(String, Bool)] = [
        ("generate: mp4, size: { exponential: { mean: 2MB } }", true),
        ("generate: mp4, size: { exponential: { median: 2MB } }", false),
        ("generate: mp4, size: { exponential: { mean: 2s } }", false),
        ("generate: mp4, size: { pareto: { min: 1kB, shape: 2 } }", true),
        ("generate: mp4, size: { pareto: { min: 1kB, shape: -2 } }", false),
        ("generate: mp4, size: { pareto: { min: 1kB, shape: .nan } }", false),
        ("generate: mp4, size: { pareto: { min: 1kB, shape: 2, p99: 3kB } }", false),
        ("generate: mp4, size: { pareto: { min: 1kB } }", false),
        ("generate: mp4, size: { normal: { mean: 1kB, sd: -1 } }", false),
        ("generate: mp4, size: { choices: [] }", false),
        ("generate: mp4, size: { choices: [ 1kB, { value: 1MB, weight: 2 } ] }", true),
        ("generate: mp4, size: { choices: [ { value: 1MB, weight: 0 } ] }", false),
        ("generate: mp4, size: { empirical: a.txt }", true),
        ("generate: mp4, size: { empirical: { column: a } }", false),
        ("generate: mp4, size: { empirical: a.txt, max: 2MB }", true),
        ("generate: mp4, size: { empirical: a.txt, normal: { mean: 1, sd: 1 } }", false),
        ("generate: heic, size: 1MB, clips: { count: 0 }", false),
        ("generate: heic, size: 1MB, clips: { count: 5, exponent: 11 }", false),
        ("generate: heic, size: 1MB, clips: { count: 5, exponent: -1 }", false),
        ("generate: heic, size: 1MB, clips: { count: 5 }, unique: true", false),
        ("generate: heic, size: 1MB, clips: { count: 5, catalogue: 'a b' }", false),
        ("generate: heic, size: 1MB, fault: broken", false),
        ("generate: heic, size: 1MB, sends: 3kB", false),
        ("generate: heic, size: 1MB, fault: truncated, sends: 3kB", true),
        ("mix: [ { file: a }, { generate: mov, size: 1kB } ]", true), ("mix: []", false),
        ("mix: [ { file: a, generate: mov, size: 1kB } ]", false),
        ("mix: [ { weight: 0, file: a } ]", false), ("mix: [ { weight: 1 } ]", false),
        ("mix: [ { mix: [ { file: a } ] } ]", false),
        ("mix: [ { file: a } ], generate: mov, size: 1kB", false),
    ]

    @Test("Schema and decoder give one verdict.", arguments: schemaCases)
    func schema(keys: String, isValid: Bool) throws {
        for text in [
            Self.scenario("- post: { url: /, \(keys) }"),
            Self.scenario("- post: { url: /, body: { \(keys) } }"),
            Self.scenario("- post: { url: /, multipart: { m: { \(keys) } } }"),
        ] {
            #expect(try SchemaTests.schemaAccepts(text) == isValid, "the schema")
            #expect((mistakes(of: text) == nil) == isValid, "the decoder")
        }
    }
}
