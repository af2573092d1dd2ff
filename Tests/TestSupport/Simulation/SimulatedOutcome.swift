package import Measurements
import Primitives

/// What a simulated run left, and what the server itself knows of it.
package struct SimulatedOutcome: Sendable {
    /// The record, as it would be read from a run's folder.
    package var record: RunRecord
    /// Units of work done.
    package var done: Int
    /// Bytes stored.
    package var stored: Double
}

extension SimulatedAttempt {
    /// The parts that ran, in seconds; the one under way ends at `end`.
    func spans(until end: Double) -> [(RequestTiming, Double)] {
        var spans: [(RequestTiming, Double)] = []
        if !self.isReused, self.connectFrom >= 0 {
            spans.append((.lookup, self.connectFrom - self.started))
            if self.connectedAt >= 0 {
                spans.append((.connect, self.connectedAt - self.connectFrom))
            }
            if self.securedAt >= 0 { spans.append((.tls, self.securedAt - self.connectedAt)) }
        }
        if self.sentAt >= 0 { spans.append((.send, self.sentAt - self.sendFrom)) }
        if self.firstByteAt >= 0 {
            spans.append((.wait, self.firstByteAt - max(self.sentAt, self.sendFrom)))
            spans.append((.receive, max(0, end - self.firstByteAt)))
        }
        return spans
    }
}

extension SimulationRecorder.EndedAttempt {
    /// The line of `attempts.ndjson` that stands for so many like it.
    func line(weight: Double) -> AttemptLine {
        let attempt = self.attempt
        var line = AttemptLine(
            t: self.at, population: attempt.population, intent: self.number, step: 0,
            attempt: attempt.number, outcome: self.outcome.name, good: self.isGood,
            weight: weight, intended: attempt.intended, started: attempt.started,
            response: (self.at - attempt.intended) * 1_000,
            service: (self.at - attempt.started) * 1_000, timings: [:],
            bytesUp: attempt.sentAt >= 0 ? Int64(attempt.size) : 0, bytesDown: 0, curlCode: 0,
            osErrno: 0)
        for (part, span) in attempt.spans(until: self.at) {
            line.timings[part.rawValue] = span * 1_000
        }
        line.size = Int64(attempt.size)
        line.client = attempt.client
        if attempt.connection >= 0 {
            line.reused = attempt.isReused
            line.connection = attempt.connection
        }
        // Whoever was tried is known, whether a connection came about or not.
        if attempt.connection >= 0 || attempt.connectFrom >= 0 {
            line.address = "127.0.0.1:\(8_080 + attempt.instance)"
        }
        if case .status(let code) = self.outcome {
            line.bytesDown = 220
            line.retryAfter = attempt.retryAfter
            let kind = "\(code) \(attempt.retryAfter == nil)"
            line.fingerprint = hexFNV(kind)
            // Each receipt has a number of its own; every other answer is the same text.
            line.body = hexFNV(self.isGood ? "\(kind) \(self.number)" : kind)
        }
        if case .failure(let failure) = self.outcome {
            line.curlCode = failure.curlCode
            line.osErrno = failure == .refused ? 111 : 0
        }
        return line
    }
}

/// 16 hexadecimal digits of FNV-1a with 64 bits.
private func hexFNV(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

extension FailureClass {
    /// The code that libcurl gives.
    fileprivate var curlCode: Int32 {
        switch self {
        case .dns, .dnsTimeout: 6
        case .refused, .unreachable: 7
        case .emptyReply: 52
        case .sendReset: 55
        case .receiveReset: 56
        case .truncated: 18
        case .tlsExpired: 60
        default: 28
        }
    }
}
