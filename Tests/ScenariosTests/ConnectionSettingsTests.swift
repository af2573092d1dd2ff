import Primitives
import Testing

@testable import Scenarios

@Suite("How connections are made, as a scenario says it")
struct ConnectionSettingsTests {
    private func text(_ http: String, target: String = "http://127.0.0.1:8080") -> String {
        """
        version: 1
        target: \(target)
        http:
        \(http)
        scenarios:
          one:
            executor: constant-vus
            vus: 1
            duration: 1s
            flow: [ { get: / } ]
        """
    }

    @Test("Every key is read.")
    func reading() throws {
        let scenario = try Scenario.decode(
            text: self.text(
                """
                  version: 3
                  tls:
                    minVersion: 1.2
                    maxVersion: 1.3
                    resume: false
                    certificate: client.pem
                    key: client.key
                    keyPassword: "{{ $env.PASSWORD }}"
                    caFile: authority.pem
                    insecure: true
                  resolve: { "api.example:443": "127.0.0.1, ::1" }
                  connectTo: { ":443": "127.0.0.1:8443" }
                  unixSocket: /run/api.sock
                  dns: { ttl: 5s }
                """), file: "viral.yaml")
        let http = scenario.http
        #expect(http.version == .http3)
        #expect(http.tls.minVersion == .tls12 && http.tls.maxVersion == .tls13)
        #expect(!http.tls.resume && http.insecure)
        #expect(http.files == ["authority.pem", "client.pem", "client.key"])
        #expect(http.keyPassword?.pieces.count == 1)
        #expect(http.route.resolveEntries == ["api.example:443:127.0.0.1,[::1]"])
        #expect(http.route.connectToEntries == [":443:127.0.0.1:8443"])
        #expect(http.route.unixSocket == "/run/api.sock")
        #expect(http.lookupLifetime == .seconds(5))
    }

    @Test("Traces are asked for by one key, and not sent unless they are.")
    func tracing() throws {
        let asked = try Scenario.decode(text: self.text("  tracing: true"), file: "viral.yaml")
        #expect(asked.http.tracing)
        let silent = try Scenario.decode(text: self.text("  insecure: true"), file: "viral.yaml")
        #expect(!silent.http.tracing)
        let errors = mistakes(of: self.text("  tracing: on"))
        let told = errors?.mistakes.map(\.message) ?? []
        #expect(told.contains("tracing: 'on' is neither true nor false"))
    }

    @Test("The two older keys stand beside `tls` and mean the same.")
    func olderKeys() throws {
        let scenario = try Scenario.decode(
            text: self.text("  insecure: true\n  caFile: a.pem"), file: "viral.yaml")
        #expect(scenario.http.tls.insecure && scenario.http.tls.caFile == "a.pem")
        #expect(scenario.http.tls.resume && scenario.http.route.isDirect)
        #expect(scenario.http.lookupLifetime == nil)
    }

    @Test("Every bad value is told with its place.")
    func mistakesWithPlaces() {
        let errors = mistakes(
            of: self.text(
                """
                  insecure: true
                  tls: { minVersion: 1.3, maxVersion: 1.2, key: a.key, insecure: false }
                  resolve: { api.example: 127.0.0.1, "b.example:80": somewhere }
                  connectTo: { "a.example:80": b.example }
                  unixSocket: ""
                """))
        let told = errors?.mistakes.map {
            "\($0.location.line):\($0.location.column) \($0.message)"
        }
        #expect(
            told == [
                "5:22 minVersion: newer than the maxVersion",
                "5:44 'key' needs 'certificate' beside it",
                "5:66 insecure: given twice, in http and in http.tls",
                "6:14 resolve: 'api.example' is not of the form host:port",
                "6:38 resolve: 'somewhere' is no numeric address; write for example 127.0.0.1"
                    + " or ::1",
                "7:16 connectTo: 'b.example' is not of the form host:port",
                "8:15 unixSocket: a socket's path cannot be empty",
            ])
    }

    @Test("The bundled intake has no Unix socket, and a key of an older draft says what to write.")
    func advice() {
        let errors = mistakes(
            of: self.text("  unixSocket: /run/x\n  certFile: a.pem", target: "{ intake: {} }"))
        let told = errors?.mistakes.map(\.message) ?? []
        #expect(
            told.contains("unixSocket: the bundled intake listens on a port, not on a socket"))
        #expect(told.contains { $0.contains("tls: { certificate: FILE, key: FILE }") })
    }

    @Test("A key's password is a credential, unless it comes from the environment.")
    func redaction() {
        let open = self.text(
            "  tls: { certificate: a.pem, keyPassword: CANARY-k }")
        #expect(!Scenario.redactedText(of: open).contains("CANARY"))
        let hidden = self.text(
            "  tls: { certificate: a.pem, keyPassword: \"{{ $env.KEY }}\" }")
        #expect(Scenario.redactedText(of: hidden) == hidden)
    }
}
