/// What failed first, why, on which evidence, and what to do about it.
struct CauseSections {
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    // MARK: - What failed first

    var first: DocumentSection {
        let changes = self.changes
        let nothing =
            self.report.verdict.grade == .healthy
            ? "No signal left its baseline." : "No change could be located."
        return DocumentSection(
            id: "first", title: "What failed first",
            blocks: changes.isEmpty ? [.note(Phrase(nothing))] : [.table(self.order(changes))])
    }

    /// Evidence of a change with its moment, the earliest first.
    private var changes: [(evidence: Report.Evidence, at: Double)] {
        self.report.evidence.compactMap { evidence in
            guard evidence.test.hasPrefix("change_"), let at = evidence.statistic["onset"] else {
                return nil
            }
            return (evidence, at)
        }.sorted { ($0.at, $0.evidence.id) < ($1.at, $1.evidence.id) }
    }

    private func order(_ changes: [(evidence: Report.Evidence, at: Double)]) -> DocumentTable {
        DocumentTable(
            "Signals in the order in which they left their baseline",
            [
                .figure("wall"), .figure("95 % interval"), .text("signal"), .figure("before"),
                .figure("after"), .text("order"), .text("evidence"),
            ],
            changes.map { evidence, at in
                let signal = String(evidence.test.dropFirst("change_".count))
                let bounds = ["low", "high"].compactMap { evidence.statistic[$0] }
                    .map { ReportText.clock($0) }
                return [
                    Phrase(ReportText.clock(at)),
                    Phrase(bounds.count == 2 ? bounds.joined(separator: " – ") : "–"),
                    Phrase(ReportText.spaced(signal)),
                    Phrase(Self.level(signal, evidence.statistic["before"])),
                    Phrase(Self.level(signal, evidence.statistic["after"])),
                    Phrase(self.place(evidence, signal, at)), .references([evidence.id]),
                ]
            })
    }

    /// A signal's level: percentiles are milliseconds, all else is a share.
    private static func level(_ signal: String, _ value: Double?) -> String {
        signal.hasSuffix("_p95") ? ReportText.milliseconds(value) : ReportText.percent(value)
    }

    private func place(_ evidence: Report.Evidence, _ signal: String, _ at: Double) -> String {
        guard let onset = self.report.onset else { return "–" }
        if onset.tied.contains(signal) { return "first, tied" }
        if onset.firstSignals.contains(evidence.id) { return "first" }
        return at < onset.t ? "before, harmless by itself" : "later"
    }

    // MARK: - Capacity

    var capacity: DocumentSection {
        guard let knee = self.report.knee else {
            return DocumentSection(
                id: "capacity", title: "Capacity",
                blocks: [.note(Phrase("It could not be estimated: the load did not show it."))])
        }
        let words = ReportWords(self.report)
        return DocumentSection(
            id: "capacity", title: "Capacity",
            blocks: [
                .facts([
                    .init(
                        name: "Good answers at most", value: words.capacity,
                        note: knee.reached
                            ? "the load went beyond it" : "more than was tested may be possible"),
                    .init(
                        name: "Objective kept up to", value: ReportText.rate(knee.sloRate),
                        note: nil),
                    .init(
                        name: "Left of it under overload",
                        value: ReportText.percent(knee.collapseIndex),
                        note: "at 1.5 times the capacity and more"),
                    .init(
                        name: "Hidden capacity", value: ReportText.rate(knee.hiddenCapacity),
                        note: "heals below it even if all retry, at "
                            + "\(ReportText.number(knee.retries)) retries for one"),
                ])
            ])
    }

    // MARK: - Why

