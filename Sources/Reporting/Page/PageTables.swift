/// The tables of the page; a table without rows says why.
struct PageTables {
    typealias Cell = PageParts.Cell
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    var thresholds: String {
        guard !self.report.thresholds.isEmpty else {
            return PageParts.paragraph("The scenario sets none.", "soft")
        }
        return PageParts.table(
            "Rules of the scenario",
            [
                .text("metric"), .text("rule"), .figure("value"), .text("state"),
                .figure("first broken"), .figure("for"),
            ],
            self.report.thresholds.map { threshold in
                let kind = threshold.ok.map { $0 ? "ok" : "bad" } ?? "warn"
                return [
                    .markup("<code>\(ReportText.escape(threshold.selector))</code>"),
                    .markup("<code>\(ReportText.escape(threshold.conditions))</code>"),
                    .figure(ReportText.number(threshold.value)),
                    .markup(PageParts.badge(ReportWords.state(threshold), kind)),
                    .figure(threshold.firstBroken.map { ReportText.clock($0) } ?? "–"),
                    .figure(threshold.duration.map { ReportText.seconds($0) } ?? "–"),
                ]
            })
    }

    var timeline: String {
        guard !self.report.timeline.isEmpty else { return "" }
        return PageParts.table(
            "Events",
            [.figure("no."), .figure("wall"), .figure("story"), .text("kind"), .text("what")],
            self.report.timeline.enumerated().map { index, entry in
                [
                    .figure(String(index + 1)), .figure(ReportText.clock(entry.t)),
                    .figure(ReportText.story(entry.story)), .text(entry.kind),
                    .text(entry.label),
                ]
            })
    }

    // MARK: - Who was hurt

    var impact: String {
        let names = ClassOrder.present(in: self.report)
        guard !names.isEmpty else {
            return PageParts.paragraph("No intent arrived.", "soft")
        }
        let loop = ReportWords(self.report).closedLoop.map { PageParts.paragraph($0) } ?? ""
        return self.classTable(names) + loop + self.phaseTable(names)
    }

    private func classTable(_ names: [String]) -> String {
        PageParts.table(
            "Whole run, by class; a percentile of “none”: so many had no good answer",
            [
                .text("class"), .figure("intents"), .figure("accepted"), .figure("rejected"),
                .figure("gave up"), .figure("failed"), .figure("dropped"), .figure("unfinished"),
                .figure("p50"), .figure("p99"), .figure("service p99"),
                .figure("attempts per step"),
            ],
            names.compactMap { name in
                guard let figures = self.report.classes[name] else { return nil }
                return [
                    .text(name), .figure(ReportText.count(figures.intents)),
                    .figure(ReportText.count(figures.accepted)),
                    .figure(ReportText.count(figures.rejected)),
                    .figure(ReportText.count(figures.gaveUp)),
                    .figure(ReportText.count(figures.failed)),
                    .figure(ReportText.count(figures.dropped)),
                    .figure(ReportText.count(figures.unfinished)),
                    .figure(ReportText.median(figures.responseMs)),
                    .figure(ReportText.tail(figures.responseMs)),
                    .figure(ReportText.milliseconds(figures.serviceMs.p99)),
                    .figure(ReportText.number(figures.amplification)),
                ]
            })
    }

    private func phaseTable(_ names: [String]) -> String {
        guard !self.report.phases.isEmpty else { return "" }
        let header: [Cell] =
            [.text("phase"), .figure("from"), .figure("to")]
            + names.flatMap { [.figure("\($0) accepted"), .figure("\($0) p99")] }
        return PageParts.table(
            "By phase of arrival: accepted of those who arrived", header,
            self.report.phases.map { phase in
                let cells: [Cell] = names.flatMap { name -> [Cell] in
                    guard let figures = phase.classes[name] else {
                        return [.figure("–"), .figure("–")]
                    }
                    let share = ReportText.share(figures.accepted, of: figures.intents)
                    let counts =
                        "\(ReportText.count(figures.accepted)) of "
                        + ReportText.count(figures.intents)
                    return [
                        Cell(
                            html: "\(ReportText.escape(share))<br/><small>"
                                + "\(ReportText.escape(counts))</small>", isNumber: true),
                        .figure(ReportText.tail(figures.responseMs)),
                    ]
                }
                return [
                    .text(phase.name), .figure(ReportText.clock(phase.t.first ?? 0)),
                    .figure(ReportText.clock(phase.t.last ?? 0)),
                ] + cells
            })
    }

