import Diagnosis

/// How explanations, samples and tests are called in every format.
enum MechanismNames {
    /// An explanation as people read it: a mechanism's id with its name, others as they are.
    static func named(_ id: String) -> String {
        Mechanism(rawValue: id).map { "\(id) \($0.title)" } ?? id
    }

    /// Words with commas, or a dash.
    static func joined(_ words: [String]) -> String {
        words.isEmpty ? "–" : words.joined(separator: ", ")
    }

    /// Named numbers in the names' order, or a dash.
    static func pairs(_ values: [String: Double]) -> String {
        values.isEmpty
            ? "–"
            : values.sorted { $0.key < $1.key }
                .map { "\(ReportText.spaced($0.key)) \(ReportText.number($0.value))" }
                .joined(separator: ", ")
    }
}

/// The order in which classes are told.
enum ClassOrder {
    /// The classes that occur: genuine, noise, probe, then others by name.
    static func present(in report: Report) -> [String] {
        let known = ["genuine", "noise", "probe"]
        return known.filter { report.classes[$0] != nil }
            + report.classes.keys.filter { !known.contains($0) }.sorted()
    }
}
