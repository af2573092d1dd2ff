/// Sentences that the page, the Markdown and the terminal share.
struct ReportWords {
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    /// A line of the report: a question it answers and the answer.
    struct Fact {
        var name: String
        var value: String
        var note: String?
    }

    /// What the grade claims, for people.
    var grade: String {
        switch self.report.verdict.grade {
        case .cause: "Cause shown"
        case .family: "Kind of cause shown"
        case .leading: "Leading explanation, not shown"
        case .notEnoughEvidence: "Not enough evidence"
        case .healthy: "Healthy"
        case .invalid: "Not a valid test"
        }
    }

    /// The validity as one line.
    var validity: String {
        switch self.report.validity.state {
        case .valid: "valid: the generator kept its schedule"
        case .suspect: "suspect: believe it with care"
        case .invalid: "invalid: the generator was the limit"
        }
    }

    /// The sentence of the verdict, or what stands in its place.
    var sentence: String {
        let text = self.report.verdict.sentence
        return text.isEmpty ? "No verdict was reached." : text
    }

    /// The figures under the verdict.
    var verdictFacts: [Fact] {
        [
            Fact(name: "Trouble began", value: self.onset, note: self.onsetNote),
            Fact(name: "Capacity", value: self.capacity, note: self.capacityNote),
            Fact(name: "Genuine lost", value: self.lost, note: self.lostNote),
            Fact(name: "Healing", value: self.healing, note: nil),
        ] + self.certificates
    }

    /// Said where nobody can overlook it: whoever answered may not have been the target.
    private var certificates: [Fact] {
        guard self.report.run.insecure == true else { return [] }
        return [Fact(name: "Certificates", value: "not checked", note: "--insecure")]
    }

    private var onset: String {
        guard let onset = self.report.onset else {
            return self.report.verdict.grade == .healthy ? "nothing changed" : ReportText.unknown
        }
        return ReportText.clock(onset.t)
            + ReportText.interval(onset.ci) { ReportText.clock($0 ?? 0) }
    }

    private var onsetNote: String? {
        guard let onset = self.report.onset else { return nil }
        let story =
            self.report.run.timeScale == 1
            ? "" : "story \(ReportText.story(onset.t * self.report.run.timeScale)), "
        return story + "at a load of \(ReportText.rate(onset.load))"
    }

    private var capacity: String {
        guard let knee = self.report.knee else { return ReportText.unknown }
        guard let capacity = knee.capacity else {
            return knee.reached ? ReportText.unknown : "not reached"
        }
        return ReportText.rate(capacity) + ReportText.interval(knee.ci, ReportText.number)
    }

