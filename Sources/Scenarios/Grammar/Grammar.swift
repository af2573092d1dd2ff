/// What may stand at a place of a scenario file.
///
/// One table of these decides both what the decoder accepts and what the JSON Schema says, so the
/// two cannot disagree.
indirect enum Grammar: Sendable {
    /// A part described once under a name.
    case part(Part)
    /// A scalar.
    case scalar(ScalarForm)
    /// A list with at least so many items.
    case list(Grammar, atLeast: Int)
    /// A mapping with names of the author's choice.
    case map(Grammar, names: NameForm, atLeast: Int)
    /// A mapping with known keys.
    case record(Record)
    /// One of several that differ in kind: scalar, list, mapping.
    case choice([Grammar])
    /// Anything YAML can say.
    case anything

    /// The parts that have a name in the schema's `definitions`.
    enum Part: String, CaseIterable, Sendable {
        case target, intake, timeScale, variable, feeder, httpDefaults, population, stage, retry
        case step, request, part, multipartField, size, capture, expect, event, eventRequest
        case phase, threshold, safety
    }
}

/// What the author may choose as a name.
enum NameForm: Sendable {
    /// Anything that is not empty.
    case any
    /// Letters, digits, `_` and `-`: names of populations, stages and files.
    case word
    /// A letter or `_`, then letters, digits and `_`: names for templates.
    case identifier
    /// Letters, digits and `-`: names of header fields.
    case field
    /// A metric, perhaps with tags in braces.
    case selector

    /// The same as a regular expression.
    var pattern: String {
        switch self {
        case .any: "^[\\s\\S]+$"
        case .word: "^[0-9A-Za-z_-]+$"
        case .identifier: "^[A-Za-z_][0-9A-Za-z_]*$"
        case .field: "^[0-9A-Za-z-]+$"
        case .selector: "^[A-Za-z_][0-9A-Za-z_]*(\\{[^{}]*\\})?$"
        }
    }

    /// True when a name is of this form.
    func allows(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        guard let first = scalars.first else { return false }
        switch self {
        case .any: return true
        case .word: return scalars.allSatisfy { NameForm.isWord($0) || $0 == "-" }
        case .field: return !scalars.contains { !NameForm.isWord($0) && $0 != "-" || $0 == "_" }
        case .identifier:
            return !NameForm.isDigit(first) && scalars.allSatisfy(NameForm.isWord)
        case .selector:
            let metric = scalars.prefix { $0 != "{" }
            guard let head = metric.first, !NameForm.isDigit(head),
                metric.allSatisfy(NameForm.isWord)
            else { return false }
            let rest = scalars.dropFirst(metric.count)
            return rest.isEmpty
                || rest.last == "}"
                    && !rest.dropFirst().dropLast().contains { $0 == "{" || $0 == "}" }
        }
    }

    /// What to write instead.
    var advice: String {
        switch self {
        case .any: "a name cannot be empty"
        case .word: "use letters, digits, '_' and '-'"
        case .identifier: "use letters, digits and '_', and begin with a letter"
        case .field: "use letters, digits and '-'"
        case .selector: "write for example http_req_failed{class:genuine}"
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            || scalar == "_"
    }
}

/// A mapping with known keys.
struct Record: Sendable {
    /// A key that other keys depend on, such as `executor`.
    struct Cases: Sendable {
        /// The key whose value decides.
        var key: String
        /// For each value: the keys it needs and those it allows besides.
        var rules: [(value: String, needs: [String], allows: [String])]
    }

    /// What it is, for messages: `a step`.
    var what: String
    /// The keys.
    var keys: [Key]
    /// Keys of which exactly one must be given; none when empty.
    var exactlyOne: [String] = []
    /// Keys of which at most one may be given.
    var atMostOne: [[String]] = []
    /// Keys that make no sense without another.
    var needs: [(key: String, other: String)] = []
    /// Keys that need at least one of several beside them.
    var needsAny: [(key: String, others: [String])] = []
    /// Keys that depend on the value of one.
    var cases: Cases?
    /// Keys of a later version.
    var reserved: [String] = []
    /// What to do instead of a key that people may expect.
    var advice: [(key: String, message: String)] = []
    /// Keys that begin with `x-` hold anything.
    var allowsExtensions = false

    /// The key of that name.
    func key(_ name: String) -> Key? { self.keys.first { $0.name == name } }
}

/// A key of a record.
struct Key: Sendable {
    /// Its name.
    var name: String
    /// What may stand there.
    var grammar: Grammar
    /// One sentence for editors.
    var summary: String
    /// True when it must be given.
    var isRequired = false
    /// What holds when it is absent, as text for editors.
    var fallback: String?

    /// A key that may be absent.
    init(_ name: String, _ grammar: Grammar, _ summary: String, fallback: String? = nil) {
        self.name = name
        self.grammar = grammar
        self.summary = summary
        self.fallback = fallback
    }

    /// The same key, required.
    var required: Key {
        var key = self
        key.isRequired = true
        return key
    }
}
