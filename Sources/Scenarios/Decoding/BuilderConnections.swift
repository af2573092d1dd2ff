import Primitives

/// How connections are made: TLS, routes and lookups.
extension ScenarioBuilder {
    /// The settings of `http.tls`, and of the two keys that may stand beside it.
    func tls(_ http: SourceNode) -> TLSSettings {
        var settings = TLSSettings()
        settings.insecure = self.boolean(http["insecure"]) ?? false
        settings.caFile = http["caFile"]?.text
        guard let node = http["tls"] else { return settings }
        for key in ["insecure", "caFile"] where http[key] != nil {
            // A flag's value wins; it is no second one.
            if let twice = node[key], twice.flag == nil {
                self.diagnostics.report("\(key): given twice, in http and in http.tls", at: twice)
            }
        }
        settings.insecure = self.boolean(node["insecure"]) ?? settings.insecure
        settings.caFile = node["caFile"]?.text ?? settings.caFile
        settings.minVersion = self.word(node["minVersion"], TLSVersion.self)
        settings.maxVersion = self.word(node["maxVersion"], TLSVersion.self)
        if let oldest = settings.minVersion, let newest = settings.maxVersion, oldest > newest,
            let place = node["minVersion"]
        {
            self.diagnostics.report("minVersion: newer than the maxVersion", at: place)
        }
        settings.resume = self.boolean(node["resume"]) ?? true
        settings.certificate = node["certificate"]?.text
        settings.key = node["key"]?.text
        return settings
    }

    /// What opens the key of `http.tls`; it may hold `$env` only.
    func keyPassword(_ http: SourceNode) -> Template? {
        http["tls"]?["keyPassword"].map {
            self.template($0, scope: TemplateScope(isEnvironmentOnly: true))
        }
    }

    /// Where connections go instead of where a URL says.
    func route(_ http: SourceNode) -> ConnectionRoute {
        var route = ConnectionRoute()
        for entry in http["resolve"]?.entries ?? [] {
            guard let addresses = entry.value.text else { continue }
            self.attempt("resolve", entry) { () throws(ConnectionRoute.Mistake) in
                route.pins.append(try ConnectionRoute.Pin(from: entry.key, to: addresses))
            }
        }
        for entry in http["connectTo"]?.entries ?? [] {
            guard let place = entry.value.text else { continue }
            self.attempt("connectTo", entry) { () throws(ConnectionRoute.Mistake) in
                route.detours.append(try ConnectionRoute.Detour(from: entry.key, to: place))
            }
        }
        guard let node = http["unixSocket"], let path = node.text else { return route }
        if self.root["target"]?["intake"] != nil {
            self.diagnostics.report(
                "unixSocket: the bundled intake listens on a port, not on a socket", at: node)
        }
        do { try route.connect(toUnixSocket: path) } catch {
            self.diagnostics.report("unixSocket: \(error.message)", at: node)
        }
        return route
    }

    private func attempt(
        _ label: String, _ entry: SourceEntry,
        _ work: () throws(ConnectionRoute.Mistake) -> Void
    ) {
        do { try work() } catch {
            self.diagnostics.report(
                "\(label): \(error.message)", at: entry.location, flag: entry.value.flag)
        }
    }
}
