#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why a body is no multipart form.
struct MultipartError: Error, Equatable {
    /// The sentence for the answer.
    var message: String
}

/// The header of one part of a form.
struct MultipartHeader: Sendable, Equatable {
    /// The field's name.
    var name: String
    /// The file's name; nil for a plain field.
    var filename: String?
    /// The part's content type, if given.
    var contentType: String?
}

/// Reads multipart/form-data (RFC 7578, RFC 2046) as it arrives, in constant memory.
///
/// It keeps back at most a boundary's length of data, or one part's header (16 KB at most).
struct MultipartParser {
    /// What the bytes mean.
    enum Event {
        /// A part begins.
        case begin(MultipartHeader)
        /// Some of the present part's bytes; valid during the call only.
        case data(UnsafeRawBufferPointer)
        /// The present part is whole.
        case end
    }

    private enum State {
        case preamble
        case afterBoundary
        case header
        case data
        case done
    }

    static let headerLimit = 16_384

    private let delimiter: [UInt8]
    private var state = State.preamble
    private var pending: [UInt8]
    private(set) var parts = 0

    /// A parser for the boundary of a `Content-Type` header.
    init(boundary: String) {
        self.delimiter = Array("\r\n--\(boundary)".utf8)
        // The first boundary has no line break before it; this one stands in for it.
        self.pending = [13, 10]
    }

    /// Takes the next bytes of the body and reports what became clear.
    ///
    /// - Throws: `MultipartError`, or what `sink` throws.
    mutating func feed(
        _ bytes: UnsafeRawBufferPointer, _ sink: (Event) throws -> Void
    ) throws {
        self.pending.append(contentsOf: bytes)
        var consumed = 0
        while try self.step(&consumed, sink) {}
        self.pending.removeFirst(consumed)
    }

    /// The body is over.
    ///
    /// - Throws: `MultipartError` when the final boundary is missing.
    func finish() throws(MultipartError) {
        guard case .done = self.state else {
            throw MultipartError(message: "the form ends before its final boundary")
        }
    }

    /// Does one step; false when it needs more bytes.
    private mutating func step(
        _ consumed: inout Int, _ sink: (Event) throws -> Void
    ) throws -> Bool {
        switch self.state {
        case .preamble:
            return try self.pass(&consumed) { _ in }
        case .data:
            let ended = try self.pass(&consumed) { try sink(.data($0)) }
            if ended { try sink(.end) }
            return ended
        case .afterBoundary:
            return try self.stepAfterBoundary(&consumed)
        case .header:
            return try self.stepHeader(&consumed, sink)
        case .done:
            consumed = self.pending.count
            return false
        }
    }

    /// Hands everything before the next delimiter to `data`; true when the delimiter was found.
    private mutating func pass(
        _ consumed: inout Int, _ data: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        let start = consumed
        let found: Int? = self.find(self.delimiter, from: start)
        // Without a delimiter the last bytes may still be the beginning of one.
        let end = found ?? max(start, self.pending.count - (self.delimiter.count - 1))
        if end > start {
            try self.pending.withUnsafeBytes { try data(.init(rebasing: $0[start..<end])) }
        }
        consumed = end
        guard found != nil else { return false }
        consumed += self.delimiter.count
        self.state = .afterBoundary
        return true
    }

    private mutating func stepAfterBoundary(_ consumed: inout Int) throws -> Bool {
        // RFC 2046 allows blanks between the boundary and its line break.
        while consumed < self.pending.count, [9, 32].contains(self.pending[consumed]) {
            consumed += 1
        }
        guard self.pending.count - consumed >= 2 else { return false }
        switch (self.pending[consumed], self.pending[consumed + 1]) {
        case (45, 45):
            self.state = .done
        case (13, 10):
            self.state = .header
        default:
            throw MultipartError(message: "a boundary is followed by neither a line nor '--'")
        }
        consumed += 2
        return true
    }

    private mutating func stepHeader(
        _ consumed: inout Int, _ sink: (Event) throws -> Void
    ) throws -> Bool {
        if self.pending[consumed...].starts(with: [13, 10]) {
            throw MultipartError(message: "a part has no Content-Disposition")
        }
        guard let end = self.find([13, 10, 13, 10], from: consumed),
            end - consumed <= MultipartParser.headerLimit
        else {
            guard self.pending.count - consumed <= MultipartParser.headerLimit else {
                throw MultipartError(message: "a part's header is longer than 16 KB")
            }
            return false
        }
        let text = String(decoding: self.pending[consumed..<end], as: UTF8.self)
        self.parts += 1
        try sink(.begin(try MultipartHeader(text: text)))
        consumed = end + 4
        self.state = .data
        return true
    }

    private func find(_ needle: [UInt8], from start: Int) -> Int? {
        self.pending.withUnsafeBytes { haystack -> Int? in
            guard let base = haystack.baseAddress else { return nil }
            var from = start
            // Every needle begins with a carriage return, which is rare in media.
            while haystack.count - from >= needle.count,
                let hit = memchr(base + from, 13, haystack.count - from - needle.count + 1)
            {
                from = UnsafeRawPointer(hit) - base
                if memcmp(base + from, needle, needle.count) == 0 { return from }
                from += 1
            }
            return nil
        }
    }
}
