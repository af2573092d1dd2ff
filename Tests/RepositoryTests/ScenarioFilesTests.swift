import Foundation
import Planning
import Primitives
import Scenarios
import Testing

@Suite("The scenarios that are shipped")
struct ScenarioFilesTests {
    private static let folder = SourceTree.root.appendingPathComponent("scenarios")

    private static let files: [String] =
        ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()

    @Test("There are the three of the first release.")
    func present() {
        for name in ["quiet-sunday.yaml", "smoke.yaml", "viral-flood.yaml"] {
            #expect(Self.files.contains(name))
        }
    }

    @Test("Each decodes, finds its files and plans.", arguments: files)
    func plans(name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        let text = try String(contentsOf: file, encoding: .utf8)
        let scenario = try Scenario.decode(
            text: text, file: name, directory: file.deletingLastPathComponent().path)
        let materials = try DraftMaterials.load(scenario: scenario, environment: [:])
        let plan = try Plan.make(scenario, materials: materials)
        #expect(!plan.populations.isEmpty)
        #expect(plan.duration.seconds > 0)
        // To show that a storm does not end, one has to wait.
        let limit = name.hasPrefix("retry-") ? 400.0 : 180
        #expect(plan.duration.seconds < limit, "a shipped scenario ends within three minutes")
    }

    @Test("Each is listed in the folder's README.", arguments: files)
    func isListed(name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        let index = try String(
            contentsOf: file.deletingLastPathComponent().appendingPathComponent("README.md"),
            encoding: .utf8)
        #expect(index.contains("(\(file.lastPathComponent))"))
    }

    @Test("The media are small.")
    func mediaAreSmall() throws {
        let media = Self.folder.appendingPathComponent("media")
        var total = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: media.path) {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: media.appendingPathComponent(name).path)
            total += (attributes[.size] as? Int) ?? 0
        }
        #expect(total > 10_000)
        #expect(total <= 2_000_000)
    }
}
