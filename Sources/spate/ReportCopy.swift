import ArgumentParser
import Foundation
import Measurements

/// One `-o kind=file`: a report that is also wanted somewhere else.
struct ReportCopy {
    /// The file in the run's directory.
    var source: String
    /// Where else it goes; nil when the run's directory is enough.
    var destination: String?

    private static let kinds = [
        "json": "report.json", "html": "report.html", "markdown": "report.md",
        "junit": "junit.xml", "attempts": RunDirectory.File.attempts.rawValue,
    ]

    /// True for the list of attempts: a run asked for it lists every one instead of a sample.
    var isAttempts: Bool { self.source == RunDirectory.File.attempts.rawValue }

    /// Reads `kind` or `kind=file`.
    init(_ text: String) throws {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let source = ReportCopy.kinds[String(halves[0])] else {
            let known = ReportCopy.kinds.keys.sorted().joined(separator: ", ")
            throw ValidationError("'\(halves[0])' is no kind of report; known are \(known)")
        }
        if halves.count == 2, halves[1].isEmpty {
            throw ValidationError("'\(text)' names no file")
        }
        self.source = source
        self.destination = halves.count == 2 ? String(halves[1]) : nil
    }

    /// Finds out before the run, not after it, whether the file can be written.
    func checkWritable() throws {
        guard let destination = self.destination else { return }
        let folder = URL(fileURLWithPath: destination).deletingLastPathComponent().path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory),
            isDirectory.boolValue, FileManager.default.isWritableFile(atPath: folder)
        else {
            throw Failure(
                "\(destination) cannot be written: \(folder) is no folder one can write to",
                status: .usage)
        }
    }

    /// Copies the report.
    func write(from directory: FinishedDirectory) throws {
        guard let destination = self.destination else { return }
        do {
            if self.isAttempts {
                // May be larger than memory.
                try directory.copy(self.source, to: destination)
                return
            }
            try Data(try directory.read(self.source).utf8)
                .write(to: URL(fileURLWithPath: destination), options: .atomic)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                "\(destination) cannot be written: \(error.localizedDescription)",
                status: .internalError)
        }
    }
}

/// A run's directory after its reports were written.
struct FinishedDirectory {
    /// Its path.
    var path: String

    /// Copies one of its files over another one.
    func copy(_ name: String, to destination: String) throws {
        let fresh = destination + ".new"
        try? FileManager.default.removeItem(atPath: fresh)
        try FileManager.default.copyItem(atPath: self.path + "/" + name, toPath: fresh)
        guard rename(fresh, destination) == 0 else {
            let code = errno
            try? FileManager.default.removeItem(atPath: fresh)
            throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
        }
    }

    /// The text of one of its files.
    func read(_ name: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: self.path + "/" + name) else {
            throw Failure("\(self.path)/\(name) cannot be read", status: .internalError)
        }
        return String(decoding: data, as: UTF8.self)
    }
}
