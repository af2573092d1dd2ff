extension Report {
    /// The end of a run on a terminal: at most 25 lines, each at most `width` columns.
    ///
    /// - Parameters:
    ///   - width: Columns of the terminal; values below 20 are taken as 20.
    ///   - color: Whether ANSI colours are wanted.
    ///   - path: Where the report lies; named in the last line.
    package func summaryText(width: Int, color: Bool, path: String? = nil) -> String {
        ReportSummaryText(self, width: max(20, width), color: color, path: path).text
    }
}

/// Writes the summary for a terminal.
struct ReportSummaryText {
    private static let lineLimit = 25
    private static let thresholdLimit = 5
    private let report: Report
    private let words: ReportWords
    private let width: Int
    private let color: Bool
    private let path: String?

    init(_ report: Report, width: Int, color: Bool, path: String?) {
        self.report = report
        self.words = ReportWords(report)
        self.width = width
        self.color = color
        self.path = path
    }

    var text: String {
        var lines = self.verdict
        lines += [""] + self.classes + self.people
        if !self.report.phases.isEmpty { lines += [""] + self.phases }
        // Where lines have to go the rules stay: a crossed one is why the run failed.
        lines += [""] + self.thresholds
        lines += self.health
        let tail = self.path.map { ["Report  \(ReportText.plain($0))"] } ?? []
        // The path is what people look for: it stays whatever else has to go.
        let kept = lines.prefix(Self.lineLimit - tail.count)
        return (kept + tail).joined(separator: "\n") + "\n"
    }

    private var verdict: [String] {
        let tone =
            switch self.report.verdict.grade {
            case .healthy: "32"
            case .cause, .family: "31"
            default: "33"
            }
        let head = "\(self.words.grade) · \(self.words.validity)"
        let sentence = Self.wrapped(ReportText.plain(self.words.sentence), self.width)
        return [self.painted(self.cut(head), "1;" + tone)] + sentence.prefix(8)
    }

    private var classes: [String] {
        let header = ["class", "intents", "accepted", "no good", "p50", "p99"]
        let rows = ClassOrder.present(in: self.report).compactMap { name -> [String]? in
            guard let figures = self.report.classes[name] else { return nil }
            return [
                name, ReportText.count(figures.intents),
                ReportText.share(figures.accepted, of: figures.intents),
                ReportText.count(figures.intents - figures.accepted),
                ReportText.median(figures.responseMs), ReportText.tail(figures.responseMs),
            ]
        }
        return self.table(header, rows)
    }

    private var people: [String] {
        guard let sentence = PeopleWords(self.report)?.sentence else { return [] }
        return Self.wrapped(sentence, self.width)
    }

    private var phases: [String] {
        let names = ClassOrder.present(in: self.report)
        let room = 7
        let rows = self.report.phases.map { phase in
            [ReportText.clipped(phase.name, 24)]
                + names.map { name in
                    phase.classes[name].map { ReportText.share($0.accepted, of: $0.intents) }
                        ?? "–"
                }
        }
        var lines = self.table(
            ["accepted by phase"] + names.map { $0 }, Array(rows.prefix(room)))
        if rows.count > room { lines.append("... and \(rows.count - room) more phases") }
        return lines
    }

    private var health: [String] {
        var lines = self.entry(
            "Generator",
            "at most \(self.words.cores) cores, lag p99 at most \(self.words.lag), "
                + "\(ReportText.count(self.report.totals.dropped)) dropped")
        guard let generator = self.report.generator else { return lines }
        let delay = generator.scheduleDelayMs
        if delay.p50 != nil {
            lines += self.entry(
                "Schedule",
                "starts late by p50 \(ReportText.milliseconds(delay.p50)), "
                    + "p99 \(ReportText.milliseconds(delay.p99)); a bare timer by p99 "
                    + ReportText.milliseconds(generator.referenceMs.p99))
        }
        if !generator.closedLoop.isEmpty {
            lines += Self.wrapped(
                "Closed loop: a stalled server is not asked; see the report's Impact", self.width)
        }
        return lines
    }

    private var thresholds: [String] {
        let crossed = self.report.thresholds.filter { $0.ok != true }
        guard !self.report.thresholds.isEmpty else { return [] }
        let count = self.report.thresholds.count
        if crossed.isEmpty { return self.entry("Thresholds", "\(count) of \(count) as expected") }
        let lines = crossed.prefix(Self.thresholdLimit).map { threshold in
            self.cut(
                "\(ReportWords.state(threshold)): \(ReportText.plain(threshold.selector)) "
                    + "\(ReportText.plain(threshold.conditions)), "
                    + "value \(ReportText.number(threshold.value))")
        }
        return lines.map { self.painted($0, "31") }
    }

    /// A label and what it stands for, in as many lines as that takes.
    private func entry(_ label: String, _ text: String) -> [String] {
        // On a narrow terminal a column for labels leaves no room for what they name.
        guard self.width >= 50 else { return Self.wrapped("\(label): \(text)", self.width) }
        let column = 12
        let lines = Self.wrapped(text, self.width - column)
        let head = label + String(repeating: " ", count: column - label.count)
        let rest = String(repeating: " ", count: column)
        return lines.enumerated().map { ($0.offset == 0 ? head : rest) + $0.element }
    }

    private func table(_ header: [String], _ rows: [[String]]) -> [String] {
        let lines = ([header] + rows).map { $0.map { ReportText.plain($0) } }
        let widths = header.indices.map { column in
            lines.map { $0[column].count }.max() ?? 0
        }
        return lines.enumerated().map { index, cells in
            let text = cells.enumerated().map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + blanks : blanks + cell
            }.joined(separator: "  ")
            let line = self.cut(text)
            return index == 0 ? self.painted(line, "2") : line
        }
    }

    private func cut(_ line: String) -> String {
        ReportText.clipped(line, self.width)
    }

    private func painted(_ line: String, _ code: String) -> String {
        self.color ? "\u{1B}[\(code)m\(line)\u{1B}[0m" : line
    }

    /// The text in lines of at most `width` characters, broken at blanks where there are any.
    ///
    /// A figure stays with its unit.
    static func wrapped(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for phrase in self.phrases(text) {
            var phrase = Substring(phrase)
            if !line.isEmpty, line.count + 1 + phrase.count > width {
                lines.append(line)
                line = ""
            }
            while phrase.count > width {
                lines.append(String(phrase.prefix(width)))
                phrase = phrase.dropFirst(width)
            }
            line += (line.isEmpty ? "" : " ") + phrase
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// What a figure is not parted from, punctuation behind it aside.
    private static let units: Set<String> = [
        "%", "s", "ms", "µs", "min", "h", "B", "kB", "MB", "GB", "cores",
    ]

    /// Words, and figures together with their units.
    private static func phrases(_ text: String) -> [String] {
        var phrases: [String] = []
        for word in text.split(separator: " ") {
            let unit = word.prefix { !",.;:)".contains($0) }
            if let last = phrases.last?.last, last.isNumber, self.units.contains(String(unit)) {
                phrases[phrases.count - 1] += " " + word
            } else {
                phrases.append(String(word))
            }
        }
        return phrases
    }
}
