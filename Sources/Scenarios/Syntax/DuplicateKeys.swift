import Yams

/// Composes a document although it has duplicate keys, and tells where each duplicate stands.
///
/// Yams refuses a mapping with a duplicate key and tells only where the first of the pair stands.
/// So the duplicate is looked for in the text, its first character is changed into a mark that no
/// scenario contains, and the document is composed again: positions stay as they are.
struct DuplicateKeys {
    /// What takes the place of a duplicate key's first character: each has its own.
    static let marks: ClosedRange<UInt32> = 0xE100...0xE2FF
    private static let probe: Unicode.Scalar = "\u{E0D2}"
    /// Bounds the work on a long file with many duplicates to a few seconds.
    private static let mostBytes = 20_000_000

    private var scalars: [[Unicode.Scalar]]
    private let mostComposes: Int
    private var composes = 0
    private var marked: UInt32 = 0

    /// Begins with a text's lines.
    init(source: SourceText) {
        self.scalars = source.lines
        let size = source.lines.reduce(1) { $0 + $1.count + 1 }
        self.mostComposes = min(200, max(4, DuplicateKeys.mostBytes / size))
    }

    /// The text as it stands, duplicates marked.
    var text: String {
        var text = String.UnicodeScalarView()
        for line in self.scalars {
            text.append(contentsOf: line)
            text.append("\n")
        }
        return String(text)
    }

    /// The document, duplicates marked; a duplicate that cannot be found stays Yams' own error.
    mutating func compose() throws -> Node? {
        while true {
            do {
                self.composes += 1
                return try DuplicateKeys.compose(self.text)
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                let first = SourceLocation(line: context.mark.line, column: context.mark.column)
                guard self.composes < self.mostComposes,
                    let name = names.min(), self.markDuplicate(of: name, first: first)
                else {
                    throw YamlError.duplicatedKeysInMapping(duplicates: names, context: context)
                }
            }
        }
    }

    /// Composes without resolving tags; the encoding is given so that no environment decides it.
    static func compose(_ text: String) throws -> Node? {
        try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    }

    /// Marks one duplicate of a key; false when none is found.
    private mutating func markDuplicate(of name: String, first: SourceLocation) -> Bool {
        let candidates = self.candidates(for: name, after: first)
        for candidate in candidates.sameColumn where self.isDuplicate(candidate, name, first) {
            return true
        }
        for candidate in candidates.others where self.isDuplicate(candidate, name, first) {
            return true
        }
        return false
    }

    /// Places after the first where the key's text is followed by a colon.
    private func candidates(
        for name: String, after first: SourceLocation
    ) -> (sameColumn: [SourceLocation], others: [SourceLocation]) {
        let wanted = Array(name.unicodeScalars)
        guard !wanted.isEmpty else { return ([], []) }
        var sameColumn: [SourceLocation] = []
        var others: [SourceLocation] = []
        for line in (first.line - 1)..<self.scalars.count {
            let text = self.scalars[line]
            var column = line == first.line - 1 ? first.column : 0
            while column + wanted.count <= text.count {
                defer { column += 1 }
                guard text[column..<(column + wanted.count)].elementsEqual(wanted),
                    DuplicateKeys.isColonNext(text[(column + wanted.count)...])
                else { continue }
                let place = SourceLocation(line: line + 1, column: column + 1)
                let quoted = column > 0 && (text[column - 1] == "\"" || text[column - 1] == "'")
                let start = place.column - (quoted ? 1 : 0)
                if start == first.column { sameColumn.append(place) } else { others.append(place) }
            }
        }
        return (sameColumn, others)
    }

    private static func isColonNext(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
        var rest = rest
        if rest.first == "\"" || rest.first == "'" { rest = rest.dropFirst() }
        rest = rest.drop { $0 == " " }
        return rest.first == ":"
    }

    /// Tries a candidate: renamed alike, it and the first must collide.
    ///
    /// The first occurrence is renamed together with the candidate to a name of their own; when
    /// Yams then complains about that name, both stand in one mapping.
    private mutating func isDuplicate(
        _ candidate: SourceLocation, _ name: String, _ first: SourceLocation
    ) -> Bool {
        guard self.composes < self.mostComposes else { return false }
        self.composes += 1
        let saved = self.scalars
        let quote = self.scalars[first.line - 1][first.column - 1]
        let start = quote == "\"" || quote == "'" ? first.column : first.column - 1
        guard start < self.scalars[first.line - 1].count else { return false }
        self.scalars[first.line - 1][start] = DuplicateKeys.probe
        self.scalars[candidate.line - 1][candidate.column - 1] = DuplicateKeys.probe
        var collides = false
        do {
            _ = try DuplicateKeys.compose(self.text)
        } catch YamlError.duplicatedKeysInMapping(let names, _) {
            collides = names.contains { $0.unicodeScalars.first == DuplicateKeys.probe }
        } catch {
            collides = false
        }
        self.scalars = saved
        guard collides,
            let mark = Unicode.Scalar(DuplicateKeys.marks.lowerBound + self.marked)
        else { return false }
        self.marked += 1
        self.scalars[candidate.line - 1][candidate.column - 1] = mark
        return true
    }
}
