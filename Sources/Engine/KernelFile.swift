#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A small file of `/proc` that is read again and again; kept open, so that reading it needs no
/// descriptor when the process has run out of them.
final class KernelFile {
    private let descriptor: Int32
    private var bytes = [UInt8](repeating: 0, count: 8_192)

    /// Nil where the kernel has no such file.
    init?(_ path: String) {
        self.descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if self.descriptor < 0 { return nil }
    }

    deinit {
        close(self.descriptor)
    }

    /// The numbers in the line that begins with `word`, in order; empty when there is none.
    ///
    /// Letters, `=` and dots separate: `some avg10=0.12 total=5` gives 10, 0, 12, 5.
    func numbers(after word: StaticString) -> [Int64] {
        let count = pread(self.descriptor, &self.bytes, self.bytes.count, 0)
        guard count > 0 else { return [] }
        return word.withUTF8Buffer { KernelFile.numbers(self.bytes[..<count], after: $0) }
    }

    private static func numbers(
        _ text: ArraySlice<UInt8>, after word: UnsafeBufferPointer<UInt8>
    ) -> [Int64] {
        var start = text.startIndex
        while start < text.endIndex {
            let end = text[start...].firstIndex(of: 0x0a) ?? text.endIndex
            let line = text[start..<end]
            if line.starts(with: word) { return numbers(line.dropFirst(word.count)) }
            start = end + 1
        }
        return []
    }

    private static func numbers(_ line: ArraySlice<UInt8>) -> [Int64] {
        var numbers: [Int64] = []
        var present: Int64?
        for byte in line {
            if byte >= 0x30, byte <= 0x39 {
                present = (present ?? 0) &* 10 &+ Int64(byte - 0x30)
            } else if let number = present {
                numbers.append(number)
                present = nil
            }
        }
        if let present { numbers.append(present) }
        return numbers
    }
}
