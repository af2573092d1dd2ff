#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file opened once for all the uploads that send it; read by `pread`, closed with its last user.
package final class FileBody: Sendable {
    let descriptor: Int32
    /// The file's size in bytes when it was opened.
    package let size: Int64

    /// Opens a file for reading.
    ///
    /// - Throws: `.file` when it cannot be opened or is no regular file.
    package init(path: String) throws(TransportError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw TransportError(.file, "cannot open \(path): \(systemMessage(errno))")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw TransportError(.file, "\(path) is not a regular file")
        }
        self.descriptor = descriptor
        self.size = Int64(status.st_size)
    }

    deinit {
        close(self.descriptor)
    }
}

/// Immutable bytes shared by many uploads, so that memory does not grow with their number.
///
/// Unchecked: the bytes are written in `init` only, before anybody else can see them.
package final class SharedBlock: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    /// The number of bytes.
    package var count: Int { self.bytes.count }

    /// A copy of some bytes.
    package init(_ source: [UInt8]) {
        self.bytes = .allocate(byteCount: source.count, alignment: 16)
        self.bytes.copyBytes(from: source)
    }

    deinit {
        self.bytes.deallocate()
    }
}

/// A piece of an upload.
package enum UploadSegment: Sendable {
    /// These bytes.
    case bytes([UInt8])
    /// `length` bytes of a file from `offset` on.
    case file(FileBody, offset: Int64, length: Int64)
    /// `length` bytes of a block from `offset` on, beginning again at its end.
    case block(SharedBlock, offset: Int, length: Int64)

    /// The piece's length in bytes.
    package var length: Int64 {
        switch self {
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, _, let length): length
        case .block(_, _, let length): length
        }
    }
}

extension UploadSegment {
    fileprivate func dropFirst(_ count: Int64) -> UploadSegment {
        switch self {
        case .bytes(let bytes): .bytes(Array(bytes.dropFirst(Int(count))))
        case .file(let file, let offset, let length):
            .file(file, offset: offset + count, length: length - count)
        case .block(let block, let offset, let length):
            .block(
                block, offset: Int((Int64(offset) + count) % Int64(max(1, block.count))),
                length: length - count)
        }
    }
}

/// A request's body: pieces sent one after the other, never gathered in memory.
package struct UploadBody: Sendable {
    /// The pieces in order; none is empty.
    package let segments: [UploadSegment]
    /// The sum of the pieces' lengths in bytes.
    package let length: Int64

    /// A body of pieces; empty ones are left out.
    ///
    /// Lengths and offsets must not be negative, and a block must not be empty.
    package init(segments: [UploadSegment]) {
        var total: Int64 = 0
        for segment in segments {
            switch segment {
            case .bytes: break
            case .file(_, let offset, let length):
                precondition(offset >= 0 && length >= 0, "a file segment out of range")
            case .block(let block, let offset, let length):
                precondition(offset >= 0 && length >= 0, "a block segment out of range")
                precondition(block.count > 0 || length == 0, "an empty block repeats nothing")
            }
            total += segment.length
        }
        self.segments = segments.filter { $0.length > 0 }
        self.length = total
    }

    /// The body without its first bytes; at most its length.
    package func dropFirst(_ count: Int64) -> UploadBody {
        var left = count
        var rest: [UploadSegment] = []
        for segment in self.segments {
            let dropped = min(left, segment.length)
            left -= dropped
            rest.append(segment.dropFirst(dropped))
        }
        return UploadBody(segments: rest)
    }

    /// A body of one array.
    package init(bytes: [UInt8]) {
        self.init(segments: [.bytes(bytes)])
    }
}

func systemMessage(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
}
