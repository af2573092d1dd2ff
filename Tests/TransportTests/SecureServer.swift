import Foundation
import TestSupport

/// `openssl s_server`, one connection at a time, with the certificates of the test.
final class SecureServer {
    let port: Int
    private let process = Process()

    /// Starts it with a certificate; `extra` are arguments of its own.
    init(_ certificates: TestCertificates, _ name: String, _ extra: [String] = []) throws {
        self.process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        self.process.arguments =
            [
                "s_server", "-accept", "127.0.0.1:0", "-key", certificates.key(name),
                "-cert", certificates.certificate(name), "-www",
            ] + extra
        self.process.standardInput = FileHandle.nullDevice
        self.process.standardError = FileHandle.nullDevice
        let output = Pipe()
        self.process.standardOutput = output
        try self.process.run()
        // It prints `ACCEPT 127.0.0.1:port` when it listens.
        var text = ""
        while !text.contains("ACCEPT") || !text.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += String(decoding: more, as: UTF8.self)
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix("ACCEPT") }
        guard let port = line?.split(separator: ":").last.flatMap({ Int($0) }) else {
            kill(self.process.processIdentifier, SIGKILL)
            throw TestCertificates.Failure(message: "s_server did not start: \(text)")
        }
        self.port = port
    }

    var url: String { "https://127.0.0.1:\(self.port)/" }

    func stop() {
        // It may have inherited a mask that blocks the milder signals.
        kill(self.process.processIdentifier, SIGKILL)
        self.process.waitUntilExit()
    }
}

/// Runs a test in a folder with fresh certificates.
func withCertificates(_ body: (TestCertificates) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "spate-tls-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(try TestCertificates(in: folder))
}
