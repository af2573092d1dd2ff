import Primitives

/// Builds a scenario from a document that was compared with the grammar.
///
/// What the grammar refused reads as absent here, so that one mistake is told once; what only the
/// whole file can tell (a phase nobody has, a span of zero) is noted here.
final class ScenarioBuilder {
    let root: SourceNode
    let diagnostics: Diagnostics
    var notes: [ScenarioNote] = []
    /// What templates may refer to outside flows.
    var scope = TemplateScope()
    /// The clips of each catalogue, as they were described first, and where.
    var catalogues: [String: (content: PartSpec.Content, line: Int)] = [:]

    /// A builder for one document.
    init(root: SourceNode, diagnostics: Diagnostics) {
        self.root = root
        self.diagnostics = diagnostics
    }

    /// The scenario; only valid when no mistake was noted.
    func build(file: String, directory: String) -> Scenario {
        let variables = self.variables()
        let feeders = self.feeders()
        self.scope.variables = Set(variables.map(\.name))
        let http = self.http()
        let populations = self.populations()
        var scenario = Scenario(
            name: self.root["name"]?.text ?? ScenarioBuilder.baseName(of: file),
            description: self.root["description"]?.text ?? "", target: self.target(),
            populations: populations, directory: directory)
        scenario.seed = self.root["seed"].flatMap(self.integer).map(UInt64.init(clamping:)) ?? 1
        scenario.timeScale = self.timeScale(populations)
        scenario.variables = variables
        scenario.feeders = feeders
        scenario.http = http
        scenario.reliefs = self.reliefs(populations)
        scenario.timeline = self.timeline(end: ScenarioBuilder.end(of: populations))
        scenario.thresholds = self.thresholds(populations, reliefs: scenario.reliefs)
        scenario.probes = self.probes()
        scenario.safety = self.safety()
        scenario.outputs = self.root["outputs"]?.items.compactMap(\.text) ?? []
        scenario.notes = self.notes
        return scenario
    }

    /// A path's last component without its extension.
    static func baseName(of file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        guard let dot = last.lastIndex(of: "."), dot != last.startIndex else { return last }
        return String(last[..<dot])
    }

    // MARK: - Scalars

    /// A span; nil when absent or refused before.
    func duration(_ node: SourceNode?) -> Nanoseconds? {
        node?.text.flatMap { try? UnitText.duration($0) }
    }

    /// A span that must be longer than nothing.
    func positive(_ node: SourceNode?, _ label: String) -> Nanoseconds? {
        guard let node, let span = self.duration(node) else { return nil }
        if span <= .zero {
            self.diagnostics.report("\(label): \(node.text ?? "") is no time at all", at: node)
            return nil
        }
        return span
    }

    /// A size.
    func size(_ node: SourceNode?) -> ByteCount? {
        node?.text.flatMap { try? UnitText.size($0) }
    }

    /// A number.
    func number(_ node: SourceNode) -> Double? {
        node.text.flatMap { JSONNumber.isNumber($0) ? Double($0) : nil }
    }

    /// A whole number, clamped to what fits.
    func integer(_ node: SourceNode) -> Int? {
        guard let text = node.text else { return nil }
        if let value = Int(text) { return value }
        guard let value = self.number(node), value == value.rounded() else { return nil }
        return Int(exactly: value)
    }

    /// A boolean.
    func boolean(_ node: SourceNode?) -> Bool? {
        node?.text.flatMap { $0 == "true" ? true : $0 == "false" ? false : nil }
    }

    /// A word of an enumeration.
    func word<Word: RawRepresentable>(_ node: SourceNode?, _ type: Word.Type) -> Word?
    where Word.RawValue == String {
        node?.text.flatMap(Word.init(rawValue:))
    }

    /// A rate; a bare number is per `unit`.
    func rate(_ node: SourceNode?, unit: Nanoseconds) -> Rate? {
        guard let node, let text = node.text else { return nil }
        let rate =
            self.number(node).map { Rate(perSecond: $0 / unit.seconds) }
            ?? (try? UnitText.rate(text))
        guard let rate else { return nil }
        guard rate.perSecond.isFinite, rate.perSecond <= 1e7 else {
            self.diagnostics.report("\(text) is more than ten million a second", at: node)
            return nil
        }
        return rate
    }

    /// Status patterns of a list or of a single value.
    func statuses(_ node: SourceNode?) -> [StatusPattern]? {
        guard let node else { return nil }
        let items = node.items.isEmpty ? [node] : node.items
        return items.compactMap { item in
            guard case .scalar(let text, let isPlain) = item.content else { return nil }
            return StatusPattern(text: text, isPlain: isPlain)
        }
    }

    // MARK: - Templates

    /// A template; what is wrong with it is noted at its own column where the source shows it.
    func template(_ node: SourceNode?, scope: TemplateScope) -> Template {
        guard let node, let text = node.text else { return Template(pieces: []) }
        return self.template(text, at: node, scope: scope)
    }

    /// A template in a text that stands at a node.
    func template(_ text: String, at node: SourceNode, scope: TemplateScope) -> Template {
        let parsing = TemplateParsing(text, scope: scope)
        for mistake in parsing.mistakes {
            self.report(mistake.message, offset: mistake.offset, of: text, at: node)
        }
        return Template(pieces: parsing.pieces)
    }

    /// Notes what is wrong inside a text: at its own column where the source shows it.
    func report(_ message: String, offset: Int, of text: String, at node: SourceNode) {
        var place = node.location
        let first = self.diagnostics.source.scalar(at: place)
        place.column += offset + (first == "\"" || first == "'" ? 1 : 0)
        let shown = Array(text.unicodeScalars).dropFirst(offset).prefix(8)
        if !self.diagnostics.source.has(shown, at: place) { place = node.location }
        self.diagnostics.report(message, at: place, flag: node.flag)
    }

    /// Header fields, or other names with templates, in the file's order.
    func headers(_ node: SourceNode?, scope: TemplateScope) -> [HeaderSpec] {
        (node?.entries ?? []).map { entry in
            if entry.key.unicodeScalars.contains(where: { !ScenarioBuilder.isToken($0) }) {
                self.diagnostics.report(
                    "'\(entry.key)' cannot be the name of a header field", at: entry.location,
                    flag: entry.value.flag)
            }
            let value = self.template(entry.value, scope: scope)
            for case .literal(let text) in value.pieces where text.contains(where: \.isNewline) {
                self.diagnostics.report("a header field cannot hold a line break", at: entry.value)
            }
            return HeaderSpec(name: entry.key, value: value)
        }
    }

    /// A character of RFC 9110's `token`.
    private static func isToken(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x20 && scalar.value < 0x7F
            && !"\"(),/:;<=>?@[\\]{}".unicodeScalars.contains(scalar)
    }
}
