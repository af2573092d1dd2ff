import Foundation
import Primitives
import TestSupport
import Testing
import Transport

/// Real handshakes with `openssl s_server`.
@Suite(.serialized, .enabled(if: TestCertificates.canMake))
struct SecureTransferTests {
    /// One request with some settings; its result.
    private func outcome(
        of server: SecureServer, _ tls: TLSSettings
    ) async throws -> TransferResult {
        var options = LaneOptions()
        options.tls = tls
        var result: TransferResult?
        try await withLane(options, script: nil) { lane, _ in
            result = await lane.transfer(
                try request(server.url), client: await lane.makeClient())
        }
        return try #require(result)
    }

    private func trusting(_ certificates: TestCertificates) -> TLSSettings {
        var tls = TLSSettings()
        tls.caFile = certificates.authority
        return tls
    }

    @Test("A trusted certificate gives ordered phases; an unknown one is refused by its class.")
    func certificates() async throws {
        try await withCertificates { certificates in
            let server = try SecureServer(certificates, "server")
            defer { server.stop() }
            let result = try await self.outcome(of: server, self.trusting(certificates))
            #expect(result.failure == nil && result.status == 200)
            let order = [
                result.started, try #require(result.lookedUp), try #require(result.connected),
                try #require(result.secured), try #require(result.lastSent),
                try #require(result.firstHeader), result.ended,
            ]
            #expect(order == order.sorted())
            var stranger = TLSSettings()
            stranger.caFile = certificates.otherAuthority
            let refused = try await self.outcome(of: server, stranger)
            #expect(refused.failure == .tlsUntrusted)
            #expect(refused.connected != nil && refused.secured == nil)
            stranger.insecure = true
            #expect(try await self.outcome(of: server, stranger).failure == nil)
        }
    }

    @Test("Expired certificates and those of other names have classes of their own.")
    func unsuitable() async throws {
        try await withCertificates { certificates in
            for (name, expected) in [
                ("expired", FailureClass.tlsExpired), ("elsewhere", .tlsHostname),
            ] {
                let server = try SecureServer(certificates, name)
                defer { server.stop() }
                let result = try await self.outcome(of: server, self.trusting(certificates))
                #expect(result.failure == expected)
            }
        }
    }

    @Test(
        "A client certificate is shown; without one the server's alert has its class.",
        arguments: TLSVersion.allCases)
    func clientCertificate(version: TLSVersion) async throws {
        try await withCertificates { certificates in
            let server = try SecureServer(
                certificates, "server",
                ["-Verify", "1", "-verify_return_error", "-CAfile", certificates.authority])
            defer { server.stop() }
            var tls = self.trusting(certificates)
            tls.minVersion = version
            tls.maxVersion = version
            // TLS 1.2 has no alert for a missing certificate: `handshake failure` says nothing.
            let missing: FailureClass = version == .tls13 ? .tlsClientCertificate : .tls
            #expect(try await self.outcome(of: server, tls).failure == missing)
            tls.certificate = certificates.certificate("stranger")
            tls.key = certificates.key("stranger")
            #expect(try await self.outcome(of: server, tls).failure == .tlsClientCertificate)
            tls.certificate = certificates.certificate("client")
            tls.key = certificates.lockedKey
            tls.keyPassword = TestCertificates.password
            #expect(try await self.outcome(of: server, tls).failure == nil)
        }
    }

    @Test("Client and server without a version in common fail as that.")
    func versions() async throws {
        try await withCertificates { certificates in
            let old = try SecureServer(certificates, "server", ["-tls1_2"])
            defer { old.stop() }
            var tls = self.trusting(certificates)
            tls.minVersion = .tls13
            #expect(try await self.outcome(of: old, tls).failure == .tlsVersion)
            let new = try SecureServer(certificates, "server", ["-tls1_3"])
            defer { new.stop() }
            tls.minVersion = nil
            tls.maxVersion = .tls12
            #expect(try await self.outcome(of: new, tls).failure == .tlsVersion)
        }
    }

    @Test(
        "A client's next connection resumes its session; another client's and `resume: false` do not.",
        arguments: TLSVersion.allCases)
    func resumption(version: TLSVersion) async throws {
        try await withCertificates { certificates in
            let server = try SecureServer(certificates, "server")
            defer { server.stop() }
            for resume in [true, false] {
                var options = LaneOptions()
                options.tls = self.trusting(certificates)
                options.tls.minVersion = version
                options.tls.maxVersion = version
                options.tls.resume = resume
                options.reuseConnections = false
                try await withLane(options, script: nil) { lane, _ in
                    for _ in 0..<2 {
                        let client = await lane.makeClient()
                        for number in 0..<3 {
                            let result = await lane.transfer(
                                try request(server.url), client: client)
                            let page = String(decoding: result.responseBody, as: UTF8.self)
                            let isResumed = page.contains("\nReused, TLSv\(version.rawValue)")
                            #expect(page.contains("TLSv\(version.rawValue)"))
                            #expect(isResumed == (resume && number > 0))
                        }
                    }
                }
            }
        }
    }

    @Test("Files that TLS cannot use are found before anything is sent.")
    func checking() async throws {
        try await withCertificates { certificates in
            var options = LaneOptions()
            options.tls = self.trusting(certificates)
            options.tls.certificate = certificates.certificate("client")
            options.tls.key = certificates.lockedKey
            options.tls.keyPassword = TestCertificates.password
            try options.checkTLS()
            var wrong = options
            wrong.tls.keyPassword = "open"
            #expect(throws: TransportError.self) { try wrong.checkTLS() }
            wrong = options
            wrong.tls.key = certificates.key("stranger")
            #expect(throws: TransportError.self) { try wrong.checkTLS() }
            wrong = options
            wrong.tls.caFile = certificates.key("client")
            #expect(throws: TransportError.self) { try wrong.checkTLS() }
            wrong.tls.caFile = certificates.folder + "/missing.pem"
            #expect(throws: TransportError.self) { try wrong.checkTLS() }
        }
    }

    @Test("OpenSSL's verdicts and words become classes; words that say nothing do not.")
    func words() {
        let cases: [(Int, String, TLSTrouble?)] = [
            (10, "SSL certificate problem: certificate has expired", .expired),
            (9, "SSL certificate problem: certificate is not yet valid", .expired),
            (18, "SSL certificate problem: self-signed certificate", .untrusted),
            (20, "SSL certificate problem: unable to get local issuer certificate", .untrusted),
            (
                0,
                "SSL: no alternative certificate subject name matches target host name '127.0.0.1'",
                .hostname
            ),
            (
                0,
                "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required",
                .clientCertificate
            ),
            (
                0, "error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca",
                .clientCertificate
            ),
            (0, "OpenSSL/3.0: error:0A00042E:SSL routines::tlsv1 alert protocol version", .version),
            (1, "OpenSSL/3.0: error:0A000102:SSL routines::unsupported protocol", .version),
            (0, "error:0A000410:SSL routines::sslv3 alert handshake failure", nil),
            (1, "error:0A00010B:SSL routines::wrong version number", nil), (0, "", nil),
        ]
        for (verdict, message, expected) in cases {
            #expect(TLSTrouble(verdict: verdict, message: message) == expected, "\(message)")
        }
    }
}
