import ArgumentParser
import Foundation
import Measurements
import Scenarios

/// One `-o kind[=destination]`: a form of the report that is wanted, and where.
struct RunOutput {
    /// Where it goes.
    enum Destination: Equatable {
        /// Into the run's directory, under the kind's own name.
        case directory
        /// To stdout.
        case output
        /// To a file.
        case file(String)
    }
    /// The form.
    var kind: OutputKind
    /// Where it goes.
    var destination: Destination

    /// True for what goes to stdout while the run lasts.
    var isStreamed: Bool { self.kind == .ndjson && self.destination == .output }

    /// What can stand at the beginning of an argument, for completions.
    static let words = OutputKind.allCases.map(\.rawValue)

    /// What the help says of kinds.
    static let help = """
        Kinds of -o KIND[=DEST] (without DEST: a file in the run's folder; DEST - is stdout):
        \(OutputKind.listing)
        """

    /// Reads `kind`, `kind=file` or `kind=-`.
    init(_ text: String) throws {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        do { self.kind = try OutputKind(named: String(halves[0])) } catch {
            throw ValidationError(error.message)
        }
        guard halves.count == 2 else {
            self.destination = .directory
            return
        }
        guard !halves[1].isEmpty else {
            throw ValidationError(
                "'\(text)' names no destination; write \(halves[0])=FILE, or \(halves[0])=- for"
                    + " stdout")
        }
        self.destination = halves[1] == "-" ? .output : .file(String(halves[1]))
    }

    private init(kind: OutputKind) {
        self.kind = kind
        self.destination = .directory
    }

    /// The outputs of a command and a scenario, a workflow of GitHub's taken into account.
    ///
    /// - Throws: `Failure` when two of them want the same place.
    static func all(_ texts: [String], printsReport: Bool) throws -> [RunOutput] {
        let outputs = try texts.map(RunOutput.init)
        var places: [String] = printsReport ? ["stdout"] : []
        for (output, text) in zip(outputs, texts) {
            let place: String
            switch output.destination {
            case .directory: continue
            case .output: place = "stdout"
            case .file(let path): place = URL(fileURLWithPath: path).standardized.path
            }
            // Where everything is thrown away there is room for all.
            guard place != "/dev/null" else { continue }
            guard !places.contains(place) else {
                throw Failure(
                    "-o \(text): something else goes to \(place) already",
                    hint: "give each output a destination of its own", status: .usage)
            }
            places.append(place)
        }
        return outputs
    }

    /// The same with annotations where a workflow of GitHub's runs the command.
    static func withWorkflow(_ outputs: [RunOutput]) -> [RunOutput] {
        let isWorkflow = ProcessInfo.processInfo.environment["GITHUB_ACTIONS"] == "true"
        guard isWorkflow, !outputs.contains(where: { $0.kind == .github }) else { return outputs }
        return outputs + [RunOutput(kind: .github)]
    }

    /// Finds out before the run, not after it, whether the file can be written.
    func checkWritable() throws {
        guard case .file(let path) = self.destination else { return }
        var isDirectory: ObjCBool = false
        let files = FileManager.default
        if files.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard !isDirectory.boolValue else {
                throw Failure(
                    "\(path) cannot be written: it is a folder",
                    hint: "name a file, such as \(path)/\(self.fileName)", status: .usage)
            }
            guard files.isWritableFile(atPath: path) else {
                throw Failure(
                    "\(path) cannot be written: it is write-protected",
                    hint: "chmod u+w \(path), or name another file", status: .usage)
            }
            if !Self.isRegular(path) { return }
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard files.fileExists(atPath: folder, isDirectory: &isDirectory) else {
            throw Failure(
                "\(path) cannot be written: there is no folder \(folder)",
                hint: "mkdir -p \(folder)", status: .usage)
        }
        guard isDirectory.boolValue, files.isWritableFile(atPath: folder) else {
            throw Failure(
                "\(path) cannot be written: \(folder) is no folder one can write to",
                hint: "name a file elsewhere; ls -ld \(folder) shows who may", status: .usage)
        }
    }

    private var fileName: String {
        self.kind.fileName.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "annotations.txt"
    }

    /// False for pipes and devices, which must be written in place.
    static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
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
            throw Failure(
                "\(self.path)/\(name) cannot be read",
                hint: "make it again: spate report \(self.path)", status: .internalError)
        }
        return String(decoding: data, as: UTF8.self)
    }
}