    var why: DocumentSection {
        guard !self.report.hypotheses.isEmpty else {
            return DocumentSection(
                id: "why", title: "Why: ranked explanations",
                blocks: [.note(Phrase("None was weighed."))])
        }
        var blocks: [DocumentBlock] = []
        if let factor = self.report.verdict.bfNext {
            let weights = self.report.verdict.weights.map { ", with weights \($0)" } ?? ""
            blocks.append(
                .note(
                    Phrase(
                        "The Bayes factor of what leads against what comes next is "
                            + "\(ReportText.number(factor))\(weights).")))
        }
        blocks.append(
            .table(
                DocumentTable(
                    "Explanations in order of belief; the losers stay visible",
                    [
                        .text("explanation"), .figure("probability"), .text("for"),
                        .text("against"), .text("missing"), .text("refuted by"),
                    ],
                    self.report.hypotheses.map { hypothesis in
                        [
                            Phrase(MechanismNames.named(hypothesis.id)),
                            Phrase(ReportText.percent(hypothesis.posterior)),
                            .references(hypothesis.supporting), .references(hypothesis.against),
                            Phrase(MechanismNames.joined(hypothesis.missing)),
                            Phrase(hypothesis.refutingRun ?? "–"),
                        ]
                    })))
        return DocumentSection(id: "why", title: "Why: ranked explanations", blocks: blocks)
    }

    var evidence: DocumentSection {
        guard !self.report.evidence.isEmpty else {
            return DocumentSection(
                id: "evidence", title: "Evidence", blocks: [.note(Phrase("No test was made."))])
        }
        let rows = self.report.evidence.map { evidence -> [Phrase] in
            [
                Phrase(evidence.id), Phrase(ReportText.spaced(evidence.test)),
                Phrase(evidence.outcome ?? "–"),
                Phrase(MechanismNames.pairs(evidence.statistic)),
                Phrase(evidence.n.map { ReportText.count($0) } ?? "–"),
                Phrase(evidence.window.map { ReportText.clock($0) }.joined(separator: " – ")),
                Phrase(MechanismNames.pairs(evidence.weight)),
                Phrase(ReportText.spaced(evidence.group)),
            ]
        }
        return DocumentSection(
            id: "evidence", title: "Evidence",
            blocks: [
                .table(
                    DocumentTable(
                        "Every test that was made; weights are log10 likelihood ratios, and of a "
                            + "group the strongest counts",
                        [
                            .text("id"), .text("test"), .text("outcome"), .text("measured"),
                            .figure("n"), .text("window"), .text("weight"), .text("group"),
                        ], rows, ids: self.report.evidence.map(\.id)))
            ])
    }

    // MARK: - Healing, and what to do

    var healing: DocumentSection {
        guard let words = HealingWords(self.report) else {
            return DocumentSection(
                id: "healing", title: "Does it heal by itself?",
                blocks: [.note(Phrase("Not judged: this run was not made to tell."))])
        }
        var blocks: [DocumentBlock] = [
            .paragraph(Phrase(words.sentence)),
            .table(
                DocumentTable(
                    "Recovery, predicted and observed", header: HealingWords.header, words.rows,
                    figures: false)),
        ]
        if let loop = words.loop { blocks.append(.paragraph(Phrase(loop))) }
        if !words.facts.isEmpty {
            blocks.append(.note(Phrase(words.facts.joined(separator: "; ") + ".")))
        }
        return DocumentSection(id: "healing", title: "Does it heal by itself?", blocks: blocks)
    }

    var remedies: DocumentSection {
        let rows = NextWords(self.report).remedies
        return DocumentSection(
            id: "remedies", title: "What would have avoided it",
            blocks: [
                rows.isEmpty
                    ? .note(Phrase("No remedy was worked out."))
                    : .table(
                        DocumentTable(
                            "Remedies, predicted by formula and measured by a run of the same seed",
                            header: NextWords.remedyHeader, rows, figures: false))
            ])
    }

    var next: DocumentSection {
        let rows = NextWords(self.report).runs
        return DocumentSection(
            id: "next", title: "Runs that would tell more",
            blocks: [
                rows.isEmpty
                    ? .note(Phrase("None was worked out."))
                    : .table(
                        DocumentTable(
                            "The most telling first, by the information expected of it",
                            NextWords.runHeader.enumerated().map {
                                .init(name: $0.element, isNumber: $0.offset == 1)
                            },
                            rows.map { cells in
                                cells.enumerated().map { index, text in
                                    index == NextWords.commandColumn && text.hasPrefix("spate ")
                                        ? .code(text) : Phrase(text)
                                }
                            }))
            ])
    }
}
