import Diagnosis
import Testing

@Suite("docs/diagnosis.md")
struct DiagnosisDocumentationTests {
    @Test("It lists every mechanism that a verdict can name, in the verdict's own words.")
    func mechanisms() throws {
        let rows = try SourceTree.rows(of: "docs/diagnosis.md", from: "| `M")
        #expect(rows.count == Mechanism.allCases.count)
        for mechanism in Mechanism.allCases {
            let family = mechanism.isOverlay ? "overlay" : "`\(mechanism.family.rawValue)`"
            let row =
                "| `\(mechanism.rawValue)` | \(mechanism.title) | \(family) | "
                + "\(mechanism.sentence) |"
            #expect(rows.contains { $0 == row }, "\(row)")
        }
    }
}
