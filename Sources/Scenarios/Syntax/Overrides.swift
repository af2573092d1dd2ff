/// Applies `--set path=value` to a document.
enum Overrides {
    /// Puts each value at its path, in order; what cannot be put is a mistake.
    static func apply(
        _ overrides: [(path: String, value: String)], to root: inout SourceNode,
        diagnostics: Diagnostics
    ) {
        for (path, value) in overrides {
            guard
                let node = DocumentReading.readOverride(
                    value, flag: path, diagnostics: diagnostics)
            else { continue }
            let steps = path.split(separator: ".", omittingEmptySubsequences: false)
                .map(String.init)
            if steps.contains("") {
                Overrides.refuse("a path is names and numbers with dots", path, diagnostics)
                continue
            }
            Overrides.put(node, at: steps[...], in: &root, path: path, diagnostics: diagnostics)
        }
    }

    private static func refuse(_ message: String, _ path: String, _ diagnostics: Diagnostics) {
        diagnostics.report(message, at: SourceLocation(line: 1, column: 1), flag: path)
    }

    private static func put(
        _ node: SourceNode, at steps: ArraySlice<String>, in parent: inout SourceNode,
        path: String, diagnostics: Diagnostics
    ) {
        guard let step = steps.first else { return parent = node }
        switch parent.content {
        case .mapping(var entries):
            if let index = entries.firstIndex(where: { $0.key == step }) {
                // An empty value holds nothing that a path could step over.
                if steps.count > 1, entries[index].value.isNull {
                    entries[index].value.content = .mapping([])
                }
                Overrides.put(
                    node, at: steps.dropFirst(), in: &entries[index].value, path: path,
                    diagnostics: diagnostics)
            } else if steps.count > 1, path.hasPrefix("scenarios.") || path.hasPrefix("data.") {
                let near = Suggestion.phrase(
                    for: step, among: entries.map(\.key),
                    otherwise: "there are: \(entries.map(\.key).joined(separator: ", "))")
                return Overrides.refuse("there is no '\(step)'\(near)", path, diagnostics)
            } else {
                var value = SourceNode(
                    content: .mapping([]), location: SourceLocation(line: 1, column: 1),
                    flag: path)
                Overrides.put(
                    node, at: steps.dropFirst(), in: &value, path: path, diagnostics: diagnostics)
                entries.append(SourceEntry(key: step, location: value.location, value: value))
            }
            parent.content = .mapping(entries)
        case .sequence(var items):
            guard let index = Int(step), items.indices.contains(index) else {
                let range = items.isEmpty ? "it is empty" : "its items are 0 to \(items.count - 1)"
                return Overrides.refuse(
                    "'\(step)' is no item of the list; \(range)", path, diagnostics)
            }
            Overrides.put(
                node, at: steps.dropFirst(), in: &items[index], path: path,
                diagnostics: diagnostics)
            parent.content = .sequence(items)
        case .scalar:
            Overrides.refuse(
                "'\(step)' cannot be set: what stands before it is no mapping", path, diagnostics)
        }
    }
}
