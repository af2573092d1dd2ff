/// The lines of a file's bytes, each with whether its newline was written too.
struct TextLines: Sequence, IteratorProtocol {
    struct Line {
        /// Counted from 1.
        let number: Int
        /// Without the newline, as it stands in the file.
        let bytes: ArraySlice<UInt8>
        /// False for a last line that was cut off before its newline.
        let isWhole: Bool

        init(number: Int, bytes: ArraySlice<UInt8>, isWhole: Bool) {
            self.number = number
            self.bytes = bytes.last == 0x0d ? bytes.dropLast() : bytes
            self.isWhole = isWhole
        }

        /// The line; what is no UTF-8 is replaced.
        var text: Substring { Substring(String(decoding: self.bytes, as: UTF8.self)) }
    }
    private let bytes: [UInt8]
    private var place = 0
    private var number = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> Line? {
        guard self.place < self.bytes.count else { return nil }
        let rest = self.bytes[self.place...]
        let end = rest.firstIndex(of: 0x0a) ?? self.bytes.count
        let slice = self.bytes[self.place..<end]
        self.place = end + 1
        self.number += 1
        return Line(number: self.number, bytes: slice, isWhole: end < self.bytes.count)
    }
}
