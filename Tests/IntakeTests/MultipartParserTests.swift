import Primitives
import Testing

@testable import Intake

@Suite struct MultipartParserTests {
    private static let whole: String =
        "ignored\r\n--B-1\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n"
        + "one\r\n--B-\r\n\r\r\n--B two\r\n--B-1  \r\n"
        + "content-disposition: form-data; name=\"video\"; filename=\"a;b\\\"c.mp4\"\r\n"
        + "Content-Type: video/mp4\r\n\r\n\r\n--B-1\r\n"
        + "Content-Disposition: form-data; name=empty\r\n\r\n\r\n--B-1--\r\nepilogue --B-1"

    private static let expected: [String] = [
        "begin text - -", "one\r\n--B-\r\n\r\r\n--B two", "end",
        "begin video a;b\"c.mp4 video/mp4", "", "end", "begin empty - -", "", "end",
    ]

    /// Feeds the pieces and returns the events, neighbouring data joined.
    private func events(_ pieces: [[UInt8]], boundary: String = "B-1") throws -> [String] {
        var parser = MultipartParser(boundary: boundary)
        var events: [String] = []
        var data = ""
        for piece in pieces {
            try piece.withUnsafeBytes { bytes in
                try parser.feed(bytes) { event in
                    switch event {
                    case .begin(let header):
                        events.append(
                            "begin \(header.name) \(header.filename ?? "-") "
                                + (header.contentType ?? "-"))
                        data = ""
                    case .data(let bytes): data += String(decoding: bytes, as: UTF8.self)
                    case .end: events += [data, "end"]
                    }
                }
            }
        }
        try parser.finish()
        return events
    }

    @Test("A form split in two at any byte means the same.")
    func splits() throws {
        let bytes = Array(MultipartParserTests.whole.utf8)
        for cut in 0...bytes.count {
            let events = try self.events([Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(events == MultipartParserTests.expected, "cut at \(cut)")
        }
    }

    @Test("A form that comes byte by byte means the same.")
    func bytewise() throws {
        let events = try self.events(MultipartParserTests.whole.utf8.map { [$0] })
        #expect(events == MultipartParserTests.expected)
    }

    @Test("Every prefix of a form lacks its final boundary.")
    func truncation() throws {
        let bytes = Array(MultipartParserTests.whole.utf8)
        let end = bytes.count - "\r\nepilogue --B-1".utf8.count
        for cut in 0..<end {
            #expect(throws: MultipartError.self, "cut at \(cut)") {
                try self.events([Array(bytes[..<cut])])
            }
        }
        #expect(try self.events([Array(bytes[..<end])]) == MultipartParserTests.expected)
    }

    @Test("Parts without a name, without a header or with an endless one are refused.")
    func badHeaders() {
        for part in [
            "Content-Type: text/plain\r\n\r\nx", "\r\nx", "Content-Disposition: form-data\r\n\r\n",
            "X: " + String(repeating: "y", count: 20_000),
        ] {
            #expect(throws: MultipartError.self) {
                try self.events([Array("--B-1\r\n\(part)\r\n--B-1--\r\n".utf8)])
            }
        }
        #expect(throws: MultipartError.self) { try self.events([Array("--B-1x\r\n".utf8)]) }
    }

    @Test("Bytes of any kind pass unchanged, and little is kept back.")
    func binary() throws {
        let random = CounterRandom(seed: 3, population: 0, intent: 0, purpose: .content)
        // Many line breaks and hyphens, so that false beginnings of boundaries abound.
        let palette: [UInt8] = [13, 10, 45, 66, 49, 0, 255]
        let content = (0..<20_000).map { palette[random.integer($0, in: 0...6)] }
        let head = Array("--B-1\r\nContent-Disposition: form-data; name=v\r\n\r\n".utf8)
        let body = head + content + Array("\r\n--B-1--".utf8)
        var parser = MultipartParser(boundary: "B-1")
        var received: [UInt8] = []
        var (offset, draw) = (0, 100_000)
        while offset < body.count {
            let size = min(random.integer(draw, in: 1...700), body.count - offset)
            draw += 1
            try body[offset..<offset + size].withUnsafeBytes { bytes in
                try parser.feed(bytes) { event in
                    if case .data(let data) = event { received += data }
                }
            }
            offset += size
        }
        try parser.finish()
        #expect(received == content)
    }

    @Test("Header parameters keep quoted semicolons and what browsers do not escape.")
    func parameters() {
        let value = HeaderParameters(
            "Form-Data; NAME=\"a b\" ; filename=\"C:\\dir\\x;y\\\"z.mov\"; bare=token")
        #expect(value.value == "form-data")
        #expect(value["name"] == "a b")
        #expect(value["filename"] == "C:\\dir\\x;y\"z.mov")
        #expect(value["bare"] == "token")
        #expect(value["missing"] == nil)
    }
}
