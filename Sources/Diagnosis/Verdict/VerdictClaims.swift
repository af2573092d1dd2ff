import Measurements
import Primitives

/// The sentences of a verdict, each with the evidence it rests on; without that it is not said.
struct VerdictClaims {
    /// The sentences, in the order of reading: what it was, then what it did.
    ///
    /// Where only a few lines are shown, as on a terminal, the conclusion is among them.
    let all: [Claim]

    init(_ file: CaseFile, _ ledger: EvidenceLedger, _ grade: Verdict.Grade) {
        let writer = ClaimWriter(file: file, ledger: ledger, grade: grade)
        if let limit = file.gates.limit {
            self.all = writer.harness(limit)
        } else if let incident = file.incident {
            self.all = [
                writer.conclusion, writer.onset(incident), writer.goodput(incident),
                writer.capacity, writer.form, writer.loss, writer.maintenance, writer.operating,
                writer.recovery(incident), writer.healing, writer.review,
            ].compactMap { $0 }
        } else if file.trouble != nil {
            self.all = [
                writer.conclusion, writer.lasting, writer.capacity, writer.form,
                writer.maintenance, writer.operating, writer.review,
            ].compactMap { $0 }
        } else {
            self.all = [
                writer.quiet, writer.maintenance, writer.operating, writer.machine, writer.review,
            ].compactMap { $0 }
        }
    }
}

/// Writes single claims.
struct ClaimWriter {
    let file: CaseFile
    let ledger: EvidenceLedger
    let grade: Verdict.Grade

    private var facts: RunFacts { self.file.facts }

    /// A claim on those entries; nil without any.
    func claim(_ text: String, on ids: [EvidenceID]) -> Claim? {
        ids.first.map { Claim(text, on: $0, Array(ids.dropFirst())) }
    }

    func harness(_ limit: GeneratorLimit) -> [Claim] {
        let ids = self.ledger.ids("schedule_and_resources")
        return [
            self.claim(
                "Nothing can be said about the server: the load generator was limited by "
                    + "\(limit.summary).", on: ids),
            self.claim("To mend it: \(limit.remedy).", on: ids),
        ].compactMap { $0 }
    }

    /// What a run without an incident shows.
    var quiet: Claim? {
        let all = 0..<self.facts.length
        let done = self.facts.total(all, \.done)
        let share = self.facts.total(all, \.good) / max(1, done)
        let peak = all.map { self.facts.load(at: $0) }.max() ?? 0
        let change = self.ledger.ids("no_change")
        let generator = self.ledger.ids("schedule_and_resources")
        let figures = "\(percent(share)) of \(decimal(done, 0)) answers were good"
        if self.grade == .healthy {
            return self.claim(
                "Nothing failed: \(figures) at up to \(decimal(peak, 0)) attempts/s, and no "
                    + "signal left its baseline.", on: change + generator)
        }
        let why =
            self.file.baseline.isSufficient
            ? "no signal left its baseline, yet only \(figures)"
            : "the run has no baseline of 10 s with 200 answers; \(figures)"
        return self.claim(
            "There is not enough evidence for a verdict: \(why).", on: change + generator)
    }

    /// What a run shows that was never well.
    var lasting: Claim? {
        let all = 0..<self.facts.length
        let done = self.facts.total(all, \.done)
        let share = self.facts.total(all, \.good) / max(1, done)
        let why =
            self.file.baseline.isSufficient
            ? "no signal left its baseline" : "the run has no baseline of 10 s with 200 answers"
        let ids =
            self.ledger.ids("always_failing") + self.ledger.ids("nothing_good")
            + self.ledger.ids("schedule_and_resources")
        return self.claim(
            "Only \(percent(share)) of \(decimal(done, 0)) answers were good; \(why).", on: ids)
    }

