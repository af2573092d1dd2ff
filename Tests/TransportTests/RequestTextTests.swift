import Primitives
import Testing

@testable import Transport

@Suite struct RequestTextTests {
    @Test("A URL is what libcurl understands by it.")
    func parts() throws {
        let url = try parseURL("HTTPS://user:pw@Example.COM/a/../b?c=d#e")
        #expect(url.scheme == "https")
        #expect(url.host.lowercased() == "example.com")
        #expect(url.port == 443)
        #expect(url.path == "/b?c=d")
        #expect(url.userInfo == "user:pw")
        #expect(!url.text.contains("#"))
        #expect(!url.isNumeric)
    }

    @Test(
        "Odd spellings of an address are normalised.",
        arguments: [
            ("http://2130706433/", "127.0.0.1"), ("http://0x7f.1/", "127.0.0.1"),
            ("http://0177.0.0.1:80/", "127.0.0.1"), ("http://[::1]:8080/", "::1"),
            ("http://127.1/", "127.0.0.1"),
        ])
    func addresses(text: String, host: String) throws {
        let url = try parseURL(text)
        #expect(url.host == host)
        #expect(url.isNumeric)
    }

    @Test(
        "What is no http URL is refused.",
        arguments: [
            "", "example.com", "ftp://example.com/", "file:///etc/passwd", "http://", "http://a b/",
            "http://h:99999/", "gopher://h/", "http://h\u{0}.x/",
        ])
    func refused(text: String) {
        #expect(throws: TransportError.self) { try parseURL(text) }
    }

    @Test("A password is not repeated in a message.")
    func secret() {
        do {
            _ = try parseURL("ftp://user:canary@host/")
            Issue.record("an ftp URL was accepted")
        } catch {
            #expect(!error.message.contains("canary"))
        }
    }

    @Test(
        "Headers that cannot be sent are refused.",
        arguments: [
            ("", "a"), ("a b", "c"), ("a:", "c"), ("a", "b\r\nc: d"), ("a", "b\nc"),
            ("a", "b\u{0}"),
            ("Content-Length", "3"), ("transfer-encoding", "chunked"), ("é", "x"),
        ])
    func headers(name: String, value: String) {
        #expect(throws: TransportError.self) {
            try PreparedRequest(
                method: "GET", url: "http://127.0.0.1/", headers: [(name: name, value: value)],
                hasBody: false)
        }
    }

    @Test("A method is a token.", arguments: ["", "GET /", "A\r\nB"])
    func method(text: String) {
        #expect(throws: TransportError.self) {
            try PreparedRequest(method: text, url: "http://h/", headers: [], hasBody: false)
        }
    }

    @Test("The gate knows loopback, and exactly what is pinned.")
    func gate() throws {
        let loopback = AddressGate.loopback
        for allowed in ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"] {
            #expect(loopback.allows(allowed), "\(allowed)")
        }
        for other in ["128.0.0.1", "0.0.0.0", "::", "::2", "10.0.0.1", "::ffff:10.0.0.1", "x"] {
            #expect(!loopback.allows(other), "\(other)")
        }
        let pinned = try AddressGate(pinned: ["192.0.2.7", "2001:db8::1"])
        #expect(pinned.allows("192.0.2.7") && pinned.allows("::ffff:192.0.2.7"))
        #expect(pinned.allows("2001:db8:0::1"))
        #expect(!pinned.allows("127.0.0.1") && !pinned.allows("192.0.2.8"))
        #expect(throws: TransportError.self) { try AddressGate(pinned: ["localhost"]) }
    }

    @Test("The libcurl in use tells what it can.")
    func version() {
        let version = CurlVersion.current
        #expect(version.version.split(separator: ".").count >= 2)
        #expect(version.protocols.contains("https"))
        #expect(!version.features.isEmpty)
    }

    @Test("A numeric host is looked up as itself.")
    func lookup() throws {
        #expect(try NameLookup.addresses(of: "127.0.0.1") == ["127.0.0.1"])
        #expect(throws: TransportError.self) {
            try NameLookup.addresses(of: String(repeating: "a", count: 70) + ".invalid")
        }
    }

    @Test(
        "Retry-After is a number of seconds, or a date in any of the forms of RFC 9110.",
        arguments: [
            ("Retry-After: 120\r\n", 120), ("retry-after:0", 0), ("RETRY-AFTER:  7 ", 7),
            ("Retry-After: Sun, 31 May 2020 05:48:30 GMT\r\n", 30),
            ("Retry-After: Sunday, 31-May-20 05:48:30 GMT", 30),
            ("Retry-After: Sun May 31 05:48:30 2020", 30),
            ("Retry-After: Sat, 30 May 2020 05:48:00 GMT", 0), ("Retry-After: soon", nil),
            ("Retry-After: 12x", nil), ("Retry-After: -5", nil), ("Retry-After:", nil),
            ("Retry-After: 9999999999999999999", nil), ("Retry-Before: 3", nil), ("Retry", nil),
        ] as [(String, Int64?)])
    func retryAfter(line: String, seconds: Int64?) {
        // 2020-05-31T05:48:00Z
        let found = Array(line.utf8).withUnsafeBytes {
            EasySlot.retryAfter($0, now: 1_590_904_080)
        }
        #expect(found == seconds)
    }
}
