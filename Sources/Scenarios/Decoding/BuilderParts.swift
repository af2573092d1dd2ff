import Primitives

// Files, generated content and mixes of them.
extension ScenarioBuilder {
    /// The content that a node describes; nil when something it needs is missing or wrong.
    func part(_ node: SourceNode) -> PartSpec? {
        guard let mix = node["mix"] else {
            return self.plainPart(node).map {
                self.named($0, node)
            }
        }
        // What stands beside a mix holds for those of its parts that say nothing else.
        let outer = self.fault(node)
        let parts = mix.items.compactMap { item -> WeightedPart? in
            guard var part = self.plainPart(item) else { return nil }
            part.fault = part.fault ?? outer
            part.fileName = part.fileName ?? node["filename"]?.text
            part.contentType = part.contentType ?? node["contentType"]?.text
            if node["clips"] != nil, let place = item["clips"] {
                self.diagnostics.report(
                    "clips: the whole mix has clips already; write them here or there", at: place)
            }
            guard let weight = item["weight"].map(self.number) ?? 1, weight > 0 else { return nil }
            return WeightedPart(weight: weight, part: self.named(part, item))
        }
        guard !parts.isEmpty else { return nil }
        let part = PartSpec(
            content: .mix(parts), clips: self.clips(node, files: nil), location: node.location)
        return self.named(part, node)
    }

    private func plainPart(_ node: SourceNode) -> PartSpec? {
        let content: PartSpec.Content
        var files: Int?
        if let file = node["file"] {
            let paths = file.text.map { [$0] } ?? file.items.compactMap(\.text)
            if paths.contains(where: { $0.isEmpty || $0.contains("{{") }) {
                self.diagnostics.report("file: a path is needed, without templates", at: file)
            }
            content = .files(paths)
            files = paths.count
        } else {
            let limits = [self.size(node["limit"]), self.size(node["size"]?["max"])]
                .compactMap(\.self)
            guard let kind = self.word(node["generate"], GeneratedKind.self),
                let place = node["size"], let size = self.sizes(place, isCut: !limits.isEmpty)
            else { return nil }
            content = .generated(
                kind, size: size, limit: limits.min(), unique: self.boolean(node["unique"]) ?? true)
        }
        return PartSpec(
            content: content, fileName: node["filename"]?.text,
            contentType: node["contentType"]?.text, clips: self.clips(node, files: files),
            fault: self.fault(node), location: node.location)
    }

    /// Sizes in bytes.
    private func sizes(_ node: SourceNode, isCut: Bool) -> Distribution? {
        if node.text != nil { return self.size(node).map { .fixed(Double($0.count)) } }
        return self.distribution(node, unit: .bytes, isCut: isCut) {
            self.size($0).map { Double($0.count) }
        }
    }

    // MARK: - Faults

    private func fault(_ node: SourceNode) -> UploadFault? {
        guard let place = node["fault"],
            let kind = self.word(place, UploadFault.Kind.self)
        else { return nil }
        if kind != .truncated,
            let entry = node.entries.first(where: { $0.key == "sends" })
        {
            self.diagnostics.report(
                "'sends' belongs to fault: truncated", at: entry.location, flag: entry.value.flag)
        }
        switch kind {
        case .truncated:
            // The part's own end cuts whatever is drawn.
            return .truncated(sends: node["sends"].flatMap { self.sizes($0, isCut: true) })
        case .empty: return .empty
        case .mislabelled: return .mislabelled
        }
    }

    // MARK: - Clips

    /// A catalogue; `files` is how many files it has, nil where its clips are generated.
    private func clips(_ node: SourceNode, files: Int?) -> ClipsSpec? {
        guard let place = node["clips"] else { return nil }
        let count = place["count"].flatMap(self.integer)
        if count == nil, place["count"] == nil, files == nil {
            self.diagnostics.report(
                "clips: 'count' is missing; only a list of files has a number of its own",
                at: place)
        }
        if let files, let count, count > files, let node = place["count"] {
            self.diagnostics.report(
                "count: there \(files == 1 ? "is one file" : "are \(files) files") only", at: node)
        }
        return ClipsSpec(
            count: count, exponent: place["exponent"].flatMap(self.number) ?? 1,
            catalogue: place["catalogue"]?.text)
    }

    /// The part itself; notes when its catalogue means other clips elsewhere.
    private func named(_ part: PartSpec, _ node: SourceNode) -> PartSpec {
        guard let name = part.clips?.catalogue, let place = node["clips"]?["catalogue"] else {
            return part
        }
        let content = part.catalogueContent
        if let known = self.catalogues[name], known.content != content {
            self.diagnostics.report(
                "catalogue: '\(name)' has other clips in line \(known.line); parts that share a "
                    + "catalogue need the same files, kinds and sizes", at: place)
        } else if self.catalogues[name] == nil {
            self.catalogues[name] = (content, place.location.line)
        }
        return part
    }
}

extension PartSpec {
    /// What decides the clips of a catalogue: neither names nor faults nor places.
    fileprivate var catalogueContent: Content {
        switch self.content {
        case .files, .generated: return self.content
        case .mix(let parts):
            return .mix(
                parts.map {
                    WeightedPart(weight: $0.weight, part: PartSpec(content: $0.part.content))
                })
        }
    }
}
