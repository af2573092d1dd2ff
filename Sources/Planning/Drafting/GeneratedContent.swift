import Primitives
import Scenarios

/// Generated bodies: a real container's first bytes, then bytes that all uploads share.
struct GeneratedContent: Sendable {
    /// Random bytes from the seed; `.block` segments are cut from them.
    let block: [UInt8]
    /// Words from the seed, in pages; text bodies share the pages' storage.
    private let pages: [[UInt8]]

    /// 1 MiB: a body repeats itself only beyond any cache line, and costs no memory of its own.
    static let blockSize = 1 << 20
    private static let pageSize = 4096
    private static let pageCount = 16

    init(seed: UInt64) {
        let random = CounterRandom(seed: seed, population: -1, intent: 0, purpose: .content)
        self.block = [UInt8](unsafeUninitializedCapacity: GeneratedContent.blockSize) {
            buffer, count in
            // Whole words: a loop over bytes would cost debug builds a tenth of a second.
            let words = UnsafeMutableRawBufferPointer(buffer)
            for word in 0..<GeneratedContent.blockSize / 8 {
                words.storeBytes(
                    of: random.bits(word).littleEndian, toByteOffset: word * 8, as: UInt64.self)
            }
            count = GeneratedContent.blockSize
        }
        self.pages = (0..<GeneratedContent.pageCount).map { GeneratedContent.page($0, seed: seed) }
    }

    private static let vocabulary = """
        the a dark blue car turned left at the bridge and then stopped near an old shop where two \
        people waited under yellow light while rain fell over quiet streets someone ran toward \
        park gate holding small bag before train passed and no one else saw which way they went
        """.split(separator: " ").map { Array($0.utf8) }

    private static func page(_ index: Int, seed: UInt64) -> [UInt8] {
        let random = CounterRandom(seed: seed, population: -2, intent: index, purpose: .content)
        var bytes: [UInt8] = []
        var draw = 0
        while bytes.count < pageSize {
            bytes += vocabulary[random.integer(draw, in: 0...vocabulary.count - 1)]
            bytes.append(UInt8(ascii: draw % 12 == 11 ? "\n" : " "))
            draw += 1
        }
        return Array(bytes.prefix(pageSize))
    }

    /// Appends a body of exactly `size` bytes, at least what the kind's frame takes.
    ///
    /// - Parameters:
    ///   - nonce: 16 bytes that make the body unlike all others, and an offset into the block;
    ///     nil gives the same bytes to every body of the size.
    func append(
        _ kind: GeneratedKind, size: Int64, nonce: Nonce?, to builder: inout BodyBuilder
    ) {
        var left = size
        let frame = ContainerFrame(kind, size: size)
        builder.append(frame.head)
        left -= Int64(frame.head.count + frame.tail.count)
        if let nonce {
            let bytes = GeneratedContent.showsWords(kind) ? nonce.words : nonce.bytes
            let shown = bytes.prefix(Int(min(left, Int64(bytes.count))))
            builder.append(shown)
            left -= Int64(shown.count)
        }
        if left > 0 { self.fill(kind, left, offset: nonce?.offset ?? 0, to: &builder) }
        builder.append(frame.tail)
    }

    /// What comes between head and tail; memory must not grow with it.
    private func fill(
        _ kind: GeneratedKind, _ length: Int64, offset: Int, to builder: inout BodyBuilder
    ) {
        switch kind {
        case .text: self.appendText(length, offset: offset, to: &builder)
        case .mp4, .mov, .webm, .jpeg, .heic, .png, .webp, .random:
            builder.append(.block(offset: offset, length: length))
        }
    }

    /// True when the bytes that make a body unique have to be words as well.
    private static func showsWords(_ kind: GeneratedKind) -> Bool {
        switch kind {
        case .text: true
        case .mp4, .mov, .webm, .jpeg, .heic, .png, .webp, .random: false
        }
    }

    private func appendText(_ length: Int64, offset: Int, to builder: inout BodyBuilder) {
        var page = offset % self.pages.count
        var left = length
        while left >= Int64(GeneratedContent.pageSize) {
            builder.append(.bytes(self.pages[page]))
            left -= Int64(GeneratedContent.pageSize)
            page = (page + 1) % self.pages.count
        }
        builder.append(self.pages[page].prefix(Int(left)))
    }
}

/// What makes one generated body unlike all others.
struct Nonce {
    var high: UInt64
    var low: UInt64
    /// Where in the shared block the body goes on.
    var offset: Int

    var bytes: [UInt8] {
        (0..<16).map { index in
            let half = index < 8 ? self.high : self.low
            return UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * (index % 8)))
        }
    }

    var words: [UInt8] { Array((Hexadecimal.text(self.high) + " ").utf8) }
}

/// Lower-case hexadecimal digits.
enum Hexadecimal {
    /// 16 digits.
    static func text(_ bits: UInt64) -> String {
        var value = bits
        return String(unsafeUninitializedCapacity: 16) { buffer in
            for index in stride(from: 15, through: 0, by: -1) {
                let digit = UInt8(value & 15)
                buffer[index] = digit < 10 ? 48 + digit : 87 + digit
                value >>= 4
            }
            return 16
        }
    }
}
