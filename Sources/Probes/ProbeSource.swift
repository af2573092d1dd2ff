/// Something on the server's side that can be read once a second.
package protocol ProbeSource: Sendable {
    /// Its name in reports.
    var name: String { get }
    /// The names of all figures it may give.
    var figures: Set<String> { get }

    /// Reads it.
    ///
    /// May take its time: each source is asked apart from the others, and not again before it
    /// has answered.
    func read() async -> ProbeReading

    /// Ends what it holds; it is not read any more.
    func close() async
}

extension ProbeSource {
    /// Most hold nothing.
    package func close() async {}
}

/// What a source told at one moment.
package struct ProbeReading: Sendable, Hashable {
    /// Figures by name; an absent one is missing, never 0.
    package var values: [String: Double]
    /// What could not be read and how to mend it, in one sentence; told once.
    package var problem: String?
    /// Where the source's clock stands, for one that shows it.
    package var clock: ClockOffset?

    /// A reading.
    package init(
        _ values: [String: Double] = [:], problem: String? = nil, clock: ClockOffset? = nil
    ) {
        self.values = values
        self.problem = problem
        self.clock = clock
    }
}

/// A source under the names that its figures have in the run's files.
package struct NamedSource: ProbeSource {
    private let source: any ProbeSource
    private let prefix: String
    private let hidden: Set<String>

    /// A source whose figures get a prefix, and whose `hidden` ones another source tells.
    package init(_ source: any ProbeSource, prefix: String = "", hidden: Set<String> = []) {
        self.source = source
        self.prefix = prefix
        self.hidden = hidden
    }

    /// The source's own name.
    package var name: String { self.source.name }
    /// Its figures as they are written.
    package var figures: Set<String> {
        Set(self.source.figures.subtracting(self.hidden).map { self.prefix + $0 })
    }

    /// Reads it.
    package func read() async -> ProbeReading {
        var reading = await self.source.read()
        guard !self.prefix.isEmpty || !self.hidden.isEmpty else { return reading }
        var values: [String: Double] = [:]
        for (name, value) in reading.values where !self.hidden.contains(name) {
            values[self.prefix + name] = value
        }
        reading.values = values
        return reading
    }

    /// Ends it.
    package func close() async { await self.source.close() }

    /// Gives each figure without a name in front of it to the first source that has it.
    ///
    /// - Parameter sources: in the order of who knows best, each with the name its author gave.
    package static func sharing(
        _ sources: [(source: any ProbeSource, name: String?)]
    ) -> [NamedSource] {
        var taken: Set<String> = []
        return sources.map { source, name in
            if let name { return NamedSource(source, prefix: name + "/") }
            defer { taken.formUnion(source.figures) }
            return NamedSource(source, hidden: taken.intersection(source.figures))
        }
    }
}
