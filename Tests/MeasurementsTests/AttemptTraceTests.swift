import Foundation
import Primitives
import Testing

@testable import Measurements

/// A line as older versions wrote it, without its closing brace.
private let plain =
    #"{"t":1.5,"population":0,"intent":7,"step":0,"attempt":0,"outcome":"201","good":true,"#
    + #""weight":1.0,"intended":1.0,"started":1.25,"response":500.0,"service":250.0,"#
    + #""timings":{"wait":100.0},"bytesUp":3,"bytesDown":4,"curlCode":0,"osErrno":0"#
/// What a trace adds to it.
private let traced =
    #","reused":true,"connection":12,"address":"127.0.0.1:8080","client":7,"size":1024,"#
    + #""fingerprint":"00000000000000ff","body":"af63dc4c8601ec8c","retryAfter":30"#

@Suite struct AttemptTraceTests {
    private static func sample() -> AttemptSample {
        let origin = SampleRuns.origin
        return AttemptSample(
            population: 0, intent: 7, step: 0, attempt: 0, outcome: .status(201), good: true,
            intendedStart: origin + .milliseconds(1_000), started: origin + .milliseconds(1_250),
            ended: origin + .milliseconds(1_500), timings: [(.wait, .milliseconds(100))],
            bytesUp: 3, bytesDown: 4)
    }