    private var capacityNote: String? {
        guard let knee = self.report.knee else { return nil }
        var parts: [String] = []
        if let rate = knee.sloRate { parts.append("objective kept up to \(ReportText.rate(rate))") }
        if let index = knee.collapseIndex {
            parts.append("\(ReportText.percent(index)) of it left under overload")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private var lost: String {
        guard let genuine = self.report.loss.genuine, let lost = genuine.lost else {
            return self.report.verdict.grade == .healthy ? "none seen" : ReportText.unknown
        }
        return ReportText.count(lost)
    }

    private var lostNote: String? {
        guard let genuine = self.report.loss.genuine, let during = genuine.incidentSuccess else {
            return nil
        }
        return "\(ReportText.percent(during)) accepted during the trouble, "
            + "\(ReportText.percent(genuine.baselineSuccess)) before"
            + (genuine.ci.map { ", lost share" + ReportText.interval($0, ReportText.percent) }
                ?? "")
    }

    private var healing: String {
        guard let state = self.report.metastable else { return "not judged" }
        return ReportText.spaced(state.state).lowercased()
    }

    /// How punctual the generator was; nil where nothing was started.
    var punctuality: String? {
        guard let generator = self.report.generator, generator.scheduleDelayMs.p50 != nil else {
            return nil
        }
        func figures(_ figures: Report.Percentiles) -> String {
            "p50 \(ReportText.milliseconds(figures.p50)), "
                + "p99 \(ReportText.milliseconds(figures.p99)), "
                + "p99.9 \(ReportText.milliseconds(figures.p999)), "
                + "at most \(ReportText.milliseconds(figures.max))"
        }
        let reference = generator.referenceMs
        return "Attempts started behind their schedule by \(figures(generator.scheduleDelayMs))"
            + (reference.p50 == nil
                ? "."
                : "; a bare thread's timer on the same machine was late by \(figures(reference)).")
    }

    /// What a closed loop cannot see; nil when all load was open.
    var closedLoop: String? {
        guard let names = self.report.generator?.closedLoop, !names.isEmpty else { return nil }
        return "Closed loop: \(names.joined(separator: ", ")). "
            + (names.count == 1 ? "Its clients wait" : "Their clients wait")
            + " for an answer before they send again, so that a server that stalls also stops "
            + "being asked: a stall of any length shows as one slow answer per client, and those "
            + "who would have come meanwhile are in no percentile. Response times say no more "
            + "than service times here. What people would have waited can only be seen "
            + "with an arrival rate: constant-arrival-rate, ramping-arrival-rate, or hit -q."
    }

    /// The tiles: the run at a glance.
    var tiles: [Fact] {
        let totals = self.report.totals
        var facts = [
            Fact(
                name: "intents", value: ReportText.count(totals.intents),
                note: "\(ReportText.count(totals.accepted)) accepted"),
            Fact(
                name: "attempts", value: ReportText.count(totals.attempts),
                note: "\(ReportText.count(totals.attemptsCompleted)) answered"),
        ]
        if let genuine = self.report.classes["genuine"] {
            facts.append(
                Fact(
                    name: "genuine accepted",
                    value: ReportText.share(genuine.accepted, of: genuine.intents),
                    note: "of \(ReportText.count(genuine.intents))"))
            facts.append(
                Fact(
                    name: "genuine median",
                    value: genuine.responseMs.p50.map { ReportText.milliseconds($0) }
                        ?? "none in time",
                    note: "p99 \(ReportText.tail(genuine.responseMs))"))
        }
        if let noise = self.report.classes["noise"] {
            facts.append(
                Fact(
                    name: "noise accepted",
                    value: ReportText.share(noise.accepted, of: noise.intents),
                    note: "of \(ReportText.count(noise.intents))"))
        }
        facts.append(
            Fact(
                name: "dropped by generator", value: ReportText.count(totals.dropped),
                note: totals.dropped == 0 ? "the schedule was kept" : "the run is not valid"))
        return facts
    }

    /// What the report answers, one sentence each.
    var answered: [String] {
        var list: [String] = []
        if let onset = self.report.onset {
            let signals = onset.firstSignals.joined(separator: ", ")
            list.append(
                "When it began: \(self.onset), \(self.onsetNote ?? "")"
                    + (signals.isEmpty ? "." : " (evidence \(signals))."))
        }
        if self.report.knee?.capacity != nil {
            list.append("How much the server can do: \(self.capacity) good answers.")
        }
        if self.report.loss.genuine?.lost != nil {
            list.append("Who was hurt: \(self.lost) genuine intents lost; \(self.lostNote ?? "").")
        }
        if let cells = self.report.loss.reconcile {
            list.append(
                "Whether an accepted submission is kept: of "
                    + "\(ReportText.count(cells.ackedStored + cells.ackedMissing)) accepted, "
                    + "\(ReportText.count(cells.ackedMissing)) are missing from the store.")
        }
        if list.isEmpty, self.report.totals.intents > 0 {
            list.append(
                "\(ReportText.count(self.report.totals.accepted)) of "
                    + "\(ReportText.count(self.report.totals.intents)) intents were accepted.")
        }
        return list
    }

    /// What it leaves open, one sentence each.
    var open: [String] {
        var list: [String] = []
        let verdict = self.report.verdict
        if verdict.mechanism == nil, verdict.grade != .healthy {
            let missing = self.report.hypotheses.first?.missing ?? []
            list.append(
                "Which mechanism inside the server failed"
                    + (missing.isEmpty
                        ? "." : "; known from: \(missing.joined(separator: ", "))."))
        }
        if self.report.onset == nil, verdict.grade != .healthy {
            list.append("When it began: no change could be located.")
        }
        if self.report.knee?.capacity == nil {
            list.append("The capacity: the load did not show it.")
        }
        if self.report.metastable == nil {
            list.append("Whether it would stay down by itself: this run was not made to tell.")
        }
        if self.report.loss.reconcile == nil {
            list.append("Whether accepted submissions are kept: the store was not listed.")
        }
        if self.report.review == nil {
            list.append("How long people waited for a reviewer: the queue was not sampled.")
        }
        return list
    }

    /// A threshold's state: `as expected`, `crossed` or `no data`.
    static func state(_ threshold: Report.Threshold) -> String {
        switch threshold.ok {
        case true?: "as expected"
        case false?: "crossed"
        case nil: "no data"
        }
    }

    /// What a sentence with a number in it means; the method in short.
    static let method: [Fact] = [
        Fact(
            name: "Intent",
            value: "One simulated person who wants one thing done. It makes one or more attempts "
                + "and ends accepted, rejected (a final no), gave up (patience over), failed "
                + "(tries used up), dropped (the generator's fault) or unfinished (the run "
                + "ended)."),
        Fact(
            name: "Response time",
            value: "Counted from the moment the plan wanted the request sent, so that a stalled "
                + "server cannot hide the people who queue behind the stall. An attempt without "
                + "a good answer counts as slower than every good one."),
        Fact(
            name: "Service time",
            value: "Counted from the moment the request was really sent, over answers of any "
                + "kind: what the server took, without the wait for a sender."),
        Fact(
            name: "Done and good",
            value: "Done: an attempt ended, well or badly. Good: a whole answer with the wanted "
                + "status, in time."),
        Fact(
            name: "Phases",
            value: "An intent belongs to the phase in which it arrived, whenever it ended."),
        Fact(
            name: "In at the first try",
            value: "Nothing had to be repeated: neither did the app retry a step nor did the "
                + "person press again. Each retry and each press is one more try."),
        Fact(
            name: "Got in, and if patient",
            value: "The share who had got in by a time since arrival, with giving up, being told "
                + "no and running out of tries as rival ends (Aalen-Johansen); and the share who "
                + "would have, had nobody given up (Kaplan-Meier with Greenwood's interval; "
                + "people told no stay outside for ever). The second supposes that those who gave "
                + "up would have fared like those who waited on."),
        Fact(
            name: "Story time",
            value: "The schedule is compressed, rates and the server's speed are not. One "
                + "simulated person stands for many of the story; nothing is multiplied back."),
        Fact(
            name: "Not known",
            value: "Something that was not measured is never written as 0."),
    ]
}
