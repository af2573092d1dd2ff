import Yams

/// Turns a scenario's text into source nodes: anchors expanded, merges applied, sizes bounded.
struct DocumentReading {
    /// The most values of a document after its anchors are expanded.
    static let mostNodes = 100_000
    /// The deepest nesting.
    static let deepest = 100
    /// The longest text in bytes.
    static let longest = 4_000_000

    private let diagnostics: Diagnostics
    private var count = 0
    private var stopped = false

    private init(diagnostics: Diagnostics) {
        self.diagnostics = diagnostics
    }

    /// The document's root; nil when a mistake made it unreadable.
    static func read(_ text: String, diagnostics: Diagnostics) -> SourceNode? {
        let start = SourceLocation(line: 1, column: 1)
        if text.utf8.count > DocumentReading.longest {
            diagnostics.report("the file is longer than 4 MB", at: start)
            return nil
        }
        if let bad = SourceText.forbiddenScalar(in: text) {
            diagnostics.report(bad.message, at: bad.location)
            return nil
        }
        if let place = DocumentReading.aliasBomb(in: diagnostics.source) {
            diagnostics.report("an alias cannot be a key here", at: place)
            return nil
        }
        do {
            var duplicates = DuplicateKeys(source: diagnostics.source)
            guard let root = try duplicates.compose() else {
                diagnostics.report(
                    "the file is empty; 'spate new' writes a scenario to start from", at: start)
                return nil
            }
            var reading = DocumentReading(diagnostics: diagnostics)
            let node = reading.node(root, depth: 0)
            return reading.stopped ? nil : node
        } catch {
            let mistake = DocumentReading.explain(error, source: diagnostics.source)
            diagnostics.report(mistake.message, at: mistake.location)
            return nil
        }
    }

    /// The value of a `--set` flag; nil when its text is no YAML.
    static func readOverride(_ text: String, flag: String, diagnostics: Diagnostics) -> SourceNode?
    {
        let start = SourceLocation(line: 1, column: 1)
        guard text.utf8.count <= 100_000, SourceText.forbiddenScalar(in: text) == nil else {
            diagnostics.report("the value is too long or no text", at: start, flag: flag)
            return nil
        }
        let own = Diagnostics(source: SourceText(text), file: flag)
        do {
            guard let root = try DuplicateKeys.compose(text) else {
                return SourceNode(
                    content: .scalar("", isPlain: true), location: start, flag: flag)
            }
            var reading = DocumentReading(diagnostics: own)
            if let node = reading.node(root, depth: 0), own.isEmpty {
                return DocumentReading.stamped(node, flag: flag)
            }
        } catch {}
        diagnostics.report("'\(text)' is no value in YAML; quote it", at: start, flag: flag)
        return nil
    }

    private static func stamped(_ node: SourceNode, flag: String) -> SourceNode {
        let start = SourceLocation(line: 1, column: 1)
        var stamped = SourceNode(content: node.content, location: start, flag: flag)
        switch node.content {
        case .scalar: break
        case .sequence(let items):
            stamped.content = .sequence(items.map { DocumentReading.stamped($0, flag: flag) })
        case .mapping(let entries):
            stamped.content = .mapping(
                entries.map {
                    let value = DocumentReading.stamped($0.value, flag: flag)
                    return SourceEntry(key: $0.key, location: start, value: value)
                })
        }
        return stamped
    }

    /// Where an alias stands as a key in a text with so many aliases that comparing keys could
    /// take for ever: the one thing that must be known before composing.
    private static func aliasBomb(in source: SourceText) -> SourceLocation? {
        var aliases = 0
        var asKey: SourceLocation?
        for (row, line) in source.lines.enumerated() {
            for (column, scalar) in line.enumerated() where scalar == "*" || scalar == "?" {
                if scalar == "*" { aliases += 1 }
                let rest = line.dropFirst(column + 1)
                let after = rest.drop {
                    $0.properties.isAlphabetic || "0123456789-_".unicodeScalars.contains($0)
                }
                .drop { $0 == " " }
                if scalar == "?" && (rest.first == " " || rest.isEmpty) || after.first == ":" {
                    asKey = asKey ?? SourceLocation(line: row + 1, column: column + 1)
                }
            }
        }
        return aliases > 25 ? asKey : nil
    }

    // MARK: - Nodes

