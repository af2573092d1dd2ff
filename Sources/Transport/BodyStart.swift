/// The first bytes of an answer's body, kept until it is known whether anybody wants their hash.
///
/// Hashing 4 KiB is 16,000 cycles of waiting for multiplications, a fifth of what a request may
/// cost; copying them is next to nothing, and of the attempts of a busy second few are listed. The
/// room belongs to the handle and stays from transfer to transfer: as much as its largest answer
/// needed, at most 4 KiB.
struct BodyStart {
    /// Bytes that are hashed.
    static let limit = 4_096

    private var bytes: UnsafeMutableRawPointer?
    private var room = 0
    private(set) var count = 0

    /// True when nothing more is wanted.
    var isFull: Bool { self.count >= Self.limit }

    /// FNV-1a over the bytes kept.
    var hash: UInt64 {
        var hash = FNV1a()
        hash.mix(UnsafeRawBufferPointer(start: self.bytes, count: self.count))
        return hash.value
    }

    /// Takes the next piece of the body, or what there is room for.
    mutating func append(_ piece: UnsafeRawBufferPointer) {
        let wanted = min(piece.count, Self.limit - self.count)
        guard wanted > 0, let source = piece.baseAddress else { return }
        if self.count + wanted > self.room { self.grow(to: self.count + wanted) }
        self.bytes?.advanced(by: self.count).copyMemory(from: source, byteCount: wanted)
        self.count += wanted
    }

    private mutating func grow(to least: Int) {
        var room = max(256, self.room)
        while room < least { room *= 2 }
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: room, alignment: 16)
        if let old = self.bytes { fresh.copyMemory(from: old, byteCount: self.count) }
        self.bytes?.deallocate()
        self.bytes = fresh
        self.room = room
    }

    /// Forgets the bytes, not the room.
    mutating func clear() { self.count = 0 }

    /// Gives the room back.
    mutating func free() {
        self.bytes?.deallocate()
        self.bytes = nil
        self.room = 0
        self.count = 0
    }
}
