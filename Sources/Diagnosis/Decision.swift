import Measurements
import Primitives

/// Decides how much may be claimed, or abstains (research: diagnosis, 3.13).
struct Decision {
    let verdict: Verdict

    init(_ file: CaseFile, _ ledger: Ledger) {
        let grade = Decision.grade(file, ledger)
        let leader = ledger.posteriors.first
        let isRanked = grade != .invalid && grade != .healthy
        let claims = Decision.claims(file, ledger, grade)
        let named: Set<Verdict.Grade> = [.cause, .family, .leading]
        let family: Family? =
            switch grade {
            case .invalid: .harness
            case .healthy: .healthy
            default: named.contains(grade) ? leader?.family : nil
            }
        self.verdict = Verdict(
            grade: grade, family: family, mechanism: nil, overlay: [],
            posterior: isRanked ? leader?.probability : nil,
            bfNext: isRanked ? ledger.leaderOverNext : nil,
            sentence: claims.map(\.text).joined(separator: " "), claims: claims)
    }

    /// The grade the evidence supports.
    ///
    /// `CAUSE` needs a mechanism, which the client's side alone does not give.
    private static func grade(_ file: CaseFile, _ ledger: Ledger) -> Verdict.Grade {
        guard file.gates.limit == nil else { return .invalid }
        let hasFailed = file.gates.validity.gates.contains { $0.state == .failed }
        let facts = file.facts
        guard file.incident != nil else {
            let done = facts.total(0..<facts.length, \.done)
            let good = facts.total(0..<facts.length, \.good)
            let isWhole = done > 0 && good >= 0.99 * done && file.baseline.isSufficient
            return isWhole && !hasFailed ? .healthy : .notEnoughEvidence
        }
        guard let leader = ledger.posteriors.first, leader.family != .unknown,
            leader.family != .healthy
        else { return .notEnoughEvidence }
        let isStrong =
            leader.probability >= 0.8 && ledger.groups(for: leader.family).count >= 2
        if isStrong, ledger.isRobust, !hasFailed { return .family }
        let leads = leader.probability >= 0.5 && (ledger.leaderOverNext ?? .infinity) >= 3
        if leads, isStrong || ledger.isRobust { return .leading }
        return .notEnoughEvidence
    }
}

// MARK: - Sentences

extension Decision {
    private static func claims(
        _ file: CaseFile, _ ledger: Ledger, _ grade: Verdict.Grade
    ) -> [Claim] {
        guard let generator = ledger.ids("schedule_and_resources").first else { return [] }
        if let limit = file.gates.limit {
            return [
                Claim(
                    "Nothing can be said about the server: the load generator was limited by "
                        + "\(limit.summary).", on: generator),
                Claim("To mend it: \(limit.remedy).", on: generator),
            ]
        }
        guard let incident = file.incident else {
            return Decision.quietClaims(file, ledger, grade, generator)
        }
        let claims: [Claim?] = [
            Decision.onsetClaim(file, ledger, incident),
            Decision.goodputClaim(file, ledger, incident),
            Decision.capacityClaim(file, ledger),
            Decision.lossClaim(file, ledger),
            Decision.maintenanceClaim(file, ledger),
            Decision.recoveryClaim(file, ledger, incident),
            Decision.limitClaim(file, ledger, grade, generator),
        ]
        return claims.compactMap { $0 }
    }

    private static func quietClaims(
        _ file: CaseFile, _ ledger: Ledger, _ grade: Verdict.Grade, _ generator: EvidenceID
    ) -> [Claim] {
        let facts = file.facts
        let done = facts.total(0..<facts.length, \.done)
        let good = facts.total(0..<facts.length, \.good)
        let peak = (0..<facts.length).map { facts.load(at: $0) }.max() ?? 0
        var claims: [Claim] = []
        if grade == .healthy, let change = ledger.ids("no_change").first {
            claims.append(
                Claim(
                    "Nothing failed: \(percent(good / max(1, done))) of \(decimal(done, 0)) "
                        + "answers were good at up to \(decimal(peak, 0)) attempts/s, and no "
                        + "signal left its baseline.", on: change, [generator]))
        } else if !file.baseline.isSufficient {
            claims.append(
                Claim(
                    "There is not enough evidence for a verdict: the run has no baseline of 10 s "
                        + "with 200 answers; \(percent(good / max(1, done))) of "
                        + "\(decimal(done, 0)) answers were good.", on: generator))
        } else {
            claims.append(
                Claim(
                    "There is not enough evidence for a verdict: no signal left its baseline, yet "
                        + "only \(percent(good / max(1, done))) of \(decimal(done, 0)) answers "
                        + "were good.", on: ledger.ids("no_change").first ?? generator))
        }
        let rest = [
            Decision.maintenanceClaim(file, ledger), Decision.machineClaim(file, generator),
        ]
        return claims + rest.compactMap { $0 }
    }

