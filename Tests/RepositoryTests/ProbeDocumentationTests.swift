import Foundation
import Primitives
import Testing

@Suite("docs/probes.md")
struct ProbeDocumentationTests {
    @Test("It names every figure of the server's side, in the table of figures.")
    func figures() throws {
        let text = try String(
            contentsOf: SourceTree.root.appendingPathComponent("docs/probes.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count > 20)
        for figure in ServerFigure.all {
            #expect(rows.contains { $0.contains("`\(figure.name)`") }, "\(figure.name)")
        }
    }
}
