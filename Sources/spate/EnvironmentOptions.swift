/// Options that may stand in the environment: `SPATE_TARGET` for `--target`.
///
/// Whose host may be hit (`--allow-host`, `--i-own-this-host`), what is forced and what is secret
/// is not among them: that is said where it can be seen.
enum EnvironmentOptions {
    private static let scenarioVerbs: Set<String> = ["run", "investigate", "check", "plan"]

    /// Each option with the verbs that have it.
    private static let options: [(name: String, verbs: Set<String>)] = [
        ("target", scenarioVerbs), ("seed", scenarioVerbs), ("time-scale", scenarioVerbs),
        ("rate-factor", scenarioVerbs), ("duration", scenarioVerbs), ("out-dir", ["run"]),
        ("live", ["run", "investigate"]), ("lanes", ["run", "hit"]),
        ("source", ["run", "investigate", "plan", "hit", "doctor"]),
    ]

    /// The words of a command line with what the environment says put behind the verb.
    ///
    /// What stands on the command line wins; an empty variable says nothing.
    ///
    /// - Parameters:
    ///   - words: without the program's name.
    static func applied(to words: [String], environment: [String: String]) -> [String] {
        guard let verb = words.first else { return words }
        let given = words.prefix { $0 != "--" }
        let added = self.options.compactMap { option -> String? in
            guard option.verbs.contains(verb),
                let value = environment[self.variable(option.name)], !value.isEmpty
            else { return nil }
            let flag = "--" + option.name
            guard !given.contains(where: { $0 == flag || $0.hasPrefix(flag + "=") }) else {
                return nil
            }
            return flag + "=" + value
        }
        return [verb] + added + words.dropFirst()
    }

    /// The variables that had their say in a command line.
    static func used(in words: [String], of effective: [String]) -> [String] {
        let added = effective.filter { $0.hasPrefix("--") && !words.contains($0) }
        return self.options.map(\.name).filter { name in
            added.contains { $0.hasPrefix("--\(name)=") }
        }.map(self.variable)
    }

    private static func variable(_ option: String) -> String {
        "SPATE_" + option.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }
}
