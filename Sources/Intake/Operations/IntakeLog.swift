import Primitives
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Lines on stderr, at most 10,000 of them, so that a log never fills a disk.
final class IntakeLog: Sendable {
    /// How many lines are written; one more says that the rest is silence.
    static let limit = 10_000

    private let written = Atomic<Int>(0)
    private let descriptor: Int32

    /// A log on an open descriptor.
    init(descriptor: Int32 = 2) {
        self.descriptor = descriptor
    }

    /// Writes one line with the time before it.
    func line(_ message: String) {
        let number = self.written.add(1, ordering: .relaxed).newValue
        guard number <= IntakeLog.limit + 1 else { return }
        let text = number <= IntakeLog.limit ? message : "the log is full; nothing more is written"
        var line = "\(WallTime.now().iso8601) \(text)\n"
        line.withUTF8 { bytes in
            _ = write(self.descriptor, bytes.baseAddress, bytes.count)
        }
    }
}
