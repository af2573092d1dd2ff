/// The page's section about people.
struct PeopleSection {
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    var html: String {
        guard let words = PeopleWords(self.report) else {
            return PageParts.paragraph("What became of each person was not recorded.", "soft")
        }
        let sentences = [words.sentence, words.selectivity, words.reviews].compactMap { $0 }
        return sentences.map { PageParts.paragraph($0) }.joined() + self.outcomes(words)
            + self.success(words) + self.crowding + self.phases(words)
    }

    private func outcomes(_ words: PeopleWords) -> String {
        guard !words.outcomes.isEmpty else { return "" }
        return self.table(
            "Outcome per person; “app ×” is what the apps' retries multiply the load by, "
                + "“person ×” what pressing again does",
            PeopleWords.outcomeHeader, words.outcomes)
            + words.tries.map { PageParts.paragraph($0, "soft") }.joined()
    }

    private func success(_ words: PeopleWords) -> String {
        let classes = words.present
        guard let drawing = SuccessCurveDrawing(classes) else { return "" }
        let tables = classes.map { name, figures in
            self.table(
                "\(name): the points of the curve", PeopleWords.curveHeader,
                PeopleWords.curve(figures), numbersFirst: true)
        }.joined()
        return """
            <figure id="chart-success">
            <h3>\(ReportText.escape(SuccessCurveDrawing.title))</h3>
            <figcaption>\(ReportText.escape(SuccessCurveDrawing.caption))</figcaption>
            <div class="chart">\(drawing.svg())</div>
            <details><summary>Figures: \(ReportText.escape(SuccessCurveDrawing.title))</summary>
            \(tables)</details>
            </figure>

            """
    }

    private var crowding: String {
        guard let crowding = CrowdingChart(self.report) else { return "" }
        let context = crowding.context(self.report)
        let chart = crowding.chart
        return """
            <figure id="chart-crowding">
            <h3>\(ReportText.escape(chart.title))</h3>
            <figcaption>\(ReportText.escape(chart.caption))</figcaption>
            <div class="chart">\(ChartDrawing(chart, context).svg())</div>
            \(ChartTable(chart, context).html)</figure>

            """
    }

    private func phases(_ words: PeopleWords) -> String {
        guard !words.phases.isEmpty else { return "" }
        return self.table(
            "People by phase of arrival; “genuine : noise” compares their chances to get in",
            words.phaseHeader, words.phases)
    }

    private func table(
        _ caption: String, _ header: [String], _ rows: [[String]], numbersFirst: Bool = false
    ) -> String {
        func cells(_ texts: [String]) -> [PageParts.Cell] {
            texts.enumerated().map { index, text in
                index == 0 && !numbersFirst ? .text(text) : .figure(text)
            }
        }
        return PageParts.table(caption, cells(header), rows.map(cells))
    }
}
