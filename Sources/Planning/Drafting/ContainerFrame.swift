import Scenarios

/// A container's first and last bytes: what a server looks at before it believes a content type.
///
/// Between them lie bytes that mean nothing, inside the container's own box, chunk or element, so
/// that a reader which walks through the parts finds its way. Nothing can be played.
struct ContainerFrame {
    /// The first bytes.
    var head: [UInt8]
    /// The last bytes.
    var tail: [UInt8] = []

    /// The frame of a body of that size, at least `leastSize(of: kind)`.
    init(_ kind: GeneratedKind, size: Int64) {
        switch kind {
        case .random, .text: self.head = []
        case .mp4:
            self.head = ContainerFrame.fileType("isom", 0x200, ["isom", "mp42"])
            self.head += ContainerFrame.mediaData(UInt64(size) - UInt64(self.head.count))
        case .heic:
            self.head = ContainerFrame.fileType("heic", 0, ["mif1", "heic"])
            self.head += ContainerFrame.mediaData(UInt64(size) - UInt64(self.head.count))
        case .mov: self.head = ContainerFrame.quickTime(UInt64(size))
        case .webm: self.head = ContainerFrame.webM(UInt64(size))
        case .webp: self.head = ContainerFrame.webP(UInt64(size))
        case .jpeg:
            // SOI, then APP0 "JFIF" 1.1 without density or thumbnail (ITU-T T.871); EOI.
            self.head = [
                0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, 0x4A, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01, 0x00,
                0x00, 0x01, 0x00, 0x01, 0x00, 0x00,
            ]
            self.tail = [0xFF, 0xD9]
        case .png:
            self.head = ContainerFrame.pngHead(UInt64(size))
            // The IDAT's checksum (not computed: it would cost a pass over the body), then IEND.
            self.tail = [0, 0, 0, 0, 0, 0, 0, 0] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
        }
    }

    /// The fewest bytes that are still a container of the kind.
    static func leastSize(of kind: GeneratedKind) -> Int64 {
        switch kind {
        case .mp4, .heic: 32
        case .mov: 36
        case .webm: 57
        case .jpeg: 22
        case .png: 57
        case .webp: 20
        case .random, .text: 0
        }
    }

    // MARK: - ISO base media (ISO/IEC 14496-12) and QuickTime

    private static func fileType(
        _ brand: String, _ version: UInt64, _ compatible: [String]
    ) -> [UInt8] {
        var bytes = bigEndian(UInt64(16 + 4 * compatible.count), bytes: 4)
        bytes += "ftyp".utf8
        bytes += brand.utf8
        bytes += bigEndian(version, bytes: 4)
        for name in compatible { bytes += name.utf8 }
        return bytes
    }

    /// One `mdat` box of that many bytes, its own header included.
    private static func mediaData(_ box: UInt64) -> [UInt8] {
        let isSmall = box <= UInt64(UInt32.max)
        // Size 1 says that 64 bits follow the name.
        var bytes = bigEndian(isSmall ? box : 1, bytes: 4)
        bytes += "mdat".utf8
        return isSmall ? bytes : bytes + bigEndian(box, bytes: 8)
    }

    /// `wide` keeps room for a 64-bit size, as the QuickTime File Format Specification has it.
    private static func quickTime(_ size: UInt64) -> [UInt8] {
        var bytes = fileType("qt  ", 0, ["qt  "])
        let rest = size - UInt64(bytes.count)
        if rest - 8 > UInt64(UInt32.max) { return bytes + mediaData(rest) }
        bytes += bigEndian(8, bytes: 4)
        bytes += "wide".utf8
        return bytes + mediaData(rest - 8)
    }

    // MARK: - Others

    /// EBML's header with DocType "webm", a segment, in it one Void element (RFC 8794, RFC 9559).
    private static func webM(_ size: UInt64) -> [UInt8] {
        var header: [UInt8] = [0x42, 0x86, 0x81, 1, 0x42, 0xF7, 0x81, 1]
        header += [0x42, 0xF2, 0x81, 4, 0x42, 0xF3, 0x81, 8]
        header += [0x42, 0x82, 0x84]
        header += "webm".utf8
        header += [0x42, 0x87, 0x81, 4, 0x42, 0x85, 0x81, 2]
        var bytes: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3, 0x80 | UInt8(header.count)]
        bytes += header
        // Sizes of eight bytes: a 1 and 56 bits.
        bytes += [0x18, 0x53, 0x80, 0x67, 0x01]
        let segment = size - UInt64(bytes.count + 7)
        bytes += bigEndian(segment, bytes: 7)
        bytes += [0xEC, 0x01]
        return bytes + bigEndian(segment - 9, bytes: 7)
    }

    /// RIFF, WEBP and one VP8 chunk (RFC 9649); an odd last byte lies behind the RIFF chunk.
    private static func webP(_ size: UInt64) -> [UInt8] {
        let even = min(size & ~1, UInt64(UInt32.max) & ~1)
        var bytes = Array("RIFF".utf8)
        bytes += littleEndian(even - 8)
        bytes += "WEBPVP8 ".utf8
        return bytes + littleEndian(even - 20)
    }

    /// Signature, IHDR of 4032 x 3024 true-colour pixels, the head of one IDAT (ISO/IEC 15948).
    ///
    /// Beyond 2 GiB, a chunk's most, the IDAT ends before the body does.
    private static func pngHead(_ size: UInt64) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
        bytes += "IHDR".utf8
        bytes += bigEndian(4_032, bytes: 4)
        bytes += bigEndian(3_024, bytes: 4)
        bytes += [8, 2, 0, 0, 0, 0x4F, 0x97, 0x59, 0xF7]
        bytes += bigEndian(min(size - 57, 0x7FFF_FFFF), bytes: 4)
        bytes += "IDAT".utf8
        return bytes
    }

    private static func bigEndian(_ value: UInt64, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (bytes - 1 - $0))) }
    }

    private static func littleEndian(_ value: UInt64) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
}
