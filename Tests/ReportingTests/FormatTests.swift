import Foundation
import Measurements
import Primitives
import Testing

@testable import Reporting

@Suite("Files for other programs")
struct FormatTests {
    // MARK: - Text and numbers

    @Test("JSON strings come back from a JSON reader as they went in.")
    func strings() throws {
        let all = String((0..<0x100).compactMap { Unicode.Scalar($0).map(Character.init) })
        for text in [SyntheticRecord.nasty, all, "", "\u{1F5FA}\u{FE0F} e\u{301}", "\r\n"] {
            let written = Data(FormatText.string(text).utf8)
            let read =
                try JSONSerialization.jsonObject(with: written, options: .fragmentsAllowed)
                as? String
            #expect(read?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
        }
        #expect(FormatText.string("\u{1}\"\\") == "\"\\u0001\\\"\\\\\"")
    }

    @Test("Numbers have six decimals at most; what is no number is null.")
    func numbers() {
        #expect(FormatText.number(0.1234567) == "0.123457")
        #expect(FormatText.number(12) == "12")
        for value in [nil, Double.infinity, -Double.infinity, .nan] {
            #expect(FormatText.number(value) == "null")
        }
    }

    @Test(
        "Coarse numbers have three significant digits.",
        arguments: [
            (0, "0"), (1, "1"), (0.00695923, "0.00696"), (123_456, "123000"), (999.6, "1000"),
            (99.95, "100"), (-0.1236, "-0.124"), (12.345, "12.3"), (.infinity, "0"),
            (0.0000000001, "0"),
        ] as [(Double, String)])
    func coarse(_ value: Double, _ text: String) {
        #expect(FormatText.coarse(value) == text)
    }

    @Test("A moment of a run is its civil time, over leap days and ends of years.")
    func clock() {
        for (start, seconds, text) in [
            ("2020-05-31T05:48:00.250Z", 0.047, "2020-05-31T05:48:00.297Z"),
            ("2020-02-28T23:59:59.000Z", 1, "2020-02-29T00:00:00.000Z"),
            ("2023-12-31T23:59:30.000Z", 30.5, "2024-01-01T00:00:00.500Z"),
            ("nonsense", 1, "1970-01-01T00:00:01.000Z"), ("", 0, "1970-01-01T00:00:00.000Z"),
        ] {
            #expect(RunClock(started: start).time(at: seconds).iso8601 == text)
        }
    }

    // MARK: - Seconds and series

    @Test("Each second is a line with its sums, percentiles and populations.")
    func seconds() {
        let expected = """
            {"t":0,"width":1,"offered":6,"attempts":6,"retries":0,"done":6,"good":5,"dropped":0,\
            "in_flight":1,"bytes_up":600,"bytes_down":60,"p50":1.4,"p90":null,"p99":null,\
            "outcomes":{"2xx":5,"404":1},"populations":{\
            "people":{"offered":5,"done":5,"good":5,"dropped":0},\
            "visitors":{"offered":1,"done":1,"good":0,"dropped":0}}}
            {"t":1,"width":1,"offered":3,"attempts":3,"retries":0,"done":3,"good":2,"dropped":0,\
            "in_flight":0,"bytes_up":300,"bytes_down":30,"p50":2,"p90":null,"p99":null,\
            "outcomes":{"2xx":2,"refused":1},"populations":{\
            "people":{"offered":3,"done":3,"good":2,"dropped":0},\
            "visitors":{"offered":0,"done":0,"good":0,"dropped":0}}}

            """
        #expect(SyntheticRecord.formats().seconds == expected)
    }

    @Test("A row without a width adds to the second before it, and what is sent is certain.")
    func lateRow() {
        let record = SyntheticRecord.small()
        var lines = SecondLines(record.manifest)
        #expect(lines.take([record.seconds[0]]) == "")
        var late = record.seconds[1]
        late.second = 0
        late.width = 0
        #expect(lines.take([late]) == "")
        let last = lines.finish()
        #expect(last.hasPrefix("{\"t\":0,\"width\":1,\"offered\":9,\"attempts\":9,"))
        #expect(last.contains("\"good\":7,\"dropped\":0,\"in_flight\":0,"))
        #expect(lines.finish() == "")
    }

    @Test("A stream of seconds is the same as the file, however the rows come.")
    func streamed() {
        let record = SyntheticRecord.small()
        var lines = SecondLines(record.manifest)
        var text = ""
        for row in record.seconds { text += lines.take([row]) }
        #expect(text + lines.finish() == SyntheticRecord.formats(record).seconds)
    }

