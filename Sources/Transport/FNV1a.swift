/// The hash FNV-1a with 64 bits, by Fowler, Noll and Vo (draft-eastlake-fnv).
///
/// It tells short texts apart and hides none of them: not for secrets. A multiplication follows
/// another, so that a byte costs the four cycles of a multiplication and an exclusive or.
package struct FNV1a: Sendable, Hashable {
    /// The hash of what was mixed in so far.
    package private(set) var value: UInt64

    /// The hash of nothing, or one to be continued.
    package init(_ value: UInt64 = 0xcbf2_9ce4_8422_2325) {
        self.value = value
    }

    /// Mixes a byte in.
    package mutating func mix(byte: UInt8) {
        self.value = (self.value ^ UInt64(byte)) &* 0x100_0000_01b3
    }

    /// Mixes a number's eight bytes in, the lowest first.
    package mutating func mix(_ number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            self.mix(byte: UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// Mixes bytes in.
    package mutating func mix(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes { self.mix(byte: byte) }
    }

    /// Mixes a text of C in, and its end.
    mutating func mix(_ text: UnsafePointer<CChar>?) {
        guard var next = text else { return }
        while next.pointee != 0 {
            self.mix(byte: UInt8(bitPattern: next.pointee))
            next += 1
        }
        self.mix(byte: 0)
    }
}