    private static func onsetClaim(
        _ file: CaseFile, _ ledger: Ledger, _ incident: Incident
    ) -> Claim? {
        guard let change = file.onset.changes.first,
            let id = ledger.ids("change_\(change.signal)").first
        else { return nil }
        let load = decimal(file.facts.load(at: change.onset), 0)
        let what =
            switch change.signal {
            case "response_p95":
                "the server answered more slowly (p95 from \(decimal(change.before, 0)) ms to "
                    + "\(decimal(change.after, 0)) ms)"
            case "timeouts": "answers stayed away until the client's own timeout"
            case "refusals": "the server answered with errors"
            case "no_connection": "connections were no longer made"
            default: "fewer answers were good"
            }
        return Claim("From \(clock(Double(incident.start))) (\(load) attempts/s) \(what).", on: id)
    }

    private static func goodputClaim(
        _ file: CaseFile, _ ledger: Ledger, _ incident: Incident
    ) -> Claim? {
        let facts = file.facts
        let before = facts.total(file.baseline.range, \.good)
        let all = facts.total(file.baseline.range, \.done)
        // The worst 10 s: an average over the whole incident hides the collapse.
        let starts =
            incident.untouched
            .lowerBound..<max(
                incident.untouched.lowerBound + 1, incident.untouched.upperBound - 9)
        let shares = starts.compactMap { start -> Double? in
            let range = (start..<(start + 10)).clamped(to: incident.untouched)
            let done = facts.total(range, \.done)
            return done >= 20 ? facts.total(range, \.good) / done : nil
        }
        guard let worst = shares.min(), all > 0, let id = ledger.ids("residual_goodput").first
        else { return nil }
        let share = before / all
        guard worst < 0.95 * share else { return nil }
        return Claim(
            "Good answers fell from \(percent(share)) to \(percent(worst)) in the worst 10 s.",
            on: id, ledger.ids("change_goodput_share"))
    }

    private static func capacityClaim(_ file: CaseFile, _ ledger: Ledger) -> Claim? {
        guard let estimate = file.knee, let id = ledger.ids("hinge").first else { return nil }
        guard let capacity = estimate.knee.capacity, let ci = estimate.knee.ci else {
            return Claim(
                "No limit of capacity shows up to \(decimal(estimate.knee.tested, 0)) attempts/s.",
                on: id)
        }
        var text =
            "Capacity is about \(decimal(capacity, 0)) good answers/s (95 % interval "
            + "\(decimal(ci[0], 0))-\(decimal(ci[1], 0)))"
        if let index = estimate.knee.collapseIndex, index < 0.9 {
            text += "; at 1.5 times that and more it delivered \(percent(index)) of it"
        }
        return Claim(text + ".", on: id)
    }

    private static func lossClaim(_ file: CaseFile, _ ledger: Ledger) -> Claim? {
        guard let genuine = file.loss.genuine, let before = genuine.baselineSuccess,
            let during = genuine.incidentSuccess, let lost = genuine.lost,
            let id = ledger.ids("genuine_loss").first
        else { return nil }
        guard during < 0.99 * before else { return nil }
        return Claim(
            "Of the genuine intents \(percent(during)) were accepted in the incident, "
                + "\(percent(before)) before it; \(lost) were lost.", on: id)
    }

    private static func maintenanceClaim(_ file: CaseFile, _ ledger: Ledger) -> Claim? {
        let phases = file.facts.record.manifest.phases.filter { $0.kind == .maintenance }
        let ids = ledger.ids("announced_maintenance")
        guard let phase = phases.first, let id = ids.first else { return nil }
        return Claim(
            "From \(clock(phase.start)) to \(clock(phase.end)) the operator's announced "
                + "maintenance answered; that is a measure taken, not a failure.", on: id)
    }

    private static func recoveryClaim(
        _ file: CaseFile, _ ledger: Ledger, _ incident: Incident
    ) -> Claim? {
        guard let id = ledger.ids("recovery").first else { return nil }
        guard let recovered = incident.recovered else {
            return Claim("It did not recover before the run's end.", on: id)
        }
        let intervention = file.facts.interventions.first {
            $0 > Double(incident.start) && $0 <= Double(recovered)
        }
        let after =
            intervention.map { " after the operator's intervention at \(clock($0))" } ?? ""
        return Claim("It was back at \(clock(Double(recovered)))\(after).", on: id)
    }

    private static func machineClaim(_ file: CaseFile, _ generator: EvidenceID) -> Claim? {
        guard file.gates.validity.state == .suspect else { return nil }
        let near = file.gates.warnings.first.map { ": \($0)" } ?? ": take figures with care"
        return Claim("The machine was busy or near a limit\(near).", on: generator)
    }

    private static func limitClaim(
        _ file: CaseFile, _ ledger: Ledger, _ grade: Verdict.Grade, _ generator: EvidenceID
    ) -> Claim? {
        let family = ledger.posteriors.first?.family
        switch grade {
        case .family where family == .capacity, .leading where family == .capacity:
            return Claim(
                "Which resource was exhausted cannot be told from the clients' side.",
                on: ledger.ids("hinge").first ?? generator, ledger.ids("queue_growth"))
        case .family, .leading:
            return Claim(
                "The evidence points to the family \(family?.rawValue ?? "UNKNOWN"), not to one "
                    + "mechanism.", on: generator)
        default:
            return Claim("There is not enough evidence to say why.", on: generator)
        }
    }
}
