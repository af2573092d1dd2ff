import Scenarios

/// Wrong arguments, told like every other error: where, what, and how to mend it (exit 64).
struct UsageFailure {
    /// What is wrong, with the verb in which it is.
    let message: String
    /// Where to look.
    let hints: [String]

    /// - Parameters:
    ///   - message: the argument parser's own words.
    ///   - words: the command line, without the program's name.
    ///   - verbs: all verbs.
    ///   - variables: those of the environment that were taken into account.
    init(message: String, words: [String], verbs: [String], variables: [String] = []) {
        var hints: [String] = []
        if let verb = words.first, !verb.hasPrefix("-"), !verbs.contains(verb) {
            let isFile = verb.hasSuffix(".yaml") || verb.hasSuffix(".yml")
            self.message =
                isFile
                ? "'\(verb)' is no verb; to run it: spate run \(verb)"
                : "there is no verb '\(verb)'"
                    + Suggestion.phrase(
                        for: verb, among: verbs,
                        otherwise: "there are \(verbs.joined(separator: ", "))")
            hints.append("spate --help says what each verb does")
        } else {
            let verb = words.first.flatMap { verbs.contains($0) ? $0 : nil }
            let place = verb.map { "\($0): " } ?? ""
            self.message = place + Self.sentence(message)
            hints.append("\(verb.map { "spate help \($0)" } ?? "spate --help") lists what it takes")
        }
        if !variables.isEmpty {
            hints.append("the environment sets \(variables.joined(separator: ", "))")
        }
        self.hints = hints
    }

    /// The parser's words in the voice of the others: no capital, no full stop.
    private static func sentence(_ text: String) -> String {
        var text = text.split(separator: "\n").joined(separator: "\n")
        for (theirs, ours) in [
            (". Did you mean ", "; did you mean "),
            (". Please provide one of ", "; choose one of "),
        ] {
            let halves = text.split(separator: theirs, maxSplits: 1)
            if halves.count == 2 { text = "\(halves[0])\(ours)\(halves[1])" }
        }
        if text.hasSuffix(".") { text.removeLast() }
        let word = text.prefix { $0 != " " }
        guard let first = word.first, word.dropFirst().allSatisfy(\.isLowercase) else {
            return text
        }
        return first.lowercased() + text.dropFirst()
    }
}
