package import Primitives

/// Who sent an attempt that is listed, on which connection, and who answered it with what.
///
/// 64 bytes of plain numbers, so that a row costs no allocation; texts are made when it is written.
package struct AttemptTrace: Sendable, Hashable {
    /// The peer of its connection, or the one tried last; none when nothing was tried.
    package var peer = PeerAddress()
    /// True when the connection had served before; nil without a connection.
    package var reused: Bool?
    /// Seconds of `Retry-After`; -1 without.
    package var retryAfter: Int32 = -1
    /// The connection's number in the run, from 0; -1 without a connection.
    package var connection = -1
    /// The client's number in its population: that of the first intent it served; -1 when unknown.
    package var client = -1
    /// Bytes of the whole request body, sent or not; -1 for a request without a body.
    package var size: Int64 = -1
    /// FNV-1a 64 of what tells one answerer from another; 0 without an answer.
    package var fingerprint: UInt64 = 0
    /// FNV-1a 64 over the first 4 KiB of the answer's body; 0 without a whole answer.
    package var body: UInt64 = 0

    /// Nothing known.
    package init() {}
}

extension AttemptLine {
    /// Fills in what a trace knows.
    mutating func set(_ trace: AttemptTrace) {
        self.reused = trace.reused
        self.connection = trace.connection < 0 ? nil : trace.connection
        self.address = trace.peer.text
        self.client = trace.client < 0 ? nil : trace.client
        self.size = trace.size < 0 ? nil : trace.size
        self.fingerprint = trace.fingerprint == 0 ? nil : Self.digits(trace.fingerprint)
        self.body = trace.body == 0 ? nil : Self.digits(trace.body)
        self.retryAfter = trace.retryAfter < 0 ? nil : Int64(trace.retryAfter)
    }

    /// 16 hexadecimal digits.
    private static func digits(_ number: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for place in 0..<16 {
                let digit = UInt8(number >> UInt64(60 - 4 * place) & 15)
                buffer[place] = digit < 10 ? 48 + digit : 87 + digit
            }
            return 16
        }
    }

    /// The keys that are written where they are known, each with the comma before it.
    var traceText: String {
        var text = ""
        if let reused = self.reused { text += ",\"reused\":\(reused)" }
        if let connection = self.connection { text += ",\"connection\":\(connection)" }
        if let address = self.address { text += ",\"address\":\"\(address)\"" }
        if let client = self.client { text += ",\"client\":\(client)" }
        if let size = self.size { text += ",\"size\":\(size)" }
        if let fingerprint = self.fingerprint { text += ",\"fingerprint\":\"\(fingerprint)\"" }
        if let body = self.body { text += ",\"body\":\"\(body)\"" }
        if let retryAfter = self.retryAfter { text += ",\"retryAfter\":\(retryAfter)" }
        if let trace = self.trace { text += ",\"trace\":\"\(trace)\"" }
        if let span = self.span { text += ",\"span\":\"\(span)\"" }
        return text
    }
}
