import CZlib

/// Why bytes are no histogram.
package enum HistogramCodecError: Error, Sendable, Hashable {
    /// The first four bytes name no encoding that is understood.
    case unknownEncoding
    /// The bytes end too early, or lengths disagree.
    case truncated
    /// The compressed part cannot be inflated.
    case notInflatable
    /// A range, a precision or a count that no histogram has.
    case impossible
}

/// HdrHistogram's V2 encoding, plain and compressed.
///
/// Big-endian header (cookie, payload length, normalising offset, digits, lowest, highest, ratio),
/// then ZigZag LEB128 counts in which a negative number is a run of zeros. Compressed: another
/// cookie, a length, and zlib's stream of all that. Layout: HdrHistogram's
/// `AbstractHistogram.encodeIntoByteBuffer`.
package enum HistogramCodec {
    private static let cookie: UInt32 = 0x1c84_9303 | 0x10
    private static let compressedCookie: UInt32 = 0x1c84_9304 | 0x10
    /// No honest histogram inflates to more.
    private static let inflatedLimit = 16 << 20

    /// The V2 encoding; costs a sort of the used buckets.
    package static func encode(_ histogram: SparseHistogram) -> [UInt8] {
        var payload: [UInt8] = []
        var next: Int32 = 0
        for (index, count) in histogram.buckets {
            let gap = Int64(index - next)
            if gap > 0 { append(zigZag: gap == 1 ? 0 : -gap, to: &payload) }
            append(zigZag: Int64(count), to: &payload)
            next = index + 1
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(40 + payload.count)
        append(cookie, to: &bytes)
        append(UInt32(payload.count), to: &bytes)
        append(UInt32(0), to: &bytes)
        append(UInt32(3), to: &bytes)
        append(UInt64(1), to: &bytes)
        append(UInt64(SparseHistogram.highest), to: &bytes)
        append((1.0).bitPattern, to: &bytes)
        return bytes + payload
    }

    /// The compressed V2 encoding, as interval logs hold it after base64.
    package static func encodeCompressed(_ histogram: SparseHistogram) -> [UInt8] {
        let plain = encode(histogram)
        var length = compressBound(uLong(plain.count))
        var packed = [UInt8](repeating: 0, count: Int(length))
        let status = compress2(&packed, &length, plain, uLong(plain.count), 6)
        precondition(status == Z_OK, "zlib refuses to compress into a buffer of its own bound")
        var bytes: [UInt8] = []
        append(compressedCookie, to: &bytes)
        append(UInt32(length), to: &bytes)
        return bytes + packed[..<Int(length)]
    }

    /// Reads either encoding, of any range and precision.
    ///
    /// A histogram of our own layout comes back exactly; another layout's counts are recorded at
    /// the highest value equivalent to their bucket. The maximum is that of the last bucket.
    ///
    /// - Throws: `HistogramCodecError`; the bytes may come from anywhere.
    package static func decode(
        _ bytes: [UInt8]
    ) throws(HistogramCodecError) -> SparseHistogram {
        guard let first = integer32(bytes, at: 0) else { throw .truncated }
        if first == compressedCookie {
            guard let length = integer32(bytes, at: 4), Int(length) <= bytes.count - 8 else {
                throw .truncated
            }
            return try decodePlain(inflate(bytes[8..<8 + Int(length)]))
        }
        return try decodePlain(bytes)
    }

    private static func decodePlain(
        _ bytes: [UInt8]
    ) throws(HistogramCodecError) -> SparseHistogram {
        guard let first = integer32(bytes, at: 0) else { throw .truncated }
        guard first == cookie else { throw .unknownEncoding }
        guard bytes.count >= 40, let length = integer32(bytes, at: 4),
            let offset = integer32(bytes, at: 8), let digits = integer32(bytes, at: 12),
            let lowest = integer64(bytes, at: 16), Int(length) <= bytes.count - 40
        else { throw .truncated }
        guard offset == 0, digits <= 5, lowest >= 1, lowest < 1 << 40 else { throw .impossible }
        let layout = ForeignLayout(lowest: lowest, digits: Int(digits))
        var histogram = SparseHistogram()
        var index: Int64 = 0
        var place = 40
        let end = 40 + Int(length)
        while place < end {
            let number = try readZigZag(bytes, &place, end)
            if number <= 0 {
                guard number > -(1 << 30) else { throw .impossible }
                index += number == 0 ? 1 : -number
                continue
            }
            guard index < layout.length, number < 1 << 53 else { throw .impossible }
            let value = layout.highestEquivalent(index)
            let bucket = SparseHistogram.index(of: value)
            histogram.add(index: bucket, count: Int(number))
            histogram.restore(
                maximum: value,
                overflow: layout.lowestEquivalent(index) > SparseHistogram.highest
                    ? Int(number) : 0)
            index += 1
        }
        return histogram
    }

    private static func inflate(
        _ packed: ArraySlice<UInt8>
    ) throws(HistogramCodecError) -> [UInt8] {
        let source = Array(packed)
        var room = 64 << 10
        while room <= inflatedLimit {
            var plain = [UInt8](repeating: 0, count: room)
            var length = uLong(room)
            switch uncompress(&plain, &length, source, uLong(source.count)) {
            case Z_OK: return Array(plain[..<Int(length)])
            // zlib says "buffer too small" also when the input is cut short.
            case Z_BUF_ERROR: room *= 4
            default: throw .notInflatable
            }
        }
        throw .notInflatable
    }
}

// MARK: - Bytes

extension HistogramCodec {
    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        append(UInt32(truncatingIfNeeded: value >> 32), to: &bytes)
        append(UInt32(truncatingIfNeeded: value), to: &bytes)
    }

    /// Seven bits a byte, lowest first; the ninth byte, if it comes to that, holds eight.
    private static func append(zigZag number: Int64, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: (number << 1) ^ (number >> 63))
        for _ in 0..<8 {
            if rest < 0x80 {
                bytes.append(UInt8(rest))
                return
            }
            bytes.append(UInt8(truncatingIfNeeded: rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func readZigZag(
        _ bytes: [UInt8], _ place: inout Int, _ end: Int
    ) throws(HistogramCodecError) -> Int64 {
        var value: UInt64 = 0
        for group in 0..<9 {
            guard place < end else { throw .truncated }
            let byte = bytes[place]
            place += 1
            if group == 8 {
                value |= UInt64(byte) << 56
                break
            }
            value |= UInt64(byte & 0x7f) << UInt64(7 * group)
            if byte < 0x80 { break }
        }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    private static func integer32(_ bytes: [UInt8], at place: Int) -> UInt32? {
        guard bytes.count >= place + 4 else { return nil }
        return bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func integer64(_ bytes: [UInt8], at place: Int) -> UInt64? {
        guard bytes.count >= place + 8 else { return nil }
        return bytes[place..<place + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// HdrHistogram's index arithmetic for any lowest value and precision.
private struct ForeignLayout {
    private let unit: Int64
    private let half: Int64
    /// Buckets that fit in 62 bits of value.
    let length: Int64

    init(lowest: UInt64, digits: Int) {
        self.unit = Int64(63 - lowest.leadingZeroBitCount)
        var distinct: Int64 = 2
        for _ in 0..<digits { distinct *= 10 }
        var magnitude: Int64 = 1
        while (1 << magnitude) < distinct { magnitude += 1 }
        self.half = magnitude - 1
        self.length = (62 - self.unit - self.half) << self.half
    }

    func lowestEquivalent(_ index: Int64) -> Int64 {
        let bucket = (index >> self.half) - 1
        let subBucket = index & ((1 << self.half) - 1)
        if bucket < 0 { return subBucket << self.unit }
        return (subBucket + (1 << self.half)) << (bucket + self.unit)
    }

    func highestEquivalent(_ index: Int64) -> Int64 {
        let bucket = max(0, (index >> self.half) - 1)
        return self.lowestEquivalent(index) + (1 << (bucket + self.unit)) - 1
    }
}
