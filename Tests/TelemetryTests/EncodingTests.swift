import Foundation
import Measurements
import Primitives
import Testing

@testable import Telemetry

@Suite("What collectors receive, byte by byte")
struct EncodingTests {
    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("A snappy block of literals.")
    func snappy() {
        #expect(SnappyBlock.encode([]) == [0])
        #expect(SnappyBlock.encode(Array("abc".utf8)) == [3, 0x08] + Array("abc".utf8))
        let sixty = [UInt8](repeating: 7, count: 60)
        #expect(SnappyBlock.encode(sixty) == [60, 0xEC] + sixty)
        let more = [UInt8](repeating: 7, count: 61)
        #expect(SnappyBlock.encode(more) == [61, 0xF4, 60, 0] + more)
        let chunk = [UInt8](repeating: 9, count: 65_536)
        #expect(
            SnappyBlock.encode(chunk + [1])
                == [0x81, 0x80, 0x04, 0xF4, 0xFF, 0xFF] + chunk + [0x00, 1])
    }

    @Test("A remote write of one series with two samples.")
    func remoteWrite() {
        let series = MetricSeries(.vus, [("scenario", "x")])
        let frames = [1, 2].map { second in
            MetricFrame(
                time: WallTime(milliseconds: FrameSamples.start.milliseconds + second * 1_000),
                start: FrameSamples.start, points: [MetricPoint(series, .gauge(0.5))])
        }
        // WriteRequest { timeseries { labels, labels, samples, samples } }
        var expected: [UInt8] = [0x0A, 71]
        expected += [0x0A, 18, 0x0A, 8] + Array("__name__".utf8) + [0x12, 6]
        expected += Array("k6_vus".utf8)
        expected += [0x0A, 13, 0x0A, 8] + Array("scenario".utf8) + [0x12, 1] + Array("x".utf8)
        // 0.5 is 0x3FE0000000000000; 1590904081000 and one second more as varints.
        let half: [UInt8] = [0x09, 0, 0, 0, 0, 0, 0, 0xE0, 0x3F]
        expected += [0x12, 16] + half + [0x10] + Self.varint(1_590_904_081_000)
        expected += [0x12, 16] + half + [0x10] + Self.varint(1_590_904_082_000)
        #expect(RemoteWriteEncoding.message(frames) == expected)
        #expect(RemoteWriteEncoding.encode(frames) == SnappyBlock.encode(expected))
    }

    /// Another way to the same bytes: seven bits at a time from the number's binary digits.
    private static func varint(_ value: UInt64) -> [UInt8] {
        var groups: [UInt8] = []
        var digits = String(value, radix: 2)[...]
        while !digits.isEmpty {
            groups.append(UInt8(digits.suffix(7), radix: 2) ?? 0)
            digits = digits.dropLast(7)
        }
        return groups.dropLast().map { $0 | 0x80 } + groups.suffix(1)
    }

    @Test("A trend is a series per percentile, infinity included; labels are sorted.")
    func remoteWriteOfTrends() throws {
        let message = RemoteWriteEncoding.message([FrameSamples.frame()])
        let text = Self.text(message)
        for statistic in TelemetryMetric.statistics {
            #expect(text.contains("spate_http_req_response_time_\(statistic)"))
        }
        #expect(text.contains("k6_http_reqs_total"))
        // The 99th percentile: a double of positive infinity, 0x7FF0000000000000.
        let infinity: [UInt8] = [0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x7F]
        #expect(message.indices.contains { message[$0...].starts(with: infinity) })
        let outcome = try #require(text.range(of: "outcome"))
        let scenario = try #require(text.range(of: "scenario"))
        #expect(outcome.lowerBound < scenario.lowerBound)
    }

    @Test("Lines of InfluxDB: blanks escaped, unknown percentiles left out, counts as integers.")
    func influx() {
        let lines = Self.text(InfluxEncoding.encode([FrameSamples.frame()]))
        #expect(
            lines == #"""
                k6_http_reqs,outcome=201,scenario=a\ b value=3i 1590904081000
                k6_vus,scenario=x"y/z\  value=0.5 1590904081000
                spate_http_req_response_time,scenario=s p50=0.25,p90=0.5,p95=1,max=2.5 1590904081000

                """#)
        let unknown = MetricPoint(
            MetricSeries(.responseTime, []),
            .trend(
                TrendFigures(
                    p50: .infinity, p90: .infinity, p95: .infinity, p99: .infinity, max: .infinity)
            ))
        let frame = MetricFrame(
            time: FrameSamples.start, start: FrameSamples.start, points: [unknown])
        #expect(InfluxEncoding.encode([frame]).isEmpty)
    }

    @Test("OTLP's JSON, whole.")
    func otlp() throws {
        let bytes = OTLPEncoding.encode([FrameSamples.frame()], version: "1.0")
        func point(_ labels: String, _ rest: String) -> String {
            #"{"dataPoints":[{"attributes":[\#(labels)],\#(rest)}]"#
        }
        func label(_ name: String, _ value: String) -> String {
            #"{"key":"\#(name)","value":{"stringValue":"\#(value)"}}"#
        }
        let time = #""timeUnixNano":"1590904081000000000""#
        let trend = TelemetryMetric.responseTime.facts.help
        func gauge(_ statistic: String, _ value: String) -> String {
            #"{"name":"spate.http_req_response_time.\#(statistic)","description":"\#(trend)","#
                + #""unit":"s","gauge":"#
                + point(label("scenario", "s"), #"\#(time),"asDouble":\#(value)"#) + "}}"
        }
        let expected =
            #"{"resourceMetrics":[{"resource":{"attributes":["# + label("service.name", "spate")
            + "," + label("service.version", "1.0")
            + #"]},"scopeMetrics":[{"scope":{"name":"spate","version":"1.0"},"metrics":["#
            + #"{"name":"k6.http_reqs","description":"Attempts that ended.","unit":"","sum":"#
            + point(
                label("outcome", "201") + "," + label("scenario", "a b"),
                #""startTimeUnixNano":"1590904080000000000",\#(time),"asInt":"3""#)
            + #","aggregationTemporality":2,"isMonotonic":true}},"#
            + #"{"name":"k6.vus","description":"Intents between arrival and end.","unit":"","gauge":"#
            + point(label("scenario", #"x\"y\\z\u000a"#), #"\#(time),"asDouble":0.5"#) + "}},"
            + gauge("p50", "0.25") + "," + gauge("p90", "0.5") + "," + gauge("p95", "1") + ","
            + gauge("max", "2.5") + "]}]}]}"
        #expect(Self.text(bytes) == expected)
        _ = try JSONSerialization.jsonObject(with: Data(bytes))
    }

    @Test("Several seconds in one OTLP body are points of the same metrics.")
    func otlpBatch() throws {
        let bytes = OTLPEncoding.encode(
            [FrameSamples.frame(), FrameSamples.frame(second: 1, count: 8)], version: "1.0")
        let text = Self.text(bytes)
        #expect(text.components(separatedBy: #""name":"k6.http_reqs""#).count == 2)
        #expect(text.contains(#""asInt":"3""#))
        #expect(text.contains(#""asInt":"8""#))
        _ = try JSONSerialization.jsonObject(with: Data(bytes))
        let nothing = OTLPEncoding.encode([], version: "1.0")
        _ = try JSONSerialization.jsonObject(with: Data(nothing))
    }

    @Test("The page for scrapers.")
    func page() {
        let page = Self.text(PrometheusPage.encode(FrameSamples.frame()))
        let help = TelemetryMetric.responseTime.facts.help
        func gauge(_ statistic: String, _ value: String) -> String {
            let name = "spate_http_req_response_time_\(statistic)"
            return "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
                + "\(name){scenario=\"s\"} \(value)\n"
        }
        #expect(
            page == #"""
                # HELP k6_http_reqs_total Attempts that ended.
                # TYPE k6_http_reqs_total counter
                k6_http_reqs_total{outcome="201",scenario="a b"} 3
                # HELP k6_vus Intents between arrival and end.
                # TYPE k6_vus gauge
                k6_vus{scenario="x\"y\\z\n"} 0.5

                """# + gauge("p50", "0.25") + gauge("p90", "0.5") + gauge("p95", "1")
                + gauge("p99", "+Inf") + gauge("max", "2.5"))
    }

    @Test("Numbers are written so that they read back the same.")
    func numbers() {
        for number in [0, 1, -3, 0.1, 1e-7, 123_456.789, 1e15, 4e18, -2.5] {
            var bytes: [UInt8] = []
            bytes.append(decimal: number)
            #expect(Double(Self.text(bytes)) == number)
        }
    }

    @Test("No two metrics have one name, and each name is one that Prometheus takes.")
    func names() {
        var seen: Set<String> = []
        for metric in TelemetryMetric.allCases {
            let statistics: [Int?] =
                metric.facts.kind == .trend
                ? TelemetryMetric.statistics.indices.map { $0 } : [nil]
            for statistic in statistics {
                let name = metric.prometheusName(statistic: statistic)
                #expect(seen.insert(name).inserted, "\(name)")
                #expect(name.allSatisfy { $0 == "_" || $0.isNumber || $0.isLowercase }, "\(name)")
            }
            #expect(!metric.facts.help.contains("\n"))
        }
    }
}
