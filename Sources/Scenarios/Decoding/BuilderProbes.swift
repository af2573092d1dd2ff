import Primitives

/// What is sampled of the server's side.
extension ScenarioBuilder {
    /// The sources of `probes`.
    func probes() -> ProbesSpec {
        var spec = ProbesSpec()
        guard let node = self.root["probes"] else { return spec }
        if node.entries.isEmpty {
            self.diagnostics.report(
                "probes: it names nothing; write process, host, prometheus or control", at: node)
        }
        spec.processes = self.listed(node["process"]).compactMap(self.process)
        if let host = node["host"] {
            spec.host = self.boolean(host) ?? true
            spec.disk = host["disk"]?.text
        }
        spec.pages = self.listed(node["prometheus"]).compactMap(self.page)
        if let control = node["control"], let url = control.text {
            self.checkPlace(url, "control", at: control)
            spec.control = url
        }
        self.checkNames(node)
        self.checkFigures(node)
        return spec
    }

    /// The items of a list, or the one that stands for itself.
    private func listed(_ node: SourceNode?) -> [SourceNode] {
        guard let node else { return [] }
        if case .sequence(let items) = node.content { return items }
        return [node]
    }

    private func process(_ node: SourceNode) -> ProbesSpec.Process? {
        if node.text == "intake" {
            if self.root["target"]?["intake"] == nil {
                self.diagnostics.report(
                    "process: 'intake' is the bundled one, and the target is another server;"
                        + " write pid, pidFile or port", at: node)
            }
            return ProbesSpec.Process(choice: .intake)
        }
        let choice: ProbesSpec.Process.Choice
        if let pid = node["pid"].flatMap(self.integer) {
            choice = .pid(pid)
        } else if let path = node["pidFile"]?.text {
            choice = .pidFile(path)
        } else if let port = node["port"].flatMap(self.integer) {
            choice = .port(port)
        } else {
            return nil
        }
        return ProbesSpec.Process(
            name: node["name"]?.text, choice: choice,
            listen: node["listen"].flatMap(self.integer))
    }

    private func page(_ node: SourceNode) -> ProbesSpec.Page? {
        guard let place = node["url"], let url = place.text else { return nil }
        self.checkPlace(url, "url", at: place)
        let figures = (node["metrics"]?.entries ?? []).compactMap(self.figure)
        return ProbesSpec.Page(name: node["name"]?.text, url: url, figures: figures)
    }

    private func figure(_ entry: SourceEntry) -> ProbesSpec.Page.Figure? {
        guard let selector = MetricSelector(entry.key) else {
            self.diagnostics.report(
                "'\(entry.key)' is no metric; write for example requests_total or"
                    + " requests_total{code=\"503\"}",
                at: entry.location, flag: entry.value.flag)
            return nil
        }
        let node = entry.value["figure"] ?? entry.value
        guard let name = node.text else { return nil }
        if !name.hasPrefix(ServerFigure.ownPrefix), ServerFigure.named(name) == nil {
            let otherwise =
                "the figures stand in docs/probes.md; those of your own begin with"
                + " \(ServerFigure.ownPrefix)"
            self.diagnostics.report(
                "'\(name)' is no figure of the server"
                    + Suggestion.phrase(
                        for: name, among: ServerFigure.all.map(\.name), otherwise: otherwise),
                at: node)
            return nil
        }
        return ProbesSpec.Page.Figure(
            selector: selector, text: entry.key, name: name,
            factor: entry.value["factor"].flatMap(self.number) ?? 1)
    }

    // MARK: - Checks

    /// A URL, or a path on the target.
    private func checkPlace(_ url: String, _ label: String, at node: SourceNode) {
        let lower = url.lowercased()
        let scheme = ["http://", "https://"].first { lower.hasPrefix($0) }
        let objection: String?
        if url.contains("{{") {
            objection = "no template may stand here; use --set for another one"
        } else if url.unicodeScalars.contains(where: { $0.value <= 0x20 }) {
            objection = "'\(url)' holds a space"
        } else if let scheme {
            let host = url.dropFirst(scheme.count).prefix {
                $0 != "/" && $0 != "?" && $0 != "#"
            }
            objection =
                host.isEmpty
                ? "'\(url)' names no host"
                : host.contains("@") ? "leave user and password out; reports show the URL" : nil
        } else {
            objection =
                url.hasPrefix("/")
                ? nil : "'\(url)' must begin with http://, https:// or / for a path on the target"
        }
        if let objection { self.diagnostics.report("\(label): \(objection)", at: node) }
    }

    /// One source of a kind without a name, and every name once.
    private func checkNames(_ probes: SourceNode) {
        var seen: Set<String> = []
        for key in ["process", "prometheus"] {
            var isPlainTaken = false
            for item in self.listed(probes[key]) {
                if let name = item["name"], let text = name.text {
                    if !seen.insert(text).inserted {
                        self.diagnostics.report("name: '\(text)' is taken already", at: name)
                    }
                } else if isPlainTaken {
                    self.diagnostics.report(
                        "\(key): the second without a name; give it one, and its figures are kept"
                            + " as NAME/cpu.user", at: item)
                } else {
                    isPlainTaken = true
                }
            }
        }
    }

    /// Each figure of a page from one place only, since two cannot be told apart afterwards.
    private func checkFigures(_ probes: SourceNode) {
        for item in self.listed(probes["prometheus"]) {
            var seen: Set<String> = []
            for entry in item["metrics"]?.entries ?? [] {
                let node = entry.value["figure"] ?? entry.value
                guard let name = node.text, !seen.insert(name).inserted else { continue }
                self.diagnostics.report(
                    "'\(name)' is given twice; a selector without labels adds up all series of"
                        + " its name", at: node)
            }
        }
    }
}
