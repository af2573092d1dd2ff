import Primitives

/// Why a setting was refused: one sentence that names it.
package struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    package var message: String

    /// The sentence.
    package var description: String { self.message }
}

/// One row of the table from which flags, parsing, JSON and help come.
struct Setting: Sendable {
    /// The dotted name, such as `review.analysts`.
    var path: String
    /// What it does, for the help text.
    var help: String
    /// Whether a running server can take a new value.
    var isLive = true
    /// Reads the text into the settings; the error says what is allowed.
    var parse: @Sendable (String, inout IntakeSettings) throws(UnitError) -> Void
    /// The present value.
    var json: @Sendable (IntakeSettings) -> JSONValue

    /// The flag's name: `--review-analysts`.
    var flag: String {
        var name = "--"
        for character in self.path {
            if character == "." {
                name += "-"
            } else if character.isUppercase {
                name += "-" + character.lowercased()
            } else {
                name.append(character)
            }
        }
        return name
    }
}

/// Every setting, once; flags, parsing, JSON and help are read off it.
package enum SettingsTable {
    /// Sets one value by its dotted name; units as in `UnitText`, lists joined with commas.
    ///
    /// - Throws: `SettingsError` for an unknown name or a value out of range.
    package static func set(
        _ path: String, to text: String, in settings: inout IntakeSettings
    ) throws(SettingsError) {
        guard let setting = self.rows.first(where: { $0.path == path }) else {
            let hint = self.hint(path, among: self.rows.map(\.path))
            throw SettingsError(message: "unknown setting '\(path)'\(hint)")
        }
        do {
            try setting.parse(text, &settings)
        } catch {
            throw SettingsError(message: "setting '\(path)': \(error.message)")
        }
    }

    /// What somebody may have meant: `; did you mean 'cost'?`.
    static func hint(_ word: String, among words: [String]) -> String {
        let near = words.min { distance($0, word) < distance($1, word) }
        return near.map { "; did you mean '\($0)'?" } ?? ""
    }

    /// Reads flags such as `--workers 4`, `--review-analysts=3` and `--set path=value`.
    ///
    /// - Throws: `SettingsError` for the first argument that is none of these.
    package static func parse(arguments: [String]) throws(SettingsError) -> IntakeSettings {
        var settings = IntakeSettings()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let halves = argument.split(separator: "=", maxSplits: 1).map(String.init)
            let flag = halves.first ?? ""
            guard flag.hasPrefix("--") else {
                throw SettingsError(message: "unexpected argument '\(argument)'")
            }
            guard let value = halves.count == 2 ? halves[1] : rest.popFirst() else {
                throw SettingsError(message: "'\(flag)' needs a value")
            }
            if flag == "--set" {
                let pair = value.split(separator: "=", maxSplits: 1).map(String.init)
                guard pair.count == 2 else {
                    throw SettingsError(message: "'--set \(value)': write --set path=value")
                }
                try self.set(pair[0], to: pair[1], in: &settings)
            } else if flag == "--fault" {
                try self.add(fault: value, to: &settings)
            } else if let setting = self.rows.first(where: { $0.flag == flag }) {
                try self.set(setting.path, to: value, in: &settings)
            } else {
                throw SettingsError(message: "unknown option '\(flag)'")
            }
        }
        return settings
    }

    /// A line or more per fault for `--help`.
    package static var faultHelp: String { FaultKind.help }

    private static func add(
        fault text: String, to settings: inout IntakeSettings
    ) throws(SettingsError) {
        do {
            settings.faults += try FaultSpec.list(text)
        } catch {
            throw SettingsError(message: "--fault: \(error.message)")
        }
    }

    /// A line per setting for `--help`.
    package static var help: String {
        self.rows.map { row in
            let defaultText = row.json(IntakeSettings()).text
            let pad = String(repeating: " ", count: max(1, 22 - row.flag.count))
            return "  \(row.flag)\(pad)\(row.help) (default: \(defaultText))"
        }.joined(separator: "\n")
    }

    /// The settings as nested JSON, durations and sizes as text with units.
    static func json(_ settings: IntakeSettings) -> JSONValue {
        var members: [(String, JSONValue)] = []
        for row in self.rows {
            let parts = row.path.split(separator: ".").map(String.init)
            guard parts.count == 2 else {
                members.append((row.path, row.json(settings)))
                continue
            }
            let leaf = (parts[1], row.json(settings))
            if let index = members.firstIndex(where: { $0.0 == parts[0] }),
                case .object(let inner) = members[index].1
            {
                members[index].1 = .object(inner + [leaf])
            } else {
                members.append((parts[0], .object([leaf])))
            }
        }
        return .object(members)
    }

    /// Applies a JSON object, nested or dotted, to running settings.
    ///
    /// - Throws: `SettingsError` for the first wrong member, and for one that needs a restart.
    static func apply(
        _ json: JSONValue, to settings: IntakeSettings
    ) throws(SettingsError) -> IntakeSettings {
        var changed = settings
        guard case .object(let members) = json else {
            throw SettingsError(message: "settings must be a JSON object")
        }
        for (name, value) in flattened(members, prefix: "") {
            try self.set(name, to: value, in: &changed)
        }
        for row in self.rows where !row.isLive && row.json(settings) != row.json(changed) {
            throw SettingsError(message: "setting '\(row.path)' can be set only at launch")
        }
        return changed
    }

    private static func flattened(
        _ members: [(String, JSONValue)], prefix: String
    ) -> [(String, String)] {
        members.flatMap { name, value -> [(String, String)] in
            switch value {
            case .object(let inner): flattened(inner, prefix: prefix + name + ".")
            case .array(let items):
                [(prefix + name, items.map(\.plainText).joined(separator: ","))]
            default: [(prefix + name, value.plainText)]
            }
        }
    }
}

/// Levenshtein's distance, for suggestions.
private func distance(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left), Array(right))
    var row = Array(0...b.count)
    for (i, character) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in b.enumerated() {
            let substitution = diagonal + (character == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substitution, diagonal + 1, row[j] + 1)
        }
    }
    return row[b.count]
}