    @Test("The series is a table with a column for each class and outcome; unknown is empty.")
    func table() {
        let text = SyntheticRecord.formats { report in
            var row = Report.SeriesRow(t: 0, story: 60)
            row.offered = 6
            row.attempts = 6
            row.done = 6
            row.good = 5
            row.inFlight = 1
            row.p50 = 1.4
            row.outcomes = ["2xx": 5, "404": 1]
            var part = Report.SeriesRow.ClassRow()
            part.offered = 5
            part.done = 5
            part.good = 5
            part.arrived = 5
            part.arrivedAccepted = 4
            row.classes = ["genuine": part]
            report.series = [row]
        }.csv
        let header =
            "t,story,offered,attempts,done,good,dropped,in_flight,p50_ms,p99_ms,generator_cpu,"
            + "generator_lag_p99_ms,genuine_offered,genuine_done,genuine_good,genuine_arrived,"
            + "genuine_arrived_accepted,noise_offered,noise_done,noise_good,noise_arrived,"
            + "noise_arrived_accepted,outcome_2xx,outcome_404,outcome_refused\r\n"
        #expect(text.hasPrefix(header))
        #expect(
            text.dropFirst(header.count)
                == "0,60,6,6,6,5,0,1,1.4,,,,5,5,5,5,4,0,0,0,0,0,5,1,0\r\n")
    }

    // MARK: - Figures by name

    @Test("OpenMetrics has three digits, seconds, and no line for what is not known.")
    func openMetrics() {
        let expected = """
            # TYPE spate_valid gauge
            spate_valid 1
            # TYPE spate_intents gauge
            spate_intents{class="genuine",ending="accepted"} 7
            spate_intents{class="genuine",ending="rejected"} 0
            spate_intents{class="genuine",ending="gave_up"} 0
            spate_intents{class="genuine",ending="failed"} 1
            spate_intents{class="genuine",ending="dropped"} 0
            spate_intents{class="genuine",ending="unfinished"} 0
            spate_intents{class="noise",ending="accepted"} 0
            spate_intents{class="noise",ending="rejected"} 1
            spate_intents{class="noise",ending="gave_up"} 0
            spate_intents{class="noise",ending="failed"} 0
            spate_intents{class="noise",ending="dropped"} 0
            spate_intents{class="noise",ending="unfinished"} 0
            # TYPE spate_accepted_ratio gauge
            spate_accepted_ratio{class="genuine"} 0.875
            spate_accepted_ratio{class="noise"} 0
            # TYPE spate_response_seconds gauge
            spate_response_seconds{class="genuine",quantile="0.5"} 0.0014
            # TYPE spate_answered_seconds gauge
            spate_answered_seconds{class="genuine",quantile="0.5"} 0.0014
            # TYPE spate_attempts gauge
            spate_attempts{outcome="2xx"} 7
            spate_attempts{outcome="404"} 1
            spate_attempts{outcome="refused"} 1
            # EOF

            """
        #expect(SyntheticRecord.formats().openMetrics == expected)
    }

    @Test("Names of rules are escaped, numbered if not unique, and leave GitLab no comment.")
    func openMetricsNames() {
        let text = SyntheticRecord.formats { report in
            for _ in 0..<2 {
                report.thresholds.append(
                    .init(
                        selector: "checks", expression: "rate>1%", value: 1, ok: true,
                        name: SyntheticRecord.nasty))
            }
            report.thresholds.append(
                .init(selector: "checks", expression: "rate>2%", value: nil, ok: nil))
        }.openMetrics
        let name = "a \\\"b\\\" <c> & 'd' 100%, e:f\\\\g\\nh\tß\u{1}\u{FF03}1"
        let lines = ["", " (2)"].map { "spate_threshold_ok{threshold=\"\(name)\($0)\"} 1\n" }
        #expect(
            text.hasSuffix("# TYPE spate_threshold_ok gauge\n" + lines.joined() + "# EOF\n"))
    }

    @Test("A run of nothing has no figures, and its files are whole all the same.")
    func nothing() throws {
        let record = RunRecord(manifest: SyntheticRecord.manifest([]), seconds: [])
        let formats = ReportFormats(Report(), record: record)
        #expect(formats.openMetrics == "# TYPE spate_valid gauge\nspate_valid 1\n# EOF\n")
        #expect(formats.benchmarkAction == "[\n\n]\n")
        #expect(formats.seconds == "")
        #expect(formats.csv.split(separator: "\r\n").count == 1)
        #expect(formats.gitHub.annotations(file: "a.yaml") == "")
        #expect(formats.percentileText.contains("#[Total count    =            0]\n"))
        #expect(HistogramLog.read(Array(formats.histogramLog.utf8)).intervals.isEmpty)
        let summary = try JSONSerialization.jsonObject(with: Data(formats.k6Summary.utf8))
        #expect((summary as? [String: Any])?["metrics"] as? [String: Int] == [:])
        #expect(PageReader(Report().junit).failure == nil)
    }

    @Test("Benchmarks are figures of which less is better; a p99 among failures says so.")
    func benchmark() throws {
        let text = SyntheticRecord.formats { $0.run.scenario = SyntheticRecord.nasty }
            .benchmarkAction
        let list = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        let names = list.compactMap {
            ($0["name"] as? String)?.dropFirst(SyntheticRecord.nasty.count)
        }
        #expect(
            names == [
                ": genuine not accepted", ": genuine response p50", ": genuine response p99",
                ": genuine attempts per step", ": noise not accepted", ": noise attempts per step",
            ])
        #expect(list.compactMap { $0["value"] as? Double } == [12.5, 1.4, 2, 1, 100, 1])
        #expect(
            list.compactMap { $0["unit"] as? String } == [
                "%", "ms", "ms", "attempts", "%", "attempts",
            ])
        #expect(
            list[2]["extra"] as? String
                == "run run-1, valid; at least: p99 falls among attempts without a good answer")
    }
}
