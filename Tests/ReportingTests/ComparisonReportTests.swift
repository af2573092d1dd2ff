import Comparison
import Foundation
import Testing

@testable import Reporting

@Suite("Comparisons as text, Markdown, JSON and a page")
struct ComparisonReportTests {
    private func group(_ from: Int, slower: Double = 1) -> [RunEvidence] {
        (from..<(from + 5)).map { number in
            var report = SyntheticReport.flood(rows: 120)
            report.run.id = "run-\(number)"
            report.validity.state = .valid
            let factor = slower * (1 + Double(number % 5) / 100)
            report.classes["genuine"]?.responseMs.p50 = 100 * factor
            report.classes["genuine"]?.responseMs.p90 = 200 * factor
            for row in report.series.indices {
                report.series[row].p50 = report.series[row].p50.map { $0 * factor }
            }
            return RunEvidence(report, place: "runs/<\(number)>", load: "same")
        }
    }

    private func compare(slower: Double) -> RunComparison {
        RunComparison(
            base: self.group(0), new: self.group(5, slower: slower),
            rule: FigureComparison.Rule())
    }

    @Test("A run's evidence is what its report says.")
    func evidence() throws {
        let report = SyntheticReport.flood(rows: 120)
        let evidence = RunEvidence(report, place: "runs/1", load: nil)
        #expect(evidence.trafficClass == "genuine")
        let figures = try #require(report.classes["genuine"])
        #expect(
            evidence.values["accepted"]
                == Double(figures.accepted) / Double(figures.intents - figures.unfinished))
        #expect(
            evidence.values["goodput"]
                == Double(report.series.reduce(0) { $0 + $1.good }) / 120)
        #expect(evidence.rows.count == 120)
        // The flood's 99th percentile falls among those without a good answer.
        #expect(figures.responseMs.p99 == nil)
        #expect(evidence.unanswered.contains("response p99"))
        #expect(evidence.machine.name == "lab-1")
        #expect(evidence.disturbed == nil)
    }

    @Test("Disturbed runs that count for want of others are told of.")
    func disturbed() {
        var base = self.group(0)
        base[0].disturbed = true
        base[1].disturbed = true
        let comparison = RunComparison(
            base: base, new: self.group(5), rule: FigureComparison.Rule())
        #expect(comparison.verdict == .inconclusive)
        #expect(
            comparison.text.contains(
                "INCONCLUSIVE: no figure is worse by more than its gate, but the machine kept 2 of")
        )
        base[1].disturbed = false
        let other = RunComparison(base: base, new: self.group(5), rule: FigureComparison.Rule())
        #expect(other.text.contains("left out: runs/<0>: the machine kept it from its schedule"))
        #expect(other.verdict == .pass)
        #expect(!other.text.contains("from their schedule"))
    }

    @Test("Runs of which the generator was the limit, and cut ones, do not count.")
    func faults() {
        var report = SyntheticReport.flood(rows: 30)
        report.validity.state = .invalid
        #expect(RunEvidence(report, place: "", load: nil).fault == "the generator was the limit")
        report.validity.state = .suspect
        #expect(RunEvidence(report, place: "", load: nil).fault == nil)
        report.run.stopped = "signal"
        #expect(RunEvidence(report, place: "", load: nil).fault == "stopped: signal")
        report.run.stopped = "target-down"
        #expect(RunEvidence(report, place: "", load: nil).fault == nil)
        report.run.stopped = nil
        #expect(RunEvidence(report, place: "", load: nil).fault == "its journal was cut off")
    }

    @Test("Text, Markdown, JSON and page say the same of a regression.")
    func renderings() throws {
        let comparison = self.compare(slower: 1.3)
        #expect(comparison.verdict == .regression)
        let text = comparison.text
        #expect(text.contains("REGRESSION: response p50 is worse by 30 %, from 102 ms to 133 ms"))
        #expect(text.contains("(p = 0.008)"))
        #expect(text.contains("would have shown"))
        let markdown = comparison.markdown
        #expect(markdown.hasPrefix("## REGRESSION\n"))
        #expect(markdown.contains("| response p50 | 102 ms | 133 ms | +30 % | 0.008 | 10 % |"))
        let document = ComparisonDocument(comparison)
        let read = try JSONDecoder().decode(
            ComparisonDocument.self, from: Data(document.json.utf8))
        #expect(read.verdict == .regression)
        #expect(read.figures.count == comparison.figures.count)
        let values: [Double?]? = comparison.figures.first?.new
        #expect(read.figures.first?.new == values)
        // No good answer is null, never a number.
        let tail = try #require(read.figures.first { $0.name == "response p99" })
        #expect(tail.base == [nil, nil, nil, nil, nil])
        let page = comparison.html
        #expect(page.contains("response p50 is worse by 30 %, from 102 ms to 133 ms"))
        #expect(!page.contains("<script"))
        #expect(page.contains("data-series=\"base:p50\""))
        #expect(page.contains("data-series=\"new:p50\""))
        #expect(page.contains("runs/&lt;0&gt;"))
        #expect(page.components(separatedBy: "<circle").count - 1 >= 10)
    }

    @Test("Equal groups pass, and the text says what would have shown.")
    func equal() {
        let comparison = self.compare(slower: 1)
        #expect(comparison.verdict == .pass)
        #expect(comparison.text.contains("PASS: no figure is worse by more than its gate"))
    }

    @Test("The charts end with the last second in which load was offered.")
    func chartsEnd() throws {
        var base = self.group(0)
        for run in base.indices {
            for row in base[run].rows.indices.suffix(30) { base[run].rows[row].offered = 0 }
        }
        let comparison = RunComparison(base: base, new: base, rule: FigureComparison.Rule())
        for chart in ComparisonCharts(comparison).all {
            for series in chart.panels.flatMap(\.series) { #expect(series.values.count == 90) }
        }
        #expect(ComparisonCharts(comparison).context.times.count == 90)
    }

    @Test("The page of a comparison is XML that a parser takes.")
    func wellFormed() throws {
        for slower in [1.0, 1.3] {
            let read = PageReader(self.compare(slower: slower).html)
            #expect(read.failure == nil, "\(read.failure ?? "")")
        }
    }
}
