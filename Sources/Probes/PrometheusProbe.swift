/// Reads a Prometheus page; who may be asked is decided by whoever hands in the fetching.
package struct PrometheusProbe: ProbeSource {
    /// Its name in reports.
    package let name: String
    private let mapping: [String: String]
    private let fetch: @Sendable () async -> String?

    /// A probe of the page that `fetch` brings; `mapping` leads from its names to ours.
    package init(
        name: String, mapping: [String: String], fetch: @escaping @Sendable () async -> String?
    ) {
        self.name = name
        self.mapping = mapping
        self.fetch = fetch
    }

    /// The figures that the mapping names; nil without a page.
    package func read() async -> [String: Double]? {
        guard let text = await self.fetch() else { return nil }
        var values: [String: Double] = [:]
        let page = PrometheusText.values(text)
        for (theirs, ours) in self.mapping { values[ours] = page[theirs] }
        return values.isEmpty ? nil : values
    }
}
