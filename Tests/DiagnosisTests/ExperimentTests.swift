import Foundation
import Measurements
import Testing

@testable import Diagnosis

@Suite struct ExperimentTests {
    private let catalogue = ExperimentCatalogue.shipped

    private func beliefs(_ shares: [String: Double]) -> [Belief] {
        shares.map { Belief(id: $0.key, probability: $0.value) }.sorted { $0.id < $1.id }
    }

    @Test("The shipped catalogue has the fifteen experiments, E13 and E14 for more machines.")
    func shipped() {
        #expect(self.catalogue.experiments.map(\.id) == (1...15).map { "E\($0)" })
        #expect(self.catalogue.experiments.filter { !$0.runnable }.map(\.id) == ["E13", "E14"])
    }

    @Test(
        "A catalogue that would choose wrongly is refused, with the place.",
        arguments: [
            ("\"M05\": [0.65, 0.25", "\"M05\": [0.75, 0.25", "E4.likelihood.M05"),
            ("\"M05\": [0.65, 0.25, 0.08, 0.02]", "\"M05\": [0.65, 0.35]", "E4.likelihood.M05"),
            ("\"M05\": [0.65", "\"M55\": [0.65", "E4.likelihood.M55"),
            ("spate/experiments/1", "spate/experiments/2", "schema"),
        ])
    func refused(old: String, new: String, place: String) throws {
        let text = String(decoding: PackageResources.experiments_json, as: UTF8.self)
        #expect(text.contains(old))
        let changed = Array(text.replacingOccurrences(of: old, with: new).utf8)
        let error = #expect(throws: WeightsError.self) { try ExperimentCatalogue(json: changed) }
        #expect("\(try #require(error))".contains(place))
    }

    @Test("An explanation has its own row, its family's, or the default.")
    func rows() throws {
        let relief = try #require(self.catalogue.experiment("E7"))
        #expect(relief.likelihood(of: "M22") == [0.01, 0.02, 0.96, 0.01])
        #expect(relief.likelihood(of: "M01") == relief.likelihood["CAPACITY"])
        #expect(relief.likelihood(of: "UNKNOWN") == relief.likelihood["default"])
    }

    @Test("An outcome that splits two evenly believed explanations surely is worth one bit.")
    func oneBit() {
        let experiment = Experiment(
            id: "E0", what: "", cost: 1, runnable: true,
            outcomes: [.init(id: "a", sentence: "a"), .init(id: "b", sentence: "b")],
            likelihood: ["M01": [1, 0], "M22": [0, 1], "M17": [0.5, 0.5]])
        let two = self.beliefs(["M01": 0.5, "M22": 0.5])
        #expect(two.entropy == 1)
        #expect(experiment.gain(given: two) == 1)
        #expect(experiment.updated(two, by: "a").first == Belief(id: "M01", probability: 1))
        // What both predict alike tells nothing, and neither does what is known already.
        #expect(experiment.gain(given: self.beliefs(["M17": 1])) == 0)
        #expect(experiment.refuting("M01", among: two)?.id == "b")
        #expect(experiment.updated(two, by: "c") == two)
    }

    @Test("What the scenario does not allow is not proposed; what takes another machine is.")
    func proposals() {
        let beliefs = [
            Belief(id: "M01", probability: 0.4), Belief(id: "M22", probability: 0.4),
            Belief(id: "M07", probability: 0.2),
        ]
        let all = self.catalogue.next(beliefs)
        let some = self.catalogue.next(beliefs, possible: ["E15"])
        #expect(all.count == 3)
        #expect(some.allSatisfy { $0.id == "E15" || !$0.isRunnable })
        #expect(some != all)
    }

    @Test(
        "Between two explanations that are taken for one another the catalogue picks the run that splits them.",
        arguments: [
            ("M01", "M22", ["E1", "E7", "E12"]), ("M05", "M07", ["E1", "E4"]),
            ("M12", "M13", ["E5"]), ("M01", "M02", ["E3", "E12"]),
            ("M17", "M19", ["E7", "E8", "E2", "E11"]), ("M27", "M01", ["E12", "E13"]),
        ] as [(String, String, Set<String>)])
    func splits(one: String, other: String, wanted: Set<String>) throws {
        let beliefs = self.beliefs([one: 0.5, other: 0.5])
        let best = try #require(self.catalogue.ranked(beliefs).first)
        #expect(wanted.contains(best.experiment.id), "\(best.experiment.id)")
    }

