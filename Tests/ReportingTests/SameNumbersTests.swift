import Foundation
import Testing

@testable import Reporting

@Suite("Every format says the numbers of report.json")
struct SameNumbersTests {
    /// Numbers that belong to the words around them: `p99`, `95 % interval`, `log10`, `SHA-256`.
    private static let words: Set<String> = [
        "0", "1", "1.5", "2", "3", "4", "5", "10", "50", "60", "90", "95", "99", "99.9", "100",
        "256", "0.1",
    ]
    /// What charts draw, and the axes that hold a report together; other tests look after them.
    private static let kept: Set<String> = [
        "series", "heatmap", "breakdown", "distribution", "crowding_out", "time_scale", "t",
        "story", "window", "first_broken",
    ]

    /// A report in which no two numbers are alike, so that one in the wrong place shows.
    private static func report() throws -> (report: Report, json: [String: Any]) {
        var base = SyntheticReport.flood(rows: 40)
        base.people = PeopleReportTests.report().people
        base.generator = .init()
        base.generator?.scheduleDelayMs = percentiles
        base.generator?.referenceMs = percentiles
        base.outage = Report.Outage(base.series, rowSeconds: 1, onset: 16, recovered: 31)
        base.metastable = metastable
        base.knee?.sloRate = 1
        base.knee?.hiddenCapacity = 1
        base.knee?.retries = 1
        base.review?.slope = 1
        base.review?.newestWaits = 1
        base.review?.clearsIn = 1
        base.nextRuns = [.init(id: "E4", gainBits: 1, what: "keep connections")]
        base.verdict.claims = [.init(text: "It fell at 4711/s.", evidence: ["E01", "E03"])]
        let data = try ReportCoding.encode(base)
        let plain = try JSONSerialization.jsonObject(with: data)
        var next = 0
        let mixed = distinct(plain, "", &next)
        let report = try ReportCoding.decode(JSONSerialization.data(withJSONObject: mixed))
        let again = try JSONSerialization.jsonObject(with: ReportCoding.encode(report))
        return (report, try #require(again as? [String: Any]))
    }

    private static var percentiles: Report.Percentiles {
        var figures = Report.Percentiles()
        figures.p50 = 1
        figures.p90 = 1
        figures.p99 = 1
        figures.p999 = 1
        figures.max = 1
        return figures
    }

    private static var metastable: Report.Metastable {
        var judged = Report.Metastable()
        judged.state = "METASTABLE"
        judged.tFresh = 1
        judged.tStorm = 1
        judged.tRecovered = 1
        judged.amplification = 1
        judged.appAmplification = 1
        judged.personAmplification = 1
        judged.load = 1
        judged.capacity = 1
        judged.hiddenCapacity = 1
        judged.backlog = 1
        judged.relief = "recovered"
        judged.loop = "retries"
        return judged
    }

    /// The same JSON with another number in every place that a chart does not need as it is.
    private static func distinct(_ json: Any, _ key: String, _ next: inout Int) -> Any {
        if self.kept.contains(key) { return json }
        switch json {
        case let object as [String: Any]:
            var copy: [String: Any] = [:]
            for name in object.keys.sorted() {
                if let value = object[name] { copy[name] = self.distinct(value, name, &next) }
            }
            return copy
        case let array as [Any]:
            var copy: [Any] = []
            for value in array { copy.append(self.distinct(value, key, &next)) }
            return copy
        case let number as NSNumber where String(cString: number.objCType) != "c":
            next += 1
            let value = number.doubleValue
            if value == value.rounded() { return 20_011 + next * 37 }
            return value < 1 ? 0.1 + Double(next % 800) / 1_000 : 20_011.4 + Double(next * 37)
        default: return json
        }
    }

    private func tokens(_ report: Report) -> [(format: String, tokens: Set<String>)] {
        let html = VisibleText(report.html)
        #expect(html.failure == nil)
        return [
            ("HTML", NumberTokens.of(html.text)), ("Markdown", NumberTokens.of(report.markdown)),
            ("JUnit", NumberTokens.of(VisibleText(report.junit).text)),
            ("stdout", NumberTokens.of(report.summaryText(width: 120, color: false))),
        ]
    }

    private func allowed(_ json: [String: Any], _ report: Report) -> Set<String> {
        NumberTokens.allowed(json, timeScale: report.run.timeScale).union(Self.words)
            .union((1...20).map { String($0) })
    }

    @Test("No format writes a number that report.json does not hold, rounded the same way.")
    func noOthers() throws {
        let (report, json) = try Self.report()
        let allowed = self.allowed(json, report)
        for (format, tokens) in self.tokens(report) {
            let strangers = tokens.subtracting(allowed).sorted()
            #expect(strangers == [], "\(format): \(strangers)")
            #expect(tokens.count > (format == "JUnit" ? 3 : 20), "\(format)")
        }
    }

    @Test("What the page says in words, the Markdown says with the same numbers.")
    func sameInBoth() throws {
        let (report, _) = try Self.report()
        let all = self.tokens(report)
        let missing = all[0].tokens.subtracting(all[1].tokens).sorted()
        #expect(missing == [], "only on the page: \(missing)")
    }

    @Test("A number changed in report.json is a stranger in the old texts.")
    func bites() throws {
        let (report, _) = try Self.report()
        let texts = self.tokens(report)
        let changes: [(String, (inout Report) -> Void, Set<String>)] = [
            ("accepted", { $0.classes["genuine"]?.accepted += 1_000 }, ["HTML", "Markdown"]),
            ("capacity", { $0.knee?.capacity = 3.25 }, ["HTML", "Markdown"]),
            ("lost", { $0.loss.genuine?.lost = 3 }, ["HTML", "Markdown"]),
            ("rule", { $0.thresholds[2].value = 7 }, ["HTML", "Markdown", "JUnit", "stdout"]),
            ("dropped", { $0.totals.dropped += 1_000 }, ["HTML", "Markdown", "stdout"]),
            ("intents", { $0.classes["noise"]?.intents += 9 }, ["HTML", "Markdown", "stdout"]),
            ("people", { $0.people?.classes["genuine"]?.people += 9 }, ["HTML", "Markdown"]),
        ]
        for (name, change, formats) in changes {
            var other = report
            change(&other)
            let json = try JSONSerialization.jsonObject(with: ReportCoding.encode(other))
            let allowed = self.allowed(try #require(json as? [String: Any]), other)
            for (format, tokens) in texts where formats.contains(format) {
                #expect(!tokens.isSubset(of: allowed), "\(name) in \(format)")
            }
        }
    }
}
