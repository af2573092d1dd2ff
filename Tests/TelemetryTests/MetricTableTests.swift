import Measurements
import Primitives
import Testing

@testable import Telemetry

@Suite struct MetricTableTests {
    @Test("Sums grow from second to second, by outcome and ending.")
    func sums() {
        var table = MetricTable(FrameSamples.run)
        for second in 0...2 { table.count(FrameSamples.second(second)) }
        let frame = table.frame(of: TelemetryWindow(row: FrameSamples.second(2)))
        #expect(frame.time.milliseconds == FrameSamples.start.milliseconds + 3_000)
        #expect(frame.start == FrameSamples.start)
        let good = ["outcome": "201", "expected_response": "true", "name": "POST /v1/tips"]
        #expect(frame.value("k6_http_reqs_total", good) == .count(6))
        #expect(frame.value("k6_http_reqs_total", ["outcome": "503"]) == .count(3))
        #expect(frame.value("k6_http_reqs_total", ["outcome": "refused"]) == .count(3))
        #expect(frame.value("k6_http_reqs_total", ["outcome": "unfinished"]) == nil)
        #expect(frame.value("spate_goodput_total") == .count(6))
        #expect(frame.value("spate_intents_offered_total") == .count(15))
        #expect(frame.value("spate_intents_total", ["ending": "accepted"]) == .count(6))
        #expect(frame.value("k6_iterations_total") == .count(6))
        #expect(frame.value("k6_dropped_iterations_total") == .count(3))
        #expect(frame.value("k6_data_sent_total") == .count(12_000))
        #expect(frame.value("k6_data_received_total") == .count(2_400))
        #expect(frame.value("spate_retries_total") == .count(3))
        #expect(frame.value("spate_http_reqs_started_total") == .count(15))
        #expect(frame.value("spate_connections_opened_total") == .count(12))
    }

    @Test("Gauges and times are the window's, failures ranking slowest.")
    func window() {
        let row = FrameSamples.second()
        var sample = GeneratorSample(
            second: 0, cpu: 0.25, lagP99: 2, referenceP99: nil, descriptors: 40, memory: 1_024)
        sample.lanes = [.init(busy: 0.5, longest: 1, lagP50: nil, lagP99: nil)]
        let frame = MetricTable(FrameSamples.run).frame(
            of: TelemetryWindow(row: row, generator: sample))
        #expect(frame.value("k6_vus") == .gauge(2))
        #expect(frame.value("k6_http_req_failed_rate") == .gauge(0.5))
        #expect(frame.value("k6_checks_rate") == .gauge(0.5))
        #expect(
            frame.value("spate_http_req_response_time_p50")
                == .trend(
                    TrendFigures(
                        p50: 0.002, p90: .infinity, p95: .infinity, p99: .infinity, max: 0.002)))
        #expect(
            frame.value("k6_http_req_duration_p50")
                == .trend(
                    TrendFigures(p50: 0.0015, p90: 0.002, p95: 0.002, p99: 0.002, max: 0.002)))
        #expect(frame.value("k6_http_req_waiting_p50") == nil, "no times, no point")
        #expect(frame.value("spate_generator_cpu") == .gauge(0.25))
        #expect(frame.value("spate_generator_lag_p99_seconds") == .gauge(0.002))
        #expect(frame.value("spate_generator_reference_p99_seconds") == nil)
        #expect(frame.value("spate_generator_lane_busy") == .gauge(0.5))
        #expect(frame.value("spate_generator_memory_bytes") == .gauge(1_024))
        #expect(frame.value("spate_generator_descriptors") == .gauge(40))
        let labels = frame.points.first { $0.series.metric == .vus }?.series.labels ?? []
        #expect(labels.map(\.name) == ["class", "scenario", "test", "testid"])
        #expect(labels.map(\.value) == ["genuine", "people", "Tips", "tips-1"])
    }

    @Test("Percentiles are those that thresholds see.")
    func agreesWithThresholds() throws {
        var values: [Int64] = []
        for index in 1...997 { values.append(Int64(index * index)) }
        var row = FrameSamples.second()
        row.populations[0].good = FrameSamples.histogram(values)
        row.populations[0].notGood = FrameSamples.histogram([5, 6, 7])
        let samples = MetricSamples.trend(
            row.populations[0].good, censored: row.populations[0].notGood)
        let frame = MetricTable(FrameSamples.run).frame(of: TelemetryWindow(row: row))
        let value = try #require(frame.value("spate_http_req_response_time_p50"))
        guard case .trend(let figures) = value else {
            Issue.record("no trend")
            return
        }
        for (place, percent) in [50, 90, 95, 99].enumerated() {
            let wanted = try #require(samples.aggregate(.p(Double(percent))))
            #expect(abs(figures.value(place) * 1_000 - wanted) < 1e-9)
        }
    }

    @Test("A point of the same series is the same object in every frame.")
    func seriesAreKept() {
        var table = MetricTable(FrameSamples.run)
        table.count(FrameSamples.second(0))
        let first = table.frame(of: TelemetryWindow(row: FrameSamples.second(0)))
        table.count(FrameSamples.second(1))
        let second = table.frame(of: TelemetryWindow(row: FrameSamples.second(1)))
        #expect(first.points.count == second.points.count)
        for (left, right) in zip(first.points, second.points) {
            #expect(left.series === right.series)
        }
    }

    @Test("Rows wait for the samples of their seconds.")
    func assembly() {
        var assembly = WindowAssembly()
        assembly.add([FrameSamples.second(0), FrameSamples.second(1)])
        #expect(assembly.complete(before: 0).isEmpty)
        for second in 0...1 {
            assembly.add(
                GeneratorSample(
                    second: second, cpu: Double(second), lagP99: nil, referenceP99: nil,
                    descriptors: 1, memory: 1))
        }
        let first = assembly.complete(before: 1)
        #expect(first.map(\.row.second) == [0])
        #expect(first.first?.generator?.second == 0)
        let rest = assembly.complete(before: .max)
        #expect(rest.map(\.row.second) == [1])
        #expect(rest.first?.generator?.second == 1)
        #expect(assembly.complete(before: .max).isEmpty)
    }

    @Test("Several seconds as one: counts add up, what is in flight is the last one's.")
    func merged() {
        var last = FrameSamples.second(2)
        last.populations[0].inFlight = 9
        let windows = [FrameSamples.second(0), FrameSamples.second(1), last].map {
            TelemetryWindow(row: $0)
        }
        let merged = TelemetryWindow.merged(windows)
        #expect(merged.row.end == 3)
        #expect(merged.row.populations[0].offered == 15)
        #expect(merged.row.populations[0].inFlight == 9)
        #expect(merged.row.populations[0].service.total == 9)
        #expect(TelemetryWindow.merged([]).row.end == 0)
    }
}
