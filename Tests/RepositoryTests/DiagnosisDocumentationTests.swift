import Diagnosis
import Foundation
import Testing

@Suite("docs/diagnosis.md")
struct DiagnosisDocumentationTests {
    @Test("It lists every mechanism that a verdict can name, in the verdict's own words.")
    func mechanisms() throws {
        let text = try String(
            contentsOf: SourceTree.root.appendingPathComponent("docs/diagnosis.md"),
            encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `M") }
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
