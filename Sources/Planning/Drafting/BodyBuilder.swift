/// Collects a body's segments, joining neighbouring bytes.
struct BodyBuilder {
    private var segments: [DraftBody.Segment] = []
    private var pending: [UInt8] = []

    mutating func append(_ bytes: some Collection<UInt8>) {
        self.pending.append(contentsOf: bytes)
    }

    mutating func append(_ text: String) {
        self.pending.append(contentsOf: text.utf8)
    }

    mutating func append(_ segment: DraftBody.Segment) {
        self.flush()
        self.segments.append(segment)
    }

    mutating func finish() -> DraftBody {
        self.flush()
        return DraftBody(segments: self.segments)
    }

    private mutating func flush() {
        guard !self.pending.isEmpty else { return }
        self.segments.append(.bytes(self.pending))
        self.pending = []
    }
}
