extension Report {
    /// The report as one HTML file that loads nothing and whose charts need no style or script.
    ///
    /// At most about 600 kB for a run of 1,200 rows.
    package var html: String { self.html(baseline: nil) }

    /// The same with an earlier run's figures beside the tiles.
    ///
    /// The step from one run to one other is no verdict, and the page says so.
    package func html(baseline: Report?) -> String {
        ReportPage(ReportDocument(self, baseline: baseline), version: self.run.version).html
    }
}

/// Puts the page together, from the verdict down to the method.
struct ReportPage {
    private let document: ReportDocument
    private let version: String

    init(_ document: ReportDocument, version: String) {
        self.document = document
        self.version = ReportText.escape(version)
    }

    var html: String {
        let title = ReportText.escape(self.document.title)
        let writer = DocumentHTML(evidence: self.document.evidence)
        let sections = self.document.sections.map { writer.section($0) }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="generator" content="spate \(self.version)"/>
            <title>\(title) – Spate</title>
            <style>
            \(PageStyle.css)
            </style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the verdict</a>
            <header class="top">
            <h1>\(title)</h1>
            <p class="soft">\(ReportText.escape(self.document.subtitle))</p>
            </header>
            <main id="main" tabindex="-1">
            \(sections.prefix(1).joined())\(self.contents)\(sections.dropFirst().joined())</main>
            <footer>Spate \(self.version). \
            Every number on this page is in report.json beside it.</footer>
            <script>\(PageScript.text)</script>
            </body>
            </html>

            """
    }

    /// Links to the sections.
    private var contents: String {
        let links = self.document.sections.filter { !$0.title.isEmpty }.map {
            "<li><a href=\"#\($0.id)\">\(ReportText.escape($0.title))</a></li>\n"
        }.joined()
        return "<nav aria-label=\"Sections\"><ul>\n\(links)</ul></nav>\n"
    }
}
