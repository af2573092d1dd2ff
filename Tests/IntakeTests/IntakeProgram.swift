import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The program `spate-intake` as a process, for what cannot be tested inside one's own.
struct IntakeProgram: @unchecked Sendable {
    // `@unchecked`: `Process` is started here and only waited for afterwards.

    /// The public port.
    let port: Int
    /// The admin port.
    let adminPort: Int
    /// The process that serves at first.
    let pid: Int
    /// Its data directory.
    let directory: String
    private let process: Process
    private let input: Pipe

    /// The release binary; `make test` builds it first.
    private static var path: String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        let folder = ProcessInfo.processInfo.environment["SPATE_BIN"] ?? root + "/.build/release"
        return folder + "/spate-intake"
    }

    /// Why a program could not be used.
    struct Failure: Error {
        /// The sentence.
        var why: String
    }

    /// Ports below those that the kernel gives to clients.
    ///
    /// A process that comes back must find its own ones free, and a client that got one of them
    /// meanwhile would keep it for a minute.
    private static func ports() -> [String] {
        let port = Int.random(in: 10_000..<32_000)
        return ["--port", "\(port)", "--admin-port", "\(port + 1)"]
    }

    private init(_ arguments: [String], directory: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: IntakeProgram.path)
        process.arguments = ["--data-dir", directory + "/data"] + arguments
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while !line.contains(0x0A) {
            let chunk = output.fileHandleForReading.availableData
            guard !chunk.isEmpty else { throw Failure(why: "it said nothing") }
            line += chunk
        }
        let said = try JSONSerialization.jsonObject(with: line) as? [String: Any]
        guard let port = (said?["port"] as? NSNumber)?.intValue,
            let admin = (said?["admin"] as? NSNumber)?.intValue,
            let pid = (said?["pid"] as? NSNumber)?.intValue
        else {
            throw Failure(why: "it said something else")
        }
        self.process = process
        self.input = input
        self.port = port
        self.adminPort = admin
        self.pid = pid
        self.directory = directory
    }

    /// Runs a test against the program; returns its exit status after its stdin was closed.
    static func run(
        _ arguments: [String], _ test: (IntakeProgram) async throws -> Void
    ) async throws -> Int32 {
        let directory =
            FileManager.default.temporaryDirectory.path + "/intake-program-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var attempts = 0
        var started: IntakeProgram?
        while started == nil {
            attempts += 1
            do {
                started = try IntakeProgram(ports() + arguments, directory: directory)
            } catch  where attempts < 20 {
                // Somebody else's ports; there are others.
                continue
            }
        }
        let program = try #require(started)
        do {
            try await test(program)
        } catch {
            _ = program.stop()
            throw error
        }
        return program.stop()
    }

    /// Closes its stdin and waits for its end.
    func stop() -> Int32 {
        try? self.input.fileHandleForWriting.close()
        self.process.waitUntilExit()
        return self.process.terminationStatus
    }

    /// Sends a request to the public port.
    func get(_ path: String) async -> RawAnswer {
        await RawClient.send("GET", path, to: self.port)
    }

    /// The manifest, as a dictionary.
    func manifest() async -> [String: Any] {
        let text = await RawClient.send("GET", "/admin/manifest", to: self.adminPort).body
        return (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
    }

    /// A fault of the manifest, as a dictionary.
    func fault(_ index: Int = 0) async -> [String: Any] {
        let faults = await self.manifest()["faults"] as? [[String: Any]] ?? []
        return faults.indices.contains(index) ? faults[index] : [:]
    }
}
