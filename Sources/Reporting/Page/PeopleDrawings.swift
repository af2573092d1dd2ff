import Primitives

/// The pictures about people: how long it took to get in, and who was crowded out.
struct PeopleDrawings {
    private let report: Report
    private let words: PeopleWords

    init(_ report: Report, _ words: PeopleWords) {
        self.report = report
        self.words = words
    }

    /// How long it took to get in; nothing without a curve.
    var success: DocumentDrawing {
        let classes = self.words.present.filter { !$0.figures.curve.isEmpty }
        func tables(_ rows: (Report.PeopleFigures) -> [[String]]) -> [DocumentTable] {
            classes.map { name, figures in
                var table = DocumentTable(
                    "How long it took to get in: \(name)", header: PeopleWords.curveHeader,
                    rows(figures))
                for index in table.columns.indices { table.columns[index].isNumber = true }
                return table
            }
        }
        return DocumentDrawing(
            html: {
                guard let drawing = SuccessCurveDrawing(classes) else { return "" }
                let html = DocumentHTML(evidence: [])
                let body = tables(PeopleWords.curve).map { html.table($0) }.joined()
                return PageParts.figure(
                    "chart-success", title: SuccessCurveDrawing.title,
                    caption: SuccessCurveDrawing.caption, drawing.svg(),
                    PageParts.details("Figures: \(SuccessCurveDrawing.title)", body))
            },
            markdown: { markdown in
                tables { Self.some(PeopleWords.curve($0)) }.map { markdown.table($0) }.joined()
            })
    }

    /// At most 13 of the rows, the last one among them: all stand in report.json.
    private static func some(_ rows: [[String]]) -> [[String]] {
        let step = (rows.count + 11) / 12
        return rows.enumerated().filter { index, _ in
            index % max(1, step) == 0 || index == rows.count - 1
        }.map(\.element)
    }

    /// Genuine people beside noise over the run; nothing where it is not known.
    var crowding: DocumentDrawing {
        let report = self.report
        return DocumentDrawing(
            html: {
                guard let crowding = CrowdingChart(report) else { return "" }
                return ReportFigure(crowding.chart, crowding.context(report)).html
            },
            markdown: { _ in Self.crowding(report) })
    }

    private static func crowding(_ report: Report) -> String {
        guard let crowding = report.people?.crowdingOut, !crowding.rows.isEmpty else { return "" }
        let rows = crowding.rows
        func line(_ name: String, _ values: [Double?], _ top: Double) -> String {
            let padded = name + String(repeating: " ", count: max(0, 20 - name.count))
            return padded + Sparkline.text(values, columns: 60, top: top) + "\n"
        }
        var output = "**Crowded out**\n\n```\n"
        output += line("genuine who got in", rows.map(\.genuineShare), 1)
        output += line("noise of accepted", rows.map(\.noiseShare), 1)
        let stars = rows.map(\.starsAverage)
        if stars.contains(where: { $0 != nil }) { output += line("stars so far", stars, 5) }
        output += "```\n\nThe share of the genuine people who arrived and got in, and noise's "
        output += "share of what the server accepted, from 0 to 100 %"
        if stars.contains(where: { $0 != nil }) { output += "; stars from 0 to 5" }
        output += ". Rows of \(ReportText.seconds(Double(crowding.rowSeconds))).\n\n"
        return output
    }
}
