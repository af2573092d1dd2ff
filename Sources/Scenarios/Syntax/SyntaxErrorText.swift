import Yams

extension DocumentReading {
    /// A parser's error in words of the file, with its place.
    static func explain(
        _ error: any Error, source: SourceText
    ) -> (location: SourceLocation, message: String) {
        let start = SourceLocation(line: 1, column: 1)
        guard let error = error as? YamlError else {
            return (start, "the file is not valid YAML")
        }
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _):
            return DocumentReading.explain(
                problem: problem, context: context.map { ($0.text, $0.mark) }, mark: mark,
                source: source)
        case .composer(_, let problem, let mark, _):
            let place = SourceLocation(line: mark.line, column: mark.column)
            if problem.contains("another document") {
                return (place, "a second document begins here; a scenario is one document")
            }
            if problem.contains("undefined alias") {
                return (place, "no anchor (&name) before this alias has its name")
            }
            return (place, "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let names, let context):
            let place = SourceLocation(line: context.mark.line, column: context.mark.column)
            return (place, "'\(names.min() ?? "")' is given twice in this mapping")
        default:
            return (start, "the file is not valid YAML")
        }
    }

    private static func explain(
        problem: String, context: (text: String, mark: Mark)?, mark: Mark, source: SourceText
    ) -> (location: SourceLocation, message: String) {
        let place = SourceLocation(line: mark.line, column: mark.column)
        let opened = context.map { SourceLocation(line: $0.mark.line, column: $0.mark.column) }
        let found = source.scalar(at: place)
        switch problem {
        case "found character that cannot start any token":
            if found == "\t" { return (place, "a tab cannot indent; use spaces") }
            let character = found.map(String.init) ?? ""
            return (place, "a text cannot begin with '\(character)'; put it in quotes")
        case "found unexpected end of stream":
            return (opened ?? place, "this quote is never closed")
        case "mapping values are not allowed in this context":
            return (
                place, "a ':' cannot stand here; put the text in quotes, or mend the indentation"
            )
        case "could not find expected ':'":
            return (opened ?? place, "a ':' is missing after this key")
        case "did not find expected ',' or '}'":
            return (opened ?? place, "this '{' is never closed, or a ',' is missing after it")
        case "did not find expected ',' or ']'":
            return (opened ?? place, "this '[' is never closed, or a ',' is missing after it")
        case "did not find expected key", "did not find expected '-' indicator":
            let from = opened.map { " that begins in line \($0.line)" } ?? ""
            let what = problem.hasSuffix("key") ? "mapping" : "list"
            return (place, "this does not belong to the \(what)\(from); mend the indentation")
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            return (place, "a tab cannot indent; use spaces")
        default:
            if problem.contains("nesting level") { return (place, "nested more than 100 deep") }
            return (place, "not valid YAML: \(problem)")
        }
    }
}
