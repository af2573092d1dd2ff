/// Collects a body's segments, joining neighbouring bytes.
struct BodyBuilder {
    private var segments: [DraftBody.Segment] = []
    private var pending: [UInt8] = []
    /// The bytes so far.
    private(set) var length: Int64 = 0
    private var sends: Int64?

    mutating func append(_ bytes: some Collection<UInt8>) {
        self.pending.append(contentsOf: bytes)
        self.length += Int64(bytes.count)
    }

    mutating func append(_ text: String) {
        self.pending.append(contentsOf: text.utf8)
        self.length += Int64(text.utf8.count)
    }

    mutating func append(_ segment: DraftBody.Segment) {
        self.flush()
        self.segments.append(segment)
        self.length += segment.length
    }

    /// Lets the client hang up after that many bytes of the body; the earliest place counts.
    mutating func hangUp(after count: Int64) {
        self.sends = min(self.sends ?? count, count)
    }

    mutating func finish() -> DraftBody {
        self.flush()
        return DraftBody(segments: self.segments, sends: self.sends)
    }

    private mutating func flush() {
        guard !self.pending.isEmpty else { return }
        self.segments.append(.bytes(self.pending))
        self.pending = []
    }
}
