import Primitives
import Testing

@testable import Probes

@Suite("Prometheus texts")
struct PrometheusTextTests {
    @Test("A Prometheus page becomes figures by name.")
    func prometheus() {
        let values = PrometheusText.values(
            """
            # HELP review_backlog Items nobody has looked at.
            # TYPE review_backlog gauge
            review_backlog 12
            requests_total{route="/v1/tips",status="201"} 1.5e3
            odd{label="a } b c"} 3 1700000000
            broken
            nothing NaN
            """)
        #expect(
            values == [
                "review_backlog": 12, #"requests_total{route="/v1/tips",status="201"}"#: 1500,
                #"odd{label="a } b c"}"#: 3,
            ])
    }

    /// As prometheus/client_golang writes it, shortened.
    private static let page = """
        # HELP go_gc_duration_seconds A summary of the pause duration of garbage collection cycles.
        # TYPE go_gc_duration_seconds summary
        go_gc_duration_seconds{quantile="0"} 2.9204e-05
        go_gc_duration_seconds_count 114
        # HELP http_requests_total How many HTTP requests, by code, method and path.
        # TYPE http_requests_total counter
        http_requests_total{code="200",method="get",path="/v1/tips"} 1027
        http_requests_total{code="200",method="post",path="/v1/tips"} 3
        http_requests_total{code="503",method="post",path="a } \\"b\\" {c"} 41 1395066363000
        # TYPE process_cpu_seconds_total counter
        process_cpu_seconds_total 38.07
        process_max_fds 1.048576e+06
        process_open_fds 12
        process_resident_memory_bytes 3.8862848e+07
        process_start_time_seconds 1.69937512847e+09
        queue_limit +Inf
        """

    @Test("All series that have a selector's labels are added up.")
    func sums() throws {
        let selectors = try [
            "http_requests_total", #"http_requests_total{code="200"}"#,
            #"http_requests_total{path="a } \"b\" {c"}"#, #"http_requests_total{code="404"}"#,
            "http_requests", "queue_limit", "process_open_fds",
        ].map { try #require(MetricSelector($0)) }
        #expect(
            PrometheusText.sums(Self.page, selectors) == [1_071, 1_030, 41, nil, nil, nil, 12])
    }

    @Test("What client libraries tell of their process needs no mapping.")
    func usual() async {
        let probe = PrometheusProbe(name: "page", figures: PrometheusProbe.usual) {
            () async throws(PageError) in FetchedPage(text: Self.page, clock: .sameHost)
        }
        let reading = await probe.read()
        #expect(
            reading.values == [
                "cpu.user": 38.07, "mem.rss": 38_862_848, "fds.open": 12, "fds.limit": 1_048_576,
                "proc.start_time": 1_699_375_128.47,
            ])
        #expect(reading.clock == .sameHost)
        #expect(reading.problem == nil)
    }
}
