import Measurements
import Primitives
import Testing

@testable import Diagnosis

@Suite struct EvidenceLedgerTests {
    /// Weights with one row per test, all priors as shipped.
    private static func weights(
        _ rows: [String: [String: Double]], temperature: Double = 1
    ) -> Weights {
        var weights = Weights.shipped
        weights.tests = rows.mapValues { Weights.Test(fired: $0, clear: [:]) }
        weights.temperature = temperature
        return weights
    }

    private static func fired(_ test: String, _ group: String) -> Finding {
        Finding(test, fired: true, group: group, n: 1, window: 0..<1, [:]).expected
    }

    private static func odds(_ ledger: EvidenceLedger, _ first: String, _ second: String) -> Double
    {
        func probability(_ id: String) -> Double {
            ledger.standings.first { $0.rival.id == id }?.probability ?? 0
        }
        return probability(first) / probability(second)
    }

    @Test("Without evidence the priors stand: a tenth for UNKNOWN, families alike.")
    func priors() {
        var weights = Weights.shipped
        weights.temperature = 1
        let ledger = EvidenceLedger([], weights: weights)
        #expect(ledger.standings.first?.rival == .unknown)
        #expect(abs((ledger.standings.first?.probability ?? 0) - 0.1) < 1e-12)
        let known = ledger.families.filter { $0.family != .unknown }
        #expect(known.count == Family.rivals.count - 1)
        #expect(known.allSatisfy { abs($0.probability - 0.09) < 1e-12 })
        #expect(abs(EvidenceLedgerTests.odds(ledger, "M12", "M13") - 1) < 1e-12)
        #expect(abs(ledger.standings.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
    }

    @Test("Entries of one group count once and a quarter, and no group more than a hundredfold.")
    func groups() {
        let weights = EvidenceLedgerTests.weights([
            "a": ["M07": 1], "b": ["M07": 0.4], "c": ["M07": 2], "d": ["M07": 2],
        ])
        let twice = EvidenceLedger(
            [EvidenceLedgerTests.fired("a", "g"), EvidenceLedgerTests.fired("b", "g")],
            weights: weights)
        // 10^(1 + 0.25 * 0.4)
        #expect(abs(EvidenceLedgerTests.odds(twice, "M07", "M09") - 12.589_254) < 1e-5)
        let capped = EvidenceLedger(
            [EvidenceLedgerTests.fired("c", "g"), EvidenceLedgerTests.fired("d", "g")],
            weights: weights)
        #expect(abs(EvidenceLedgerTests.odds(capped, "M07", "M09") - 100) < 1e-9)
        let apart = EvidenceLedger(
            [EvidenceLedgerTests.fired("c", "g"), EvidenceLedgerTests.fired("d", "h")],
            weights: weights)
        #expect(abs(EvidenceLedgerTests.odds(apart, "M07", "M09") - 10_000) < 1e-6)
        #expect(apart.firedGroups(for: .mechanism(.path)) == ["g", "h"])
        #expect(apart.firedGroups(for: Family.reach) == ["g", "h"])
    }

    @Test("A mechanism's own weight goes before its family's.")
    func specific() {
        let weights = EvidenceLedgerTests.weights(["a": ["REACH": 1, "M09": -1]])
        let ledger = EvidenceLedger([EvidenceLedgerTests.fired("a", "g")], weights: weights)
        #expect(abs(EvidenceLedgerTests.odds(ledger, "M07", "M09") - 100) < 1e-9)
        #expect(ledger.supporting(.mechanism(.path)).map(\.text) == ["E01"])
        #expect(ledger.against(.mechanism(.nameService)).map(\.text) == ["E01"])
    }

    @Test("A veto ends an explanation, whatever speaks for it, and the rest adds up to 1.")
    func vetoes() {
        let weights = EvidenceLedgerTests.weights(["a": ["M01": 2]])
        let veto = Finding("v", fired: false, group: "h", n: 1, window: 0..<1, [:])
            .vetoing(.processors, when: .clear)
        let ledger = EvidenceLedger([EvidenceLedgerTests.fired("a", "g"), veto], weights: weights)
        #expect(!ledger.standings.contains { $0.rival == .mechanism(.processors) })
        #expect(abs(ledger.families.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
        #expect(ledger.against(.mechanism(.processors)).map(\.text) == ["E02"])
    }