    private static func trace() throws -> AttemptTrace {
        var trace = AttemptTrace()
        trace.peer = PeerAddress(try #require(NumericAddress("127.0.0.1")), port: 8_080)
        trace.reused = true
        trace.retryAfter = 30
        trace.connection = 12
        trace.client = 7
        trace.size = 1_024
        trace.fingerprint = 0xff
        trace.body = 0xaf63_dc4c_8601_ec8c
        return trace
    }

    private static func text(_ line: AttemptLine) -> String {
        var bytes: [UInt8] = []
        line.append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decode(_ text: String) throws -> AttemptLine {
        try JournalJSON.decoder().decode(AttemptLine.self, from: Data(text.utf8))
    }

    @Test("What is known of an attempt is written, and nothing of what is not.")
    func writing() throws {
        var sample = Self.sample()
        let before = AttemptLine(sample, origin: SampleRuns.origin, key: nil)
        #expect(Self.text(before) == plain + "}\n")
        sample.trace = try Self.trace()
        let after = AttemptLine(sample, origin: SampleRuns.origin, key: nil)
        #expect(Self.text(after) == plain + traced + "}\n")
        sample.trace.size = 0
        sample.trace.client = 0
        sample.trace.connection = 0
        sample.trace.retryAfter = 0
        sample.trace.reused = false
        let zeros = AttemptLine(sample, origin: SampleRuns.origin, key: nil)
        #expect([zeros.connection, zeros.client] == [0, 0])
        #expect(zeros.size == 0 && zeros.retryAfter == 0 && zeros.reused == false)
    }

    @Test("A line comes back as it was, by the scanner and by a general decoder.")
    func roundTrip() throws {
        var sample = Self.sample()
        for isTraced in [false, true] {
            if isTraced { sample.trace = try Self.trace() }
            for key in [nil, "0f8fad5b-d9cb-469f-a165-70867728950e"] {
                let line = AttemptLine(sample, origin: SampleRuns.origin, key: key)
                let text = Self.text(line)
                #expect(try Self.decode(text) == line)
                var scanner = AttemptScanner()
                #expect(scanner.scan(Array(text.utf8).dropLast()) == line)
                var keyless = line
                keyless.key = nil
                scanner = AttemptScanner(keepsKeys: false)
                #expect(scanner.scan(Array(text.utf8).dropLast()) == keyless)
            }
        }
    }

    @Test("The ids of traceparent stand at the end of a line, where there are any.")
    func ids() throws {
        var line = AttemptLine(Self.sample(), origin: SampleRuns.origin, key: nil)
        line.trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        line.span = "00f067aa0ba902b7"
        let text = Self.text(line)
        #expect(
            text == plain + #","trace":"4bf92f3577b34da6a3ce929d0e0e4736","#
                + "\"span\":\"00f067aa0ba902b7\"}\n")
        #expect(try Self.decode(text) == line)
        var scanner = AttemptScanner(keepsKeys: false)
        #expect(scanner.scan(Array(text.utf8).dropLast()) == line)
    }

    @Test("A line of an older Spate has none of the newer keys.")
    func older() throws {
        var scanner = AttemptScanner()
        let scanned = scanner.scan(Array((plain + "}").utf8)[...])
        let line = try #require(scanned)
        #expect(try Self.decode(plain + "}") == line)
        #expect(line.reused == nil && line.connection == nil && line.address == nil)
        #expect(line.client == nil && line.size == nil && line.fingerprint == nil)
        #expect(line.body == nil && line.retryAfter == nil)
    }

    private static func isScanned(_ text: String) -> Bool {
        var scanner = AttemptScanner()
        return scanner.scan(Array(text.utf8)[...]) != nil
    }

    @Test(
        "What ends otherwise than it is written is left to the general decoder.",
        arguments: [
            "", "},", "}}", #","new":1}"#, #","address":"a\u0031"}"#, #","address":"ä"}"#,
            #","address":"a}"#, #","address":null}"#, #","client":1.5}"#, #","client":"1"}"#,
            #","client":}"#, #","client":1e3}"#, #","retryAfter":99999999999999999999}"#,
            #","osErrno":3000000000}"#, #","reused":1}"#, #","reused":tru"#, ",}",
        ])
    func refused(ending: String) {
        #expect(Self.isScanned(plain + "}"))
        #expect(!Self.isScanned(plain + ending))
    }

    @Test(
        "So is what lacks a key, or has something else in its place.",
        arguments: [
            (#""t":1.5,"#, ""), (#","osErrno":0"#, ""), ("1.25", "1."), ("1.25", #""inf""#),
            ("1.25", "-"), (":true", ":True"), ("{\"t", " {\"t"), ("100.0}", "100.0"),
            ("{\"wait\":100.0}", "[]"), ("population", "populations"),
        ])
    func refused(part: String, instead: String) {
        let text = plain.replacingOccurrences(of: part, with: instead)
        #expect(text != plain && !Self.isScanned(text + "}"))
    }

    @Test("Keys may come in any order, as another program would write them.")
    func order() throws {
        let line = try Self.decode(plain + traced + "}")
        let sorted = JournalJSON.line(line, JournalJSON.encoder()).dropLast()
        var scanner = AttemptScanner()
        #expect(scanner.scan(sorted) == line)
    }

    @Test(
        "Numbers are read as the library reads them.",
        arguments: [
            "0", "0.0", "-0.5", "12.345678901", "111.111111", "0.1", "123456789012345",
            "0.123456789012345", "12.3456789012345678", "9007199254740993", "1e-05", "5e-324",
            "1.7976931348623157e+308", "1E3", "-1.25e2", "99999999999999999999",
            "0.30000000000000004",
        ])
    func numbers(text: String) throws {
        let value = Array((text + ",").utf8).withUnsafeBufferPointer { bytes -> Double? in
            var cursor = JSONCursor(bytes)
            let number = cursor.number()
            return cursor.take(UInt8(ascii: ",")) && cursor.isAtEnd ? number : nil
        }
        #expect(value == Double(text))
    }

    @Test("A trace takes 64 bytes, a sample no more than 240, and a line read back 304.")
    func sizes() {
        #expect(MemoryLayout<AttemptTrace>.size <= 64)
        #expect(MemoryLayout<AttemptSample>.stride <= 240)
        #expect(MemoryLayout<AttemptLine>.stride <= 304)
    }

    @Test("A trace is asked for where an attempt comes to be listed, and nowhere else.")
    func onlyListed() {
        for (limit, expected) in [(0, 0...0), (4, 1...12), (Int.max, 100...100)] {
            var recorder = LaneRecorder(
                origin: SampleRuns.origin, populations: 1, sampleLimit: limit)
            var asked = 0
            for number in 0..<100 {
                var sample = Self.sample()
                sample.intent = number
                recorder.attemptEnded(sample, now: SampleRuns.origin) { trace in
                    asked += 1
                    trace.client = number
                }
            }
            let rows = recorder.harvestAll(now: SampleRuns.origin)[0].attempts
            #expect(expected.contains(asked), "asked \(asked) times at \(limit)")
            #expect(rows.allSatisfy { $0.trace.client == $0.intent })
            #expect(rows.count == min(100, limit / 4))
        }
    }
}
