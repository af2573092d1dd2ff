/// Whether to believe it, and how to do it again.
struct TrustSections {
    private let report: Report
    private let words: ReportWords

    init(_ report: Report) {
        self.report = report
        self.words = ReportWords(report)
    }

    var validity: DocumentSection {
        var blocks: [DocumentBlock] = [.facts(self.words.generatorFacts)]
        if let punctuality = self.words.punctuality { blocks.append(.note(Phrase(punctuality))) }
        if self.report.validity.gates.isEmpty {
            blocks.append(.note(Phrase("No gate was tried.")))
        } else {
            blocks.append(
                .table(
                    DocumentTable(
                        "Gates: the generator is doubted first",
                        [.text("gate"), .text("state"), .text("figures")],
                        self.report.validity.gates.map { gate in
                            let tone: Phrase.Tone =
                                switch gate.state {
                                case .ok: .ok
                                case .failed: .bad
                                case .notApplicable: .warn
                                }
                            return [
                                Phrase(gate.id),
                                .badge(ReportText.spaced(gate.state.rawValue), tone),
                                Phrase(gate.detail),
                            ]
                        })))
        }
        return DocumentSection(
            id: "validity", title: "Generator health and validity", blocks: blocks)
    }

    var environment: DocumentSection {
        let run = self.report.run
        var rows: [(String, Phrase)] = [
            ("run", .code(run.id)), ("scenario", Phrase(run.scenario)),
            ("SHA-256 of the scenario", .code(run.scenarioSHA256)),
            ("seed", Phrase(String(run.seed))), ("started", Phrase(run.started)),
            ("ran", Phrase(ReportText.seconds(run.duration))),
            ("ended", Phrase(run.stopped ?? "its journal was cut off")),
            ("versions", Phrase("spate \(run.version), libcurl \(run.libcurl)")),
            (
                "machine",
                Phrase(
                    "\(run.host.name): \(run.host.kernel), \(run.host.cores) cores, "
                        + "\(ReportText.bytes(run.host.memory)) of memory, "
                        + "\(ReportText.count(run.host.descriptors)) descriptors, "
                        + "\(ReportText.count(run.host.localPorts)) local ports")
            ),
            (
                "bytes",
                Phrase(
                    "\(ReportText.bytes(self.report.totals.bytesUp)) sent, "
                        + "\(ReportText.bytes(self.report.totals.bytesDown)) received")
            ),
        ]
        if let insecure = run.insecure {
            rows.append(("certificates", Phrase(insecure ? "not checked" : "checked")))
        }
        return DocumentSection(
            id: "environment", title: "Environment",
            blocks: [
                .table(
                    DocumentTable(
                        "What ran, where and with what", [.text("what"), .text("value")],
                        rows.map { [Phrase($0.0), $0.1] }))
            ])
    }

    var command: DocumentSection {
        let command = self.report.run.command
        return DocumentSection(
            id: "repeat", title: "How to repeat it",
            blocks: [
                command.isEmpty
                    ? .note(Phrase("The command was not recorded.")) : .code(command)
            ])
    }

    var scenario: DocumentSection {
        let text = self.report.run.scenarioText
        return DocumentSection(
            id: "scenario", title: "The scenario as resolved",
            blocks: [
                text.map { .listing("The file with what the command line changed", $0) }
                    ?? .note(Phrase("Not kept in this report; it lies beside it as scenario.yaml."))
            ])
    }

    var method: DocumentSection {
        DocumentSection(
            id: "method", title: "How to read this", blocks: [.terms(ReportWords.method)])
    }

    var left: DocumentSection {
        DocumentSection(
            id: "left", title: "Left for people",
            blocks: [
                .note(
                    Phrase(
                        "Decisions, communications, lessons. A program can say what happened, not "
                            + "what it should mean."))
            ])
    }
}