    private mutating func node(_ node: Node, depth: Int) -> SourceNode? {
        let mark = node.mark.map { SourceLocation(line: $0.line, column: $0.column) }
        let location = mark ?? SourceLocation(line: 1, column: 1)
        self.count += 1
        guard !self.stopped else { return nil }
        if self.count > DocumentReading.mostNodes {
            return self.stop("the document has more than 100,000 values", at: location)
        }
        if depth > DocumentReading.deepest {
            return self.stop("nested more than 100 deep", at: location)
        }
        switch node {
        case .scalar(let scalar):
            return SourceNode(
                content: .scalar(scalar.string, isPlain: self.isPlain(scalar, at: location)),
                location: location)
        case .sequence(let sequence):
            self.refuseTag(sequence.tag, standard: "seq", at: location)
            let items = sequence.compactMap { self.node($0, depth: depth + 1) }
            return SourceNode(content: .sequence(items), location: location)
        case .mapping(let mapping):
            self.refuseTag(mapping.tag, standard: "map", at: location)
            return SourceNode(
                content: .mapping(self.entries(of: mapping, depth: depth)), location: location)
        case .alias:
            return self.stop("this alias is not understood", at: location)
        }
    }

    private mutating func stop(_ message: String, at location: SourceLocation) -> SourceNode? {
        self.stopped = true
        self.diagnostics.report(message, at: location)
        return nil
    }

    private func isPlain(_ scalar: Node.Scalar, at location: SourceLocation) -> Bool {
        self.refuseTag(scalar.tag, standard: "str", at: location)
        return scalar.style == .plain && !scalar.tag.description.hasSuffix(":str")
    }

    private func refuseTag(_ tag: Tag, standard: String, at location: SourceLocation) {
        let name = tag.description
        let known = ["", "!", "tag:yaml.org,2002:\(standard)"]
        guard !known.contains(name) else { return }
        self.diagnostics.report("the tag '\(name)' has no meaning here; remove it", at: location)
    }

    private mutating func entries(of mapping: Node.Mapping, depth: Int) -> [SourceEntry] {
        var entries: [SourceEntry] = []
        var merges: [SourceNode] = []
        var keys: Set<String> = []
        for (keyNode, valueNode) in mapping {
            guard let key = self.node(keyNode, depth: depth + 1) else { continue }
            let value = self.node(valueNode, depth: depth + 1)
            guard case .scalar(var name, _) = key.content else {
                self.diagnostics.report(
                    "a key must be a text; a value that begins with '{{' needs quotes",
                    at: key.location)
                continue
            }
            let original = self.original(of: name, at: key.location)
            let isMarked = original != nil
            name = original ?? name
            if isMarked || keys.contains(name) {
                self.diagnostics.report("'\(name)' is given twice", at: key.location)
                continue
            }
            guard let value else { continue }
            // Yams has resolved a key's tag by now, so only its style tells whether it was quoted.
            if name == "<<", keyNode.scalar?.style == .plain {
                merges.append(value)
                continue
            }
            keys.insert(name)
            entries.append(SourceEntry(key: name, location: key.location, value: value))
        }
        for merge in merges { self.merge(merge, into: &entries, keys: &keys) }
        return entries
    }

    /// A marked key as the author wrote it, its first character read from the source.
    private func original(of name: String, at location: SourceLocation) -> String? {
        guard let mark = name.unicodeScalars.first, DuplicateKeys.marks.contains(mark.value) else {
            return nil
        }
        var place = location
        let first = self.diagnostics.source.scalar(at: place)
        if first == "\"" || first == "'" { place.column += 1 }
        guard let scalar = self.diagnostics.source.scalar(at: place), scalar != mark else {
            return nil
        }
        var original = String.UnicodeScalarView()
        original.append(scalar)
        original.append(contentsOf: name.unicodeScalars.dropFirst())
        return String(original)
    }

    /// Puts a merge's entries behind the mapping's own, which win.
    private mutating func merge(
        _ value: SourceNode, into entries: inout [SourceEntry], keys: inout Set<String>
    ) {
        switch value.content {
        case .mapping(let merged):
            for entry in merged where keys.insert(entry.key).inserted { entries.append(entry) }
        case .sequence(let items):
            for item in items {
                guard case .mapping = item.content else {
                    self.diagnostics.report("'<<' merges mappings only", at: item)
                    continue
                }
                self.merge(item, into: &entries, keys: &keys)
            }
        case .scalar:
            self.diagnostics.report("'<<' merges mappings only", at: value)
        }
    }
}
