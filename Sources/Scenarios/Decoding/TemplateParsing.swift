/// What the expressions of a template may refer to.
struct TemplateScope {
    /// Names of variables: the scenario's and those captured so far.
    var variables: Set<String> = []
    /// Feeders and their columns; nil columns stand in a file that is not opened here.
    var feeders: [String: Set<String>?] = [:]
    /// True where only `$env` may stand.
    var isEnvironmentOnly = false
}

/// Reads `{{ expressions }}` out of a text.
struct TemplateParsing {
    /// What is wrong, and where in the text, counted in Unicode scalars.
    struct Mistake {
        var offset: Int
        var message: String
    }

    private let scope: TemplateScope
    private(set) var pieces: [Template.Piece] = []
    private(set) var mistakes: [Mistake] = []

    /// Parses a text; what is wrong stays in `mistakes`.
    init(_ text: String, scope: TemplateScope) {
        self.scope = scope
        let scalars = Array(text.unicodeScalars)
        var literal = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            guard scalars[index] == "{", index + 1 < scalars.count, scalars[index + 1] == "{" else {
                literal.append(scalars[index])
                index += 1
                continue
            }
            guard let end = TemplateParsing.end(of: scalars, from: index + 2) else {
                self.mistakes.append(
                    Mistake(offset: index, message: "'{{' is never closed by '}}'"))
                break
            }
            var inside = String.UnicodeScalarView()
            inside.append(contentsOf: scalars[(index + 2)..<end])
            let words = String(inside).split { $0 == " " || $0 == "\t" || $0 == "\n" }.map(
                String.init)
            switch self.expression(words) {
            case .success(let expression):
                if !literal.isEmpty { self.pieces.append(.literal(String(literal))) }
                literal = String.UnicodeScalarView()
                self.pieces.append(.expression(expression))
            case .failure(let problem):
                self.mistakes.append(Mistake(offset: index, message: problem.message))
            }
            index = end + 2
        }
        if !literal.isEmpty { self.pieces.append(.literal(String(literal))) }
    }

    private static func end(of scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var index = start
        while index + 1 < scalars.count {
            if scalars[index] == "}", scalars[index + 1] == "}" { return index }
            index += 1
        }
        return nil
    }

    private struct Problem: Error {
        var message: String
    }

    private static let functions = ["$env.NAME", "$seq", "$uuid", "$randomInt", "$admin", "$key"]

    private func expression(_ words: [String]) -> Result<Template.Expression, Problem> {
        guard let head = words.first else {
            return .failure(Problem(message: "nothing stands between '{{' and '}}'"))
        }
        if head.hasPrefix("$env.") {
            let name = String(head.dropFirst(5))
            guard NameForm.identifier.allows(name), words.count == 1 else {
                return .failure(Problem(message: "'\(head)' names no environment variable"))
            }
            return .success(.environment(name))
        }
        if self.scope.isEnvironmentOnly {
            return .failure(Problem(message: "only {{ $env.NAME }} may stand here"))
        }
        if head.hasPrefix("$") { return self.function(head, arguments: Array(words.dropFirst())) }
        guard words.count == 1 else {
            return .failure(
                Problem(message: "'\(words.joined(separator: " "))' is not one expression"))
        }
        return self.reference(head)
    }

    private func function(
        _ head: String, arguments: [String]
    ) -> Result<Template.Expression, Problem> {
        let simple: Template.Expression? =
            switch head {
            case "$seq": .sequence
            case "$uuid": .uuid
            case "$admin": .admin
            case "$key": .key
            default: nil
            }
        if let simple {
            guard arguments.isEmpty else {
                return .failure(Problem(message: "\(head) takes no arguments"))
            }
            return .success(simple)
        }
        if head == "$randomInt" {
            let numbers = arguments.compactMap(Int.init)
            guard arguments.count == 2, numbers.count == 2, numbers[0] <= numbers[1] else {
                return .failure(
                    Problem(message: "$randomInt takes a lowest and a highest whole number"))
            }
            return .success(.randomInt(numbers[0], numbers[1]))
        }
        let known = TemplateParsing.functions
        let near = Suggestion.phrase(
            for: head, among: known, otherwise: "there are: \(known.joined(separator: ", "))")
        return .failure(Problem(message: "unknown function '\(head)'\(near)"))
    }

    private func reference(_ head: String) -> Result<Template.Expression, Problem> {
        guard let dot = head.firstIndex(of: ".") else {
            if self.scope.variables.contains(head) { return .success(.variable(head)) }
            let names = self.scope.variables.sorted()
            let otherwise =
                names.isEmpty
                ? "no variable is known here" : "known here: \(names.joined(separator: ", "))"
            let near = Suggestion.phrase(for: head, among: names, otherwise: otherwise)
            return .failure(Problem(message: "unknown variable '\(head)'\(near)"))
        }
        let feeder = String(head[..<dot])
        let column = String(head[head.index(after: dot)...])
        guard let columns = self.scope.feeders[feeder] else {
            let names = self.scope.feeders.keys.sorted()
            let near = Suggestion.phrase(
                for: feeder, among: names, otherwise: "describe it under 'data'")
            return .failure(Problem(message: "unknown feeder '\(feeder)'\(near)"))
        }
        if let columns, !columns.contains(column) {
            let names = columns.sorted()
            let near = Suggestion.phrase(
                for: column, among: names,
                otherwise: "its columns are: \(names.joined(separator: ", "))")
            return .failure(Problem(message: "'\(feeder)' has no column '\(column)'\(near)"))
        }
        guard !column.isEmpty else {
            return .failure(Problem(message: "'\(head)' names no column"))
        }
        return .success(.column(feeder: feeder, name: column))
    }
}
