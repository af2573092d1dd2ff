package import Diagnosis
package import Foundation
package import Measurements
package import TestSupport

/// What every test found in a run whose cause is known.
package struct LabelledOutcomes: Sendable, Hashable {
    /// The run's name.
    package var id: String
    /// The mechanism's id, `HEALTHY` or `UNKNOWN`.
    package var truth: String
    /// Overlays that are true of it.
    package var overlays: [String]
    /// The part of the parameters' space, 0 to 2.
    package var region: Int
    /// `simulated`, or the target's name.
    package var source: String
    /// The tests with the server's samples; those that could not be made are missing.
    package var tests: [FoundTest]
    /// The same from the clients' side alone.
    package var clientTests: [FoundTest]

    /// A run by its parts.
    package init(
        id: String, truth: String, overlays: [String] = [], region: Int = 0, source: String,
        tests: [FoundTest], clientTests: [FoundTest]
    ) {
        self.id = id
        self.truth = truth
        self.overlays = overlays
        self.region = region
        self.source = source
        self.tests = tests
        self.clientTests = clientTests
    }

    /// Explains a simulated run, with the server's samples and without.
    package init(_ run: LabelledRun, _ played: RunRecord) {
        var record = played
        let tests = Explanation.explain(record).evidence.map(FoundTest.init)
        record.server = []
        self.init(
            id: run.id, truth: run.truth, overlays: run.overlays, region: run.region,
            source: "simulated", tests: tests,
            clientTests: Explanation.explain(record).evidence.map(FoundTest.init))
    }
}

// MARK: - Summaries of real runs

extension LabelledOutcomes {
    /// The part of a summary of Benchmarks/validation that is read here.
    private struct Summary: Decodable {
        struct Truth: Decodable {
            var mechanism: String
            var overlays: [String]?
        }
        struct Answer: Decodable {
            var tests: [FoundTest]?
        }
        var id: String
        var split: String
        var target: String
        var region: Int?
        var truth: Truth
        var client: Answer
        var server: Answer?
    }

    /// The runs of a folder of summaries that are for fitting, in the order of their names.
    ///
    /// - Throws: What reading or decoding a file throws; a folder that is not there has no runs.
    package static func summaries(in folder: String) throws -> [LabelledOutcomes] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".json") }.sorted()
        return try names.compactMap { name in
            let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
            return try self.summary(data)
        }
    }

    /// One summary; nil where it is held back, or nobody kept what its tests found.
    package static func summary(_ data: Data) throws -> LabelledOutcomes? {
        let summary = try JSONDecoder().decode(Summary.self, from: data)
        guard summary.split == "fit", let client = summary.client.tests else { return nil }
        return LabelledOutcomes(
            id: summary.id, truth: summary.truth.mechanism,
            overlays: summary.truth.overlays ?? [], region: summary.region ?? 0,
            source: summary.target, tests: summary.server?.tests ?? client, clientTests: client)
    }
}