    @Test("What is out of the ordinary and predicted by nobody speaks for UNKNOWN.")
    func unknown() {
        let strange = (0..<3).map { index in
            Finding("s\(index)", fired: true, group: "g\(index)", n: 1, window: 0..<1, [:])
        }
        let ledger = EvidenceLedger(strange, weights: EvidenceLedgerTests.weights([:]))
        #expect(ledger.standings.first?.rival == .unknown)
        #expect((ledger.standings.first?.probability ?? 0) > 0.7)
        // Somebody predicts it: no riddle any more.
        let weights = EvidenceLedgerTests.weights([
            "s0": ["M19": 0.5], "s1": ["M19": 0.5], "s2": ["M19": 1],
        ])
        #expect(
            EvidenceLedger(strange, weights: weights).standings.first?.rival == .mechanism(.memory))
    }

    @Test("A temperature above 1 draws probabilities together and keeps their order.")
    func temperature() {
        let rows: [String: [String: Double]] = ["a": ["M07": 2]]
        let sharp = EvidenceLedger(
            [EvidenceLedgerTests.fired("a", "g")], weights: EvidenceLedgerTests.weights(rows))
        let mild = EvidenceLedger(
            [EvidenceLedgerTests.fired("a", "g")],
            weights: EvidenceLedgerTests.weights(rows, temperature: 2))
        #expect(abs(EvidenceLedgerTests.odds(sharp, "M07", "M09") - 100) < 1e-9)
        #expect(abs(EvidenceLedgerTests.odds(mild, "M07", "M09") - 10) < 1e-9)
        #expect(mild.standings.first?.rival == sharp.standings.first?.rival)
    }

    @Test("The Bayes factor is what the evidence says, without the priors.")
    func factor() throws {
        // M22 is alone in its family, M20 shares its own: their priors differ by two.
        let weights = EvidenceLedgerTests.weights(["a": ["M22": 2, "M20": 1]])
        let ledger = EvidenceLedger([EvidenceLedgerTests.fired("a", "g")], weights: weights)
        #expect(ledger.standings[0].rival == .mechanism(.switchedOff))
        #expect(ledger.standings[1].rival == .mechanism(.crash))
        #expect(abs((ledger.leaderOverNext ?? .nan) - 10) < 1e-9)
        #expect(abs(EvidenceLedgerTests.odds(ledger, "M22", "M20") - 20) < 1e-9)
        // PROCESS: half of it ten times as likely, half as likely as before.
        #expect(abs((ledger.familyOverNext ?? .nan) - 100 / 5.5) < 1e-9)
    }

    @Test("A lead that thrice a rival's prior would take away is not robust.")
    func sensitivity() {
        let narrow = EvidenceLedgerTests.weights(["a": ["M22": 1, "M23": 0.9, "M24": 0.9]])
        #expect(
            !EvidenceLedger([EvidenceLedgerTests.fired("a", "g")], weights: narrow).isFamilyRobust)
        let wide = EvidenceLedgerTests.weights(["a": ["M22": 2]])
        let ledger = EvidenceLedger([EvidenceLedgerTests.fired("a", "g")], weights: wide)
        #expect(ledger.isRobust && ledger.isFamilyRobust)
    }

    @Test("Overlays are judged by themselves and take nothing from the causes.")
    func overlays() throws {
        let weights = EvidenceLedgerTests.weights(["a": ["M03": 2]])
        let ledger = EvidenceLedger([EvidenceLedgerTests.fired("a", "g")], weights: weights)
        let open = try #require(ledger.overlays.first { $0.mechanism == .unboundedQueue })
        // Odds of 1 to 9, a hundredfold.
        #expect(abs(open.probability - 100.0 / 109) < 1e-9)
        let closed = try #require(ledger.overlays.first { $0.mechanism == .boundedQueue })
        #expect(abs(closed.probability - 0.1) < 1e-9)
        #expect(!ledger.standings.contains { $0.rival.id == "M03" })
    }

    @Test("What did not apply is no entry, and ids follow the order of the tests.")
    func notApplicable() {
        var none = EvidenceLedgerTests.fired("x", "g")
        none.outcome = .notApplicable
        let ledger = EvidenceLedger([none, EvidenceLedgerTests.fired("a", "g")], weights: .shipped)
        #expect(ledger.evidence.map(\.test) == ["a"])
        #expect(ledger.ids("a").map(\.text) == ["E01"])
    }

    @Test("Bayes factors have Kass and Raftery's names.")
    func names() {
        #expect(strength(ofBayesFactor: 2.9) == "barely worth a mention")
        #expect(strength(ofBayesFactor: 3) == "positive evidence")
        #expect(strength(ofBayesFactor: 20) == "strong evidence")
        #expect(strength(ofBayesFactor: 151) == "very strong evidence")
    }
}
