import Measurements
import Primitives

extension Detector {
    /// The TLS handshake takes nearly all of the time (research: diagnosis, M08).
    static let handshakes = Detector(
        purpose: "Did TLS handshakes slow down while connecting and first bytes did not?",
        tests: ["tls_share", "plain_http"]
    ) { file in
        guard let trouble = file.trouble, let during = PartLevels(file, trouble) else { return [] }
        guard let tls = during.tls else {
            let failed = file.facts.failures(trouble).contains { outcome, _ in
                if case .failure(let failure) = outcome { failure.code / 100 == 13 } else { false }
            }
            // Connections, and no handshake tried on any: there is none that could be slow.
            guard during.connect != nil, !failed else { return [] }
            return [
                Finding(
                    "plain_http", fired: true, group: "handshake", n: during.n, window: trouble,
                    [:]
                ).expected.vetoing(.handshakes, when: .fired)
            ]
        }
        let before = file.quiet.flatMap { PartLevels(file, $0) }?.tls
        let share = tls / max(tls, during.sum)
        // Without a baseline ten times the connection's own round trip stands for it.
        let usual = before ?? 10 * max(during.connect ?? 1, 1)
        let ratio = tls / max(usual, 0.1)
        return [
            Finding(
                "tls_share", fired: share >= 0.8 && ratio >= 10, group: "handshake", n: during.n,
                window: trouble, ["share": share, "ratio": ratio, "tls_ms": tls])
        ]
    }

    /// Looking the name up takes longer than everything else (research: diagnosis, M09).
    static let nameLookup = Detector(
        purpose: "Did looking names up slow down?", tests: ["lookup_share"]
    ) { file in
        guard let trouble = file.trouble, let during = PartLevels(file, trouble),
            let lookup = during.lookup
        else { return [] }
        let before = file.quiet.flatMap { PartLevels(file, $0) }?.lookup
        let share = lookup / max(lookup, during.sum)
        let ratio = before.map { lookup / max($0, 0.1) }
        // A lookup of 200 ms is slow whatever it was before.
        let isSlow = lookup >= 200 && (ratio ?? 10) >= 5
        return [
            Finding(
                "lookup_share", fired: isSlow && share >= 0.5, group: "lookup", n: during.n,
                window: trouble, ["share": share, "ratio": ratio ?? 0, "lookup_ms": lookup])
        ]
    }
}

/// The upper quartile of each part of a request, in milliseconds.
///
/// Quartiles instead of medians: a part that is slow for a third of the people is slow.
struct PartLevels: Sendable {
    let lookup: Double?
    let connect: Double?
    let tls: Double?
    let send: Double?
    let wait: Double?
    /// Requests whose wait was measured.
    let n: Int

    /// Measures a stretch; nil with fewer than 20 requests.
    init?(_ file: CaseFile, _ range: Range<Int>) {
        func level(_ part: RequestTiming) -> Double? {
            file.facts.timing(part, range).milliseconds(0.75)
        }
        self.n = file.facts.timing(.wait, range).total
        self.lookup = level(.lookup)
        self.connect = level(.connect)
        self.tls = level(.tls)
        self.send = level(.send)
        self.wait = level(.wait)
        guard self.n >= 20 || self.lookup != nil || self.tls != nil else { return nil }
    }

    /// All parts together.
    var sum: Double {
        [self.lookup, self.connect, self.tls, self.send, self.wait].reduce(0) { $0 + ($1 ?? 0) }
    }
}
