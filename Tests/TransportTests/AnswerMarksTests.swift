import Testing

@testable import Transport

@Suite struct AnswerMarksTests {
    @Test(
        "FNV-1a gives its authors' values.",
        arguments: [
            ("", UInt64(0xcbf2_9ce4_8422_2325)), ("a", 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0x8594_4171_f739_67e8),
        ])
    func vectors(text: String, value: UInt64) {
        var hash = FNV1a()
        Array(text.utf8).withUnsafeBytes { hash.mix($0) }
        #expect(hash.value == value)
        var single = FNV1a()
        for byte in text.utf8 { single.mix(byte: byte) }
        #expect(single == hash)
    }

    private func fingerprint(_ lines: [String], status: Int = 200) -> UInt64 {
        var marks = AnswerMarks()
        for line in lines { Array((line + "\r\n").utf8).withUnsafeBytes { marks.take($0) } }
        return marks.fingerprint(status: status)
    }

    /// Computed apart from this program: status and four hashes, eight bytes each, lowest first,
    /// and a byte.
    @Test("A fingerprint is what its description says.")
    func oracle() {
        let page = [
            "Server: nginx/1.25.3", "Content-Type: text/html; charset=utf-8", "Retry-After: 5",
        ]
        #expect(self.fingerprint(page, status: 503) == 0x6bd1_d49a_2d44_246a)
        let redirect = [
            "Server: nginx/1.25.3", "Via: 1.1 a", "Via: 1.1 b",
            "Location: https://user:pw@Elsewhere.example:8443/p?q",
        ]
        #expect(self.fingerprint(redirect, status: 302) == 0xa639_a539_bf21_20a3)
    }

    @Test("Neither the order of fields nor the case of names and values matters, nor do blanks.")
    func spelling() {
        let one = self.fingerprint([
            "Server: nginx", "Content-Type: text/html; charset=utf-8", "Via: 1.1 edge",
        ])
        let other = self.fingerprint([
            "via:1.1 Edge", "CONTENT-TYPE:   Text/HTML; charset=UTF-8  ", "server: nginx",
        ])
        #expect(one == other)
    }

    @Test(
        "What tells answerers apart changes the fingerprint.",
        arguments: [
            "Server: caddy", "Via: 1.1 edge", "Content-Type: text/html", "Retry-After: 1",
            "Location: //elsewhere/",
        ])
    func differs(line: String) {
        #expect(self.fingerprint([line]) != self.fingerprint([]))
        #expect(self.fingerprint([line], status: 200) != self.fingerprint([line], status: 503))
    }

    @Test(
        "Everything else does not, such as a date or how long to wait.",
        arguments: [
            (["Date: Sun, 31 May 2020 05:48:30 GMT"], [String]()),
            (["Content-Length: 7", "Set-Cookie: a=b", "Last-Modified: now", "Vary: *"], []),
            (["Server-Timing: db;dur=5", "Location: /here", "R: 1", "S", "C:"], []),
            (["Retry-After: 5"], ["retry-after: Sun, 31 May 2020 05:48:30 GMT"]),
        ])
    func same(lines: [String], others: [String]) {
        #expect(self.fingerprint(lines) == self.fingerprint(others))
    }

    @Test(
        "Of a location only the host counts.",
        arguments: [
            ("http://a.example/x", "https://A.EXAMPLE:444/y?z#f", true),
            ("//a.example", "http://user@a.example?q", true),
            ("http://[::1]:80/", "https://[::1]/", true),
            ("http://[::1]:80/", "http://[::2]:80/", false),
            ("http://a.example/", "http://b.example/", false),
            ("http://a.example/@b.example/", "http://a.example/", true),
            ("/path?to=http://a.example/", "", true), ("mailto:a.example", "", true),
            ("http://", "", true), ("//", "", true), (":", "", true),
        ])
    func hosts(one: String, other: String, isSame: Bool) {
        let left = self.fingerprint(["Location: " + one])
        #expect((left == self.fingerprint(["Location: " + other])) == isSame)
    }

    @Test("Of a body the first 4 KiB count, in whatever pieces they come.")
    func bodies() {
        let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var expected = FNV1a()
        for byte in bytes.prefix(4_096) { expected.mix(byte: byte) }
        for size in [1, 100, 255, 256, 257, 4_095, 4_096, 5_000] {
            var start = BodyStart()
            defer { start.free() }
            for from in stride(from: 0, to: bytes.count, by: size) {
                bytes[from..<min(from + size, bytes.count)].withUnsafeBytes { start.append($0) }
            }
            #expect(start.isFull && start.count == 4_096)
            #expect(start.hash == expected.value, "in pieces of \(size)")
            start.clear()
            #expect(start.hash == FNV1a().value && !start.isFull)
        }
    }
}
