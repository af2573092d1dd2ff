import Foundation
import Primitives
import Testing

@Suite("docs/probes.md")
struct ProbeDocumentationTests {
    @Test("It names every figure of the server's side, in the table of figures.")
    func figures() throws {
        let rows = try SourceTree.rows(of: "docs/probes.md", from: "| `")
        #expect(rows.count > 20)
        for figure in ServerFigure.all {
            #expect(rows.contains { $0.contains("`\(figure.name)`") }, "\(figure.name)")
        }
    }

    @Test("Whatever diagnosis reads is a figure that probes write.")
    func readByDiagnosis() throws {
        let file = try #require(
            try SourceTree.swiftFiles(under: ["Sources"]).first {
                $0.path == "Sources/Diagnosis/Facts/ServerSeries.swift"
            })
        let names = file.lines.compactMap { line -> String? in
            guard let start = line.range(of: " = Self(\"") else { return nil }
            return String(line[start.upperBound...].prefix { $0 != "\"" })
        }
        #expect(names.count > 20)
        for name in names { #expect(ServerFigure.named(name) != nil, "\(name)") }
    }
}
