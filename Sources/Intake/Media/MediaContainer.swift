/// What kind of picture or video a file's first bytes announce.
enum MediaContainer: String, Sendable, CaseIterable {
    case mp4
    case quickTime = "quicktime"
    case matroska
    case jpeg
    case heic
    case png
    case webp

    /// How many bytes decide.
    static let bytesNeeded = 12

    /// The container that begins with these bytes; nil when it is none we accept.
    ///
    /// MP4, HEIC and QuickTime (ISO/IEC 14496-12) carry a box type at offset 4 and `ftyp` a brand
    /// behind it, Matroska and WebM begin with the EBML magic, JPEG with SOI, PNG with its
    /// signature, WebP with RIFF and its own name.
    init?(firstBytes bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(MediaContainer.bytesNeeded))
        if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            self = .matroska
        } else if head.starts(with: "RIFF".utf8), head.dropFirst(8).elementsEqual("WEBP".utf8) {
            self = .webp
        } else if head.count == MediaContainer.bytesNeeded {
            let box = String(decoding: head[4..<8], as: UTF8.self)
            switch box {
            case "ftyp":
                switch String(decoding: head[8...], as: UTF8.self) {
                case "qt  ": self = .quickTime
                // ISO/IEC 23008-12, annex B: still pictures and sequences, HEVC or any codec.
                case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1": self = .heic
                default: self = .mp4
                }
            case "moov", "mdat", "wide", "free", "skip":
                self = .quickTime
            default: return nil
            }
        } else {
            return nil
        }
    }
}
