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

/// One test's result, with the weight it has for and against each family.
package struct Evidence: Sendable, Hashable {
    /// Its name in the ledger.
    package let id: EvidenceID
    /// The test that was made, such as `hinge`.
    package let test: String
    /// What it measured, by name.
    package let statistic: [String: Double]
    /// Observations that went in.
    package let n: Int
    /// The seconds it looked at, from the run's start: first, and one past the last.
    package let window: [Double]
    /// log10 likelihood ratios, within -2 and 2; families not named are untouched.
    package let weight: [Family: Double]
    /// The phenomenon; entries of one group count together (research: diagnosis, 3.12).
    package let group: String
    /// True when the test found something out of the ordinary.
    package let anomalous: Bool
    /// Families that the measurement contradicts outright.
    package let vetoes: [Family]
}

/// A test's result before the ledger has given it an id.
struct Finding {
    var test: String
    var statistic: [String: Double]
    var n: Int
    var window: Range<Int>
    var weight: [Family: Double] = [:]
    var group: String
    var anomalous = false
    var vetoes: [Family] = []
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
