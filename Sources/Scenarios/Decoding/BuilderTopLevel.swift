import Primitives

extension ScenarioBuilder {
    // MARK: - Variables and feeders

    /// The variables; their values may hold `$env` only.
    func variables() -> [Variable] {
        let scope = TemplateScope(isEnvironmentOnly: true)
        return (self.root["vars"]?.entries ?? []).map { entry in
            let value = entry.value.entries.isEmpty ? entry.value : entry.value["value"]
            return Variable(
                name: entry.key, value: self.template(value, scope: scope),
                isSecret: self.boolean(entry.value["secret"]) ?? false)
        }
    }

    /// The feeders; their files are opened later.
    func feeders() -> [FeederSpec] {
        (self.root["data"]?.entries ?? []).compactMap { entry in
            let node = entry.value
            let source: FeederSpec.Source
            if let path = node["csv"]?.text {
                source = .csv(path: path)
                self.scope.feeders[entry.key] = .some(nil)
            } else if let path = node["json"]?.text {
                source = .json(path: path)
                self.scope.feeders[entry.key] = .some(nil)
            } else {
                let rows = (node["inline"]?.items ?? []).map { row in
                    Dictionary(
                        row.entries.map { ($0.key, $0.value.text ?? "") },
                        uniquingKeysWith: { first, _ in first })
                }
                self.checkRows(node["inline"], rows)
                source = .inline(rows: rows)
                self.scope.feeders[entry.key] = .some(Set(rows.flatMap(\.keys)))
            }
            return FeederSpec(
                name: entry.key, source: source,
                order: self.word(node["order"], FeederSpec.Order.self) ?? .sequence,
                location: entry.location)
        }
    }

    private func checkRows(_ node: SourceNode?, _ rows: [[String: String]]) {
        guard let node, let first = rows.first else { return }
        for (item, row) in zip(node.items, rows) where Set(row.keys) != Set(first.keys) {
            self.diagnostics.report("this row has other columns than the first", at: item)
        }
    }

    // MARK: - Target

    /// What is under test.
    func target() -> TargetSpec {
        guard let node = self.root["target"] else { return .url("") }
        if let url = node.text {
            if let problem = ScenarioBuilder.objection(toBase: url) {
                self.diagnostics.report("target: \(problem)", at: node)
            }
            return .url(url)
        }
        var settings: [IntakeSetting] = []
        ScenarioBuilder.flatten(node["intake"], path: "", into: &settings)
        if let area = node["intake"]?["serviceArea"] { self.checkArea(area) }
        if let faults = node["intake"]?["faults"] { self.checkFaults(faults) }
        return .intake(settings: settings)
    }

    private func checkArea(_ node: SourceNode) {
        let texts =
            node.text.map { $0.split(separator: ",").map { $0.filter { $0 != " " } } }
            ?? node.items.compactMap(\.text)
        if node.text == "none" { return }
        let degrees = texts.compactMap { JSONNumber.isNumber($0) ? Double($0) : nil }
        guard texts.count == 4, degrees.count == 4, degrees[0] <= degrees[2],
            degrees[1] <= degrees[3]
        else {
            self.diagnostics.report(
                "serviceArea: write south, west, north and east in degrees", at: node)
            return
        }
    }

    /// `1e3` as `1000`: the intake reads whole numbers only.
    static func whole(_ text: String) -> String {
        guard JSONNumber.isNumber(text), Int(text) == nil, let value = Double(text),
            let whole = Int(exactly: value)
        else { return text }
        return String(whole)
    }

    private static func objection(toBase url: String) -> String? {
        if url.contains("{{") {
            return "no template may stand here; use --target for another server"
        }
        let lower = url.lowercased()
        guard let scheme = ["http://", "https://"].first(where: { lower.hasPrefix($0) }) else {
            return "'\(url)' must begin with http:// or https://"
        }
        let rest = url.dropFirst(scheme.count)
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if host.isEmpty { return "'\(url)' names no host" }
        if url.unicodeScalars.contains(where: { $0.value <= 0x20 }) {
            return "'\(url)' holds a space"
        }
        return rest.contains("?") || rest.contains("#")
            ? "'\(url)' cannot have a query; it is the base of every path" : nil
    }

    private static func flatten(
        _ node: SourceNode?, path: String, into settings: inout [IntakeSetting]
    ) {
        for entry in node?.entries ?? [] {
            let own = path.isEmpty ? entry.key : "\(path).\(entry.key)"
            switch entry.value.content {
            case .scalar(let text, _):
                settings.append(IntakeSetting(path: own, value: ScenarioBuilder.whole(text)))
            case .sequence(let items) where own == "faults":
                let list = ScenarioBuilder.faultList(items)
                settings.append(IntakeSetting(path: own, value: list))
            case .sequence(let items):
                let list = items.compactMap(\.text).joined(separator: ",")
                settings.append(IntakeSetting(path: own, value: list))
            case .mapping: ScenarioBuilder.flatten(entry.value, path: own, into: &settings)
            }
        }
    }

