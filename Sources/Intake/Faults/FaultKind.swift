/// A parameter of a kind of fault.
struct FaultParameter: Sendable {
    /// Its name.
    var name: String
    /// What it may be.
    var form: FaultForm
    /// What holds when it is not given; nil where nothing does.
    var fallback: String?
    /// Whether it must be given.
    var isRequired = false
    /// What it means.
    var help: String

    /// A parameter that may be left out.
    init(_ name: String, _ form: FaultForm, _ fallback: String? = nil, _ help: String) {
        self.name = name
        self.form = form
        self.fallback = fallback
        self.help = help
    }

    /// The same parameter, required.
    var required: FaultParameter {
        var parameter = self
        parameter.isRequired = true
        return parameter
    }
}

/// A row of the catalogue of faults.
struct FaultKind: Sendable {
    /// The fault.
    var id: FaultID
    /// The mechanism it is, by its number in the catalogue of causes; nil for one of none.
    var mechanism: String?
    /// What happens, in one line.
    var help: String
    /// Its parameters.
    var parameters: [FaultParameter]
    /// Parameters of which at least one must be given; none when empty.
    var anyOf: [String] = []

    /// The row of a fault.
    static func of(_ id: FaultID) -> FaultKind {
        guard let row = self.catalogue.first(where: { $0.id == id }) else {
            preconditionFailure("the catalogue has no row for \(id.rawValue)")
        }
        return row
    }

    /// The catalogue for `--help`.
    static var help: String {
        self.catalogue.flatMap { row in
            let name = padded(row.id.rawValue, 14)
            return ["  \(name)\(row.mechanism ?? "-")  \(row.help)"]
                + row.parameters.map(\.line)
        }.joined(separator: "\n")
    }
}

extension FaultParameter {
    /// The parameter's line of `--help`.
    fileprivate var line: String {
        var line = "      \(padded(self.name, 14))\(self.help)"
        if let fallback = self.fallback { line += " (default: \(fallback))" }
        if self.isRequired { line += " (required)" }
        return line
    }
}

private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
}
