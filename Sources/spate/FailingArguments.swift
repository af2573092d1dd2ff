import ArgumentParser

/// The arguments that say which findings fail a command.
struct FailingArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Exit with an error code for these findings alone: thresholds, inconclusive, \
            regression, time-limit, with commas or blanks between them; or none (default: all). \
            What keeps a run from being made always fails.
            """, valueName: "findings"),
        completion: .list(ExitStatus.findings.compactMap(\.finding) + ["none"]))
    var failOn: String?

    @Flag(name: .long, help: "Exit 0 whatever was found; the same as --fail-on none.")
    var exitZero = false

    func validate() throws {
        if self.exitZero, self.failOn != nil {
            throw ValidationError("--exit-zero and --fail-on exclude one another")
        }
        _ = try self.failing
    }

    /// The findings that fail the command.
    private var failing: Set<ExitStatus> {
        get throws {
            if self.exitZero { return [] }
            guard let text = self.failOn else { return Set(ExitStatus.findings) }
            let words = text.split { $0 == "," || $0.isWhitespace }.map(String.init)
            if words == ["none"] { return [] }
            let known = Dictionary(
                uniqueKeysWithValues: ExitStatus.findings.map { ($0.finding ?? "", $0) })
            guard !words.isEmpty else { throw Self.mistake("--fail-on names nothing") }
            return Set(
                try words.map { word in
                    guard let status = known[word] else {
                        throw Self.mistake("--fail-on: '\(word)' is nothing to fail on")
                    }
                    return status
                })
        }
    }

    private static func mistake(_ what: String) -> ValidationError {
        let words = ExitStatus.findings.compactMap(\.finding).joined(separator: " ")
        return ValidationError("\(what); write some of: \(words); or none")
    }

    /// The exit code; says on stderr what was found and does not fail.
    func status(_ findings: Findings, isQuiet: Bool) throws -> ExitStatus {
        let (rest, forgiven) = findings.forgiving(
            Set(ExitStatus.findings).subtracting(try self.failing))
        if !isQuiet {
            for status in forgiven {
                let word = status.finding ?? ""
                Console.note("\(word) (exit code \(status.rawValue)), which does not fail here")
            }
        }
        return rest.first
    }
}
