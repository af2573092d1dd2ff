import Foundation

/// The release binaries, run as a user runs them.
enum BuiltProgram {
    /// The repository's root.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of the release binaries; `make test` builds them first.
    static var folder: String {
        ProcessInfo.processInfo.environment["SPATE_BIN"] ?? self.root.path + "/.build/release"
    }

    /// What a program did.
    struct Outcome {
        /// Its exit code.
        var status: Int32
        /// What it wrote to stdout.
        var output: String
        /// What it wrote to stderr.
        var errors: String
    }

    /// A program that was started and not yet waited for.
    final class Running: @unchecked Sendable {
        // `@unchecked`: `Process` is only started, signalled and waited for.
        let process: Process
        private let folder: String

        init(_ process: Process, folder: String) {
            self.process = process
            self.folder = folder
        }

        /// Sends a signal to this process only.
        func send(_ signal: Int32) {
            kill(self.process.processIdentifier, signal)
        }

        /// Waits for its end.
        func finish() -> Outcome {
            self.process.waitUntilExit()
            let output = Self.text(self.folder + "/.stdout")
            let errors = Self.text(self.folder + "/.stderr")
            return Outcome(
                status: self.process.terminationStatus, output: output, errors: errors)
        }

        private static func text(_ path: String) -> String {
            FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
                ?? ""
        }
    }

    /// Starts `spate` in a folder; its output goes to files there, so that no pipe can fill.
    static func start(
        _ arguments: [String], in folder: String, environment: [String: String] = [:]
    ) throws -> Running {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: self.folder + "/spate")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment) { $1 }
        for (name, assign) in [
            (".stdout", { process.standardOutput = $0 }),
            (".stderr", { process.standardError = $0 }),
        ] as [(String, (FileHandle) -> Void)] {
            let path = folder + "/" + name
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            if let handle = FileHandle(forWritingAtPath: path) { assign(handle) }
        }
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return Running(process, folder: folder)
    }

    /// Runs `spate` to its end.
    static func run(
        _ arguments: [String], in folder: String, environment: [String: String] = [:]
    ) throws -> Outcome {
        try self.start(arguments, in: folder, environment: environment).finish()
    }

    /// Runs any program to its end and returns its stdout.
    static func shell(_ program: String, _ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: String(decoding: data, as: UTF8.self),
            errors: "")
    }

    /// A folder of a test's own, removed when the body is done.
    static func withFolder<Result>(
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("spate-e2e-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    /// Writes a text into a folder and returns its path.
    @discardableResult
    static func write(_ text: String, to name: String, in folder: String) throws -> String {
        let path = folder + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Copies the shipped scenarios into a folder, so that runs leave nothing in the repository.
    static func copyScenarios(to folder: String) throws {
        try FileManager.default.copyItem(
            atPath: self.root.path + "/scenarios", toPath: folder + "/scenarios")
    }

    /// Reads a JSON file as a dictionary.
    static func json(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }
}

/// Walks a JSON document by dotted path.
func value(_ document: Any?, _ path: String) -> Any? {
    var here = document
    for part in path.split(separator: ".") {
        if let map = here as? [String: Any] {
            here = map[String(part)]
        } else if let list = here as? [Any], let index = Int(part), list.indices.contains(index) {
            here = list[index]
        } else {
            return nil
        }
    }
    return here is NSNull ? nil : here
}

/// The number at a dotted path; nil when there is none.
func number(_ document: Any?, _ path: String) -> Double? {
    (value(document, path) as? NSNumber)?.doubleValue
}
