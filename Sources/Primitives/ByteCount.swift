/// A number of bytes.
package struct ByteCount: Sendable, Hashable, Comparable, Codable {
    /// The number of bytes; never negative in a valid scenario.
    package var count: Int64

    /// That many bytes.
    package init(_ count: Int64) {
        self.count = count
    }

    /// Reads a bare integer.
    package init(from decoder: any Decoder) throws {
        self.count = try decoder.singleValueContainer().decode(Int64.self)
    }

    /// Writes a bare integer.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.count)
    }

    /// Compares two sizes.
    package static func < (left: ByteCount, right: ByteCount) -> Bool { left.count < right.count }
}
