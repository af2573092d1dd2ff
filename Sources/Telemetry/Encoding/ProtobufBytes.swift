/// The parts of Protobuf's wire format that remote write needs.
///
/// A field is a varint of number << 3 | type: 0 a varint, 1 eight bytes, 2 bytes after their length
/// (protobuf.dev, "Encoding").
enum ProtobufBytes {
    /// Appends a number in groups of seven bits, the lowest first.
    static func append(varint value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Appends a field of text.
    static func append(_ text: String, field: UInt8, to bytes: inout [UInt8]) {
        bytes.append(field << 3 | 2)
        let utf8 = text.utf8
        self.append(varint: UInt64(utf8.count), to: &bytes)
        bytes.append(contentsOf: utf8)
    }

    /// Appends a field of bytes, such as a message.
    static func append(_ message: [UInt8], field: UInt8, to bytes: inout [UInt8]) {
        bytes.append(field << 3 | 2)
        self.append(varint: UInt64(message.count), to: &bytes)
        bytes.append(contentsOf: message)
    }

    /// Appends a `double`; left out when it is zero, as a default is.
    static func append(_ value: Double, field: UInt8, to bytes: inout [UInt8]) {
        guard value.bitPattern != 0 else { return }
        bytes.append(field << 3 | 1)
        for place in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * place)))
        }
    }

    /// Appends an `int64`; left out when it is zero.
    static func append(_ value: Int64, field: UInt8, to bytes: inout [UInt8]) {
        guard value != 0 else { return }
        bytes.append(field << 3)
        self.append(varint: UInt64(bitPattern: value), to: &bytes)
    }
}
