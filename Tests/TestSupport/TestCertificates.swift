import Foundation

/// Certificates made for one test by the `openssl` command: two authorities and what they issued.
///
/// Made at test time, so that none of them expires in a year's time.
package struct TestCertificates: Sendable {
    /// Whether the command is there at all.
    package static let canMake = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    /// Why none could be made.
    package struct Failure: Error {
        /// The command's arguments and what it said.
        package let message: String

        /// A failure, told in a sentence.
        package init(message: String) {
            self.message = message
        }
    }

    /// The folder that holds them all.
    package let folder: String

    /// The authority that issued `server`, `expired`, `elsewhere` and `client`.
    package var authority: String { self.certificate("authority") }
    /// An authority that issued nothing but `stranger`.
    package var otherAuthority: String { self.certificate("other") }

    /// A certificate's file.
    package func certificate(_ name: String) -> String { "\(self.folder)/\(name).pem" }
    /// A private key's file.
    package func key(_ name: String) -> String { "\(self.folder)/\(name).key" }
    /// The client's key once more, opened by `password` only.
    package var lockedKey: String { self.key("client-locked") }
    /// What opens it.
    package static let password = "sesame"

    /// Makes them in an existing folder; about a tenth of a second.
    ///
    /// - Throws: `Failure` when the command fails.
    package init(in folder: String) throws {
        self.folder = folder
        for name in ["authority", "other"] {
            try self.run([
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", self.key(name), "-out", self.certificate(name), "-days", "2",
                "-subj", "/CN=\(name)",
            ])
        }
        let here = "IP:127.0.0.1,IP:::1,DNS:localhost,DNS:api.example"
        try self.issue("server", names: here)
        try self.issue("expired", names: here, isExpired: true)
        try self.issue("elsewhere", names: "DNS:elsewhere.example")
        try self.issue("client", names: "DNS:client")
        try self.issue("stranger", names: "DNS:stranger", by: "other")
        try self.run([
            "ec", "-in", self.key("client"), "-aes128", "-passout", "pass:\(Self.password)",
            "-out", self.lockedKey,
        ])
    }

    private func issue(
        _ name: String, names: String, by issuer: String = "authority", isExpired: Bool = false
    ) throws {
        let request = "\(self.folder)/\(name).csr"
        let extensions = "\(self.folder)/\(name).ext"
        try "subjectAltName=\(names)\n".write(
            toFile: extensions, atomically: true, encoding: .utf8)
        try self.run([
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", self.key(name), "-out", request, "-subj", "/CN=\(name)",
        ])
        let signing = [
            "x509", "-req", "-in", request, "-CA", self.certificate(issuer),
            "-CAkey", self.key(issuer), "-CAcreateserial", "-out", self.certificate(name),
            "-extfile", extensions,
        ]
        guard isExpired else { return try self.run(signing + ["-days", "2"]) }
        // OpenSSL 3.0 takes days below zero and knows no dates; later ones do it the other way.
        do { try self.run(signing + ["-days", "-1"]) } catch {
            try self.run(
                signing + ["-not_before", "20200101000000Z", "-not_after", "20200102000000Z"])
        }
    }

    private func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let said = Pipe()
        process.standardError = said
        try process.run()
        let text = String(
            decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(message: "openssl \(arguments.joined(separator: " ")): \(text)")
        }
    }
}
