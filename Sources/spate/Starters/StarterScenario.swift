import Scenarios

/// A commented scenario to start from, as `spate new` writes it.
struct StarterScenario: Sendable {
    /// What it is asked for by.
    var name: String
    /// What it is for, in one sentence.
    var about: String
    /// The scenario file.
    var text: String

    /// All of them, in the order in which they are listed; the first is the default.
    static let all = [
        upload, smoke, viralFlood, retryStorm, slowLoris, cacheStampede, soak,
    ]

    /// The one of a name.
    ///
    /// - Throws: `Failure` that names the nearest one, or all of them (exit 64).
    static func named(_ name: String) throws -> StarterScenario {
        if let found = self.all.first(where: { $0.name == name }) { return found }
        let names = self.all.map(\.name)
        throw Failure(
            "there is no template '\(name)'"
                + Suggestion.phrase(
                    for: name, among: names, otherwise: "there are \(names.joined(separator: ", "))"
                ),
            hint: "spate new --list says what each is for", status: .usage)
    }

    /// A line for each, its name first.
    static var listing: String {
        let width = self.all.map(\.name.count).max() ?? 0
        return self.all.map { starter in
            let blanks = String(repeating: " ", count: width - starter.name.count)
            return "\(starter.name)\(blanks)  \(starter.about)"
        }.joined(separator: "\n")
    }
}
