/// A value of the document with its place; scalars are raw text, whatever YAML would make of them.
struct SourceNode {
    /// The three kinds of values.
    enum Content {
        /// A scalar; `isPlain` when it stands without quotes.
        case scalar(String, isPlain: Bool)
        /// A mapping, in the file's order.
        case mapping([SourceEntry])
        /// A list.
        case sequence([SourceNode])
    }

    /// What it holds.
    var content: Content
    /// Where it stands in the file.
    var location: SourceLocation
    /// The `--set` path that put it there, if a flag did.
    var flag: String?

    /// The raw text of a scalar.
    var text: String? {
        if case .scalar(let text, _) = self.content { return text }
        return nil
    }

    /// The entries of a mapping; none for everything else.
    var entries: [SourceEntry] {
        if case .mapping(let entries) = self.content { return entries }
        return []
    }

    /// The items of a list; none for everything else.
    var items: [SourceNode] {
        if case .sequence(let items) = self.content { return items }
        return []
    }

    /// True for a plain `null`, `~` or nothing at all.
    var isNull: Bool {
        guard case .scalar(let text, true) = self.content else { return false }
        return text.isEmpty || text == "null" || text == "~"
    }

    /// The value under a key of a mapping, unless it is null.
    subscript(key: String) -> SourceNode? {
        let value = self.entries.first { $0.key == key }?.value
        return value?.isNull == true ? nil : value
    }
}

/// A key and its value.
struct SourceEntry {
    /// The key.
    var key: String
    /// Where the key stands.
    var location: SourceLocation
    /// The value.
    var value: SourceNode
}
