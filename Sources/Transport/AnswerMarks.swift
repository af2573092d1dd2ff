/// What of an answer's headers tells one answerer from another, hashed line by line as it arrives.
///
/// Names are told by their first letter before anything is compared, and of a usual answer some
/// 30 bytes are hashed, four cycles each. No value is kept.
struct AnswerMarks {
    // Hashes of values; 0 where the field is missing.
    private var server: UInt64 = 0
    private var via: UInt64 = 0
    private var contentType: UInt64 = 0
    private var locationHost: UInt64 = 0
    private var hasRetryAfter = false

    /// Takes a line with at least one byte.
    mutating func take(_ line: UnsafeRawBufferPointer) {
        switch line[0] | 0x20 {
        case UInt8(ascii: "s"):
            if let value = line.value(of: "server:") { Self.mix(value, into: &self.server) }
        case UInt8(ascii: "v"):
            if let value = line.value(of: "via:") { Self.mix(value, into: &self.via) }
        case UInt8(ascii: "c"):
            if let value = line.value(of: "content-type:") {
                Self.mix(value, into: &self.contentType)
            }
        case UInt8(ascii: "r"):
            if line.value(of: "retry-after:") != nil { self.hasRetryAfter = true }
        case UInt8(ascii: "l"):
            if let value = line.value(of: "location:"), let host = Self.host(of: value) {
                Self.mix(host, into: &self.locationHost)
            }
        default: break
        }
    }

    /// FNV-1a over the status and the hashes of the fields `Server`, `Via`, `Content-Type` and of
    /// `Location`'s host, eight bytes each, and a byte that is 1 with `Retry-After`.
    ///
    /// The order in which the fields came does not matter.
    func fingerprint(status: Int) -> UInt64 {
        var hash = FNV1a()
        hash.mix(UInt64(truncatingIfNeeded: status))
        hash.mix(self.server)
        hash.mix(self.via)
        hash.mix(self.contentType)
        hash.mix(self.locationHost)
        hash.mix(byte: self.hasRetryAfter ? 1 : 0)
        return hash.value
    }

    /// Hashes a value, in lower case as hosts and media types are; a field that comes again goes
    /// on behind a newline, which no value has.
    private static func mix(_ value: Slice<UnsafeRawBufferPointer>, into field: inout UInt64) {
        var hash = FNV1a()
        if field != 0 {
            hash = FNV1a(field)
            hash.mix(byte: 10)
        }
        for index in value.indices {
            let byte = value.base[index]
            hash.mix(byte: byte >= 65 && byte <= 90 ? byte | 0x20 : byte)
        }
        field = hash.value
    }

    /// The host of a reference such as `https://user@host:8080/path` or `//host/path`, without its
    /// port; nil where it names none.
    private static func host(
        of value: Slice<UnsafeRawBufferPointer>
    ) -> Slice<UnsafeRawBufferPointer>? {
        let bytes = value.base
        let end = value.endIndex
        func isDelimiter(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
        }
        var first = value.startIndex
        while first < end, bytes[first] != UInt8(ascii: ":"), !isDelimiter(bytes[first]) {
            first += 1
        }
        first =
            first < end && bytes[first] == UInt8(ascii: ":") ? first + 1 : value.startIndex
        guard end - first > 2, bytes[first] == UInt8(ascii: "/"),
            bytes[first + 1] == UInt8(ascii: "/")
        else { return nil }
        first += 2
        var last = first
        while last < end, !isDelimiter(bytes[last]) {
            if bytes[last] == UInt8(ascii: "@") { first = last + 1 }
            last += 1
        }
        // Colons within brackets belong to an address.
        var isBracketed = false
        for index in first..<last {
            if bytes[index] == UInt8(ascii: "[") { isBracketed = true }
            if bytes[index] == UInt8(ascii: "]") { isBracketed = false }
            if bytes[index] == UInt8(ascii: ":"), !isBracketed {
                last = index
                break
            }
        }
        return first < last ? bytes[first..<last] : nil
    }
}
