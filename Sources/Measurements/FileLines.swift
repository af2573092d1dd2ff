#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The lines of a file from front to back, each with whether its newline was written too.
///
/// Memory is that of a chunk or of the longest line, not of the file. A file that cannot be read
/// any further ends there.
final class FileLines: Sequence, IteratorProtocol {
    private let descriptor: Int32
    private var chunk = [UInt8](repeating: 0, count: 256 * 1024)
    private var buffer: [UInt8] = []
    private var place = 0
    private var number = 0

    /// The lines of the file at a path; nil when there is no regular file that can be read.
    init?(path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit {
        close(self.descriptor)
    }

    func next() -> TextLines.Line? {
        var searched = 0
        while true {
            if let end = self.buffer[(self.place + searched)...].firstIndex(of: 0x0a) {
                return self.line(until: end, isWhole: true)
            }
            searched = self.buffer.count - self.place
            guard self.fill() else { break }
        }
        guard self.place < self.buffer.count else { return nil }
        return self.line(until: self.buffer.count, isWhole: false)
    }

    private func line(until end: Int, isWhole: Bool) -> TextLines.Line {
        self.number += 1
        let bytes = self.buffer[self.place..<end]
        self.place = Swift.min(end + 1, self.buffer.count)
        return TextLines.Line(number: self.number, bytes: bytes, isWhole: isWhole)
    }

    /// Moves the rest to the front and reads more; false at the end.
    private func fill() -> Bool {
        self.buffer.removeFirst(self.place)
        self.place = 0
        while true {
            let count = read(self.descriptor, &self.chunk, self.chunk.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return false }
            self.buffer += self.chunk[..<count]
            return true
        }
    }
}
