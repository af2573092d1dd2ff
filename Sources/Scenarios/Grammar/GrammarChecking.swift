/// Compares a document with the grammar and notes every mistake.
struct GrammarChecking {
    let diagnostics: Diagnostics

    /// Checks a value; `label` names it in messages and `anchor` is its key's place.
    func check(_ node: SourceNode, _ grammar: Grammar, label: String, anchor: SourceLocation) {
        if case .anything = grammar { return }
        if node.isNull {
            let place = node.flag == nil ? anchor : node.location
            self.diagnostics.report("\(label) has no value", at: place, flag: node.flag)
            return
        }
        switch (grammar, node.content) {
        case (.part(let part), _):
            self.check(node, ScenarioGrammar.grammar(of: part), label: label, anchor: anchor)
        case (.choice(let options), _):
            if let option = options.first(where: { GrammarChecking.fits($0, node) }) {
                self.check(node, option, label: label, anchor: anchor)
            } else {
                self.refuse(node, grammar, label: label)
            }
        case (.scalar(let form), .scalar(let text, let isPlain)):
            if let objection = form.objection(to: text, isPlain: isPlain) {
                self.diagnostics.report("\(label): \(objection)", at: node)
            }
        case (.list(let item, let least), .sequence(let items)):
            if items.count < least {
                let message = items.isEmpty ? "is empty" : "needs at least \(least) items"
                self.diagnostics.report("\(label) \(message)", at: node)
            }
            for (index, value) in items.enumerated() {
                self.check(
                    value, item, label: "\(label)[\(index)]", anchor: value.location)
            }
        case (.map(let value, let names, let least), .mapping(let entries)):
            if entries.count < least { self.diagnostics.report("\(label) is empty", at: node) }
            for entry in entries {
                if !names.allows(entry.key) {
                    self.diagnostics.report(
                        "'\(entry.key)' is no name; \(names.advice)", at: entry.location,
                        flag: entry.value.flag)
                }
                self.check(entry.value, value, label: entry.key, anchor: entry.location)
            }
        case (.record(let record), .mapping(let entries)):
            self.check(entries, record, node: node, label: label, anchor: anchor)
        default:
            self.refuse(node, grammar, label: label)
        }
    }

    // MARK: - Kinds

    private static func fits(_ grammar: Grammar, _ node: SourceNode) -> Bool {
        switch (grammar, node.content) {
        case (.part(let part), _): fits(ScenarioGrammar.grammar(of: part), node)
        case (.choice(let options), _): options.contains { fits($0, node) }
        case (.anything, _), (.scalar, .scalar), (.list, .sequence), (.map, .mapping),
            (.record, .mapping):
            true
        default: false
        }
    }

    private static func kinds(_ grammar: Grammar) -> [String] {
        switch grammar {
        case .part(let part): kinds(ScenarioGrammar.grammar(of: part))
        case .choice(let options): options.flatMap(kinds)
        case .scalar: ["a single value"]
        case .list: ["a list"]
        case .map, .record: ["a mapping"]
        case .anything: []
        }
    }

    private func refuse(_ node: SourceNode, _ grammar: Grammar, label: String) {
        let wanted = GrammarChecking.kinds(grammar).joined(separator: " or ")
        let found =
            switch node.content {
            case .scalar: "a single value"
            case .sequence: "a list"
            case .mapping: "a mapping"
            }
        self.diagnostics.report("\(label) must be \(wanted), not \(found)", at: node)
    }

    // MARK: - Records

    private func check(
        _ entries: [SourceEntry], _ record: Record, node: SourceNode, label: String,
        anchor: SourceLocation
    ) {
        let given = Set(entries.map(\.key))
        let place = node.flag == nil ? anchor : node.location
        func missing(_ message: String) {
            self.diagnostics.report("\(label): \(message)", at: place, flag: node.flag)
        }
        let unknown = entries.filter { record.key($0.key) == nil }
        let meant = self.checkKeys(entries, record)
        for key in record.keys where key.isRequired && !given.contains(key.name) {
            if !meant.contains(key.name) { missing("'\(key.name)' is missing") }
        }
        if !record.exactlyOne.isEmpty {
            let found = entries.filter { record.exactlyOne.contains($0.key) }
            // Where a key is not understood, that is the mistake, not what it leaves out.
            if found.isEmpty, unknown.isEmpty {
                missing("one of these is missing: \(record.exactlyOne.joined(separator: ", "))")
            }
            self.refuseAllButFirst(found)
        }
        for group in record.atMostOne {
            self.refuseAllButFirst(entries.filter { group.contains($0.key) })
        }
        for need in record.needs where !given.contains(need.other) {
            for entry in entries where entry.key == need.key {
                self.diagnostics.report(
                    "'\(need.key)' needs '\(need.other)' beside it", at: entry.location,
                    flag: entry.value.flag)
            }
        }
        for need in record.needsAny where !need.others.contains(where: given.contains) {
            for entry in entries where entry.key == need.key {
                self.diagnostics.report(
                    "'\(need.key)' needs '\(need.others.joined(separator: "' or '"))' beside it",
                    at: entry.location, flag: entry.value.flag)
            }
        }
        self.checkCases(entries, record, meant: meant, missing: missing)
    }

    /// Checks each entry; the result holds the keys that misspelt ones seem to mean.
    private func checkKeys(_ entries: [SourceEntry], _ record: Record) -> Set<String> {
        let names = record.keys.map(\.name)
        var meant: Set<String> = []
        for entry in entries {
            if let key = record.key(entry.key) {
                self.check(
                    entry.value, key.grammar, label: entry.key, anchor: entry.location)
                continue
            }
            if record.allowsExtensions, entry.key.hasPrefix("x-") { continue }
            let message: String
            if record.reserved.contains(entry.key) {
                message = "'\(entry.key)' is reserved: it comes in a later version"
            } else if let advice = record.advice.first(where: { $0.key == entry.key }) {
                message = "unknown key '\(entry.key)'; \(advice.message)"
            } else {
                if let near = Suggestion.nearest(to: entry.key, among: names) {
                    meant.insert(near)
                }
                message =
                    "unknown key '\(entry.key)'"
                    + Suggestion.phrase(
                        for: entry.key, among: names,
                        otherwise: "\(record.what) has: \(names.joined(separator: ", "))")
            }
            self.diagnostics.report(message, at: entry.location, flag: entry.value.flag)
        }
        return meant
    }

    private func refuseAllButFirst(_ entries: [SourceEntry]) {
        guard let first = entries.first else { return }
        for entry in entries.dropFirst() {
            self.diagnostics.report(
                "'\(entry.key)' cannot stand beside '\(first.key)'", at: entry.location,
                flag: entry.value.flag)
        }
    }

    private func checkCases(
        _ entries: [SourceEntry], _ record: Record, meant: Set<String>,
        missing: (String) -> Void
    ) {
        guard let cases = record.cases,
            let chosen = entries.first(where: { $0.key == cases.key })?.value.text,
            let rule = cases.rules.first(where: { $0.value == chosen })
        else { return }
        let dependent = Set(cases.rules.flatMap { $0.needs + $0.allows })
        for key in rule.needs where !entries.contains(where: { $0.key == key }) {
            if !meant.contains(key) { missing("'\(key)' is missing; \(chosen) needs it") }
        }
        for entry in entries where dependent.contains(entry.key) {
            guard !rule.needs.contains(entry.key), !rule.allows.contains(entry.key) else {
                continue
            }
            self.diagnostics.report(
                "'\(entry.key)' does not belong to \(chosen)", at: entry.location,
                flag: entry.value.flag)
        }
    }
}
