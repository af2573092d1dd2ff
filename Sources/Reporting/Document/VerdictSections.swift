/// The answer, what it leaves open, and the run at a glance.
struct VerdictSections {
    private let report: Report
    private let words: ReportWords
    private let baseline: Report?

    init(_ report: Report, baseline: Report?) {
        self.report = report
        self.words = ReportWords(report)
        self.baseline = baseline
    }

    var verdict: DocumentSection {
        let tone: Phrase.Tone =
            switch self.report.verdict.grade {
            case .healthy: .ok
            case .cause, .family: .bad
            default: .warn
            }
        let validity: Phrase.Tone =
            switch self.report.validity.state {
            case .valid: .ok
            case .suspect: .warn
            case .invalid: .bad
            }
        let names = [self.report.verdict.family, self.report.verdict.mechanism].compactMap { $0 }
        let claim = (names + self.report.verdict.overlay).map { MechanismNames.named($0) }
            .joined(separator: " · ")
        var badges = [(text: self.words.grade, tone: tone)]
        if !claim.isEmpty { badges.append((text: claim, tone: tone)) }
        badges.append((text: self.words.validity, tone: validity))
        return DocumentSection(
            id: "verdict", title: "",
            blocks: [
                .verdict(
                    VerdictBox(
                        tone: tone, badges: badges, sentences: self.sentences,
                        facts: self.words.verdictFacts))
            ])
    }

    /// Each sentence with what it rests on; an older report has only the sentences.
    private var sentences: [Phrase] {
        let claims = self.report.verdict.claims ?? []
        guard !claims.isEmpty else { return [Phrase(self.words.sentence)] }
        return claims.map { Phrase($0.text).resting(on: $0.evidence) }
    }

    var known: DocumentSection {
        DocumentSection(
            id: "known", title: "What we can and cannot say",
            blocks: [
                .columns([
                    .list("Answered", self.words.answered), .list("Open", self.words.open),
                ])
            ])
    }

    var glance: DocumentSection {
        let base = self.baseline.map { ReportWords($0) }
        var blocks: [DocumentBlock] = [.tiles(self.words.tiles(against: base))]
        if let baseline = self.baseline {
            blocks.append(
                .note(
                    Phrase(
                        "Baseline: run \(baseline.run.id) of \(baseline.run.scenario), started "
                            + "\(baseline.run.started). One run beside one run shows no "
                            + "regression: spate compare tells a change from chance.")))
        }
        return DocumentSection(id: "glance", title: "At a glance", blocks: blocks)
    }
}
