import Yams

/// Writes source nodes as YAML again; comments and anchors are lost.
enum DocumentWriting {
    /// The document as text, or nil when Yams cannot write it.
    static func text(of node: SourceNode) -> String? {
        try? Yams.serialize(node: DocumentWriting.node(of: node), width: -1, allowUnicode: true)
    }

    private static func node(of node: SourceNode) -> Node {
        switch node.content {
        case .scalar(let text, let isPlain):
            if text.contains("\n") { return Node(text, .implicit, .doubleQuoted) }
            return Node(text, .implicit, isPlain ? .plain : .doubleQuoted)
        case .sequence(let items):
            return Node(items.map(DocumentWriting.node), .implicit, .block)
        case .mapping(let entries):
            let pairs = entries.map { entry in
                (Node(entry.key), DocumentWriting.node(of: entry.value))
            }
            return Node(pairs, .implicit, .block)
        }
    }
}
