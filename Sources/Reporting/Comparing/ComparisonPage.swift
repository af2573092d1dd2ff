package import Comparison

extension RunComparison {
    /// The comparison as one HTML file that loads nothing; its charts need no style or script.
    package var html: String { ComparisonPage(self).html }

    /// Writes `comparison.json`, `comparison.html` and `comparison.md` into an existing directory.
    ///
    /// - Throws: `ReportFileError` when a file cannot be written.
    package func write(to directory: String) throws(ReportFileError) {
        let files = [
            ("comparison.json", ComparisonDocument(self).json), ("comparison.html", self.html),
            ("comparison.md", self.markdown),
        ]
        for (name, text) in files {
            try ReportFiles.replace(directory + "/" + name, with: Array(text.utf8))
        }
    }
}

/// Puts the page of a comparison together.
struct ComparisonPage {
    private let comparison: RunComparison
    private let words: ComparisonWords

    init(_ comparison: RunComparison) {
        self.comparison = comparison
        self.words = ComparisonWords(comparison)
    }

    var html: String {
        let scenario = (self.comparison.base + self.comparison.new).first?.scenario ?? "runs"
        let title = ReportText.escape("\(scenario), compared")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>\(title) – Spate</title>
            <style>
            \(PageStyle.css)
            </style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the verdict</a>
            <header class="top">
            <h1>\(title)</h1>
            </header>
            <main id="main">
            \(self.verdict)\
            \(PageParts.section("figures", "Figures", self.figures))\
            \(PageParts.section("runs", "Run by run", self.dots + self.runs))\
            \(PageParts.section("charts", "Over time", self.charts))\
            \(PageParts.section("method", "How to read this", self.method))\
            </main>
            <footer>Every number on this page is in comparison.json beside it, and in what \
            <code>spate compare --json</code> prints.</footer>
            </body>
            </html>

            """
    }

    private var verdict: String {
        let tone =
            switch self.comparison.verdict {
            case .pass: "ok"
            case .regression: "bad"
            case .inconclusive, .refused: "warn"
            }
        let advisory = self.comparison.isAdvisory ? PageParts.badge("advisory", "warn") : ""
        return """
            <section class="verdict \(tone)" id="verdict" aria-label="Verdict">
            <div>\(PageParts.badge(self.words.word, tone))\(advisory)</div>
            <p class="sentence">\(ReportText.escape(self.words.sentence))</p>
            \(PageParts.list(self.words.groups + self.words.remarks))</section>

            """
    }

    private var figures: String {
        guard !self.comparison.figures.isEmpty else { return "" }
        let header = ComparisonWords.header.enumerated().map { index, text in
            index == 0 ? PageParts.Cell.text(text) : .figure(text)
        }
        return PageParts.table(
            "Medians of the runs. A change counts above its gate and where chance is unlikely.",
            header,
            self.words.rows.map { row in
                row.enumerated().map { index, text in
                    index == 0 ? PageParts.Cell.text(text) : .figure(text)
                }
            })
    }

    private var dots: String {
        guard !self.comparison.isAdvisory else { return "" }
        return self.comparison.figures.enumerated().map { index, figure in
            let strip = DotStrip.svg(figure, self.words, id: "dots-\(index)")
            guard !strip.isEmpty else { return "" }
            return "<figure><h3>\(ReportText.escape(figure.figure.name))</h3>"
                + "<div class=\"chart\">\(strip)</div></figure>\n"
        }.joined()
    }

    private var runs: String {
        // A pair's figures are of its seconds: no figure of the run's own.
        let figures = self.comparison.isAdvisory ? [] : self.comparison.figures
        func rows(_ name: String, _ runs: [RunEvidence]) -> [[PageParts.Cell]] {
            runs.map { run in
                let facts: [PageParts.Cell] = [
                    .text(name), .text(run.place), .text(run.started), .figure(String(run.seed)),
                ]
                return facts
                    + figures.map { figure in
                        .figure(self.words.value(run.value(of: figure.figure), figure))
                    }
            }
        }
        let all = rows("baseline", self.comparison.base) + rows("new", self.comparison.new)
        guard !all.isEmpty else { return "" }
        let header: [PageParts.Cell] = [
            .text("group"), .text("where"), .text("started"), .figure("seed"),
        ]
        return PageParts.table(
            "The runs.", header + figures.map { .figure($0.figure.name) }, all)
    }

    private var charts: String {
        let drawing = ComparisonCharts(self.comparison)
        let context = drawing.context
        return drawing.all.map { chart in
            """
            <figure id="chart-\(chart.id)">
            <h3>\(ReportText.escape(chart.title))</h3>
            <figcaption>\(ReportText.escape(chart.caption))</figcaption>
            <div class="chart">\(ChartDrawing(chart, context).svg())</div>
            \(ChartTable(chart, context).html)</figure>

            """
        }.joined()
    }

    private var method: String {
        PageParts.list([
            "The unit is the run: a group's value is the median of its runs.",
            "p: how often chance alone would part equal systems this far, by the exact rank-sum "
                + "test of Mann and Whitney, both ways counted.",
            "gate: the change that matters; a smaller one is none, however certain.",
            "would have shown: the smallest change for the worse that these runs could have "
                + "proven. What is smaller may be there.",
            "Percentiles are over all attempts that ended; one without a good answer counts as "
                + "slower than every good one.",
        ])
    }
}
