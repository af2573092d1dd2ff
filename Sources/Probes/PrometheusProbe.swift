package import Primitives

/// A page as it was fetched.
package struct FetchedPage: Sendable {
    /// Its text.
    package var text: String
    /// Where its machine's clock stands; nil when it did not say.
    package var clock: ClockOffset?
    /// True when it was longer than what was taken of it.
    package var isTruncated: Bool

    /// A page.
    package init(text: String, clock: ClockOffset? = nil, isTruncated: Bool = false) {
        self.text = text
        self.clock = clock
        self.isTruncated = isTruncated
    }
}

/// Why there is no page, in one sentence.
package struct PageError: Error, Sendable, Hashable {
    /// The sentence.
    package var message: String

    /// Why there is none.
    package init(_ message: String) {
        self.message = message
    }
}

/// Reads a Prometheus page; who may be asked is decided by whoever hands in the fetching.
package struct PrometheusProbe: ProbeSource {
    /// A figure of the page and what it is called here.
    package struct Figure: Sendable, Hashable {
        /// The series of the page that are added up.
        package var selector: MetricSelector
        /// Our name.
        package var name: String
        /// What the page's number is multiplied by.
        package var factor: Double

        /// A figure.
        package init(selector: MetricSelector, name: String, factor: Double = 1) {
            self.selector = selector
            self.name = name
            self.factor = factor
        }
    }
    /// Its name in reports.
    package let name: String
    private let places: [Figure]
    private let fetch: @Sendable () async throws(PageError) -> FetchedPage
    private let finish: @Sendable () async -> Void

    /// A probe of the page that `fetch` brings; `finish` is called at the end.
    package init(
        name: String, figures: [Figure], finish: @escaping @Sendable () async -> Void = {},
        fetch: @escaping @Sendable () async throws(PageError) -> FetchedPage
    ) {
        self.name = name
        self.places = figures
        self.fetch = fetch
        self.finish = finish
    }

    /// All it may tell.
    package var figures: Set<String> { Set(self.places.map(\.name)) }

    /// The figures that the page has of those asked for.
    package func read() async -> ProbeReading {
        let page: FetchedPage
        do throws(PageError) { page = try await self.fetch() } catch {
            return ProbeReading(problem: error.message)
        }
        let sums = PrometheusText.sums(page.text, self.places.map(\.selector))
        var values: [String: Double] = [:]
        for (place, sum) in zip(self.places, sums) {
            if let sum { values[place.name] = sum * place.factor }
        }
        var problem: String?
        if page.isTruncated {
            problem = "the page is too long; its end is left out"
        } else if values.isEmpty {
            problem = "the page has none of the metrics asked for; see probes.prometheus.metrics"
        }
        return ProbeReading(values, problem: problem, clock: page.clock)
    }

    /// Ends the way it is fetched.
    package func close() async { await self.finish() }

    /// What the usual client libraries tell of their process, under our names.
    ///
    /// The names are those of prometheus.io, "Writing client libraries", Process metrics.
    package static let usual: [Figure] = [
        ("process_cpu_seconds_total", "cpu.user"), ("process_resident_memory_bytes", "mem.rss"),
        ("process_open_fds", "fds.open"), ("process_max_fds", "fds.limit"),
        ("process_start_time_seconds", "proc.start_time"),
    ].compactMap { text, name in
        MetricSelector(text).map { Figure(selector: $0, name: name) }
    }
}
