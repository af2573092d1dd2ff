/// The snappy block format with literals only: a frame around the bytes, without compression.
///
/// Remote write prescribes snappy; every decoder reads a block of literals. Costs a copy.
/// Format: google/snappy, `format_description.txt`.
package enum SnappyBlock {
    /// The longest literal written: its length less one fits two bytes.
    private static let chunk = 65_536

    /// The block: the length as a varint, then literals.
    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var block: [UInt8] = []
        block.reserveCapacity(bytes.count + bytes.count / chunk * 3 + 16)
        ProtobufBytes.append(varint: UInt64(bytes.count), to: &block)
        var start = 0
        while start < bytes.count {
            let end = min(start + chunk, bytes.count)
            let last = end - start - 1
            // The tag's two lowest bits are 0 for a literal; up to 60 its length stands above.
            if last < 60 {
                block.append(UInt8(last << 2))
            } else {
                block.append(61 << 2)
                block.append(UInt8(last & 255))
                block.append(UInt8(last >> 8))
            }
            block.append(contentsOf: bytes[start..<end])
            start = end
        }
        return block
    }
}
