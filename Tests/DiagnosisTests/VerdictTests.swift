import Measurements
import Primitives
import Testing

@testable import Diagnosis

@Suite struct VerdictTests {
    private static func verdict(
        _ file: SyntheticCase, withheld: Set<String> = []
    ) -> Verdict {
        Explanation.explain(file.record(), withheld: withheld).verdict
    }

    /// Bodies above 5 MB are refused all the time.
    private static func bodyLimit() -> SyntheticCase {
        var file = SyntheticCase()
        file.add(20, from: 0, to: 90) { shot, number in
            shot.size = AnswerDetectorTests.size(number)
            guard AnswerDetectorTests.size(number) > 5_000_000 else { return }
            shot.outcome = "413"
            shot.took = 2
        }
        return file
    }

    @Test("A limit on sizes is a cause although nothing changed in the run.")
    func bodyLimitIsACause() {
        let verdict = VerdictTests.verdict(VerdictTests.bodyLimit())
        #expect(verdict.grade == .cause, "\(verdict.sentence)")
        #expect(verdict.mechanism == "M11" && verdict.family == .policy)
        #expect((verdict.bfNext ?? 0) >= 10)
        #expect(verdict.sentence.contains("Bayes factor"))
    }

    @Test("A limiter per client is a cause, and not mistaken for shedding or a lack of capacity.")
    func limiterIsACause() {
        let verdict = VerdictTests.verdict(AnswerDetectorTests.limiter(perClient: true))
        #expect(verdict.grade == .cause, "\(verdict.sentence)")
        #expect(verdict.mechanism == "M12")
    }

    @Test("A switch-off in a quiet hour is a cause.")
    func quietSwitchOff() {
        let verdict = VerdictTests.verdict(ProcessDetectorTests.page())
        #expect(verdict.grade == .cause, "\(verdict.sentence)")
        #expect(verdict.mechanism == "M22" && verdict.family == .off)
    }

    @Test("A switch-off at the peak of the load is never claimed from one run.")
    func switchOffAtThePeak() {
        var file = SyntheticCase()
        file.add(20, from: 0, to: 40)
        file.add(80, from: 40, to: 50)
        file.add(80, from: 50, to: 90) { shot, _ in
            shot.outcome = "503"
            shot.took = 1
            shot.fingerprint = "00000000000000bb"
            shot.body = "page"
        }
        let verdict = VerdictTests.verdict(file)
        #expect(verdict.grade == .leading || verdict.grade == .notEnoughEvidence)
        #expect(verdict.mechanism == nil)
    }

    @Test("Withholding what a claim rests on takes the claim away, or its grade.")
    func withheld() {
        let file = VerdictTests.bodyLimit()
        let whole = VerdictTests.verdict(file)
        #expect(whole.grade == .cause)
        let less = VerdictTests.verdict(file, withheld: ["size", "answers"])
        #expect(less.grade != .cause && less.mechanism == nil)
        // The sentence that names the onset rests on what changed.
        func onsets(_ withheld: Set<String>) -> Int {
            VerdictTests.verdict(ProcessDetectorTests.page(), withheld: withheld).claims
                .count { $0.text.hasPrefix("From ") }
        }
        #expect(onsets([]) == 1)
        #expect(onsets(["change_goodput_share", "change_refusals"]) == 0)
    }

    @Test("No claim stands without evidence of the ledger, in any of these runs.")
    func grounded() {
        let files = [
            VerdictTests.bodyLimit(), AnswerDetectorTests.limiter(perClient: true),
            ProcessDetectorTests.page(), SyntheticCase.quiet(),
            SyntheticCase.trouble { shot, _ in shot.outcome = "tls_expired" },
        ]
        for file in files {
            let explanation = Explanation.explain(file.record())
            let ids = Set(explanation.evidence.map(\.id))
            #expect(!explanation.verdict.claims.isEmpty)
            for claim in explanation.verdict.claims {
                #expect(!claim.evidence.isEmpty && ids.isSuperset(of: claim.evidence))
            }
            #expect(abs(explanation.hypotheses.reduce(0) { $0 + $1.posterior } - 1) < 1e-9)
            #expect(abs(explanation.families.values.reduce(0, +) - 1) < 1e-9)
            #expect(explanation.weights == Weights.shipped.version)
        }
    }

    @Test("What no mechanism of the catalogue makes is no cause.")
    func outOfCatalogue() {
        let expired = SyntheticCase.trouble { shot, _ in
            shot.outcome = "tls_expired"
            shot.took = 3
        }
        let verdict = VerdictTests.verdict(expired)
        #expect(verdict.grade != .cause, "\(verdict.sentence)")
    }

    @Test("Samples of the server that were read are not among what is missing.")
    func missing() throws {
        var file = SyntheticCase.trouble { shot, _ in shot.outcome = "500" }
        func missing() throws -> [String] {
            let hypotheses = Explanation.explain(file.record()).hypotheses
            return try #require(hypotheses.first { $0.id == "M02" }).missing
        }
        #expect(try missing().contains { $0.hasPrefix("busy workers") })
        file.sample(0..<90) { _ in ["app.workers_busy": 4, "app.workers_max": 4] }
        #expect(try !missing().contains { $0.hasPrefix("busy workers") })
    }

    @Test("Every test that a detector makes is one that it declares.")
    func declared() {
        let files = [
            VerdictTests.bodyLimit(), AnswerDetectorTests.limiter(perClient: true),
            ProcessDetectorTests.page(), SyntheticCase.quiet(),
        ]
        for record in files.map({ $0.record() }) + [QueueSimulator().record()] {
            let file = CaseFile(RunFacts(record))
            for detector in Detector.all {
                let made = detector.detect(file).map(\.test)
                #expect(Set(made).isSubset(of: detector.tests), "\(detector.purpose)")
            }
        }
    }
}
