import Measurements
import Testing

@testable import Diagnosis

@Suite struct InvestigationTests {
    /// An investigation of a run with these beliefs.
    private func investigation(
        _ beliefs: [String: Double], grade: Verdict.Grade = .leading,
        _ base: TroubleDigest = TroubleDigest(hasTrouble: true, onset: 40, rate: 100, lost: 0.6),
        isSupported: Bool = true, mayBeCollapse: Bool = false
    ) -> Investigation {
        var explanation = Explanation.explain(QueueSimulator().record())
        explanation.verdict.grade = grade
        explanation.hypotheses = beliefs.map {
            Hypothesis(
                id: $0.key, posterior: $0.value,
                supporting: isSupported ? explanation.evidence.prefix(1).map(\.id) : [],
                against: [], missing: [], refutingRun: nil)
        }.sorted { $0.posterior > $1.posterior }
        explanation.mayBeCollapse = mayBeCollapse
        return Investigation(explanation, base, directory: "runs/1")
    }

    /// What a run shows of a server that is overwhelmed at 100/s, or switched off at 40 s.
    private func seen(_ experiment: String, overwhelmed: Bool) -> TroubleDigest {
        switch (experiment, overwhelmed) {
        case ("E1", true): TroubleDigest(hasTrouble: true, onset: 10, rate: 100, lost: 0.6)
        case ("E1", false): TroubleDigest(hasTrouble: true, onset: 40, rate: 400, lost: 0.6)
        case ("E7", true):
            TroubleDigest(
                hasTrouble: true, onset: 40, rate: 100, lost: 0.5, relieved: 1,
                backAfterRelief: false)
        case ("E7", false):
            TroubleDigest(
                hasTrouble: true, onset: 40, rate: 100, lost: 0.9, relieved: 0,
                backAfterRelief: false)
        default: TroubleDigest(hasTrouble: true, onset: 40, rate: 100, lost: 0.6)
        }
    }

    @Test(
        "A switch-off exactly at the peak is told from a collapse by experiments, not by one run.",
        arguments: [true, false])
    func atThePeak(overwhelmed: Bool) {
        var investigation = self.investigation(["M01": 0.45, "M22": 0.45, "M17": 0.1])
        #expect(investigation.conclusion.grade != .cause)
        var made: [String] = []
        while let choice = investigation.next() {
            made.append(choice.experiment.id)
            investigation.record(
                choice, self.seen(choice.experiment.id, overwhelmed: overwhelmed),
                directory: "runs/\(made.count + 1)")
            #expect(made.count <= 4)
            if made.count > 4 { break }
        }
        #expect(investigation.ending == .known)
        #expect(investigation.conclusion.grade == .cause)
        #expect(investigation.conclusion.mechanism == (overwhelmed ? "M01" : "M22"))
        #expect(made.first == "E1" || made.first == "E7")
    }

    @Test(
        "However sure one run is of a switch-off at the peak, experiments are made and decide.",
        arguments: [true, false])
    func sureAtThePeak(overwhelmed: Bool) {
        var investigation = self.investigation(
            ["M22": 0.9999, "M02": 0.00005, "M25": 0.00005], mayBeCollapse: true)
        #expect(investigation.conclusion.grade == .leading)
        #expect(abs(investigation.prior.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
        #expect(abs((investigation.prior.first?.probability ?? 0) - 0.49995) < 1e-9)
        var made = 0
        while made < 6, let choice = investigation.next() {
            made += 1
            investigation.record(
                choice, self.seen(choice.experiment.id, overwhelmed: overwhelmed),
                directory: "runs/\(made + 1)")
        }
        #expect(made >= 1)
        let conclusion = investigation.conclusion
        #expect(conclusion.family == (overwhelmed ? "CAPACITY" : "OFF"))
        #expect(conclusion.mechanism == (overwhelmed ? nil : "M22"))
    }

    @Test("One experiment alone is no cause, however sure it sounds: that takes two witnesses.")
    func witnesses() throws {
        var investigation = self.investigation(
            ["M01": 0.45, "M22": 0.45, "M17": 0.1], isSupported: false)
        let next = investigation.next()
        let choice = try #require(next)
        investigation.record(
            choice, self.seen(choice.experiment.id, overwhelmed: false), directory: "runs/2")
        let sure = try #require(investigation.beliefs.first)
        #expect(sure.id == "M22" && sure.probability >= 0.8)
        #expect(investigation.conclusion.grade != .cause)
    }

    @Test("Nothing is investigated where nothing failed or the first run is invalid.")
    func nothing() {
        var quiet = self.investigation(
            ["HEALTHY": 0.99], grade: .healthy, TroubleDigest(hasTrouble: false))
        let first = quiet.next()
        #expect(first == nil)
        #expect(quiet.ending == .nothingToExplain)
        #expect(quiet.conclusion.sentence == "Nothing failed, so there is nothing to explain.")
        var invalid = self.investigation(
            ["M01": 0.99], grade: .invalid,
            TroubleDigest(hasTrouble: true, isInvalid: true))
        let second = invalid.next()
        #expect(second == nil)
        #expect(invalid.conclusion.grade == .invalid)
    }

    @Test("What the scenario does not allow is left out; with nothing left it ends.")
    func refusals() {
        var investigation = self.investigation(["M01": 0.5, "M22": 0.5])
        var refused: Set<String> = []
        while let choice = investigation.next() {
            #expect(refused.insert(choice.experiment.id).inserted)
            investigation.refuse(choice.experiment, because: "no")
        }
        #expect(investigation.ending == .negligible)
        #expect(Set(investigation.refused.keys) == refused)
        #expect(investigation.conclusion.grade == .leading)
    }

    @Test("What had healed by itself is not relieved afterwards.")
    func healed() {
        var investigation = self.investigation(
            ["M01": 0.45, "M22": 0.45, "M17": 0.1],
            TroubleDigest(hasTrouble: true, onset: 40, rate: 100, lost: 0.6, recovered: 80))
        var made: [String] = []
        while made.count < 15, let choice = investigation.next() {
            made.append(choice.experiment.id)
            investigation.record(
                choice, TroubleDigest(hasTrouble: true, isInvalid: true), directory: "r")
        }
        #expect(!made.isEmpty && !made.contains("E7"))
        #expect(investigation.refused["E7"] != nil)
    }

    @Test("A run that could not show anything changes no belief, and is not made again.")
    func empty() throws {
        var investigation = self.investigation(["M01": 0.5, "M22": 0.5])
        let next = investigation.next()
        let choice = try #require(next)
        investigation.record(
            choice, TroubleDigest(hasTrouble: true, isInvalid: true), directory: "runs/2")
        #expect(investigation.beliefs == investigation.prior)
        #expect(investigation.steps.first?.outcome == nil)
        let other = investigation.next()
        #expect(other?.experiment.id != choice.experiment.id)
    }

    @Test("Onsets at one rate in three runs have the rate in common.")
    func axes() throws {
        var investigation = self.investigation(["M01": 0.4, "M22": 0.3, "M17": 0.3])
        for onset in [10.0, 20] {
            let next = investigation.next()
            let choice = try #require(next)
            investigation.record(
                choice, TroubleDigest(hasTrouble: true, onset: onset, rate: 100, lost: 0.6),
                directory: "runs")
        }
        #expect(investigation.axes.first?.axis == .rate)
    }
}