    var reconciliation: String {
        guard let cells = self.report.loss.reconcile else {
            return PageParts.paragraph(
                "The store could not be listed, so what was kept is not known.", "soft")
        }
        return PageParts.paragraph(
            "What the clients were told against what the store holds after the run.", "soft")
            + PageParts.table(
                "Intents that ask the server to keep something",
                [.text(""), .figure("stored"), .figure("not stored")],
                [
                    [
                        .text("told “accepted”"), .figure(ReportText.count(cells.ackedStored)),
                        .markup(
                            PageParts.badge(
                                "\(ReportText.count(cells.ackedMissing)) lost data",
                                cells.ackedMissing == 0 ? "ok" : "bad")),
                    ],
                    [
                        .text("not told so"),
                        .figure("\(ReportText.count(cells.unackedStored)) ghosts"),
                        .figure(ReportText.count(cells.unackedMissing)),
                    ],
                ])
    }

    // MARK: - Why

    var hypotheses: String {
        guard !self.report.hypotheses.isEmpty else { return "" }
        return PageParts.table(
            "The losers stay visible",
            [
                .text("explanation"), .figure("probability"), .text("for"), .text("against"),
                .text("missing"),
            ],
            self.report.hypotheses.map { hypothesis in
                [
                    .text(PageTables.named(hypothesis.id)),
                    .figure(ReportText.percent(hypothesis.posterior)),
                    .text(PageTables.joined(hypothesis.supporting)),
                    .text(PageTables.joined(hypothesis.against)),
                    .text(PageTables.joined(hypothesis.missing)),
                ]
            })
    }

    var evidence: String {
        guard !self.report.evidence.isEmpty else { return "" }
        return PageParts.table(
            "Every test that was made; weights are log10 likelihood ratios",
            [
                .text("id"), .text("test"), .text("outcome"), .text("measured"), .figure("n"),
                .text("window"), .text("weight"),
            ],
            self.report.evidence.map { evidence in
                let window = evidence.window.map { ReportText.clock($0) }
                return [
                    .text(evidence.id), .text(ReportText.spaced(evidence.test)),
                    .text(evidence.outcome ?? "–"),
                    .text(PageTables.pairs(evidence.statistic)),
                    .figure(evidence.n.map { ReportText.count($0) } ?? "–"),
                    .text(window.joined(separator: " – ")),
                    .text(PageTables.pairs(evidence.weight)),
                ]
            })
    }

    var next: String { NextWords(self.report).html }

    // MARK: - Whether to believe it, and how to do it again

    var gates: String {
        guard !self.report.validity.gates.isEmpty else {
            return PageParts.paragraph("No gate was tried.", "soft")
        }
        let punctuality = ReportWords(self.report).punctuality
        return (punctuality.map { PageParts.paragraph($0, "soft") } ?? "")
            + PageParts.table(
                "The generator is doubted first",
                [.text("gate"), .text("state"), .text("figures")],
                self.report.validity.gates.map { gate in
                    let kind =
                        switch gate.state {
                        case .ok: "ok"
                        case .failed: "bad"
                        case .notApplicable: "warn"
                        }
                    return [
                        .text(gate.id),
                        .markup(PageParts.badge(ReportText.spaced(gate.state.rawValue), kind)),
                        .text(gate.detail),
                    ]
                })
    }

    var provenance: String {
        let run = self.report.run
        let rows: [(String, String)] = [
            ("run", run.id), ("scenario", "\(run.scenario) (SHA-256 \(run.scenarioSHA256))"),
            ("seed", String(run.seed)), ("started", run.started),
            ("versions", "spate \(run.version), libcurl \(run.libcurl)"),
            (
                "machine",
                "\(run.host.name): \(run.host.kernel), \(run.host.cores) cores, "
                    + "\(ReportText.bytes(run.host.memory)) of memory, "
                    + "\(ReportText.count(run.host.descriptors)) descriptors, "
                    + "\(ReportText.count(run.host.localPorts)) local ports"
            ),
            (
                "bytes",
                "\(ReportText.bytes(self.report.totals.bytesUp)) sent, "
                    + "\(ReportText.bytes(self.report.totals.bytesDown)) received"
            ),
        ]
        return "<pre><code>\(ReportText.escape(run.command))</code></pre>\n"
            + PageParts.table(
                "What ran", [.text(""), .text("")],
                rows.map { [.text($0.0), .text($0.1)] })
    }

    /// Ids or words with commas, or a dash.
    static func joined(_ words: [String]) -> String {
        words.isEmpty ? "–" : words.joined(separator: ", ")
    }

    /// Named numbers in the names' order, or a dash.
    static func pairs(_ values: [String: Double]) -> String {
        values.isEmpty
            ? "–"
            : values.sorted { $0.key < $1.key }
                .map { "\(ReportText.spaced($0.key)) \(ReportText.number($0.value))" }
                .joined(separator: ", ")
    }
}

/// The order in which classes are told.
enum ClassOrder {
    /// The classes that occur: genuine, noise, probe, then others by name.
    static func present(in report: Report) -> [String] {
        let known = ["genuine", "noise", "probe"]
        return known.filter { report.classes[$0] != nil }
            + report.classes.keys.filter { !known.contains($0) }.sorted()
    }
}
