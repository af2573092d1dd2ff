import Foundation
import Testing

@testable import Reporting

@Suite struct ReportCodingTests {
    @Test("A report keeps to its own schema.", arguments: [0, 1, 120, 1_200])
    func schema(rows: Int) throws {
        let check = try SchemaCheck(Report.jsonSchema)
        let report = rows == 0 ? Report() : SyntheticReport.flood(rows: rows)
        #expect(try check.problems(ReportCoding.encode(report)) == [])
    }

    @Test("The schema notices a missing key, an unknown key and a wrong type.")
    func schemaBites() throws {
        let check = try SchemaCheck(Report.jsonSchema)
        let text = String(decoding: try ReportCoding.encode(Report()), as: UTF8.self)
        func problems(_ old: String, _ new: String) throws -> [String] {
            try check.problems(Data(text.replacingOccurrences(of: old, with: new).utf8))
        }
        #expect(try problems("\"onset\":null", "\"onzet\":null").count == 2)
        #expect(try problems("\"seed\":0", "\"seed\":\"0\"") == ["$.run.seed: not integer"])
        #expect(try problems("\"dropped\":0", "\"dropped\":-1") == ["$.totals.dropped: below 0.0"])
        #expect(try problems("\"review\":null", "\"review\":0").isEmpty == false)
        #expect(
            try problems("NOT_ENOUGH_EVIDENCE", "PERHAPS") == ["$.verdict.grade: not listed"])
    }

    @Test("Decoding and encoding again gives the same bytes.", arguments: [1, 120, 1_200])
    func roundTrip(rows: Int) throws {
        let first = try ReportCoding.encode(SyntheticReport.flood(rows: rows))
        let second = try ReportCoding.encode(ReportCoding.decode(first))
        #expect(first == second)
    }

    @Test("What is not known is written as null, its key present.")
    func nulls() throws {
        let text = String(decoding: try ReportCoding.encode(Report()), as: UTF8.self)
        for key in ["onset", "knee", "metastable", "review", "next_runs", "remedies"] {
            #expect(text.contains("\"\(key)\":null"), "\(key)")
        }
        for key in ["posterior", "bf_next", "mechanism", "family", "stopped", "reconcile"] {
            #expect(text.contains("\"\(key)\":null"), "\(key)")
        }
    }

    @Test("A missing key reads as not known, another schema is refused.")
    func tolerance() throws {
        let text = String(decoding: try ReportCoding.encode(Report()), as: UTF8.self)
        let shorter = text.replacingOccurrences(of: "\"onset\":null,", with: "")
        #expect(shorter != text)
        #expect(try ReportCoding.decode(Data(shorter.utf8)).onset == nil)
        let other = text.replacingOccurrences(of: "spate/report/1", with: "spate/report/9")
        #expect(throws: ReportError.self) { try ReportCoding.decode(Data(other.utf8)) }
        #expect(throws: ReportError.self) { try ReportCoding.decode(Data("[]".utf8)) }
    }

    @Test("Each row of the series stands on its own line.")
    func layout() throws {
        let text = String(
            decoding: try ReportCoding.encode(SyntheticReport.flood(rows: 120)), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("  {\"attempts\":") } == 120)
        #expect(text.hasSuffix("}\n"))
    }

    @Test("A number that JSON cannot hold is an error, not a crash.")
    func notFinite() {
        var report = Report()
        report.run.duration = .infinity
        #expect(throws: ReportError.self) { try ReportCoding.encode(report) }
    }
}
