/// Sentences that the page, the Markdown and the terminal share.
struct ReportWords {
    /// What the words are about.
    let report: Report

    init(_ report: Report) {
        self.report = report
    }

    /// A line of the report: a question it answers and the answer.
    struct Fact {
        var name: String
        var value: String
        var note: String?
        /// What the value was written from, where it can be compared with another run's.
        var measure: ReportMeasure?
    }

    /// When it ran, for how long and with which seed, on one line.
    var subtitle: String {
        let run = self.report.run
        var parts = [run.started, "ran \(ReportText.seconds(run.duration))", "seed \(run.seed)"]
        if run.timeScale != 1 {
            parts.insert("story time ×\(ReportText.number(run.timeScale))", at: 2)
        }
        if let stopped = run.stopped {
            if stopped != "finished" { parts.append("stopped: \(stopped)") }
        } else {
            parts.append("its journal was cut off")
        }
        return parts.filter { !$0.isEmpty }.joined(separator: " · ")
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

    /// When the trouble began, with its interval.
    var onset: String {
        guard let onset = self.report.onset else {
            return self.report.verdict.grade == .healthy ? "nothing changed" : ReportText.unknown
        }
        return ReportText.clock(onset.t)
            + ReportText.interval(onset.ci) { ReportText.clock($0 ?? 0) }
    }

    /// Under which load it began.
    var onsetNote: String? {
        guard let onset = self.report.onset else { return nil }
        let story =
            self.report.run.timeScale == 1
            ? "" : "story \(ReportText.story(onset.t * self.report.run.timeScale)), "
        return story + "at a load of \(ReportText.rate(onset.load))"
    }

    /// The capacity with its interval.
    var capacity: String {
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

    /// How many genuine intents were lost.
    var lost: String {
        guard let genuine = self.report.loss.genuine, let lost = genuine.lost else {
            return self.report.verdict.grade == .healthy ? "none seen" : ReportText.unknown
        }
        return ReportText.count(lost)
    }

    /// The shares behind that.
    var lostNote: String? {
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

    /// A threshold's state: `as expected`, `crossed` or `no data`.
    static func state(_ threshold: Report.Threshold) -> String {
        switch threshold.ok {
        case true?: "as expected"
        case false? where threshold.aborted == true: "crossed, ended the run"
        case false? where threshold.isWarning: "warning"
        case false?: "crossed"
        case nil: "no data"
        }
    }
}
