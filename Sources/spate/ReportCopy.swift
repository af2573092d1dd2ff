import ArgumentParser
import Foundation

/// One `-o kind=file`: a report that is also wanted somewhere else.
struct ReportCopy {
    /// The file in the run's directory.
    var source: String
    /// Where else it goes; nil when the run's directory is enough.
    var destination: String?

    private static let kinds = [
        "json": "report.json", "html": "report.html", "markdown": "report.md",
        "junit": "junit.xml",
    ]

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

    /// The text of one of its files.
    func read(_ name: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: self.path + "/" + name) else {
            throw Failure("\(self.path)/\(name) cannot be read", status: .internalError)
        }
        return String(decoding: data, as: UTF8.self)
    }
}
