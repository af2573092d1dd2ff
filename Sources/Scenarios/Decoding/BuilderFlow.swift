import Primitives

extension ScenarioBuilder {
    /// The steps of a flow; captures become variables of the steps after them.
    func flow(_ node: SourceNode?, scope: inout TemplateScope) -> [StepSpec] {
        var steps: [StepSpec] = []
        for item in node?.items ?? [] {
            if let step = self.step(item, scope: &scope) { steps.append(step) }
        }
        return steps
    }

    private func step(_ node: SourceNode, scope: inout TemplateScope) -> StepSpec? {
        for entry in node.entries {
            if ScenarioGrammar.methodKeys.contains(entry.key),
                let method = HTTPMethod(rawValue: entry.key.uppercased())
            {
                return .request(
                    self.request(entry.value, method: method, scope: &scope, at: entry.location))
            }
            if entry.key == "think" { return self.think(entry.value).map { .think($0) } }
            if entry.key == "loop" {
                let inner = self.flow(entry.value, scope: &scope)
                let count = node["count"].flatMap(self.integer) ?? 1
                return .loop(count: count, steps: inner)
            }
        }
        return nil
    }

    private func think(_ node: SourceNode) -> Distribution? {
        if node.text != nil { return self.positive(node, "think").map { .fixed($0.seconds) } }
        return self.distribution(node) { self.duration($0)?.seconds }
    }

    // MARK: - Requests

    /// A request of the timeline.
    func eventRequest(_ node: SourceNode) -> RequestSpec {
        let word = node["method"]?.text?.uppercased() ?? "GET"
        var scope = self.scope
        return self.request(
            node, method: HTTPMethod(rawValue: word) ?? .get, scope: &scope, at: node.location)
    }

    private func request(
        _ node: SourceNode, method: HTTPMethod, scope: inout TemplateScope,
        at location: SourceLocation
    ) -> RequestSpec {
        let urlNode = node.text == nil ? node["url"] : node
        let raw = urlNode?.text ?? ""
        if let urlNode, let problem = ScenarioBuilder.objection(toURL: raw) {
            self.diagnostics.report("url: \(problem)", at: urlNode)
        }
        var url = self.template(urlNode, scope: scope)
        self.append(node["query"], to: &url, raw: raw, scope: scope)
        var request = RequestSpec(
            method: method, url: url,
            name: node["name"]?.text ?? "\(method.rawValue) \(ScenarioBuilder.path(of: raw))",
            headers: self.headers(node["headers"], scope: scope),
            body: self.body(node, method: method, scope: scope),
            timeout: self.positive(node["timeout"], "timeout"),
            retry: node["retry"].map(self.retry), location: location)
        if let expect = node["expect"] {
            request.expect = ExpectSpec(
                statuses: self.statuses(expect["status"]),
                maxDuration: self.positive(expect["maxDuration"], "maxDuration"),
                bodyContains: expect["bodyContains"]?.text)
        }
        request.abortAfter = self.abortRule(node["abortAfter"], body: request.body)
        request.resumes = self.resumes(node["resume"], request)
        request.uploadRate = node["uploadRate"].flatMap { self.linkRate($0, "uploadRate") }
        request.captures = self.captures(node["capture"])
        scope.variables.formUnion(request.captures.map(\.name))
        return request
    }

    private static func objection(toURL url: String) -> String? {
        if url.isEmpty { return "it is empty" }
        let lower = url.lowercased()
        let begins = ["/", "http://", "https://", "{{"].contains { lower.hasPrefix($0) }
        if !begins { return "'\(url)' must begin with /, http:// or https://" }
        var depth = 0
        for (index, scalar) in url.unicodeScalars.enumerated() {
            if scalar == "{" { depth += 1 }
            if scalar == "}" { depth -= 1 }
            if scalar.value <= 0x20, depth <= 0, index > 0 {
                return "'\(url)' holds a space; write %20"
            }
        }
        return nil
    }

    /// The path of a URL for a step's name: without server and query.
    private static func path(of url: String) -> String {
        var rest = Substring(url)
        for scheme in ["http://", "https://"] where url.lowercased().hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count).drop { $0 != "/" }
        }
        let path = rest.prefix { $0 != "?" && $0 != "#" }
        return path.isEmpty ? "/" : String(path)
    }

    /// Puts `query` behind the URL; texts are percent-encoded, values of templates are put as are.
    private func append(
        _ query: SourceNode?, to url: inout Template, raw: String, scope: TemplateScope
    ) {
        var separator = raw.contains("?") ? "&" : "?"
        for entry in query?.entries ?? [] {
            url.pieces.append(
                .literal("\(separator)\(ScenarioBuilder.percentEncoded(entry.key))="))
            for piece in self.template(entry.value, scope: scope).pieces {
                if case .literal(let text) = piece {
                    url.pieces.append(.literal(ScenarioBuilder.percentEncoded(text)))
                } else {
                    url.pieces.append(piece)
                }
            }
            separator = "&"
        }
    }

    /// RFC 3986's percent-encoding of everything but unreserved characters.
    static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var encoded = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || ("0"..."9").contains(scalar) || "-._~".unicodeScalars.contains(scalar)
            if isPlain {
                encoded.unicodeScalars.append(scalar)
            } else {
                encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return encoded
    }

    private func captures(_ node: SourceNode?) -> [CaptureSpec] {
        (node?.items ?? []).compactMap { item in
            guard let name = item["as"]?.text else { return nil }
            if let path = item["json"], let text = path.text {
                if !ScenarioBuilder.isJSONPath(text) {
                    self.diagnostics.report(
                        "json: '\(text)' is no path; write for example $.id or $.items[0].name",
                        at: path)
                }
                return CaptureSpec(name: name, source: .json(path: text))
            }
            if let header = item["header"]?.text {
                return CaptureSpec(name: name, source: .header(name: header))
            }
            guard let regex = item["regex"], let pattern = regex.text else { return nil }
            if (try? Regex(pattern)) == nil {
                self.diagnostics.report("regex: '\(pattern)' is no regular expression", at: regex)
            } else if !ScenarioBuilder.hasGroup(pattern) {
                self.diagnostics.report(
                    "regex: '\(pattern)' has no group ( ) to capture", at: regex)
            }
            return CaptureSpec(name: name, source: .regex(pattern: pattern))
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
