import Foundation
import Testing

@testable import Reporting

@Suite struct ReportPageTests {
    /// The page without its document type, as XML.
    private func read(_ report: Report) -> PageReader {
        PageReader(report.html.replacingOccurrences(of: "<!DOCTYPE html>", with: ""))
    }

    @Test("The page is well-formed, whatever the run's length.", arguments: [0, 1, 2, 120, 1_200])
    func wellFormed(rows: Int) {
        let page = self.read(rows == 0 ? Report() : SyntheticReport.flood(rows: rows))
        #expect(page.failure == nil)
        #expect(page.elements["h1"] == 1)
    }

    @Test("Every chart draws one mark for each row that has a value.")
    func marks() {
        let report = SyntheticReport.flood(rows: 120)
        let page = self.read(report)
        let charts = Set(page.series.map(\.chart))
        #expect(
            charts == [
                "throughput", "response", "outcomes", "inflight", "classes", "breakdown",
                "review", "generator",
            ])
        #expect(page.series.count == 34)
        for series in page.series {
            let rows = series.chart == "breakdown" ? 12 : 120
            #expect(series.rows == rows && series.decimation == 1, "\(series.name)")
            #expect(series.marks == rows - series.missing, "\(series.name)")
        }
        let unknown = report.series.count { $0.p99 == nil }
        #expect(unknown > 0)
        #expect(page.series.first { $0.name == "p99" }?.missing == unknown)
    }

    @Test("A long run is drawn with at most 200 columns and stays within 600 kB.")
    func long() {
        let report = SyntheticReport.flood(rows: 1_200)
        let page = self.read(report)
        #expect(report.html.utf8.count < 600_000)
        for series in page.series where series.chart != "breakdown" {
            #expect(series.rows == 1_200 && series.decimation == 6, "\(series.name)")
            #expect(series.marks + series.missing == 200, "\(series.name)")
        }
        #expect(report.html.contains("Each drawn point stands for 6 rows"))
    }

    @Test("Nothing is loaded, and the one script that runs is ours and small.")
    func selfContained() {
        let html = SyntheticReport.flood(rows: 120).html
        let bare = html.replacingOccurrences(
            of: "xmlns=\"http://www.w3.org/2000/svg\"", with: "")
        for trace in ["http:", "https:", "url(", "@import", "<link", "<img", "src="] {
            #expect(!bare.contains(trace), "\(trace)")
        }
        #expect(!html.contains(" style="))
        #expect(html.components(separatedBy: "<script").count == 2)
        #expect(html.contains("<script>\(PageScript.text)</script>"))
        #expect(PageScript.text.utf8.count <= PageScript.limit)
        for call in ["eval", "fetch", "XMLHttp", "innerHTML", "import", "</"] {
            #expect(!PageScript.text.contains(call), "\(call)")
        }
    }

    @Test("Each chart is named for those who cannot see it, and has its figures as a table.")
    func accessible() {
        let page = self.read(SyntheticReport.flood(rows: 120))
        let images = page.elements["svg"] ?? 0
        #expect(images == 12)
        #expect(page.attributes.count { $0.name == "role" && $0.value == "img" } == images)
        #expect(page.elements["desc"] == images)
        #expect(page.elements["details"] == 12)
        let ids = page.attributes.filter { $0.name == "id" }.map(\.value)
        #expect(Set(ids).count == ids.count)
        let labels = page.attributes.filter { $0.name == "aria-labelledby" }
            .flatMap { $0.value.split(separator: " ").map(String.init) }
        #expect(Set(labels).isSubset(of: Set(ids)))
    }

    @Test("Hostile names stay text.")
    func hostile() {
        var report = SyntheticReport.flood(rows: 3)
        let evil = "<script>alert('x')</script>\"&\u{0}\u{1B}[31m\u{202E}\u{FFFF}"
        report.run.scenario = evil
        report.run.command = evil
        report.verdict.sentence = evil
        report.phases[0].name = evil
        report.timeline[0].label = evil
        report.timeline[0].kind = evil
        report.outcomes[evil] = 7
        report.classes[evil] = Report.ClassFigures()
        report.thresholds[0].selector = evil
        report.validity.gates[0].detail = evil
        let page = self.read(report)
        #expect(page.failure == nil)
        #expect(page.elements["script"] == 1)
        #expect(page.text.contains("<script>alert('x')</script>\"&\u{FFFD}\u{FFFD}[31m"))
        #expect(PageReader(report.junit).failure == nil)
        let markdown = report.markdown
        // Between backticks Markdown takes everything literally.
        let outsideCode = markdown.split(separator: "`", omittingEmptySubsequences: false)
            .enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        #expect(!outsideCode.joined().contains("<script"))
        #expect(!markdown.contains("\u{1B}"))
        #expect(!report.summaryText(width: 80, color: false).contains("\u{1B}"))
    }

    @Test("What is not known reads as not known, never as 0.")
    func unknown() {
        var report = SyntheticReport.flood(rows: 2)
        report.onset = nil
        report.knee = nil
        report.loss.reconcile = nil
        report.loss.genuine = nil
        report.review = nil
        for index in report.series.indices {
            report.series[index].review = nil
            report.series[index].generator = .init(cpu: nil, lagP99Ms: nil)
        }
        let page = self.read(report)
        #expect(page.text.contains("Capacitynot known"))
        #expect(page.text.contains("Trouble begannot known"))
        #expect(page.text.contains("Genuine lostnot known"))
        #expect(page.text.contains("The store could not be listed, so what was kept is not known."))
        #expect(page.text.contains("The human queue was not sampled in this run."))
        #expect(page.series.first { $0.name == "generator:cpu" }?.marks == 0)
        #expect(report.summaryText(width: 80, color: false).contains("at most not known cores"))
    }

    @Test("A run of no second says so and draws nothing.")
    func empty() {
        let page = self.read(Report())
        #expect(page.series.isEmpty)
        #expect(page.text.contains("No second of the run was recorded."))
        #expect(page.text.contains("No verdict was reached."))
    }
}
