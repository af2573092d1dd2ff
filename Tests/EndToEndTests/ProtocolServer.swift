import Foundation
import TestSupport

/// nginx with every protocol it has, one port for each way to connect.
final class ProtocolServer: @unchecked Sendable {
    // `@unchecked`: used by one test at a time.

    /// What a port offers.
    enum Port: String, CaseIterable {
        /// HTTP/2 and 1.1 over TLS 1.2 and 1.3, on 127.0.0.1 and ::1.
        case modern
        /// HTTP/2 without TLS.
        case h2c
        /// HTTP/1.1 over TLS with an expired certificate.
        case expired
        /// HTTP/1.1 over TLS with a certificate for another name.
        case elsewhere
        /// HTTP/1.1 over TLS that asks for a client certificate.
        case clientCertificate
        /// HTTP/1.1 over TLS 1.2 only.
        case old
        /// HTTP/2 over TLS, ten requests a connection.
        case restless
    }

    /// A line of the access log.
    struct Entry {
        var connection: String
        var http: String
        var tls: String
        var isResumed: Bool
        var status: String
    }

    let certificates: TestCertificates
    let socketPath: String
    private let folder: String
    private var process: NginxProcess?
    private let ports: [Port: UInt16]

    init(in folder: String) throws {
        self.folder = folder
        self.socketPath = folder + "/nginx.sock"
        self.certificates = try TestCertificates(in: folder)
        // nginx cannot say which port it chose; those that were free a moment ago have to do.
        let probes = try Port.allCases.map { _ in try ScriptedServer(script: nil) }
        self.ports = Dictionary(
            uniqueKeysWithValues: zip(Port.allCases, probes.map(\.port)))
        for probe in probes { probe.stop() }
        self.process = try NginxProcess(
            in: folder, http: self.servers,
            logFormat: "$connection $server_protocol $ssl_protocol $ssl_session_reused $status",
            probe: ["--unix-socket", self.socketPath, "http://localhost/silent"], status: "200")
    }

    private var servers: String {
        """
        ssl_session_cache shared:sessions:1m;
        ssl_protocols TLSv1.2 TLSv1.3;
        keepalive_requests 1000000;
        ssl_certificate \(self.certificates.certificate("server"));
        ssl_certificate_key \(self.certificates.key("server"));
        server {
            listen \(self.address(.modern)) ssl http2;
            listen [::1]:\(self.port(.modern)) ssl http2;
            location / { return 200 "ok\\n"; }
            \(self.whole)
        }
        server {
            listen \(self.address(.h2c)) http2;
            location / { return 200 "ok\\n"; }
            \(self.whole)
        }
        server {
            listen \(self.address(.expired)) ssl;
            ssl_certificate \(self.certificates.certificate("expired"));
            ssl_certificate_key \(self.certificates.key("expired"));
        }
        server {
            listen \(self.address(.elsewhere)) ssl;
            ssl_certificate \(self.certificates.certificate("elsewhere"));
            ssl_certificate_key \(self.certificates.key("elsewhere"));
        }
        server {
            listen \(self.address(.clientCertificate)) ssl;
            ssl_verify_client on;
            ssl_client_certificate \(self.certificates.authority);
            location / { return 200 "ok\\n"; }
        }
        server {
            listen \(self.address(.old)) ssl;
            ssl_protocols TLSv1.2;
            location / { return 200 "ok\\n"; }
        }
        server {
            listen \(self.address(.restless)) ssl http2;
            keepalive_requests 10;
            location / { return 200 "ok\\n"; }
        }
        server {
            listen unix:\(self.socketPath);
            location / { return 200 "ok\\n"; }
            location /silent { access_log off; return 200 "ok\\n"; }
        }
        """
    }

    /// Takes a whole upload before it answers, and has the test's files to give.
    private var whole: String {
        """
        location /upload { proxy_pass http://unix:\(self.socketPath):/; }
                    location /files/ { alias \(self.folder)/; }
        """
    }

    func port(_ port: Port) -> UInt16 { self.ports[port] ?? 0 }

    private func address(_ port: Port) -> String { "127.0.0.1:\(self.port(port))" }

    func url(_ port: Port, scheme: String = "https") -> String {
        "\(scheme)://\(self.address(port))/"
    }

    /// What was logged since the last time; waits until there are so many lines.
    func log(_ lines: Int) throws -> [Entry] {
        let path = self.folder + "/access.log"
        let deadline = ContinuousClock.now + .seconds(10)
        var text = ""
        // nginx writes a line when it has ended the request, which its client may know before.
        repeat {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } while text.split(
            separator: "\n"
        ).count < lines && ContinuousClock.now < deadline
        try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: 0)
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 5 else { return nil }
            return Entry(
                connection: words[0], http: words[1], tls: words[2], isResumed: words[3] == "r",
                status: words[4])
        }
    }

    /// Asks it to finish what it does, and waits.
    func stop() { self.process?.stop() }
}