    func onset(_ incident: Incident) -> Claim? {
        guard let change = self.file.onset.changes.first else { return nil }
        let load = decimal(self.facts.load(at: change.onset), 0)
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
        return self.claim(
            "From \(clock(Double(incident.start))) (\(load) attempts/s) \(what).",
            on: self.ledger.ids("change_\(change.signal)"))
    }

    func goodput(_ incident: Incident) -> Claim? {
        let before = self.facts.total(self.file.baseline.range, \.good)
        let all = self.facts.total(self.file.baseline.range, \.done)
        // The worst 10 s: an average over the whole incident hides the collapse.
        let first = incident.untouched.lowerBound
        let starts = first..<max(first + 1, incident.untouched.upperBound - 9)
        let shares = starts.compactMap { start -> Double? in
            let range = (start..<(start + 10)).clamped(to: incident.untouched)
            return self.facts.goodShare(range)
        }
        guard let worst = shares.min(), all > 0, worst < 0.95 * before / all else { return nil }
        return self.claim(
            "Good answers fell from \(percent(before / all)) to \(percent(worst)) in the worst "
                + "10 s.",
            on: self.ledger.ids("nothing_good") + self.ledger.ids("change_goodput_share"))
    }

    var capacity: Claim? {
        guard let estimate = self.file.knee else { return nil }
        let ids = self.ledger.ids("hinge")
        guard let capacity = estimate.knee.capacity, let ci = estimate.knee.ci else {
            return self.claim(
                "No limit of capacity shows up to \(decimal(estimate.knee.tested, 0)) attempts/s.",
                on: ids)
        }
        var text =
            "Capacity is about \(decimal(capacity, 0)) good answers/s (95 % interval "
            + "\(decimal(ci[0], 0))-\(decimal(ci[1], 0)))"
        if let index = estimate.knee.collapseIndex, index < 0.9, !ids.isEmpty {
            text += "; at 1.5 times that and more it delivered \(percent(index)) of it"
        }
        return self.claim(text + ".", on: ids + self.ledger.ids("collapse"))
    }

    var loss: Claim? {
        guard let genuine = self.file.loss.genuine, let before = genuine.baselineSuccess,
            let during = genuine.incidentSuccess, let lost = genuine.lost, during < 0.99 * before
        else { return nil }
        return self.claim(
            "Of the genuine intents \(percent(during)) were accepted in the incident, "
                + "\(percent(before)) before it; \(lost) were lost.",
            on: self.ledger.ids("genuine_loss"))
    }

    var maintenance: Claim? {
        let phases = self.facts.record.manifest.phases.filter { $0.kind == .maintenance }
        guard let phase = phases.first else { return nil }
        return self.claim(
            "From \(clock(phase.start)) to \(clock(phase.end)) the operator's announced "
                + "maintenance answered; that is a measure taken, not a failure.",
            on: self.ledger.ids("announced_maintenance"))
    }

    func recovery(_ incident: Incident) -> Claim? {
        let ids = self.ledger.ids("recovery")
        guard let recovered = incident.recovered else {
            return self.claim("It did not recover before the run's end.", on: ids)
        }
        let intervention = self.facts.interventions.first {
            $0 > Double(incident.start) && $0 <= Double(recovered)
        }
        let after =
            intervention.map { " after the operator's intervention at \(clock($0))" } ?? ""
        return self.claim("It was back at \(clock(Double(recovered)))\(after).", on: ids)
    }

    var machine: Claim? {
        guard self.file.gates.validity.state == .suspect else { return nil }
        let near = self.file.gates.warnings.first.map { ": \($0)" } ?? ": take figures with care"
        return self.claim(
            "The machine was busy or near a limit\(near).",
            on: self.ledger.ids("schedule_and_resources"))
    }
}

// MARK: - Why

extension ClaimWriter {
    /// The cause as far as it is known.
    var conclusion: Claim? {
        switch self.grade {
        case .cause: self.mechanism
        case .family: self.family
        case .leading: self.leader
        default: self.undecided
        }
    }

