/// How an interrupted upload goes on where the server says how much of it has arrived.
///
/// The convention of Google's resumable uploads: `PUT` with `Content-Range: bytes */LENGTH` and no
/// body asks; 308 with `Range: bytes=0-N` answers that N + 1 bytes are there, 308 without `Range`
/// that none are. The rest follows as `Content-Range: bytes N+1-LAST/LENGTH`. Event in, verdict
/// out.
struct UploadResume: Sendable, Hashable {
    /// What a server's answer to the question means.
    enum Verdict: Sendable, Hashable {
        /// Send the body from that byte on; 0 is all of it.
        case send(from: Int64)
        /// The range cannot be true; the attempt has failed and the next sends everything.
        case falseRange
        /// The answer is the attempt's: a good one, or a failure of the server's.
        case ends
    }
    /// What the server has said it holds; it may not become less.
    private(set) var acknowledged: Int64 = 0
    private var isInterrupted = false
    private var falseRanges = 0
    private var isOffered = true

    /// True when the next attempt has to ask first.
    var asks: Bool { self.isInterrupted && self.isOffered && self.falseRanges < 2 }

    /// An attempt ended without an answer after some of its body was handed over.
    mutating func interrupted() { self.isInterrupted = true }

    /// Everything was sent, and the server says 308: not all of it is there.
    mutating func unfinished() {
        self.falseRanges += 1
        self.isInterrupted = true
    }

    /// The question was answered.
    mutating func answered(status: Int, range: String?, length: Int64) -> Verdict {
        guard status == 308 else {
            // 408, 425, 429 and 5xx are about this moment; the question stays open.
            if status / 100 == 2 || status >= 500 || [408, 425, 429].contains(status) {
                return .ends
            }
            self.isOffered = false
            return .send(from: 0)
        }
        let held = range.map(UploadResume.held) ?? 0
        guard let held, held >= self.acknowledged, held < length else {
            self.falseRanges += 1
            self.isInterrupted = false
            self.acknowledged = 0
            return .falseRange
        }
        self.acknowledged = held
        return .send(from: held)
    }

    /// How many bytes a `Range` such as `bytes=0-499` tells of; nil for anything else.
    private static func held(_ range: String) -> Int64? {
        let prefix = "bytes=0-"
        guard range.lowercased().hasPrefix(prefix) else { return nil }
        let digits = range.dropFirst(prefix.count)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let last = Int64(digits), last < .max
        else { return nil }
        return last + 1
    }
}
