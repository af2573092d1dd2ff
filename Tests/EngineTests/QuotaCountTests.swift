import Foundation
import Testing

@testable import Engine

@Suite struct QuotaCountTests {
    /// Groups in a folder of their own: paths below it, and the text of their `cpu.stat`.
    private func count(groups: [String], files: [String: String]) throws -> Int64? {
        let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let folder = root.appending(path: path)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: folder.appending(path: "cpu.stat"))
        }
        return QuotaCount(groups: groups, root: root.path)?.nanoseconds
    }

    @Test("Version 2 counts microseconds, in the group itself.")
    func version2() throws {
        let text = "usage_usec 9\nnr_periods 4\nnr_throttled 2\nthrottled_usec 1500\n"
        #expect(try self.count(groups: ["0::/a/b"], files: ["a/b": text]) == 1_500_000)
    }

    @Test("Version 1 counts nanoseconds, below its controller's name.")
    func version1() throws {
        let text = "nr_periods 4\nnr_throttled 2\nthrottled_time 70\n"
        #expect(
            try self.count(
                groups: ["5:memory:/a", "4:cpu,cpuacct:/a", "0::/"],
                files: ["cpu,cpuacct/a": text]) == 70)
    }

    @Test("A group without the controller is counted by the nearest above that has it.")
    func nearest() throws {
        #expect(
            try self.count(
                groups: ["0::/a/b"],
                files: [
                    "a/b": "usage_usec 3\n", "a": "throttled_usec 2\n", "": "throttled_usec 9\n",
                ]
            ) == 2_000)
    }

    @Test("Where no group counts, nothing is known.")
    func nothing() throws {
        #expect(
            try self.count(groups: ["0::/a", "nonsense"], files: ["a": "usage_usec 3\n"]) == nil)
    }
}
