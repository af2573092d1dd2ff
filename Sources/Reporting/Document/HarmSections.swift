/// Who was hurt, and what became of what was sent.
struct HarmSections {
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    // MARK: - By class

    var impact: DocumentSection {
        let names = ClassOrder.present(in: self.report)
        guard !names.isEmpty else {
            return DocumentSection(
                id: "impact", title: "Impact by class",
                blocks: [.note(Phrase("No intent arrived."))])
        }
        var blocks: [DocumentBlock] = [.table(self.classTable(names))]
        if let loop = ReportWords(self.report).closedLoop {
            blocks.append(.paragraph(Phrase(loop)))
        }
        if let ratio = self.report.loss.selectivity {
            blocks.append(
                .note(
                    Phrase(
                        "During the trouble a genuine intent was \(ReportText.number(ratio)) times "
                            + "as likely to be accepted as noise; at 1 both suffer alike.")))
        }
        if !self.report.phases.isEmpty { blocks.append(.table(self.phaseTable(names))) }
        return DocumentSection(id: "impact", title: "Impact by class", blocks: blocks)
    }

    private func classTable(_ names: [String]) -> DocumentTable {
        DocumentTable(
            "Whole run, by class; a percentile of “none”: so many had no good answer",
            header: [
                "class", "intents", "accepted", "rejected", "gave up", "failed", "dropped",
                "unfinished", "p50", "p99", "service p99", "attempts per step",
            ],
            names.compactMap { name in
                guard let figures = self.report.classes[name] else { return nil }
                let counts = [
                    figures.intents, figures.accepted, figures.rejected, figures.gaveUp,
                    figures.failed, figures.dropped, figures.unfinished,
                ]
                return [name] + counts.map { ReportText.count($0) } + [
                    ReportText.median(figures.responseMs), ReportText.tail(figures.responseMs),
                    ReportText.milliseconds(figures.serviceMs.p99),
                    ReportText.number(figures.amplification),
                ]
            })
    }

    private func phaseTable(_ names: [String]) -> DocumentTable {
        DocumentTable(
            "By phase of arrival: accepted of those who arrived",
            header: ["phase", "wall"] + names.flatMap { ["\($0) accepted", "\($0) p99"] },
            self.report.phases.map { phase in
                let span = phase.t.map { ReportText.clock($0) }.joined(separator: " – ")
                return [phase.name, span]
                    + names.flatMap { name -> [String] in
                        guard let figures = phase.classes[name] else { return ["–", "–"] }
                        return [
                            ReportText.share(figures.accepted, of: figures.intents) + " of "
                                + ReportText.count(figures.intents),
                            ReportText.tail(figures.responseMs),
                        ]
                    }
            })
    }

    // MARK: - People

    var people: DocumentSection {
        guard let words = PeopleWords(self.report) else {
            return DocumentSection(
                id: "people", title: "People: who was hurt",
                blocks: [.note(Phrase("What became of each person was not recorded."))])
        }
        let sentences = [words.sentence, words.selectivity, words.reviews].compactMap { $0 }
        var blocks: [DocumentBlock] = sentences.map { .paragraph(Phrase($0)) }
        if !words.outcomes.isEmpty {
            blocks.append(
                .table(
                    DocumentTable(
                        "Outcome per person; “app ×” is what the apps' retries multiply the load "
                            + "by, “person ×” what pressing again does",
                        header: PeopleWords.outcomeHeader, words.outcomes)))
            blocks += words.tries.map { .note(Phrase($0)) }
        }
        let drawings = PeopleDrawings(self.report, words)
        blocks += [.drawing(drawings.success), .drawing(drawings.crowding)]
        if !words.phases.isEmpty {
            blocks.append(
                .table(
                    DocumentTable(
                        "People by phase of arrival; “genuine : noise” compares their chances to "
                            + "get in", header: words.phaseHeader, words.phases)))
        }
        return DocumentSection(id: "people", title: "People: who was hurt", blocks: blocks)
    }

    // MARK: - Belief against store

    var reconciliation: DocumentSection {
        DocumentSection(
            id: "reconcile", title: "Belief against store", blocks: self.reconciled)
    }

    private var reconciled: [DocumentBlock] {
        guard let cells = self.report.loss.reconcile else {
            return [
                .note(Phrase("The store could not be listed, so what was kept is not known."))
            ]
        }
        return [
            .note(
                Phrase("What the clients were told against what the store holds after the run.")),
            .table(
                DocumentTable(
                    "Intents that ask the server to keep something",
                    [.text("belief"), .figure("stored"), .figure("not stored")],
                    [
                        [
                            Phrase("told “accepted”"), Phrase(ReportText.count(cells.ackedStored)),
                            .badge(
                                "\(ReportText.count(cells.ackedMissing)) (lost data)",
                                cells.ackedMissing == 0 ? .ok : .bad),
                        ],
                        [
                            Phrase("not told so"),
                            Phrase("\(ReportText.count(cells.unackedStored)) (ghosts)"),
                            Phrase(ReportText.count(cells.unackedMissing)),
                        ],
                    ])),
        ]
    }

    // MARK: - The human queue

    var review: DocumentSection {
        guard let review = self.report.review else {
            return DocumentSection(
                id: "review", title: "The human queue",
                blocks: [.note(Phrase("It was not sampled: how long people waited is not known."))]
            )
        }
        func rate(_ value: Double?) -> String { ReportText.rate(value) }
        let clears =
            review.clearsIn.map { "empty after \(ReportText.seconds($0)) at the baseline's inflow" }
            ?? review.newestWaits.map { _ in "never empty at the baseline's inflow" }
        return DocumentSection(
            id: "review", title: "The human queue",
            blocks: [
                .facts([
                    .init(name: "Comes in", value: rate(review.acceptedPerSecond), note: nil),
                    .init(name: "Is reviewed", value: rate(review.reviewedPerSecond), note: nil),
                    .init(name: "Grows by", value: rate(review.slope), note: nil),
                    .init(
                        name: "Waiting at the end", value: ReportText.number(review.backlog),
                        note: "the oldest for \(ReportText.seconds(review.oldestAge))"),
                    .init(
                        name: "Genuine items waited",
                        value: "p50 \(ReportText.seconds(review.genuineWait.p50))",
                        note: "p95 \(ReportText.seconds(review.genuineWait.p95))"),
                    .init(
                        name: "The newest one's turn",
                        value: ReportText.seconds(review.newestWaits),
                        note: clears),
                ])
            ])
    }
}
