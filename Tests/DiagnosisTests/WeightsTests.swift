import Foundation
import Testing

@testable import Diagnosis

@Suite struct WeightsTests {
    @Test("The weights that are shipped pass their own check and name their version.")
    func shipped() throws {
        let weights = try Weights(json: PackageResources.weights_json)
        #expect(weights == Weights.shipped)
        #expect(weights.schema == "spate/weights/1")
        #expect(!weights.source.isEmpty)
    }

    @Test("Every test that a detector can make has a row, and no row is anybody's mistake.")
    func complete() {
        let made = Detector.all.flatMap(\.tests)
        #expect(Set(made).count == made.count)
        #expect(Set(made).symmetricDifference(Weights.shipped.tests.keys).sorted() == [])
    }

    @Test("Every explanation has something that would speak for it.")
    func everybodyHasAChance() {
        for mechanism in Mechanism.allCases
        where mechanism != .retryStorm && mechanism != .reviewBacklog {
            let rows = Weights.shipped.tests.values.flatMap { [$0.fired, $0.clear] }
            let best = rows.compactMap { $0[mechanism.rawValue] ?? $0[mechanism.family.rawValue] }
            // A Bayes factor of three.
            #expect((best.max() ?? 0) >= 0.5, "\(mechanism.rawValue)")
        }
    }

    @Test("Priors add up to 1, and mechanisms share their family's.")
    func priors() {
        let weights = Weights.shipped
        let sum = Rival.all.reduce(0) { $0 + weights.prior($1) }
        #expect(abs(sum - 1) < 1e-12)
        #expect(weights.prior(.mechanism(.path)) == weights.prior(.mechanism(.nameService)))
        #expect(weights.prior(.unknown) == weights.priors.unknown)
    }

    @Test("What is written is what is read.")
    func roundTrip() throws {
        let bytes = Array(try JSONEncoder().encode(Weights.shipped))
        #expect(try Weights(json: bytes) == Weights.shipped)
    }

    /// A file with one test, to be spoiled.
    private static let plain = """
        {"schema": "spate/weights/1", "version": "x", "source": "this test", "temperature": 1,
         "priors": {"unknown": 0.1, "overlay": 0.1,
                    "families": {"REACH": 1, "ADMIT": 1, "CAPACITY": 1, "POLICY": 1,
                                 "DEPLETION": 1, "PROCESS": 1, "OFF": 1, "PARTIAL": 1,
                                 "HARNESS": 1, "HEALTHY": 1}},
         "tests": {"schedule_and_resources": {"fired": {"HARNESS": 2}, "clear": {}}}}
        """

    @Test(
        "A file that would make the ledger wrong is refused, saying where.",
        arguments: [
            ("\"spate/weights/1\"", "\"spate/weights/9\"", "schema"),
            ("\"temperature\": 1", "\"temperature\": 0", "temperature"),
            ("\"unknown\": 0.1", "\"unknown\": 1", "priors.unknown"),
            ("\"OFF\": 1,", "\"OFF\": 0,", "priors.families.OFF"),
            ("\"HEALTHY\": 1}", "\"HEALTHY\": 1, \"MOON\": 1}", "priors.families.MOON"),
            ("{\"HARNESS\": 2}", "{\"HARNESS\": 2.5}", "schedule_and_resources.fired.HARNESS"),
            ("{\"HARNESS\": 2}", "{\"M28\": 1}", "schedule_and_resources.fired.M28"),
            ("{\"HARNESS\": 2}", "{\"UNKNOWN\": 1}", "schedule_and_resources.fired.UNKNOWN"),
        ])
    func refused(old: String, new: String, place: String) throws {
        let text = WeightsTests.plain
        #expect(try Weights(json: Array(text.utf8)).version == "x")
        #expect(text.contains(old))
        let changed = Array(text.replacingOccurrences(of: old, with: new).utf8)
        let error = #expect(throws: WeightsError.self) { try Weights(json: changed) }
        let thrown = try #require(error)
        #expect("\(thrown)".contains(place), "\(thrown)")
    }

    @Test("What is no JSON of this shape is refused.")
    func garbage() {
        #expect(throws: WeightsError.self) { try Weights(json: Array("{}".utf8)) }
        #expect(throws: WeightsError.self) { try Weights(json: []) }
    }

    @Test("Every mechanism has words, and every rival a way to be refuted.")
    func words() {
        #expect(Mechanism.allCases.count == 27)
        #expect(Set(Mechanism.allCases.map(\.title)).count == 27)
        for mechanism in Mechanism.allCases {
            #expect(mechanism.rawValue.count == 3 && mechanism.rawValue.hasPrefix("M"))
            #expect(!mechanism.sentence.hasSuffix("."))
            #expect((mechanism.refutingRun == nil) == mechanism.isOverlay)
        }
        // What a sample's test would be exists.
        let tests = Set(Detector.all.flatMap(\.tests))
        for sample in Mechanism.allCases.flatMap(\.samples) {
            #expect(sample.test.map { tests.contains($0) } ?? true, "\(sample.what)")
        }
    }
}
