import Scenarios
import Testing

@testable import Engine

@Suite struct ResponseCaptureTests {
    private func capture(_ source: CaptureSpec.Source, body: String) throws -> String? {
        try ResponseCapture(CaptureSpec(name: "v", source: source)).value(
            headers: [("Location", "/v1/tips/9"), ("location", "/v1/tips/10")],
            body: Array(body.utf8))
    }

    @Test("JSON paths find scalars; anything else is absent.")
    func jsonPaths() throws {
        let body = #"{"id":"a7","n":12,"x":1.5,"ok":true,"list":[{"k":"v"}],"a b":null}"#
        // Path, value.
        let table: [(String, String?)] = [
            ("$.id", "a7"), ("$.n", "12"), ("$.x", "1.5"), ("$.ok", "true"),
            ("$.list[0].k", "v"), ("$['list'][0]['k']", "v"), ("$.list[1].k", nil),
            ("$.list", nil), ("$.a b", nil), ("$.none", nil),
        ]
        for (path, value) in table {
            #expect(try self.capture(.json(path: path), body: body) == value, "\(path)")
        }
        #expect(try self.capture(.json(path: "$.id"), body: "<html>") == nil)
    }

    @Test("A header is found whatever its case; the last one counts.")
    func header() throws {
        #expect(try self.capture(.header(name: "LOCATION"), body: "") == "/v1/tips/10")
        #expect(try self.capture(.header(name: "x-none"), body: "") == nil)
    }

    @Test("A regular expression gives its first group, or the whole match without one.")
    func regex() throws {
        #expect(try self.capture(.regex(pattern: "id=([0-9]+)"), body: "a id=42 b") == "42")
        #expect(try self.capture(.regex(pattern: "id=[0-9]+"), body: "a id=42 b") == "id=42")
        #expect(try self.capture(.regex(pattern: "z"), body: "a") == nil)
    }

    @Test("A path or a pattern that makes no sense is refused.")
    func refused() {
        for path in ["id", "$.", "$[", "$[x]", "$x"] {
            #expect(throws: EngineError.self) { try self.capture(.json(path: path), body: "") }
        }
        #expect(throws: EngineError.self) { try self.capture(.regex(pattern: "("), body: "") }
    }
}
