import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The layout of `journal/intents.bin`: how every intent ended, 24 bytes each.
///
/// A header of 24 bytes (`spate/intents/1` and zeros), then records, little-endian:
/// population (2 bytes), ending (1: its place in `IntentEnding.allCases`), 1 (1, a mark),
/// number (4), arrived (8), ended (8), both in microseconds from the run's start.
enum IntentLog {
    static let size = 24
    private static let mark: UInt8 = 1
    static let header: [UInt8] = {
        let name = Array("spate/intents/1".utf8)
        return name + [UInt8](repeating: 0, count: IntentLog.size - name.count)
    }()

    static func encode(_ ends: [IntentEnd]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ends.count * IntentLog.size)
        for end in ends {
            append(UInt64(UInt16(clamping: end.population)), 2, to: &bytes)
            bytes.append(code(end.ending))
            bytes.append(mark)
            append(UInt64(UInt32(clamping: end.number)), 4, to: &bytes)
            append(UInt64(bitPattern: end.arrived), 8, to: &bytes)
            append(UInt64(bitPattern: end.ended), 8, to: &bytes)
        }
        return bytes
    }

    static func decode(_ bytes: ArraySlice<UInt8>) -> IntentEnd? {
        let start = bytes.startIndex
        let endings = IntentEnding.allCases
        guard bytes.count == size, bytes[start + 3] == mark,
            Int(bytes[start + 2]) < endings.count
        else { return nil }
        return IntentEnd(
            population: Int(integer(bytes[start..<start + 2])),
            number: Int(integer(bytes[start + 4..<start + 8])),
            ending: endings[Int(bytes[start + 2])],
            arrived: Int64(bitPattern: integer(bytes[start + 8..<start + 16])),
            ended: Int64(bitPattern: integer(bytes[start + 16..<start + 24])))
    }

    private static func code(_ ending: IntentEnding) -> UInt8 {
        switch ending {
        case .accepted: 0
        case .rejected: 1
        case .gaveUp: 2
        case .failed: 3
        case .dropped: 4
        case .unfinished: 5
        }
    }

    private static func append(_ value: UInt64, _ width: Int, to bytes: inout [UInt8]) {
        for place in 0..<width {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place)))
        }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Reads `journal/intents.bin` from front to back; memory does not grow with the file.
///
/// A torn last record, as a sudden death leaves it, ends the sequence and sets `damaged`.
package final class IntentEndReader: Sequence, IteratorProtocol {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var place = 0
    /// True when the file ended within a record or held one that makes no sense.
    package private(set) var damaged = false

    /// Opens the file of a run.
    ///
    /// - Throws: `JournalError.unreadable` when it is missing or is no such file.
    package init(_ directory: RunDirectory) throws(JournalError) {
        let path = directory.path(of: .intents)
        self.descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard self.descriptor >= 0 else {
            throw .unreadable(path: path, reason: JournalError.text(errno))
        }
        guard self.fill(), self.buffer.count >= IntentLog.size,
            Array(self.buffer[..<IntentLog.size]) == IntentLog.header
        else { throw .unreadable(path: path, reason: "it does not begin as a list of intents") }
        self.place = IntentLog.size
    }

    deinit {
        if self.descriptor >= 0 { close(self.descriptor) }
    }

    /// The next intent, or nil at the end.
    package func next() -> IntentEnd? {
        if self.damaged { return nil }
        if self.buffer.count - self.place < IntentLog.size {
            _ = self.fill()
            guard self.buffer.count - self.place >= IntentLog.size else {
                self.damaged = self.buffer.count > self.place
                return nil
            }
        }
        let record = self.buffer[self.place..<self.place + IntentLog.size]
        self.place += IntentLog.size
        guard let end = IntentLog.decode(record) else {
            self.damaged = true
            return nil
        }
        return end
    }

    /// Moves the rest to the front and reads until a record is there; false at the end.
    private func fill() -> Bool {
        self.buffer.removeFirst(self.place)
        self.place = 0
        var chunk = [UInt8](repeating: 0, count: 24 * 1024)
        while self.buffer.count < IntentLog.size {
            let count = read(self.descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return false }
            self.buffer += chunk[..<count]
        }
        return true
    }
}
