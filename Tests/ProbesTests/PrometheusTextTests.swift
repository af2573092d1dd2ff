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
}
