#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Walks through an upload's segments, copying bytes to where libcurl wants them.
struct UploadCursor {
    enum Failure: Error, Equatable {
        /// `pread` failed with this error number, or 0 when the file ended too early.
        case read(Int32)
    }

    private var segments: [UploadSegment] = []
    private var segment = 0
    private var offsetInSegment: Int64 = 0
    /// The bytes still to be handed over.
    private(set) var remaining: Int64 = 0
    private var length: Int64 = 0
    /// The bytes handed over, counted from the body's start.
    var position: Int64 { self.length - self.remaining }

    init() {}

    init(_ body: UploadBody) {
        self.segments = body.segments
        self.length = body.length
        self.remaining = body.length
    }

    /// Fills `target` as far as possible; 0 only at the body's end.
    mutating func read(into target: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        var filled = 0
        while filled < target.count, self.segment < self.segments.count {
            let room = UnsafeMutableRawBufferPointer(rebasing: target[filled...])
            let current = self.segments[self.segment]
            let left = current.length - self.offsetInSegment
            let wanted = min(Int(clamping: left), room.count)
            let got = try Self.copy(
                current, at: self.offsetInSegment, into: .init(rebasing: room[..<wanted]))
            filled += got
            self.remaining -= Int64(got)
            self.offsetInSegment += Int64(got)
            if self.offsetInSegment == current.length {
                self.segment += 1
                self.offsetInSegment = 0
            }
        }
        return filled
    }

    /// Goes to an offset from the body's start; false when it is outside the body.
    mutating func seek(to offset: Int64) -> Bool {
        guard offset >= 0, offset <= self.length else { return false }
        self.segment = 0
        self.offsetInSegment = offset
        self.remaining = self.length - offset
        while self.segment < self.segments.count,
            self.offsetInSegment >= self.segments[self.segment].length
        {
            self.offsetInSegment -= self.segments[self.segment].length
            self.segment += 1
        }
        return true
    }

    private static func copy(
        _ segment: UploadSegment, at position: Int64, into target: UnsafeMutableRawBufferPointer
    ) throws(Failure) -> Int {
        switch segment {
        case .bytes(let bytes):
            bytes.withUnsafeBytes { source in
                target.copyMemory(
                    from: .init(
                        rebasing: source[Int(position)...][..<(Int(position) + target.count)]))
            }
            return target.count
        case .file(let file, let offset, _):
            while true {
                let got = pread(
                    file.descriptor, target.baseAddress, target.count, off_t(offset + position))
                if got > 0 { return got }
                if got == 0 { throw .read(0) }
                if errno != EINTR { throw .read(errno) }
            }
        case .block(let block, let offset, _):
            var index = Int((Int64(offset) + position) % Int64(block.count))
            var filled = 0
            while filled < target.count {
                let count = min(block.count - index, target.count - filled)
                UnsafeMutableRawBufferPointer(rebasing: target[filled..<(filled + count)])
                    .copyMemory(from: .init(rebasing: block.bytes[index..<(index + count)]))
                filled += count
                index = 0
            }
            return filled
        }
    }
}
