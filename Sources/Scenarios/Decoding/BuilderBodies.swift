import Primitives

extension ScenarioBuilder {
    /// The body of a request, if it has one.
    func body(_ node: SourceNode, method: HTTPMethod, scope: TemplateScope) -> BodySpec? {
        let given = node.entries.first { ScenarioGrammar.bodyKeys.contains($0.key) }
        guard let given else {
            self.refuseDetails(ScenarioGrammar.contentDetails, of: node)
            return nil
        }
        if ["json", "form", "text", "body", "multipart"].contains(given.key) {
            self.refuseDetails(["clips", "fault"], of: node)
        }
        if method == .get || method == .head {
            self.diagnostics.report(
                "\(method.rawValue) has no body; use post, put or patch", at: given.location,
                flag: given.value.flag)
        }
        let value = given.value
        switch given.key {
        case "json": return .json(self.json(value, scope: scope))
        case "form":
            return .form(
                value.entries.map {
                    FormField(name: $0.key, value: self.template($0.value, scope: scope))
                })
        case "text": return .text(self.template(value, scope: scope))
        case "multipart":
            return .multipart(value.entries.compactMap { self.field($0, scope: scope) })
        case "body":
            if value.text != nil { return .text(self.template(value, scope: scope)) }
            return self.part(value).map { .part($0) }
        default:
            return self.part(node).map { .part($0) }
        }
    }

    private func refuseDetails(_ keys: [String], of node: SourceNode) {
        for entry in node.entries where keys.contains(entry.key) {
            self.diagnostics.report(
                "'\(entry.key)' needs a file or generated content beside it", at: entry.location,
                flag: entry.value.flag)
        }
    }

    private func field(_ entry: SourceEntry, scope: TemplateScope) -> MultipartField? {
        if entry.value.text != nil {
            return MultipartField(
                name: entry.key, content: .value(self.template(entry.value, scope: scope)))
        }
        return self.part(entry.value).map { MultipartField(name: entry.key, content: .part($0)) }
    }

    // MARK: - JSON

    /// A JSON document as text; expressions stay pieces inside its strings.
    ///
    /// Plain scalars are numbers, booleans and null by JSON's own grammar only: `yes`, `on` and
    /// `010` stay texts. Whoever expands the template escapes the values.
    private func json(_ node: SourceNode, scope: TemplateScope) -> Template {
        var pieces: [Template.Piece] = []
        self.write(node, to: &pieces, scope: scope)
        return Template(pieces: ScenarioBuilder.joined(pieces))
    }

    private func write(_ node: SourceNode, to pieces: inout [Template.Piece], scope: TemplateScope)
    {
        switch node.content {
        case .scalar(let text, let isPlain):
            let isWord = text == "true" || text == "false" || text == "null"
            if isPlain, text.isEmpty {
                pieces.append(.literal("null"))
            } else if isPlain, isWord || JSONNumber.isNumber(text) {
                pieces.append(.literal(text))
            } else {
                self.writeString(text, at: node, to: &pieces, scope: scope)
            }
        case .sequence(let items):
            pieces.append(.literal("["))
            for (index, item) in items.enumerated() {
                if index > 0 { pieces.append(.literal(",")) }
                self.write(item, to: &pieces, scope: scope)
            }
            pieces.append(.literal("]"))
        case .mapping(let entries):
            pieces.append(.literal("{"))
            for (index, entry) in entries.enumerated() {
                if index > 0 { pieces.append(.literal(",")) }
                pieces.append(.literal("\"\(JSONText.escaped(entry.key))\":"))
                self.write(entry.value, to: &pieces, scope: scope)
            }
            pieces.append(.literal("}"))
        }
    }

    private func writeString(
        _ text: String, at node: SourceNode, to pieces: inout [Template.Piece],
        scope: TemplateScope
    ) {
        pieces.append(.literal("\""))
        for piece in self.template(text, at: node, scope: scope).pieces {
            if case .literal(let literal) = piece {
                pieces.append(.literal(JSONText.escaped(literal)))
            } else {
                pieces.append(piece)
            }
        }
        pieces.append(.literal("\""))
    }

    private static func joined(_ pieces: [Template.Piece]) -> [Template.Piece] {
        var joined: [Template.Piece] = []
        for piece in pieces {
            if case .literal(let text) = piece, case .literal(let before) = joined.last {
                joined[joined.count - 1] = .literal(before + text)
            } else {
                joined.append(piece)
            }
        }
        return joined
    }
}