    @Test("What was made already is not offered again, and nothing is where nothing is open.")
    func ranking() throws {
        let beliefs = self.beliefs(["M01": 0.5, "M22": 0.5])
        let first = try #require(self.catalogue.ranked(beliefs).first)
        let rest = self.catalogue.ranked(beliefs, without: [first.experiment.id])
        #expect(!rest.contains { $0.experiment.id == first.experiment.id })
        #expect(self.catalogue.ranked(self.beliefs(["M01": 1])).isEmpty)
    }

    @Test(
        "With the slope changed the onset keeps its rate or its time; a change of both is neither.",
        arguments: [
            (100.0, 10.0, "rate"), (400, 40, "clock"), (110, 12, "rate"), (200, 20, "other"),
            (100, 38, "other"),
        ])
    func slope(rate: Double, onset: Double, outcome: String) throws {
        let experiment = try #require(self.catalogue.experiment("E1"))
        let base = TroubleDigest(hasTrouble: true, onset: 40, rate: 100, lost: 0.5)
        let steep = TroubleDigest(hasTrouble: true, onset: onset, rate: rate, lost: 0.5)
        #expect(experiment.outcome(base: base, changed: steep) == outcome)
        #expect(
            experiment.outcome(base: base, changed: TroubleDigest(hasTrouble: false)) == "well")
    }

    @Test("A peak that is reached early and borne until the old time breaks by the clock.")
    func peak() throws {
        let experiment = try #require(self.catalogue.experiment("E1"))
        let base = TroubleDigest(hasTrouble: true, onset: 40, rate: 100, lost: 0.5)
        let loads = (0..<60).map { min(100, 10 * Double($0)) }
        func outcome(_ onset: Double) -> String? {
            experiment.outcome(
                base: base,
                changed: TroubleDigest(
                    hasTrouble: true, onset: onset, rate: 100, lost: 0.5, loads: loads))
        }
        #expect(outcome(40) == "clock")
        #expect(outcome(12) == "rate")
    }

    @Test("In the relief it comes back for good, for a while, or not at all.")
    func relief() throws {
        let experiment = try #require(self.catalogue.experiment("E7"))
        let base = TroubleDigest(hasTrouble: true, onset: 40, rate: 100, lost: 0.5)
        func outcome(_ relieved: Double?, _ back: Bool?) -> String? {
            experiment.outcome(
                base: base,
                changed: TroubleDigest(
                    hasTrouble: true, onset: 40, rate: 100, lost: 0.5, relieved: relieved,
                    backAfterRelief: back))
        }
        #expect(outcome(0.98, true) == "well")
        #expect(outcome(0.98, false) == "milder")
        #expect(outcome(0, false) == "same")
        #expect(outcome(nil, nil) == nil)
    }

    @Test("Other changes make it well, milder, the same or worse.")
    func severity() throws {
        let experiment = try #require(self.catalogue.experiment("E4"))
        let base = TroubleDigest(hasTrouble: true, onset: 40, rate: 100, lost: 0.5)
        func outcome(_ onset: Double, _ rate: Double, _ lost: Double) -> String? {
            experiment.outcome(
                base: base,
                changed: TroubleDigest(hasTrouble: true, onset: onset, rate: rate, lost: lost))
        }
        #expect(outcome(40, 100, 0.5) == "same")
        #expect(outcome(40, 100, 0.2) == "milder")
        #expect(outcome(60, 150, 0.5) == "milder")
        #expect(outcome(20, 60, 0.5) == "worse")
        #expect(outcome(40, 100, 0.9) == "worse")
        let invalid = TroubleDigest(hasTrouble: true, isInvalid: true)
        #expect(experiment.outcome(base: base, changed: invalid) == nil)
        #expect(experiment.outcome(base: TroubleDigest(hasTrouble: false), changed: base) == nil)
    }

    @Test("A diagnosis that is open names the next runs and what would refute its leader.")
    func nextRuns() throws {
        let explanation = Explanation.explain(QueueSimulator().record())
        let next = try #require(explanation.nextRuns)
        #expect(next.count == 3)
        #expect(next.allSatisfy { $0.gainBits >= 0.02 })
        let quiet = Explanation.explain(QueueSimulator.quiet(rate: 40, seed: 3).record())
        #expect(quiet.nextRuns?.isEmpty == true)
        #expect(quiet.remedies?.isEmpty == true)
    }

    @Test("Remedies of a lack of capacity are predicted with the run's own figures.")
    func remedies() throws {
        let explanation = Explanation.explain(QueueSimulator().record())
        let remedies = try #require(explanation.remedies)
        #expect(remedies.map(\.id) == ["bounded-queue", "shedding", "more-workers"])
        #expect(remedies.allSatisfy { $0.predicted != nil && $0.measured == nil })
    }
}
