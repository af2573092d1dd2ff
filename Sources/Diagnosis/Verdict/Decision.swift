/// Decides how much may be claimed, or abstains (research: diagnosis, 3.13).
struct Decision {
    let verdict: Verdict

    init(_ file: CaseFile, _ ledger: EvidenceLedger) {
        let grade = Decision.grade(file, ledger)
        let claims = VerdictClaims(file, ledger, grade).all
        let leader = ledger.standings.first
        let family = ledger.families.first
        var verdict = Verdict(
            grade: grade, family: nil, mechanism: nil, overlay: [], posterior: nil, bfNext: nil,
            sentence: claims.map(\.text).joined(separator: " "), claims: claims)
        switch grade {
        case .invalid: verdict.family = .harness
        case .healthy: verdict.family = .healthy
        case .cause, .leading, .notEnoughEvidence:
            verdict.posterior = leader?.probability
            verdict.bfNext = ledger.leaderOverNext
            if grade != .notEnoughEvidence { verdict.family = leader?.rival.family }
            if grade == .cause { verdict.mechanism = leader?.rival.id }
        case .family:
            verdict.family = family?.family
            verdict.posterior = family?.probability
            verdict.bfNext = ledger.familyOverNext
        }
        if grade == .leading, !Decision.leads(ledger) {
            // It is the family that leads, not one mechanism in it.
            verdict.family = family?.family
            verdict.posterior = family?.probability
            verdict.bfNext = ledger.familyOverNext
        }
        if grade != .invalid {
            let forms: Set<Mechanism> = [.unboundedQueue, .boundedQueue]
            verdict.overlay = ledger.overlays.filter {
                // The form of a queue is how a lack of capacity shows, and nothing by itself.
                // People may fall behind while the endpoint is well.
                $0.probability >= 0.8
                    && (file.trouble != nil || $0.mechanism == .reviewBacklog)
                    && (verdict.family == .capacity || !forms.contains($0.mechanism))
            }.map(\.mechanism.rawValue)
        }
        self.verdict = verdict
    }

    /// The grade the evidence supports.
    private static func grade(_ file: CaseFile, _ ledger: EvidenceLedger) -> Verdict.Grade {
        guard file.gates.limit == nil else { return .invalid }
        let hasFailed = file.gates.validity.gates.contains { $0.state == .failed }
        guard file.trouble != nil else {
            let facts = file.facts
            let done = facts.total(0..<facts.length, \.done)
            let good = facts.total(0..<facts.length, \.good)
            let isWhole = done > 0 && good >= 0.99 * done && file.baseline.isSufficient
            return isWhole && !hasFailed ? .healthy : .notEnoughEvidence
        }
        guard let first = ledger.standings.first, let family = ledger.families.first else {
            return .notEnoughEvidence
        }
        let mayDecide = !coincidesWithLoad(ledger)
        if first.rival.mechanism != nil, first.probability >= 0.8, mayDecide,
            (ledger.leaderOverNext ?? .infinity) >= 10,
            ledger.firedGroups(for: first.rival).count >= 2, !hasFailed, ledger.isRobust
        {
            return .cause
        }
        let isNamed = family.family != .unknown && family.family != .healthy
        let isStrong =
            isNamed && family.probability >= 0.8
            && ledger.firedGroups(for: family.family).count >= 2
        // A prior three times as large that would change the leader costs one grade.
        if isStrong, ledger.isFamilyRobust, !hasFailed, mayDecide { return .family }
        let familyLeads =
            isNamed && family.probability >= 0.5 && (ledger.familyOverNext ?? .infinity) >= 3
            && (isStrong || ledger.isFamilyRobust)
        return leads(ledger) || familyLeads ? .leading : .notEnoughEvidence
    }

    /// True when a switch-off leads that began under a higher load than ever before, and nothing
    /// but this one run speaks for it.
    ///
    /// Whoever switches off at the peak looks like a collapse of the right kind, and the other way
    /// round: one observation cannot tell (research: diagnosis, 2.2). Taking the load away, or
    /// another slope, can; such tests are in the groups named here.
    static func coincidesWithLoad(_ ledger: EvidenceLedger) -> Bool {
        let off = Rival.mechanism(.switchedOff)
        guard ledger.standings.first?.rival == off, !ledger.isFired("unchanged_load") else {
            return false
        }
        return ledger.firedGroups(for: off).isDisjoint(with: ["relief", "onset axis"])
    }

    /// True when one mechanism leads by itself, without deciding.
    static func leads(_ ledger: EvidenceLedger) -> Bool {
        guard let first = ledger.standings.first, first.rival.mechanism != nil else { return false }
        return first.probability >= 0.5 && (ledger.leaderOverNext ?? .infinity) >= 3
            && ledger.isRobust
    }
}

/// What a Bayes factor is called (Kass and Raftery, "Bayes Factors", JASA 90, 1995).
///
/// Never written without its number: an adjective alone once made an attack of a crowd.
func strength(ofBayesFactor factor: Double) -> String {
    switch factor {
    case ..<3: "barely worth a mention"
    case ..<20: "positive evidence"
    case ..<150: "strong evidence"
    default: "very strong evidence"
    }
}
