/// The lines of a file's bytes, each with whether its newline was written too.
struct TextLines: Sequence, IteratorProtocol {
    struct Line {
        /// Counted from 1.
        var number: Int
        /// Without the newline; what is no UTF-8 is replaced.
        var text: Substring
        /// The same, as it stands in the file.
        var bytes: ArraySlice<UInt8>
        /// False for a last line that was cut off before its newline.
        var isWhole: Bool
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
        var slice = self.bytes[self.place..<end]
        if slice.last == 0x0d { slice.removeLast() }
        self.place = end + 1
        self.number += 1
        return Line(
            number: self.number, text: Substring(String(decoding: slice, as: UTF8.self)),
            bytes: slice, isWhole: end < self.bytes.count)
    }
}
