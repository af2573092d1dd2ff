extension ScenarioBuilder {
    /// The captures of a request.
    func captures(_ node: SourceNode?) -> [CaptureSpec] {
        (node?.items ?? []).compactMap { item in
            guard let name = item["as"]?.text else { return nil }
            let isOptional = self.boolean(item["optional"]) ?? false
            let fallback = item["default"]?.text ?? (isOptional ? "" : nil)
            if let path = item["json"], let text = path.text {
                if !ScenarioBuilder.isJSONPath(text) {
                    self.diagnostics.report(
                        "json: '\(text)' is no path; write for example $.id or $.items[0].name",
                        at: path)
                }
                return CaptureSpec(name: name, source: .json(path: text), fallback: fallback)
            }
            if let header = item["header"]?.text {
                return CaptureSpec(name: name, source: .header(name: header), fallback: fallback)
            }
            guard let regex = item["regex"], let pattern = regex.text else { return nil }
            if (try? Regex(pattern)) == nil {
                self.diagnostics.report("regex: '\(pattern)' is no regular expression", at: regex)
            } else if !ScenarioBuilder.hasGroup(pattern) {
                self.diagnostics.report(
                    "regex: '\(pattern)' has no group ( ) to capture", at: regex)
            }
            return CaptureSpec(name: name, source: .regex(pattern: pattern), fallback: fallback)
        }
    }

    /// True for `$`, then any number of `.name` and `[number]`.
    private static func isJSONPath(_ text: String) -> Bool {
        guard text.first == "$" else { return false }
        var rest = text.dropFirst()
        while let next = rest.first {
            if next == "." {
                let name = rest.dropFirst().prefix { $0 != "." && $0 != "[" }
                if name.isEmpty { return false }
                rest = rest.dropFirst(1 + name.count)
            } else {
                let index = rest.dropFirst().prefix { "0" <= $0 && $0 <= "9" }
                guard next == "[", Int(index) != nil,
                    rest.dropFirst(1 + index.count).first == "]"
                else { return false }
                rest = rest.dropFirst(2 + index.count)
            }
        }
        return true
    }

    private static func hasGroup(_ pattern: String) -> Bool {
        let characters = Array(pattern)
        return characters.indices.contains { index in
            guard characters[index] == "(", index == 0 || characters[index - 1] != "\\" else {
                return false
            }
            guard index + 1 < characters.count, characters[index + 1] == "?" else { return true }
            return index + 2 < characters.count && characters[index + 2] == "<"
        }
    }
}
