import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads `journal/attempts.ndjson` from front to back; memory does not grow with the file.
///
/// A last line that a sudden death tore, or one that is no attempt, ends the sequence and sets
/// `damaged`.
package final class AttemptReader: Sequence, IteratorProtocol {
    private let descriptor: Int32
    private let decoder = JournalJSON.decoder()
    private var buffer: [UInt8] = []
    private var place = 0
    /// True when the file ended within a line or held one that makes no sense.
    package private(set) var damaged = false

    /// Opens the file of a run.
    ///
    /// - Throws: `JournalError.unreadable` when it is missing.
    package init(_ directory: RunDirectory) throws(JournalError) {
        let path = directory.path(of: .attempts)
        self.descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard self.descriptor >= 0 else {
            throw .unreadable(path: path, reason: JournalError.text(errno))
        }
    }

    deinit {
        close(self.descriptor)
    }

    /// The next attempt, or nil at the end.
    package func next() -> AttemptLine? {
        if self.damaged { return nil }
        var end = self.buffer[self.place...].firstIndex(of: 0x0a)
        while end == nil {
            guard self.fill() else {
                self.damaged = self.place < self.buffer.count
                return nil
            }
            end = self.buffer[self.place...].firstIndex(of: 0x0a)
        }
        guard let end else { return nil }
        let line = Data(self.buffer[self.place..<end])
        self.place = end + 1
        guard let attempt = try? self.decoder.decode(AttemptLine.self, from: line) else {
            self.damaged = true
            return nil
        }
        return attempt
    }

    /// Moves the rest to the front and reads more; false at the end.
    private func fill() -> Bool {
        self.buffer.removeFirst(self.place)
        self.place = 0
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = read(self.descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return false }
            self.buffer += chunk[..<count]
            return true
        }
    }
}
