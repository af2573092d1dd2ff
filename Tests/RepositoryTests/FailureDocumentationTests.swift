import Primitives
import Testing

@Suite("docs/failures.md")
struct FailureDocumentationTests {
    @Test("It lists every outcome that is no status, with its code.")
    func classes() throws {
        let rows = try SourceTree.rows(of: "docs/failures.md", from: "| 1")
        #expect(rows.count == FailureClass.allCases.count)
        for failure in FailureClass.allCases {
            let start = "| \(failure.code) | `\(failure.rawValue)` | "
            #expect(rows.contains { $0.hasPrefix(start) }, "\(start)")
        }
    }
}
