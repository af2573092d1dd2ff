import Primitives

extension ScenarioBuilder {
    /// A request of the timeline.
    func eventRequest(_ node: SourceNode) -> RequestSpec {
        let word = node["method"]?.text?.uppercased() ?? "GET"
        var scope = self.scope
        return self.request(
            node, method: HTTPMethod(rawValue: word) ?? .get, scope: &scope, at: node.location)
    }

    /// A request; its captures become variables of what comes after it.
    func request(
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
}
