/// What a report says, in the order of reading: the one template of the page and the Markdown.
///
/// The formats differ in how they write a block, never in the words or the numbers.
struct ReportDocument {
    /// The scenario's name.
    var title: String
    /// When, how long, with which seed.
    var subtitle: String
    /// The sections; the first is the verdict.
    var sections: [DocumentSection]
    /// Ids of the evidence that the ledger lists: what references can lead to.
    var evidence: Set<String>

    /// The document of a report.
    ///
    /// - Parameter baseline: an earlier run whose figures stand beside the tiles.
    init(_ report: Report, baseline: Report? = nil) {
        let words = ReportWords(report)
        self.title = report.run.scenario
        self.subtitle = words.subtitle
        self.evidence = Set(report.evidence.map(\.id))
        let verdict = VerdictSections(report, baseline: baseline)
        let run = RunSections(report, baseline: baseline)
        let harm = HarmSections(report)
        let cause = CauseSections(report)
        let trust = TrustSections(report)
        self.sections =
            [
                verdict.verdict, verdict.known, verdict.glance,
                run.thresholds, run.timeline, run.charts,
                harm.impact, harm.people, harm.reconciliation, harm.review,
                cause.first, cause.capacity, cause.why, cause.evidence, cause.healing,
                cause.remedies, cause.next,
                trust.validity, trust.environment, trust.command, trust.scenario, trust.method,
                trust.left,
            ]
    }
}

/// One section: a heading and what stands under it.
struct DocumentSection {
    /// What links to it use; unique.
    var id: String
    /// The heading; empty for the verdict, which needs none.
    var title: String
    /// What stands under it, never empty: what is not known is said.
    var blocks: [DocumentBlock]
}

/// A piece of a section.
enum DocumentBlock {
    /// The answer, framed.
    case verdict(VerdictBox)
    /// A paragraph.
    case paragraph(Phrase)
    /// A paragraph in smaller print.
    case note(Phrase)
    /// A list with a heading of its own.
    case list(String, [Phrase])
    /// Questions with their answers.
    case facts([ReportWords.Fact])
    /// The run at a glance.
    case tiles([ReportWords.Fact])
    /// Terms with what they mean.
    case terms([ReportWords.Fact])
    /// Lists side by side where there is room.
    case columns([DocumentBlock])
    /// Rows.
    case table(DocumentTable)
    /// A command.
    case code(String)
    /// A text of many lines, folded away where that can be.
    case listing(String, String)
    /// A picture and what stands in its place.
    case drawing(DocumentDrawing)
}

/// The answer with its grade, its sentences and the figures under them.
struct VerdictBox {
    /// How good the news is.
    var tone: Phrase.Tone
    /// Grade, claim and validity.
    var badges: [(text: String, tone: Phrase.Tone)]
    /// The sentences, each with what it rests on.
    var sentences: [Phrase]
    /// The figures.
    var facts: [ReportWords.Fact]
}

/// A picture: markup for the page, signs for texts; only the one that is wanted is made.
struct DocumentDrawing {
    /// The figure with its table.
    var html: () -> String
    /// What a text shows instead.
    var markdown: (DocumentMarkdown) -> String
}

/// A table; every format writes all of its rows.
struct DocumentTable {
    /// A column: its name, and whether it lines up as numbers.
    struct Column {
        var name: String
        var isNumber: Bool

        /// A column of words.
        static func text(_ name: String) -> Column { Column(name: name, isNumber: false) }
        /// A column of figures.
        static func figure(_ name: String) -> Column { Column(name: name, isNumber: true) }
    }

    /// What it shows, in a line.
    var caption: String
    /// The columns.
    var columns: [Column]
    /// The rows, as many cells as columns.
    var rows: [[Phrase]]
    /// For each row what links to it use; empty where nothing does.
    var ids: [String] = []

    /// A table of phrases.
    init(_ caption: String, _ columns: [Column], _ rows: [[Phrase]], ids: [String] = []) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
        self.ids = ids
    }

    /// A table of plain words: the first column of words, the others of figures.
    init(_ caption: String, header: [String], _ rows: [[String]], figures: Bool = true) {
        self.caption = caption
        self.columns = header.enumerated().map { index, name in
            Column(name: name, isNumber: figures && index > 0)
        }
        self.rows = rows.map { $0.map { Phrase($0) } }
    }
}
