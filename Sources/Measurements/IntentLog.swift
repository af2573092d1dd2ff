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
/// A header of 24 bytes (`spate/intents/2` and zeros), then records, little-endian:
/// population (2 bytes), ending (1: its place in `IntentEnding.allCases`, and 0xA0, or 0xB0 where
/// the effort is not known), presses (1), number (4), arrived (6), ended (6), both in microseconds
/// from the run's start, attempts (2), retries (2).
///
/// Version 1, which is still read, knew no effort: population (2), ending (1), 1 (1, a mark),
/// number (4), arrived (8), ended (8).
enum IntentLog {
    /// Which layout a file has.
    enum Version: Sendable {
        /// Without efforts.
        case first
        /// With them.
        case second
    }
    static let size = 24
    static let header = IntentLog.announcing(2)
    private static let mark: UInt8 = 0xA0
    private static let markWithoutEffort: UInt8 = 0xB0
    private static let endings = IntentEnding.allCases

    private static func announcing(_ version: Int) -> [UInt8] {
        let name = Array("spate/intents/\(version)".utf8)
        return name + [UInt8](repeating: 0, count: IntentLog.size - name.count)
    }

    /// The layout that a file's first 24 bytes announce; nil when they announce none we know.
    static func version(of header: some Sequence<UInt8>) -> Version? {
        let bytes = Array(header)
        if bytes == IntentLog.header { return .second }
        return bytes == IntentLog.announcing(1) ? .first : nil
    }

    static func encode(_ ends: [IntentEnd]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ends.count * IntentLog.size)
        for end in ends {
            append(UInt64(UInt16(clamping: end.population)), 2, to: &bytes)
            bytes.append(code(end.ending) | (end.effort == nil ? markWithoutEffort : mark))
            bytes.append(UInt8(end.effort?.presses ?? 0))
            append(UInt64(UInt32(clamping: end.number)), 4, to: &bytes)
            // Six bytes hold nine years.
            append(UInt64(bitPattern: end.arrived), 6, to: &bytes)
            append(UInt64(bitPattern: end.ended), 6, to: &bytes)
            append(UInt64(end.effort?.attempts ?? 0), 2, to: &bytes)
            append(UInt64(end.effort?.retries ?? 0), 2, to: &bytes)
        }
        return bytes
    }

    static func decode(_ bytes: ArraySlice<UInt8>, _ version: Version) -> IntentEnd? {
        guard bytes.count == size else { return nil }
        return bytes.withUnsafeBytes { record in
            switch version {
            case .first: first(record)
            case .second: second(record)
            }
        }
    }

    private static func second(_ record: UnsafeRawBufferPointer) -> IntentEnd? {
        let code = Int(record[2] & 0x0F)
        let kind = record[2] & 0xF0
        guard code < endings.count, kind == mark || kind == markWithoutEffort else { return nil }
        return IntentEnd(
            population: integer(record, 0, 2), number: integer(record, 4, 4),
            ending: endings[code], arrived: signed(record, 8), ended: signed(record, 14),
            effort: kind == markWithoutEffort
                ? nil
                : IntentEffort(
                    attempts: integer(record, 20, 2), retries: integer(record, 22, 2),
                    presses: Int(record[3])))
    }

    private static func first(_ record: UnsafeRawBufferPointer) -> IntentEnd? {
        guard record[3] == 1, Int(record[2]) < endings.count else { return nil }
        return IntentEnd(
            population: integer(record, 0, 2), number: integer(record, 4, 4),
            ending: endings[Int(record[2])], arrived: Int64(integer(record, 8, 8)),
            ended: Int64(integer(record, 16, 8)))
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

    private static func integer(
        _ record: UnsafeRawBufferPointer, _ start: Int, _ width: Int
    ) -> Int {
        var value: UInt64 = 0
        for place in 0..<width { value |= UInt64(record[start + place]) << UInt64(8 * place) }
        return Int(truncatingIfNeeded: value)
    }

    /// Six bytes with their sign.
    private static func signed(_ record: UnsafeRawBufferPointer, _ start: Int) -> Int64 {
        (Int64(integer(record, start, 6)) << 16) >> 16
    }
}

/// Reads `journal/intents.bin` from front to back; memory does not grow with the file.
///
/// A torn last record, as a sudden death leaves it, ends the sequence and sets `damaged`.
package final class IntentEndReader: Sequence, IteratorProtocol {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var place = 0
    private let version: IntentLog.Version
    /// True when the file ended within a record or held one that makes no sense.
    package private(set) var damaged = false

    /// Opens the file of a run.
    ///
    /// - Throws: `JournalError.unreadable` when it is missing or is no such file.
    package init(_ directory: RunDirectory) throws(JournalError) {
        let path = directory.path(of: .intents)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .unreadable(path: path, reason: JournalError.text(errno))
        }
        var chunk: [UInt8] = []
        let isWhole = IntentEndReader.fill(&chunk, from: descriptor)
        guard isWhole, let version = IntentLog.version(of: chunk.prefix(IntentLog.size)) else {
            close(descriptor)
            throw .unreadable(path: path, reason: "it does not begin as a list of intents")
        }
        self.descriptor = descriptor
        self.version = version
        self.buffer = chunk
        self.place = IntentLog.size
    }

    deinit {
        close(self.descriptor)
    }

    /// The next intent, or nil at the end.
    package func next() -> IntentEnd? {
        if self.damaged { return nil }
        if self.buffer.count - self.place < IntentLog.size {
            self.buffer.removeFirst(self.place)
            self.place = 0
            _ = IntentEndReader.fill(&self.buffer, from: self.descriptor)
            guard self.buffer.count - self.place >= IntentLog.size else {
                self.damaged = self.buffer.count > self.place
                return nil
            }
        }
        let record = self.buffer[self.place..<self.place + IntentLog.size]
        self.place += IntentLog.size
        guard let end = IntentLog.decode(record, self.version) else {
            self.damaged = true
            return nil
        }
        return end
    }

    /// Reads until a record is there; false at the end.
    private static func fill(_ buffer: inout [UInt8], from descriptor: Int32) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 24 * 1024)
        while buffer.count < IntentLog.size {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return false }
            buffer += chunk[..<count]
        }
        return true
    }
}
