import Primitives

extension ScenarioBuilder {
    /// The body of a request, if it has one.
    func body(_ node: SourceNode, method: HTTPMethod, scope: TemplateScope) -> BodySpec? {
        let given = node.entries.first { ScenarioGrammar.bodyKeys.contains($0.key) }
        guard let given else {
            for key in ["contentType", "filename"] {
                if let entry = node.entries.first(where: { $0.key == key }) {
                    self.diagnostics.report(
                        "'\(key)' needs a file or generated content beside it",
                        at: entry.location, flag: entry.value.flag)
                }
            }
            return nil
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

    private func field(_ entry: SourceEntry, scope: TemplateScope) -> MultipartField? {
        if entry.value.text != nil {
            return MultipartField(
                name: entry.key, content: .value(self.template(entry.value, scope: scope)))
        }
        return self.part(entry.value).map { MultipartField(name: entry.key, content: .part($0)) }
    }

    private func part(_ node: SourceNode) -> PartSpec? {
        let content: PartSpec.Content
        if let file = node["file"] {
            let paths = file.text.map { [$0] } ?? file.items.compactMap(\.text)
            if paths.contains(where: { $0.isEmpty || $0.contains("{{") }) {
                self.diagnostics.report("file: a path is needed, without templates", at: file)
            }
            content = .files(paths)
        } else {
            guard let kind = self.word(node["generate"], GeneratedKind.self),
                let place = node["size"], let size = self.sizes(place)
            else { return nil }
            let limits = [self.size(node["limit"]), self.size(place["max"])].compactMap(\.self)
            content = .generated(
                kind, size: size, limit: limits.min(), unique: self.boolean(node["unique"]) ?? true)
        }
        return PartSpec(
            content: content, fileName: node["filename"]?.text,
            contentType: node["contentType"]?.text, location: node.location)
    }

    private func sizes(_ node: SourceNode) -> Distribution? {
        if node.text != nil { return self.size(node).map { .fixed(Double($0.count)) } }
        return self.distribution(node) { self.size($0).map { Double($0.count) } }
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
