import Primitives
import Scenarios

/// A step with everything constant prepared: what drafting does per intent is only what differs.
struct CompiledStep: Sendable {
    /// A piece of a body.
    enum BodyPiece: Sendable {
        case text(CompiledText)
        case part(CompiledPart)
    }
    struct Header: Sendable {
        var name: String
        var value: CompiledText
    }

    var method: HTTPMethod
    var url: CompiledText
    /// True when only the expanded text tells whether the URL is absolute.
    var joinsLate: Bool
    var headers: [Header]
    /// The part whose content type depends on what is drawn; nil when a header says it already.
    var typedPart: CompiledPart?
    var body: [BodyPiece]?
    var addsKey: Bool
    /// True when each attempt carries `traceparent`.
    var isTraced: Bool
}

/// Compiles the steps of a population.
struct StepCompiler {
    let seed: UInt64
    let http: HTTPDefaults
    let materials: DraftMaterials
    let baseURL: String
    let adminURL: String?

    func compile(_ step: StepPlan, population: Int, captured: Set<String>) -> CompiledStep {
        var compiler = TemplateCompiler(
            materials: self.materials, adminURL: self.adminURL, captured: captured)
        let (url, joinsLate) = self.url(step.request.url, &compiler)
        var headers = self.headers(of: step.request, &compiler)
        var typedPart: CompiledPart?
        var body: [CompiledStep.BodyPiece]?
        if let spec = step.request.body {
            let parts = PartCompiler(
                materials: self.materials, owner: "\(population) \(step.index)")
            let boundary = self.boundary(population: population, step: step.index)
            let pieces = BodyCompiler(parts: parts).compile(
                spec, boundary: boundary, &compiler)
            body = pieces
            if !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
                if case .part(let part) = pieces.first, case .part = spec {
                    if let type = part.contentType {
                        headers.append(constant("Content-Type", type))
                    } else {
                        typedPart = part
                    }
                } else {
                    headers.append(constant("Content-Type", contentType(spec, boundary: boundary)))
                }
            }
        }
        let names = Set(headers.map { $0.name.lowercased() })
        if !names.contains("user-agent") {
            headers.append(constant("User-Agent", "spate/\(SpateVersion.current)"))
        }
        return CompiledStep(
            method: step.request.method, url: url, joinsLate: joinsLate, headers: headers,
            typedPart: typedPart, body: body,
            addsKey: step.carriesKey && !names.contains("idempotency-key"),
            isTraced: self.http.tracing && !names.contains("traceparent"))
    }

    private func url(
        _ template: Template, _ compiler: inout TemplateCompiler
    ) -> (CompiledText, joinsLate: Bool) {
        let path = compiler.compile(template, .url)
        guard let beginning = path.leadingLiteral else { return (path, true) }
        if URLJoining.isAbsolute(beginning) { return (path, false) }
        var url = CompiledText(encoding: .url)
        url.append(URLJoining.prefix(base: self.baseURL, path: beginning))
        for piece in path.pieces { url.append(piece) }
        return (url, false)
    }

    /// The defaults first, then the step's own; a name given twice keeps the later value.
    private func headers(
        of request: RequestSpec, _ compiler: inout TemplateCompiler
    ) -> [CompiledStep.Header] {
        var headers: [CompiledStep.Header] = []
        for spec in self.http.headers + request.headers {
            let header = CompiledStep.Header(
                name: spec.name, value: compiler.compile(spec.value, .header))
            let same = headers.firstIndex { $0.name.lowercased() == spec.name.lowercased() }
            if let same { headers[same] = header } else { headers.append(header) }
        }
        return headers
    }

    private func constant(_ name: String, _ value: String) -> CompiledStep.Header {
        var text = CompiledText(encoding: .header)
        text.append(value)
        return CompiledStep.Header(name: name, value: text)
    }

    /// One boundary per step: 64 random bits, so that no body of a run holds it by chance.
    private func boundary(population: Int, step: Int) -> String {
        let random = CounterRandom(
            seed: self.seed, population: population, intent: -1 - step, purpose: .content)
        return "----SpateFormBoundary" + Hexadecimal.text(random.bits(0))
    }

    private func contentType(_ body: BodySpec, boundary: String) -> String {
        switch body {
        case .json: return "application/json"
        case .form: return "application/x-www-form-urlencoded"
        case .text: return "text/plain; charset=utf-8"
        case .multipart: return "multipart/form-data; boundary=\(boundary)"
        case .part: return MediaType.unknown
        }
    }
}

/// Joins a path to a base URL.
enum URLJoining {
    static func isAbsolute(_ url: String) -> Bool {
        let head = url.prefix(8).lowercased()
        return head.hasPrefix("http://") || head.hasPrefix("https://")
    }

    /// What stands before `path` in its absolute form.
    static func prefix(base: String, path: String) -> String {
        var trimmed = Substring(base)
        while trimmed.last == "/" { trimmed.removeLast() }
        return path.hasPrefix("/") ? String(trimmed) : trimmed + "/"
    }
}
