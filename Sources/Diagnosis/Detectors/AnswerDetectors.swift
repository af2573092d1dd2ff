import Measurements
import Primitives

extension Detector {
    /// Which answers came instead of good ones: one test for each kind that has a meaning.
    static let answers = Detector(
        purpose: "What came instead of good answers?", tests: AnswerKind.all.map(\.test)
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let bad = file.facts.failures(trouble)
        let total = bad.values.reduce(0, +)
        guard total >= 20 else { return [] }
        return AnswerKind.all.map { kind in
            let count = bad.reduce(0) { kind.contains($1.key) ? $0 + $1.value : $0 }
            let share = Double(count) / Double(total)
            // What every second failure shares is what fails.
            var finding = Finding(
                kind.test, fired: share >= 0.5, group: "answers", n: total, window: trouble,
                ["share": share])
            // Plain errors and timeouts fit nearly everything; they are no riddle.
            finding.anomalous = finding.anomalous && kind.isTelling
            return finding
        }
    }

    /// How the server turns requests away: a rule refuses faster than work is done.
    static let refusals = Detector(
        purpose: "Were refusals faster than good answers had been, and all alike?",
        tests: ["fast_rejects", "constant_body"]
    ) { file in
        let refused = file.during.filter(\.isRefusal)
        guard refused.count >= 20, let trouble = file.trouble else { return [] }
        var findings: [Finding] = []
        // A run that never was well is compared with the good answers beside.
        let good = (file.before.isEmpty ? file.during : file.before).filter(\.isGood)
        if good.count >= 20,
            let usual = weightedQuantile(good.map { ($0.service, $0.weight) }, 0.5),
            let fast = weightedQuantile(refused.map { ($0.service, $0.weight) }, 0.5), usual > 0
        {
            findings.append(
                Finding(
                    "fast_rejects", fired: fast <= usual, group: "refusals", n: refused.count,
                    window: trouble, ["ratio": fast / usual, "refused_ms": fast]
                ).expected)
        }
        let bodies = refused.filter { $0.body != nil }
        if bodies.count >= 20 {
            let counts = Dictionary(grouping: bodies) { $0.body }.mapValues(\.weight)
            let share = (counts.values.max() ?? 0) / bodies.weight
            findings.append(
                Finding(
                    "constant_body", fired: share >= 0.95, group: "refusals", n: bodies.count,
                    window: trouble, ["share": share, "bodies": Double(counts.count)]
                ).expected)
        }
        return findings
    }
}

/// A kind of answer with a meaning of its own.
private struct AnswerKind: Sendable {
    let test: String
    let isTelling: Bool
    let contains: @Sendable (Outcome) -> Bool

    private static func statuses(_ test: String, _ codes: Int..., telling: Bool = true) -> Self {
        Self(test: test, isTelling: telling) { outcome in
            if case .status(let code) = outcome { codes.contains(code) } else { false }
        }
    }

    private static func failures(
        _ test: String, _ classes: FailureClass..., telling: Bool = true
    ) -> Self {
        Self(test: test, isTelling: telling) { outcome in
            if case .failure(let failure) = outcome { classes.contains(failure) } else { false }
        }
    }

    static let all: [AnswerKind] = [
        .statuses("answers_limit", 401, 403, 429, 451),
        .statuses("answers_413", 413),
        .statuses("answers_507", 507),
        .statuses("answers_gone", 404, 410),
        .statuses("answers_504", 504, 524),
        .statuses("answers_503", 503, telling: false),
        .statuses("answers_500", 500, telling: false),
        .statuses("answers_502", 502, telling: false),
        .failures("answers_timeout", .firstByteTimeout, .stallTimeout, .abandoned, telling: false),
        .failures("answers_connect_timeout", .connectTimeout),
        .failures("answers_refused", .refused),
        .failures("answers_cut", .emptyReply, .receiveReset, .sendReset, .truncated),
        .failures("answers_dns", .dns, .dnsTimeout),
        .failures("answers_unreachable", .unreachable),
        .failures("answers_tls", .tls, .tlsTimeout),
        // No mechanism of the catalogue: whoever sees them should look at the certificate.
        .failures(
            "answers_certificate", .tlsCertificate, .tlsUntrusted, .tlsExpired, .tlsHostname,
            .tlsVersion, .tlsClientCertificate),
    ]
}
