import Foundation
import Testing

@testable import Reporting

@Suite("The page's structure")
struct PageStructureTests {
    private static let claims = [
        Report.Claim(text: "It slowed down.", evidence: ["E01"]),
        Report.Claim(text: "Capacity is about 200/s.", evidence: ["E03", "E99"]),
    ]

    private static func report(rows: Int = 60) -> Report {
        var report = SyntheticReport.flood(rows: rows)
        report.people = PeopleReportTests.report().people
        report.verdict.claims = Self.claims
        report.outage = Report.Outage(report.series, rowSeconds: 1, onset: 24, recovered: 46)
        report.run.scenarioText = "# a ``` fence\nname: <b>flood</b>\n"
        return report
    }

    @Test("Every section of the template is on the page and in the Markdown, in one order.")
    func sections() {
        let report = Self.report()
        let titles = ReportDocument(report).sections.map(\.title).filter { !$0.isEmpty }
        #expect(titles.count == 22 && Set(titles).count == 22)
        let html = report.html
        let inHTML = html.components(separatedBy: "<h2 ").dropFirst().map { piece in
            let text = piece.drop { $0 != ">" }.dropFirst()
            return String(text.prefix { $0 != "<" })
        }
        #expect(inHTML == titles)
        let inMarkdown = report.markdown.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(inMarkdown.map { String($0.dropFirst(3)) } == titles)
    }

