import Foundation
import Measurements
import Primitives
import Targets

/// `reconcile.ndjson`: which intents the store holds, with size and digest.
///
/// Two runs of one seed can be compared by it, line by line, although their keys differ.
final class ReconciledRows {
    private let handle: FileHandle
    private var buffer = ""

    /// Begins the file.
    init(path: String) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw Failure(
                "\(path) cannot be written",
                hint: "free some room, then: spate report on its folder makes the reports",
                status: .internalError)
        }
        self.handle = handle
    }

    /// Adds a row.
    func write(_ end: IntentEnd, row: StoreRow) throws {
        let bytes = row.bytes.map(String.init) ?? "null"
        let digest = row.sha256.map { "\"\($0)\"" } ?? "null"
        self.buffer +=
            "{\"population\":\(end.population),\"number\":\(end.number),"
            + "\"ending\":\"\(end.ending.rawValue)\",\"bytes\":\(bytes),\"sha256\":\(digest)}\n"
        if self.buffer.utf8.count > 1 << 16 { try self.drain() }
    }

    /// Ends the file.
    func close() throws {
        try self.drain()
        try self.handle.close()
    }

    private func drain() throws {
        try self.handle.write(contentsOf: Data(self.buffer.utf8))
        self.buffer = ""
    }
}
