extension Scenario {
    /// The scenario's text for a run's directory: overrides applied, credentials as `***`.
    ///
    /// Credentials are the values of `Authorization`, `Cookie`, `Set-Cookie`,
    /// `Proxy-Authorization`, `X-Api-Key`, `X-Auth-Token` and `keyPassword` wherever they stand,
    /// the userinfo of URLs, and variables with `secret: true`. Values that come wholly from
    /// `{{ $env.X }}` stay as they are, because they hold nothing. Comments and layout stay unless
    /// there are overrides. A text that is no YAML becomes a single comment.
    package static func redactedText(
        of text: String, overrides: [(path: String, value: String)] = []
    ) -> String {
        let unreadable = "# the scenario could not be read\n"
        let diagnostics = Diagnostics(source: SourceText(text), file: "")
        guard var root = DocumentReading.read(text, diagnostics: diagnostics) else {
            return unreadable
        }
        Overrides.apply(overrides, to: &root, diagnostics: diagnostics)
        let secrets = Redaction.secrets(in: root)
        guard overrides.isEmpty, let kept = Redaction.replacing(secrets, in: text) else {
            let written = DocumentWriting.text(of: Redaction.masked(root)) ?? unreadable
            return Redaction.swept(written, of: secrets)
        }
        return kept
    }
}

/// Finds credentials in a document and takes them out.
enum Redaction {
    /// What stands in a credential's place.
    static let mask = "***"

    private static let fields: Set<String> = [
        "authorization", "cookie", "set-cookie", "proxy-authorization", "x-api-key",
        "x-auth-token", "keypassword",
    ]

    /// The texts of all credentials, the longest first; userinfo is found by its form instead.
    static func secrets(in node: SourceNode) -> [String] {
        var found: Set<String> = []
        Redaction.collect(node, into: &found)
        return found.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
    }

    private static func collect(_ node: SourceNode, into found: inout Set<String>) {
        if Redaction.isSecretVariable(node), let value = node["value"] {
            Redaction.add(value, to: &found)
        }
        for entry in node.entries {
            if Redaction.fields.contains(entry.key.lowercased()) {
                Redaction.add(entry.value, to: &found)
            }
            Redaction.collect(entry.value, into: &found)
        }
        for item in node.items { Redaction.collect(item, into: &found) }
    }

    /// Anything but an explicit `false` counts, so that a mistyped `secret` errs on the safe side.
    private static func isSecretVariable(_ node: SourceNode) -> Bool {
        node["secret"].map { $0.text != "false" } ?? false
    }

    private static func add(_ node: SourceNode, to found: inout Set<String>) {
        if let text = node.text, Redaction.holdsSecret(text) { found.insert(text) }
        for item in node.items { Redaction.add(item, to: &found) }
        for entry in node.entries { Redaction.add(entry.value, to: &found) }
    }

    /// False for nothing, for the mask, and for `{{ $env.X }}` with no more than a scheme before.
    static func holdsSecret(_ text: String) -> Bool {
        let parsing = TemplateParsing(text, scope: TemplateScope(isEnvironmentOnly: true))
        guard parsing.mistakes.isEmpty else { return true }
        let hasEnvironment = parsing.pieces.contains {
            if case .expression = $0 { true } else { false }
        }
        var rest = ""
        for case .literal(let literal) in parsing.pieces { rest += literal }
        let word = rest.filter { $0 != " " }.lowercased()
        if word.isEmpty || word == Redaction.mask { return false }
        return !(hasEnvironment && ["bearer", "basic", "token"].contains(word))
    }

    // MARK: - In the text as it stands

    /// The text with its credentials replaced where they stand; nil when that cannot be proven.
    static func replacing(_ secrets: [String], in text: String) -> String? {
        for quotes in [true, false] {
            let swept = Redaction.swept(text, of: secrets, quotes: quotes)
            let diagnostics = Diagnostics(source: SourceText(swept), file: "")
            if let again = DocumentReading.read(swept, diagnostics: diagnostics),
                diagnostics.isEmpty, Redaction.secrets(in: again).isEmpty
            {
                return swept
            }
        }
        return nil
    }

    /// Replaces every occurrence of the credentials, in comments too, and all userinfo.
    ///
    /// A plain `***` would be an alias, so with `quotes` what stood without quotes gets them.
    static func swept(
        _ text: String, of secrets: [String], quotes: Bool = false
    ) -> String {
        var swept = text
        for secret in secrets {
            // Very short ones would be found in the middle of words.
            if secret.utf8.count < 4 { continue }
            swept = Redaction.replace(secret, quotes: quotes, in: swept)
            let escaped = JSONText.escaped(secret)
            if escaped != secret {
                swept = Redaction.replace(escaped, quotes: quotes, in: swept)
            }
        }
        return Redaction.withoutUserinfo(swept)
    }

    private static func replace(_ old: String, quotes: Bool, in text: String) -> String {
        let wanted = Array(old.utf8)
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == wanted[0], bytes[index...].starts(with: wanted) {
                let isQuoted = index > 0 && (bytes[index - 1] == 0x22 || bytes[index - 1] == 0x27)
                let mask = quotes && !isQuoted ? "\"\(Redaction.mask)\"" : Redaction.mask
                result.append(contentsOf: mask.utf8)
                index += wanted.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `http://user:password@host` becomes `http://***@host`.
    static func withoutUserinfo(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let found = rest.firstRange(of: "://") {
            result += rest[..<found.upperBound]
            rest = rest[found.upperBound...]
            let authority = rest.prefix { !$0.isWhitespace && !"/?#\"'".contains($0) }
            if let at = authority.lastIndex(of: "@") {
                result += Redaction.mask
                rest = rest[at...]
            }
        }
        return result + rest
    }

    // MARK: - In the document

    /// The document with its credentials replaced.
    static func masked(_ node: SourceNode, isSecret: Bool = false) -> SourceNode {
        var masked = node
        switch node.content {
        case .scalar(let text, _):
            if isSecret, Redaction.holdsSecret(text) {
                masked.content = .scalar(Redaction.mask, isPlain: false)
            }
        case .sequence(let items):
            masked.content = .sequence(items.map { Redaction.masked($0, isSecret: isSecret) })
        case .mapping(let entries):
            let isVariable = Redaction.isSecretVariable(node)
            masked.content = .mapping(
                entries.map { entry in
                    var entry = entry
                    let isOwn =
                        Redaction.fields.contains(entry.key.lowercased())
                        || isVariable && entry.key == "value"
                    entry.value = Redaction.masked(entry.value, isSecret: isSecret || isOwn)
                    return entry
                })
        }
        return masked
    }
}
