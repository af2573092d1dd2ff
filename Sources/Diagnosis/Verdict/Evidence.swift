/// The name of one entry of the evidence ledger, such as `E03`.
///
/// Only the ledger gives them out, so that an id always stands for a test that was made.
package struct EvidenceID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// `E01`, `E02` and so on.
    package let text: String

    /// Counted from 1, in the order of the tests.
    init(number: Int) {
        self.text = number < 10 ? "E0\(number)" : "E\(number)"
    }

    /// The id as printed.
    package var description: String { self.text }

    /// Compares by number; ids are given out in order.
    package static func < (left: EvidenceID, right: EvidenceID) -> Bool {
        (left.text.count, left.text) < (right.text.count, right.text)
    }
}

/// What a test can say.
package enum TestOutcome: String, Sendable, Hashable, Codable {
    /// It found what it looks for.
    case fired
    /// It looked and did not find it.
    case clear
    /// It had nothing to look at; that is no evidence, and no entry of the ledger.
    case notApplicable = "not_applicable"
}

/// One test's result, with the weight it has for and against each explanation.
package struct Evidence: Sendable, Hashable {
    /// Its name in the ledger.
    package let id: EvidenceID
    /// The test that was made, such as `hinge`.
    package let test: String
    /// Whether it found what it looks for: `fired` or `clear`.
    package let outcome: TestOutcome
    /// What it measured, by name.
    package let statistic: [String: Double]
    /// Observations that went in.
    package let n: Int
    /// The seconds it looked at, from the run's start: first, and one past the last.
    package let window: [Double]
    /// log10 likelihood ratios within -2 and 2, by mechanism's id or family's name, as the data
    /// file has them for this outcome; who is not named is untouched.
    package let weight: [String: Double]
    /// The phenomenon; entries of one group count together (research: diagnosis, 3.12).
    package let group: String
    /// True when the test found something out of the ordinary.
    package let anomalous: Bool
    /// Explanations that the measurement contradicts outright, by id.
    package let vetoes: [String]
}

extension Evidence {
    /// The weight for one explanation; its own before its family's, nil when untouched.
    func weight(for rival: Rival) -> Double? {
        self.weight[rival.id] ?? self.weight[rival.family.rawValue]
    }
}

/// A test's result before the ledger has given it an id and weights.
struct Finding {
    var test: String
    var outcome: TestOutcome
    var statistic: [String: Double]
    var n: Int
    var window: Range<Int>
    var group: String
    /// True when it shows something out of the ordinary that an explanation has to predict.
    var anomalous = false
    /// What the measurement contradicts outright.
    var vetoes: [Rival] = []
}

extension Finding {
    /// A test that could be made and either found what it looks for, which is out of the ordinary,
    /// or did not.
    init(
        _ test: String, fired: Bool, group: String, n: Int, window: Range<Int>,
        _ statistic: [String: Double]
    ) {
        self.init(
            test: test, outcome: fired ? .fired : .clear, statistic: statistic, n: n,
            window: window, group: group, anomalous: fired)
    }

    /// The same, which nobody need explain.
    var expected: Finding {
        var copy = self
        copy.anomalous = false
        return copy
    }

    /// The same, contradicting those explanations when it came out so.
    func vetoing(_ mechanisms: Mechanism..., when outcome: TestOutcome) -> Finding {
        guard self.outcome == outcome else { return self }
        var copy = self
        copy.vetoes += mechanisms.map { .mechanism($0) }
        return copy
    }
}

/// A sentence of the report together with what it rests on.
///
/// It cannot be made without evidence: the initializer takes the first id by itself.
package struct Claim: Sendable, Hashable {
    /// The sentence.
    package let text: String
    /// What it rests on; never empty.
    package let evidence: [EvidenceID]

    /// A claim that rests on at least one entry of the ledger.
    package init(_ text: String, on first: EvidenceID, _ others: [EvidenceID] = []) {
        self.text = text
        self.evidence = [first] + others.filter { $0 != first }
    }
}
