import Foundation
import Testing

@testable import Reporting

@Suite struct ReportFilesTests {
    /// Runs a body with a directory of its own, removed afterwards.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("spate-report-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(url.path)
    }

    @Test("All files are written and no temporary one is left.")
    func writes() throws {
        try self.withDirectory { directory in
            let report = SyntheticReport.flood(rows: 12)
            try ReportFiles.write(report, to: directory)
            try ReportFiles.write(report, to: directory)
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            #expect(names == ["junit.xml", "report.html", "report.json", "report.md"])
            let path = directory + "/report.json"
            let data = try #require(FileManager.default.contents(atPath: path))
            let expected = try ReportCoding.encode(report)
            #expect(data == expected)
        }
    }

    @Test("A directory that is not there is a typed error with the system's reason.")
    func missing() throws {
        #expect {
            try ReportFiles.write(Report(), to: "/nonexistent/spate")
        } throws: { error in
            (error as? ReportFileError)?.message
                == "cannot write /nonexistent/spate/report.json: No such file or directory"
        }
    }

    @Test("JUnit: as expected passes, crossed fails with its text, no data is an error.")
    func junit() {
        let report = SyntheticReport.flood(rows: 120)
        let xml = report.junit
        #expect(PageReader(xml).failure == nil)
        #expect(xml.contains("tests=\"5\" failures=\"1\" errors=\"1\" skipped=\"0\""))
        #expect(xml.contains("time=\"126.500\" timestamp=\"2020-05-31T05:48:00\""))
        #expect(xml.contains("name=\"the outage reproduces\" time=\"126.500\"/>"))
        let body =
            "value 5,003, rule http_req_response_time{class:genuine} p(99)&lt;2s\n"
            + "first broken at 00:47\nfor 44 s\nsee report.html of run "
            + "20200531T054800Z-viral-flood</failure>"
        #expect(xml.contains(body))
        #expect(xml.contains("<error type=\"inconclusive\""))
    }

    @Test("JUnit: an invalid run is an error, equal names are told apart.")
    func junitInvalid() {
        var report = SyntheticReport.flood(rows: 12)
        report.validity.state = .invalid
        report.validity.gates = [.init(id: "V1", state: .failed, detail: "lag <1 s> & more")]
        report.thresholds = [report.thresholds[2], report.thresholds[2]]
        let xml = report.junit
        #expect(PageReader(xml).failure == nil)
        #expect(xml.contains("V1: lag &lt;1 s&gt; &amp; more</error>"))
        #expect(xml.contains("p(99)&lt;2s (2)\""))
    }

    @Test("Markdown tells the same figures as the page.")
    func markdown() {
        let markdown = SyntheticReport.flood(rows: 120).markdown
        #expect(markdown.hasPrefix("# Viral flood at the tip line\n\n**Kind of cause shown** · "))
        #expect(markdown.contains("- **Capacity**: 200/s \\[198 – 202\\]"))
        #expect(markdown.contains("| told “accepted” | 3,902 | 0 (lost data) |"))
        #expect(markdown.contains("| quiet | 00:00 – 00:30 | 100 % of 594 |"))
    }
}