    @Test("A run of which nothing is known has every section, and each says something.")
    func empty() {
        let document = ReportDocument(Report())
        #expect(document.sections.count == 23)
        for section in document.sections {
            #expect(!section.blocks.isEmpty, "\(section.id)")
            let html = DocumentHTML(evidence: []).section(section)
            #expect(
                NSString(string: html).range(of: "[a-z]{4}", options: .regularExpression).length > 0
            )
        }
        #expect(VisibleText(Report().html).failure == nil)
    }

    @Test("Each sentence of the verdict leads to its evidence; what is not listed stays a word.")
    func claims() {
        let report = Self.report()
        let html = report.html
        #expect(html.contains("It slowed down. [<a href=\"#E01\">E01</a>]"))
        #expect(html.contains("about 200/s. [<a href=\"#E03\">E03</a>, E99]"))
        #expect(report.markdown.contains("> It slowed down. \\[E01\\] Capacity is about 200/s."))
        var hostile = report
        hostile.evidence[0].id = "E1\" onclick=\"x"
        hostile.verdict.claims = [.init(text: "So.", evidence: ["E1\" onclick=\"x"])]
        let page = VisibleText(hostile.html)
        #expect(page.failure == nil && !page.ids.contains { $0.contains("onclick") })
    }

    @Test("Links lead somewhere, ids are unique, headings go down one level at a time.")
    func navigation() {
        let page = VisibleText(Self.report().html)
        #expect(page.failure == nil)
        #expect(Set(page.ids).count == page.ids.count)
        #expect(page.links.count > 25)
        for link in page.links {
            #expect(link.hasPrefix("#") && page.ids.contains(String(link.dropFirst())), "\(link)")
        }
        #expect(page.headings.first == 1 && page.headings.count { $0 == 1 } == 1)
        for (before, after) in zip(page.headings, page.headings.dropFirst()) {
            #expect(after <= before + 1)
        }
    }

    @Test("Every table has a caption, every heading cell a scope, every chart a name.")
    func tables() {
        let page = VisibleText(Self.report().html)
        let tables = page.cells.count { $0.name == "table" }
        #expect(tables > 15 && page.cells.count { $0.name == "caption" } == tables)
        for cell in page.cells where cell.name == "th" { #expect(cell.attributes["scope"] != nil) }
        for cell in page.cells where cell.name == "svg" {
            #expect(cell.attributes["role"] == "img" && cell.attributes["aria-labelledby"] != nil)
        }
        let html = Self.report().html
        for mark in ["<main ", "<header ", "<footer>", "<nav ", "class=\"skip\"", "lang=\"en\""] {
            #expect(html.contains(mark), "\(mark)")
        }
    }

    @Test("The scenario keeps its lines and its marks.")
    func scenario() {
        let report = Self.report()
        #expect(report.html.contains("# a ``` fence\nname: &lt;b&gt;flood&lt;/b&gt;\n</code>"))
        #expect(report.markdown.contains("````yaml\n# a ``` fence\nname: <b>flood</b>\n````"))
    }

    @Test("A ten-minute run's page has at most 600 kB.")
    func size() {
        let report = Self.report(rows: 600)
        #expect(report.html.utf8.count <= 600_000)
    }

    @Test("A baseline's figures stand beside the tiles, and the step is no verdict.")
    func baseline() {
        let now = Self.report()
        var before = now
        before.run.id = "older"
        before.totals.intents = now.totals.intents / 2
        before.classes["genuine"]?.accepted = 0
        let html = now.html(baseline: before)
        let words = "baseline \(ReportText.count(before.totals.intents))"
        #expect(html.contains("offered by the plan; \(words) (+100 %)"))
        #expect(html.contains(" points)") && html.contains("run older of Viral flood"))
        #expect(html.contains("shows no regression"))
        #expect(!now.html.contains("baseline 0"))
        #expect(ReportMeasure.count(3).change(from: .count(0)) == nil)
        #expect(ReportMeasure.count(3).change(from: .count(3)) == "unchanged")
        #expect(ReportMeasure.seconds(1).change(from: .seconds(4)) == "−75 %")
        #expect(ReportMeasure.share(0.25).change(from: .share(0.5)) == "−25 points")
        #expect(ReportMeasure.share(0.25).change(from: .seconds(1)) == nil)
    }

    @Test("Text and ground have a contrast of 4.5:1 at least, light and dark.")
    func contrast() throws {
        let css = PageStyle.css
        let dark = try #require(css.range(of: ":root[data-theme=dark]"))
        let themes = [String(css[..<dark.lowerBound]), String(css[dark.lowerBound...])]
        for theme in themes {
            func color(_ name: String) throws -> Double {
                let found = try #require(theme.range(of: "--\(name):#"))
                return Self.luminance(String(theme[found.upperBound...].prefix(6)))
            }
            for text in ["ink", "soft", "accent"] {
                for ground in ["bg", "card", "warnbg"] {
                    let pair = (try color(text), try color(ground))
                    #expect(Self.ratio(pair.0, pair.1) >= 4.5, "\(text) on \(ground)")
                }
            }
            for tone in ["ok", "warn", "bad"] {
                let pair = (try color(tone), try color("\(tone)bg"))
                #expect(Self.ratio(pair.0, pair.1) >= 4.5, "\(tone)")
            }
        }
    }

    /// Relative luminance of `rrggbb` (WCAG 2.2).
    private static func luminance(_ hex: String) -> Double {
        let bytes = stride(from: 0, to: 6, by: 2).map { offset -> Double in
            let start = hex.index(hex.startIndex, offsetBy: offset)
            let value = Int(hex[start..<hex.index(start, offsetBy: 2)], radix: 16) ?? 0
            let share = Double(value) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * bytes[0] + 0.7152 * bytes[1] + 0.0722 * bytes[2]
    }

    private static func ratio(_ left: Double, _ right: Double) -> Double {
        (max(left, right) + 0.05) / (min(left, right) + 0.05)
    }

    @Test("An outage is a stretch in which fewer than half got in; empty rows do not end it.")
    func outage() throws {
        func rows(_ pairs: [(Int, Int)]) -> [Report.SeriesRow] {
            pairs.enumerated().map { index, pair in
                var row = Report.SeriesRow(t: Double(index * 2), story: 0)
                var genuine = Report.SeriesRow.ClassRow()
                genuine.arrived = pair.0
                genuine.arrivedAccepted = pair.1
                row.classes["genuine"] = genuine
                var noise = Report.SeriesRow.ClassRow()
                noise.arrived = 100
                row.classes["noise"] = noise
                return row
            }
        }
        let seen = rows([(4, 4), (4, 1), (0, 0), (4, 0), (4, 2), (4, 1), (4, 4)])
        let outage = try #require(
            Report.Outage(seen, rowSeconds: 2, onset: 2, recovered: 12))
        #expect(outage.of == "genuine" && outage.longest == 6 && outage.from == 2)
        #expect(outage.total == 8 && outage.untilRecovered == 10)
        let fine = try #require(
            Report.Outage(rows([(4, 4)]), rowSeconds: 2, onset: nil, recovered: nil))
        #expect(fine.longest == 0 && fine.from == nil && fine.untilRecovered == nil)
        #expect(Report.Outage([], rowSeconds: 1, onset: nil, recovered: nil) == nil)
        var others = rows([(0, 0), (0, 0)])
        others[0].classes["noise"]?.arrivedAccepted = 100
        let all = try #require(
            Report.Outage(others, rowSeconds: 2, onset: nil, recovered: nil))
        #expect(all.of == "all" && all.longest == 2 && all.from == 2)
    }
}
