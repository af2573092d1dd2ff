import Primitives
import Scenarios

/// A template with everything that does not change during a run already put in.
struct CompiledText: Sendable {
    enum Piece: Sendable {
        /// Text in its final, encoded form.
        case literal(String)
        /// A value that differs between intents; `draw` is its place among the step's draws.
        case value(Template.Expression, draw: Int, ValueEncoding)
        /// A value that can never be had, and why.
        case missing(String)
    }
    private(set) var pieces: [Piece] = []
    /// How values are written where they stand.
    let encoding: ValueEncoding

    init(encoding: ValueEncoding) {
        self.encoding = encoding
    }

    /// Appends encoded text, merging it with the piece before.
    mutating func append(_ text: String) {
        guard !text.isEmpty else { return }
        if case .literal(let before) = self.pieces.last {
            self.pieces[self.pieces.count - 1] = .literal(before + text)
        } else {
            self.pieces.append(.literal(text))
        }
    }

    mutating func append(_ piece: Piece) {
        if case .literal(let text) = piece { self.append(text) } else { self.pieces.append(piece) }
    }

    /// The text's beginning, when it is known before the run.
    var leadingLiteral: String? {
        guard let first = self.pieces.first else { return "" }
        if case .literal(let text) = first { return text }
        return nil
    }
}

/// Puts constants into templates and numbers their random draws.
struct TemplateCompiler {
    let materials: DraftMaterials
    let adminURL: String?
    /// Names that responses may set: they win over variables, so they stay open.
    let captured: Set<String>
    private var draws = 0

    init(materials: DraftMaterials, adminURL: String?, captured: Set<String>) {
        self.materials = materials
        self.adminURL = adminURL
        self.captured = captured
    }

    /// A place among the step's draws; four draws belong to each.
    mutating func nextDraw() -> Int {
        defer { self.draws += 4 }
        return self.draws
    }

    /// Compiles a template onto the end of a text.
    mutating func compile(_ template: Template, into text: inout CompiledText) {
        var encoding = text.encoding
        for piece in template.pieces {
            switch piece {
            case .literal(let part):
                text.append(encoding.literal(part))
                if encoding == .url, part.utf8.contains(UInt8(ascii: "?")) {
                    encoding = .urlQuery
                }
            case .expression(let expression):
                text.append(self.piece(for: expression, encoding))
            }
        }
    }

    mutating func compile(_ template: Template, _ encoding: ValueEncoding) -> CompiledText {
        var text = CompiledText(encoding: encoding)
        self.compile(template, into: &text)
        return text
    }

    private mutating func piece(
        for expression: Template.Expression, _ encoding: ValueEncoding
    ) -> CompiledText.Piece {
        switch expression {
        case .variable(let name) where !self.captured.contains(name):
            guard let value = self.materials.variables[name] else {
                return .missing("the variable '\(name)' has no value")
            }
            return .literal(encoding.value(value))
        case .environment(let name):
            guard let value = self.materials.environment[name] else {
                return .missing("the environment has no \(name)")
            }
            return .literal(encoding.value(value))
        case .admin:
            guard let adminURL = self.adminURL else {
                return .missing("$admin needs the bundled intake as the target")
            }
            return .literal(encoding.value(adminURL))
        case .variable, .column, .sequence, .uuid, .randomInt, .key:
            return .value(expression, draw: self.nextDraw(), encoding)
        }
    }
}