    // MARK: - Defaults of requests

    /// Defaults of every request.
    func http() -> HTTPDefaults {
        var defaults = HTTPDefaults()
        guard let node = self.root["http"] else { return defaults }
        defaults.timeout = self.positive(node["timeout"], "timeout") ?? defaults.timeout
        let connect = self.positive(node["connectTimeout"], "connectTimeout")
        if let connect, connect > defaults.timeout, let place = node["connectTimeout"] {
            let whole = UnitText.format(defaults.timeout)
            self.diagnostics.report(
                "connectTimeout: longer than the whole attempt's timeout of \(whole)", at: place)
        }
        defaults.connectTimeout = connect ?? min(defaults.connectTimeout, defaults.timeout)
        defaults.headers = self.headers(node["headers"], scope: self.scope)
        defaults.success = self.statuses(node["success"]) ?? defaults.success
        defaults.followRedirects = node["followRedirects"].flatMap(self.integer) ?? 0
        defaults.reuseConnections = self.boolean(node["reuseConnections"]) ?? true
        defaults.tls = self.tls(node)
        defaults.keyPassword = self.keyPassword(node)
        defaults.route = self.route(node)
        defaults.lookupLifetime = self.duration(node["dns"]?["ttl"])
        defaults.version = self.word(node["version"], HTTPDefaults.Version.self) ?? .auto
        defaults.expect100 = self.boolean(node["expect100"]) ?? false
        defaults.tracing = self.boolean(node["tracing"]) ?? false
        return defaults
    }

    // MARK: - Time, timeline and limits

    /// The end of the longest population in story time; zero where a trace's file decides.
    static func end(of populations: [PopulationSpec]) -> Nanoseconds {
        if ScenarioBuilder.hasOpenTrace(populations) { return .zero }
        return populations.map { population in
            let length: Nanoseconds
            switch population.load {
            case .constantArrivalRate(_, let duration, _), .constantVUs(_, let duration),
                .viral(_, let duration, _), .diurnal(_, let duration, _),
                .hawkes(_, _, _, let duration):
                length = duration
            case .trace(let trace):
                length = trace.length ?? .zero
            case .rampingArrivalRate(_, let stages, _), .rampingVUs(_, let stages, _):
                length = stages.reduce(.zero) { $0 + $1.duration }
            case .perVUIterations(_, _, let longest), .sharedIterations(_, _, let longest):
                length = longest
            }
            return population.startTime + length
        }.max() ?? .zero
    }

    private static func hasOpenTrace(_ populations: [PopulationSpec]) -> Bool {
        populations.contains { population in
            if case .trace(let trace) = population.load { return trace.length == nil }
            return false
        }
    }

    /// Story seconds per wall second.
    func timeScale(_ populations: [PopulationSpec]) -> Double {
        let end = ScenarioBuilder.end(of: populations)
        guard let node = self.root["timeScale"] else { return 1 }
        var factor = 1.0
        if let given = self.number(node["factor"] ?? node) {
            factor = given
        } else if let fit = self.positive(node["fit"], "fit"), end > .zero {
            factor = end.seconds / fit.seconds
        } else if let place = node["fit"], ScenarioBuilder.hasOpenTrace(populations) {
            self.diagnostics.report(
                "fit: how long a trace lasts is only known from its file; give the trace 'to', or"
                    + " write a factor", at: place)
        }
        if factor > 0, factor < 1, self.root["target"]?["intake"] != nil {
            self.diagnostics.report(
                "timeScale: the bundled intake cannot be slower than its story; use 1 or more",
                at: node)
        }
        return factor
    }

    /// The timeline, in order of time.
    func timeline(end: Nanoseconds) -> [TimelineEvent] {
        let events = (self.root["timeline"]?.items ?? []).compactMap { item -> TimelineEvent? in
            guard let at = self.duration(item["at"]), let label = item["label"]?.text else {
                return nil
            }
            if at > end, end > .zero, let place = item["at"] {
                self.diagnostics.report(
                    "at: \(place.text ?? "") is after the run's end at \(UnitText.format(end))",
                    at: place)
            }
            return TimelineEvent(
                at: at, label: label, kind: self.word(item["kind"], EventKind.self) ?? .info,
                request: item["request"].map(self.eventRequest), location: item.location)
        }
        return events.enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }.map(\.element)
    }

    /// Limits on what may be hit.
    func safety() -> SafetySpec {
        guard let node = self.root["safety"] else { return SafetySpec() }
        return SafetySpec(
            maxRate: self.rate(node["maxRate"], unit: .seconds(1))?.perSecond,
            maxBytes: self.size(node["maxBytes"]),
            maxDuration: self.positive(node["maxDuration"], "maxDuration"),
            stopWhenDown: self.positive(node["stopWhenDown"], "stopWhenDown"))
    }
}
