import Foundation
import Testing

@testable import Reporting

@Suite struct ReportTextTests {
    @Test("Figures are written as people read them.")
    func figures() {
        #expect(ReportText.count(0) == "0")
        #expect(ReportText.count(999) == "999")
        #expect(ReportText.count(-1_234_567) == "-1,234,567")
        #expect(ReportText.number(0.3147) == "0.315")
        #expect(ReportText.number(45_400.4) == "45,400")
        #expect(ReportText.number(nil) == "not known")
        #expect(ReportText.number(.nan) == "not known")
        #expect(ReportText.clock(67.9) == "01:07")
        #expect(ReportText.clock(3_727) == "1:02:07")
        #expect(ReportText.story(51_600) == "T+14:20")
        #expect(ReportText.milliseconds(2_500) == "2.5 s")
        #expect(ReportText.share(1, of: 0) == "–")
    }

    @Test("A share is rounded to 0 or 100 per cent only when it is that.")
    func shares() {
        #expect(ReportText.percent(1) == "100 %")
        #expect(ReportText.percent(0.99999) == "> 99.9 %")
        #expect(ReportText.percent(0) == "0 %")
        #expect(ReportText.percent(0.0001) == "< 0.1 %")
        #expect(ReportText.percent(0.1234) == "12.3 %")
    }

    @Test("Lines break at blanks, and never between a figure and its unit.")
    func wrapping() {
        let text = "Good answers fell from 100 % to 12.5 ms, and then some"
        #expect(
            ReportSummaryText.wrapped(text, 28) == [
                "Good answers fell from 100 %", "to 12.5 ms, and then some",
            ])
        #expect(
            ReportSummaryText.wrapped(text, 27) == [
                "Good answers fell from", "100 % to 12.5 ms, and then", "some",
            ])
        #expect(ReportSummaryText.wrapped("a longword", 4) == ["a", "long", "word"])
    }

    @Test("Axes have round steps that hold the largest value.")
    func scales() {
        #expect(ChartScale.linear(upTo: 520).ticks == [0, 200, 400, 600])
        #expect(ChartScale.linear(upTo: 0).high > 0)
        let decades = ChartScale.decades([3, 4_200])
        #expect(decades.ticks == [1, 10, 100, 1_000, 10_000])
        #expect(abs(decades.position(100) - 0.5) < 1e-12)
        #expect(decades.position(0) == 0)
        #expect(ChartScale.timeStep(120) == 15)
        #expect(ChartScale.timeStep(1) == 1)
    }

    @Test("Labels never lie on each other and stay between the edges.")
    func labels() {
        let crowd = (0..<12).map { (x: Double($0 * 20), text: "a label of some length \($0)") }
        let placed = ChartLabels.stagger(
            crowd, rows: 3, size: 11.5, left: 0, right: 300, limit: 20)
        #expect(placed.count >= 3)
        let heights = ChartLabels.spread([5, 5, 5, 90], gap: 17, top: 0, bottom: 100)
        let sorted = heights.sorted()
        for (left, right) in zip(sorted, sorted.dropFirst()) { #expect(right - left >= 17) }
        #expect(sorted.allSatisfy { (0...100).contains($0) })
        #expect(heights[0] > heights[1] && heights[1] > heights[2])
    }

    @Test("Columns keep a gap a gap.")
    func columns() {
        let values: [Double?] = [1, 3, 5, nil, 9]
        #expect(ChartPaths.columns(values, by: 2, maximum: false) == [2, nil, 9])
        #expect(ChartPaths.columns(values, by: 2, maximum: true) == [3, nil, 9])
        #expect(ChartPaths.columns(values, by: 1, maximum: true) == values)
    }

    @Test("The summary fits a terminal and ends with the path.", arguments: [20, 40, 80, 120])
    func summary(width: Int) {
        let text = SyntheticReport.flood(rows: 120)
            .summaryText(width: width, color: false, path: "reports/x/report.html")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count <= 25)
        // The path is never cut: somebody wants to copy it.
        #expect(lines.dropLast().allSatisfy { $0.count <= width })
        #expect(lines.last == "Report  reports/x/report.html")
        #expect(text.hasPrefix("Kind of cause shown"))
    }

    @Test("A closed loop says what it cannot see beside the percentiles; an open one is silent.")
    func closedLoop() {
        var report = SyntheticReport.flood(rows: 120)
        report.generator = .init()
        #expect(!report.markdown.contains("Closed loop") && !report.html.contains("Closed loop"))
        report.generator?.closedLoop = ["visitors", "poll<b>"]
        #expect(report.markdown.contains("Closed loop: visitors, poll&lt;b&gt;. Their clients"))
        #expect(report.html.contains("Closed loop: visitors, poll&lt;b&gt;. Their clients"))
        #expect(report.summaryText(width: 100, color: false).contains("Closed loop"))
    }

    @Test("The generator's punctuality stands beside that of a bare timer.")
    func punctuality() {
        var report = SyntheticReport.flood(rows: 120)
        var generator = Report.GeneratorFigures()
        generator.scheduleDelayMs.p50 = 0.1
        generator.scheduleDelayMs.p99 = 1.5
        generator.referenceMs.p50 = 0.05
        generator.referenceMs.p99 = 1.25
        report.generator = generator
        for text in [report.markdown, report.html] {
            #expect(text.contains("behind their schedule by p50 100 us, p99 1.5 ms"))
            #expect(text.contains("was late by p50 50 us, p99 1.25 ms"))
        }
        #expect(
            report.summaryText(width: 100, color: false)
                .contains("starts late by p50 100 us, p99 1.5 ms; a bare timer by p99 1.25 ms"))
    }

    @Test("Colours are used only when asked for.")
    func colors() {
        let report = SyntheticReport.flood(rows: 120)
        #expect(!report.summaryText(width: 80, color: false).contains("\u{1B}"))
        #expect(report.summaryText(width: 80, color: true).contains("\u{1B}[1;31m"))
    }
}
