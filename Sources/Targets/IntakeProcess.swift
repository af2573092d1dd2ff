import Foundation

/// The bundled intake as a child process: started on free loopback ports, ended with its stdin.
package final class IntakeProcess: @unchecked Sendable {
    // `@unchecked`: all members are set before the initialiser returns and `Process` is only asked
    // to end, from one place.

    /// What the intake said of itself when it accepted.
    package struct Announcement: Sendable, Hashable, Decodable {
        /// The public port.
        package var port: Int
        /// The admin port.
        package var admin: Int
        /// Its process id.
        package var pid: Int
        /// Its version.
        package var version: String
    }
    /// What it said.
    package let announcement: Announcement
    /// The directory with its store and spool.
    package let dataDirectory: String
    private let process: Process
    private let standardInput: Pipe

    /// The public base URL.
    package var baseURL: String { "http://127.0.0.1:\(self.announcement.port)" }
    /// The admin base URL.
    package var adminURL: String { "http://127.0.0.1:\(self.announcement.admin)" }

    /// Starts an intake and waits until it accepts connections.
    ///
    /// - Parameters:
    ///   - executable: the program's path; see `locate`.
    ///   - settings: its settings as `path=value`.
    ///   - dataDirectory: where store and spool go; made if missing.
    ///   - logPath: where its log goes.
    /// - Throws: `TargetError`; the program's own complaint is its message.
    package init(
        executable: String, settings: [(path: String, value: String)], dataDirectory: String,
        logPath: String
    ) throws(TargetError) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        var arguments = [
            "--port", "0", "--admin-port", "0", "--data-dir", dataDirectory,
        ]
        for setting in settings { arguments += ["--set", "\(setting.path)=\(setting.value)"] }
        process.arguments = arguments
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        do {
            try FileManager.default.createDirectory(
                atPath: dataDirectory, withIntermediateDirectories: true)
            guard FileManager.default.createFile(atPath: logPath, contents: nil),
                let log = FileHandle(forWritingAtPath: logPath)
            else {
                throw TargetError(.intakeUnavailable, "cannot write the intake's log \(logPath)")
            }
            process.standardError = log
            try process.run()
        } catch let error as TargetError {
            throw error
        } catch {
            throw TargetError(
                .intakeUnavailable, "cannot start \(executable): \(error.localizedDescription)")
        }
        guard let line = IntakeProcess.firstLine(of: output.fileHandleForReading),
            let announcement = try? JSONDecoder().decode(Announcement.self, from: line)
        else {
            process.waitUntilExit()
            throw IntakeProcess.startFailure(status: process.terminationStatus, logPath: logPath)
        }
        self.announcement = announcement
        self.dataDirectory = dataDirectory
        self.process = process
        self.standardInput = input
    }

    /// Ends the intake by closing its stdin and waits for it; by a signal if it does not listen.
    package func stop() {
        try? self.standardInput.fileHandleForWriting.close()
        let ended = DispatchSemaphore(value: 0)
        let process = self.process
        DispatchQueue.global().async {
            process.waitUntilExit()
            ended.signal()
        }
        if ended.wait(timeout: .now() + 10) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
        }
    }

    /// True while the intake runs.
    package var isRunning: Bool { self.process.isRunning }

    /// Finds `spate-intake`: beside our own binary, then on PATH.
    ///
    /// - Throws: `TargetError` that says how to build it.
    package static func locate(
        besides binary: String, path: String
    ) throws(TargetError) -> String {
        var places = [URL(fileURLWithPath: binary).deletingLastPathComponent().path]
        places += path.split(separator: ":").map(String.init)
        for place in places {
            let candidate = place + "/spate-intake"
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        throw TargetError(
            .intakeUnavailable, "spate-intake is neither beside \(binary) nor on PATH",
            hint: "build it with: swift build -c release --product spate-intake")
    }

    private static func firstLine(of handle: FileHandle) -> Data? {
        var line = Data()
        while line.count < 65_536 {
            let chunk = handle.availableData
            if chunk.isEmpty { return nil }
            line.append(chunk)
            if let end = line.firstIndex(of: 0x0A) { return line[..<end] }
        }
        return nil
    }

    private static func startFailure(status: Int32, logPath: String) -> TargetError {
        let log = (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
        let last = log.split(separator: "\n").suffix(3).joined(separator: " ")
        let message = "the intake did not start: \(last.isEmpty ? "exit \(status)" : last)"
        switch status {
        case 106: return TargetError(.cannotBind, message)
        case 64: return TargetError(.badSettings, message)
        default: return TargetError(.intakeUnavailable, message, hint: "its log is \(logPath)")
        }
    }
}
