import Testing

@testable import Telemetry

@Suite("Where seconds are sent")
struct DestinationTests {
    @Test(
        "A URL without a path gets the usual one; InfluxDB is told of milliseconds.",
        arguments: [
            ("otlp=http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/metrics"),
            ("otlp=http://h:1/", "http://h:1/v1/metrics"),
            ("otlp=https://h/otlp/v1/metrics", "https://h/otlp/v1/metrics"),
            ("prometheus=http://127.0.0.1:9090", "http://127.0.0.1:9090/api/v1/write"),
            ("prometheus=http://h/push", "http://h/push"),
            ("influx=http://h:8086", "http://h:8086/write?db=spate&precision=ms"),
            ("influx=http://h:8086/write?db=x", "http://h:8086/write?db=x&precision=ms"),
            (
                "influx=http://h/api/v2/write?org=o&bucket=b&precision=ms",
                "http://h/api/v2/write?org=o&bucket=b&precision=ms"
            ),
        ])
    func urls(text: String, url: String) throws {
        #expect(try CollectorDestination(text).url == url)
    }

    @Test("What is written down has no user, no password and no query.")
    func redacted() throws {
        let destination = try CollectorDestination(
            "influx=http://me:secret@h:8086/write?db=x&p=secret")
        #expect(destination.redactedURL == "http://h:8086/write?***")
        #expect(destination.url.contains("me:secret@h:8086/write?db=x&p=secret"))
        let plain = try CollectorDestination("otlp=http://u:p@h/v1/metrics")
        #expect(plain.redactedURL == "http://h:80/v1/metrics")
    }

    @Test(
        "A mistake is told without its secrets.",
        arguments: [
            "http://127.0.0.1", "statsd=http://h", "otlp=", "otlp=ftp://me:secret@h",
            "influx=http://me:secret@h/write?db=x&precision=ns", "otlp",
        ])
    func mistakes(text: String) {
        do throws(TelemetryError) {
            _ = try CollectorDestination(text)
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.code == .arguments)
            #expect(error.message.hasPrefix("--telemetry"))
            #expect(!error.message.contains("secret"))
            #expect(error.hint != nil)
        }
    }

    @Test("Headers come from options and from the environment, options first.")
    func headers() throws {
        var destinations = [
            try CollectorDestination("otlp=http://a"), try CollectorDestination("influx=http://b"),
        ]
        try CollectorHeaders.add(
            ["X-Team: tips", "influx=authorization: Token two"],
            environment: [
                "INFLUX_TOKEN": "one", "SPATE_TELEMETRY_HEADERS": "X-Team=other,X-All=1%2C2",
                "OTEL_EXPORTER_OTLP_HEADERS": "api-key=k=1",
            ], to: &destinations)
        func list(_ place: Int) -> [String] {
            destinations[place].headers.map { "\($0.name): \($0.value)" }.sorted()
        }
        #expect(list(0) == ["X-All: 1,2", "X-Team: tips", "api-key: k=1"])
        #expect(list(1) == ["X-All: 1,2", "X-Team: tips", "authorization: Token two"])
    }

    @Test("A header that is none is refused, its text untold.", arguments: ["secret", ": secret"])
    func badHeaders(text: String) throws {
        var destinations = [try CollectorDestination("otlp=http://a")]
        do throws(TelemetryError) {
            try CollectorHeaders.add([text], environment: [:], to: &destinations)
            Issue.record("it was taken")
        } catch {
            #expect(!error.message.contains("secret"))
        }
        do throws(TelemetryError) {
            try CollectorHeaders.add(
                [], environment: ["SPATE_TELEMETRY_HEADERS": "secret"], to: &destinations)
            Issue.record("it was taken")
        } catch {
            #expect(error.message.contains("SPATE_TELEMETRY_HEADERS"))
            #expect(!error.message.contains("secret"))
        }
    }

    @Test("A header that would smuggle a line is refused before the run.")
    func smuggling() throws {
        var destination = try CollectorDestination("otlp=http://127.0.0.1:1")
        destination.headers = [.init(name: "X-A", value: "1\r\nX-B: 2")]
        #expect(throws: TelemetryError.self) { _ = try CollectorDelivery.over(destination) }
    }

    @Test(
        "Where the page is offered: loopback unless said otherwise.",
        arguments: [
            ("9464", "127.0.0.1:9464"), (":9464", "127.0.0.1:9464"), ("0", "127.0.0.1:0"),
            ("localhost:1", "127.0.0.1:1"), ("0.0.0.0:9464", "0.0.0.0:9464"),
            ("[::1]:9464", "[::1]:9464"),
        ])
    func listening(text: String, authority: String) throws {
        #expect(try ListenAddress(text).authority == authority)
    }

    @Test(
        "Anything else is no place to listen.",
        arguments: ["", ":", "70000", "host:1", "1.2.3:4", "::1", "127.0.0.1", "-1"])
    func notListening(text: String) {
        #expect(throws: TelemetryError.self) { _ = try ListenAddress(text) }
    }
}
