/// Collects mistakes, so that all of them are told at once.
final class Diagnostics {
    private struct Entry: Hashable {
        var location: SourceLocation
        var message: String
        var hasSource: Bool
    }

    private var entries: [Entry] = []
    private var seen: Set<Entry> = []
    let source: SourceText
    private let file: String

    /// Collects for one file.
    init(source: SourceText, file: String) {
        self.source = source
        self.file = file
    }

    /// True when nothing is wrong so far.
    var isEmpty: Bool { self.entries.isEmpty }

    /// Notes a mistake at a place; `flag` names the `--set` that brought it.
    func report(_ message: String, at location: SourceLocation, flag: String? = nil) {
        let entry =
            if let flag {
                Entry(
                    location: SourceLocation(line: 1, column: 1),
                    message: "--set \(flag): \(message)", hasSource: false)
            } else {
                Entry(location: self.source.inside(location), message: message, hasSource: true)
            }
        // An anchor used twice is one mistake, not two.
        if self.seen.insert(entry).inserted { self.entries.append(entry) }
    }

    /// Notes a mistake at a node.
    func report(_ message: String, at node: SourceNode) {
        self.report(message, at: node.location, flag: node.flag)
    }

    /// All mistakes in the file's order.
    func errors() -> ScenarioErrors {
        let sorted = self.entries.enumerated().sorted {
            ($0.element.location.line, $0.element.location.column, $0.offset)
                < ($1.element.location.line, $1.element.location.column, $1.offset)
        }.map(\.element)
        var blocks = sorted.prefix(Diagnostics.most).map { entry in
            let place = "\(self.file):\(entry.location.line):\(entry.location.column)"
            let head = "\(place): \(entry.message)"
            return entry.hasSource
                ? "\(head)\n\(self.source.snippet(at: entry.location))" : head
        }
        if sorted.count > Diagnostics.most {
            blocks.append("... and \(sorted.count - Diagnostics.most) more")
        }
        let noun = sorted.count == 1 ? "mistake" : "mistakes"
        blocks.append("\(sorted.count) \(noun) in \(self.file)")
        return ScenarioErrors(
            file: self.file,
            mistakes: sorted.map { .init(location: $0.location, message: $0.message) },
            rendered: blocks.joined(separator: "\n"))
    }

    private static let most = 100
}
