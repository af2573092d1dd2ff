package import Diagnosis
package import Foundation

/// Weights as a file that a change can be read in: a line for each test's outcome.
package enum WeightsText {
    /// The file's bytes, keys in the order of their names.
    ///
    /// - Throws: What encoding a part throws.
    package static func encode(_ weights: Weights) throws -> Data {
        var lines = [
            "{",
            "  \"schema\": \(try self.json(weights.schema)),",
            "  \"version\": \(try self.json(weights.version)),",
            "  \"source\": \(try self.json(weights.source)),",
            "  \"temperature\": \(try self.json(weights.temperature)),",
            "  \"priors\": \(try self.json(weights.priors)),",
            "  \"tests\": {",
        ]
        let tests = weights.tests.sorted { $0.key < $1.key }
        for (index, row) in tests.enumerated() {
            lines += [
                "    \(try self.json(row.key)): {",
                "      \"fired\": \(try self.json(row.value.fired)),",
                "      \"clear\": \(try self.json(row.value.clear))",
                index == tests.count - 1 ? "    }" : "    },",
            ]
        }
        lines += ["  }", "}", ""]
        return Data(lines.joined(separator: "\n").utf8)
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