    private var mechanism: Claim? {
        guard let first = self.ledger.standings.first, let cause = first.rival.mechanism else {
            return nil
        }
        return self.claim(
            "The cause is \(cause.title) (\(cause.rawValue)): \(cause.sentence); "
                + "\(self.odds(first.probability, self.ledger.leaderOverNext, self.nextRival)).",
            on: self.ledger.supporting(first.rival))
    }

    private var family: Claim? {
        guard let first = self.ledger.families.first else { return nil }
        let rivals = self.ledger.standings.filter { $0.rival.family == first.family }
        let names = rivals.prefix(3).compactMap { standing in
            standing.rival.mechanism.map {
                "\($0.title) (\($0.rawValue), \(percent(standing.probability)))"
            }
        }
        let list = names.joined(separator: ", ")
        let open =
            rivals.count > 1
            ? " Its mechanisms cannot be told apart by what was seen: \(list)." : ""
        let ids = rivals.flatMap { self.ledger.supporting($0.rival) }
        return self.claim(
            "The evidence points to the family \(first.family.rawValue): \(first.family.sentence); "
                + "\(self.odds(first.probability, self.ledger.familyOverNext, self.nextFamily))."
                + open, on: Array(Set(ids)).sorted())
    }

    private var leader: Claim? {
        guard Decision.leads(self.ledger), let first = self.ledger.standings.first,
            let cause = first.rival.mechanism
        else { return self.family }
        return self.claim(
            "The leading explanation, not shown, is \(cause.title) (\(cause.rawValue)): "
                + "\(cause.sentence); "
                + "\(self.odds(first.probability, self.ledger.leaderOverNext, self.nextRival)).",
            on: self.ledger.supporting(first.rival))
    }

    /// The explanations that hold nine tenths of the probability.
    private var undecided: Claim? {
        var sum = 0.0
        var names: [String] = []
        for standing in self.ledger.standings where sum < 0.9 && names.count < 5 {
            sum += standing.probability
            names.append("\(standing.rival.id) (\(percent(standing.probability)))")
        }
        let all = self.ledger.evidence.filter { $0.outcome == .fired && $0.anomalous }.map(\.id)
        return self.claim(
            "There is not enough evidence to say why: \(names.joined(separator: ", ")) hold "
                + "\(percent(sum)) of the probability.",
            on: all.isEmpty ? self.ledger.ids("schedule_and_resources") : all)
    }

    /// How the lack of capacity shows.
    var form: Claim? {
        guard self.grade != .notEnoughEvidence,
            self.ledger.families.first?.family == .capacity
        else { return nil }
        if self.ledger.isFired("queue_bounded") {
            return self.claim(
                "Above the knee the wait stayed bounded and the rest was refused (M04).",
                on: self.ledger.ids("queue_bounded"))
        }
        guard self.ledger.isFired("queue_unbounded") else { return nil }
        return self.claim(
            "Above the knee the wait grew without a bound in sight (M03).",
            on: self.ledger.ids("queue_unbounded"))
    }

    private var nextRival: String? {
        self.ledger.standings.count > 1 ? self.ledger.standings[1].rival.id : nil
    }

    private var nextFamily: String? {
        self.ledger.families.count > 1 ? self.ledger.families[1].family.rawValue : nil
    }

    /// The probability and the Bayes factor, the number before the word.
    private func odds(_ probability: Double, _ factor: Double?, _ next: String?) -> String {
        // Nobody is surer than that of a model of his own making.
        let share = "probability \(probability > 0.99 ? "above 99 %" : percent(probability))"
        guard let factor, let next else { return share }
        let number = factor < 1_000 ? decimal(factor, factor < 10 ? 1 : 0) : "over 1000"
        return "\(share), Bayes factor \(number) against \(next): "
            + strength(ofBayesFactor: factor)
    }
}
