extension ReportWords {
    /// What the report answers, one sentence each, with what it rests on.
    var answered: [Phrase] {
        var list: [Phrase] = []
        if let onset = self.report.onset {
            let text = Phrase("When it began: \(self.onset), \(self.onsetNote ?? "")")
            list.append(
                onset.firstSignals.isEmpty
                    ? Phrase(text.parts + [.text(".")])
                    : Phrase(
                        text.parts + [
                            .text(" (evidence "), .references(onset.firstSignals), .text(")."),
                        ]))
        }
        if self.report.knee?.capacity != nil {
            list.append(Phrase("How much the server can do: \(self.capacity) good answers."))
        }
        if self.report.loss.genuine?.lost != nil {
            list.append(
                Phrase("Who was hurt: \(self.lost) genuine intents lost; \(self.lostNote ?? "")."))
        }
        if let cells = self.report.loss.reconcile {
            list.append(
                Phrase(
                    "Whether an accepted submission is kept: of "
                        + "\(ReportText.count(cells.ackedStored + cells.ackedMissing)) accepted, "
                        + "\(ReportText.count(cells.ackedMissing)) are missing from the store."))
        }
        if list.isEmpty, self.report.totals.intents > 0 {
            list.append(
                Phrase(
                    "\(ReportText.count(self.report.totals.accepted)) of "
                        + "\(ReportText.count(self.report.totals.intents)) intents were accepted."))
        }
        return list
    }

    /// What it leaves open, one sentence each, with what would answer it.
    var open: [Phrase] {
        var list: [String] = []
        let verdict = self.report.verdict
        if verdict.mechanism == nil, verdict.grade != .healthy {
            let missing = self.report.hypotheses.first?.missing ?? []
            list.append(
                "Which mechanism inside the server failed"
                    + (missing.isEmpty
                        ? "." : "; known from: \(missing.joined(separator: ", ")).")
                    + (self.report.nextRuns?.first.map {
                        " The most telling run is \($0.id): \($0.what)."
                    } ?? ""))
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
        return list.map { Phrase($0) }
    }
}
