/// An outage that is over, told by what is public: what `spate investigate` reads instead of a
/// scenario when nobody has measured anything.
package struct IncidentAccount: Sendable, Hashable {
    /// Something that is known.
    package struct Fact: Sendable, Hashable {
        /// When, as the source says it.
        package var at: String
        /// What is known.
        package var what: String
        /// Who says so.
        package var source: String
    }
    /// What a fact of the fixed protocol says.
    package enum Finding: String, Sendable, Hashable, CaseIterable {
        /// It was seen, and speaks for a server that was overwhelmed.
        case overwhelmed
        /// It was seen, and speaks for a switch-off on purpose.
        case switchedOff = "switched-off"
        /// It was seen, and fits both alike.
        case both
        /// Nobody who could tell has told.
        case unknown
    }
    /// Its name.
    package var name: String
    /// What it is about.
    package var description: String
    /// What is known, in order.
    package var facts: [Fact]
    /// What the items of the protocol say, by their names; who is missing is unknown.
    package var findings: [String: Finding]

    /// The protocol's items, which `findings` may name (research: diagnosis, 3.16).
    package static let items = [
        "precursor", "transition", "residual", "latency", "fingerprint", "siblings", "relief",
        "ramps", "server", "recovery",
    ]

    /// Reads a file; nil when its root has no key `incident`.
    ///
    /// - Throws: `ScenarioErrors` with every mistake in the file.
    package static func decode(
        text: String, file: String
    ) throws(ScenarioErrors) -> IncidentAccount? {
        let diagnostics = Diagnostics(source: SourceText(text), file: file)
        guard let root = DocumentReading.read(text, diagnostics: diagnostics),
            root["incident"] != nil
        else { return nil }
        GrammarChecking(diagnostics: diagnostics).check(
            root, .record(IncidentAccount.grammar), label: "the incident", anchor: root.location)
        guard diagnostics.isEmpty else { throw diagnostics.errors() }
        let facts = (root["facts"]?.items ?? []).map { item in
            Fact(
                at: item["at"]?.text ?? "", what: item["what"]?.text ?? "",
                source: item["source"]?.text ?? "")
        }
        var findings: [String: Finding] = [:]
        for entry in root["findings"]?.entries ?? [] {
            findings[entry.key] = entry.value.text.flatMap { Finding(rawValue: $0) }
        }
        return IncidentAccount(
            name: root["name"]?.text ?? ScenarioBuilder.baseName(of: file),
            description: root["description"]?.text ?? "", facts: facts, findings: findings)
    }

    private static let text = Grammar.scalar(.text)

    private static let grammar = Record(
        what: "an incident",
        keys: [
            Key("incident", .scalar(.integer(1...1)), "The language's version: 1.").required,
            Key("name", text, "The incident's name."),
            Key("description", text, "What it is about."),
            Key(
                "facts",
                .list(
                    .record(
                        Record(
                            what: "a fact",
                            keys: [
                                Key("at", text, "When, as the source says it.").required,
                                Key("what", text, "What is known.").required,
                                Key("source", text, "Who says so.").required,
                            ])), atLeast: 1), "What is known, in order."
            ).required,
            Key(
                "findings",
                .record(
                    Record(
                        what: "findings",
                        keys: items.map {
                            Key(
                                $0,
                                .scalar(
                                    .word(Finding.allCases.map(\.rawValue), reserved: [])),
                                "What it says: overwhelmed, switched-off, both or unknown.",
                                fallback: "unknown")
                        })), "What the items of the protocol say."),
        ],
        allowsExtensions: true)
}
