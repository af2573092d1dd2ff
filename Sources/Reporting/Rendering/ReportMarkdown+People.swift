import Primitives

extension ReportMarkdown {
    /// The section about people; empty where nothing is known of them.
    static func people(_ report: Report, _ markdown: ReportMarkdown) -> String {
        guard let words = PeopleWords(report) else { return "" }
        var output = "## People\n\n"
        let sentences = [words.sentence, words.selectivity, words.reviews].compactMap { $0 }
        for sentence in sentences + words.tries { output += markdown.plain(sentence) + "\n\n" }
        func plain(_ rows: [[String]]) -> [[String]] {
            rows.map { $0.map { markdown.plain($0) } }
        }
        output += markdown.table(
            "Outcome per person", level: 3, PeopleWords.outcomeHeader, plain(words.outcomes))
        output += self.crowding(report)
        output += markdown.table(
            "People by phase of arrival", level: 3, words.phaseHeader.map { markdown.plain($0) },
            plain(words.phases))
        for (name, figures) in words.present where !figures.curve.isEmpty {
            output += markdown.table(
                "How long it took to get in: \(name)", level: 3, PeopleWords.curveHeader,
                plain(self.some(PeopleWords.curve(figures))))
        }
        return output
    }

    /// At most 13 of the rows, the last one among them: all stand in report.json.
    private static func some(_ rows: [[String]]) -> [[String]] {
        let step = (rows.count + 11) / 12
        return rows.enumerated().filter { index, _ in
            index % max(1, step) == 0 || index == rows.count - 1
        }.map(\.element)
    }

    private static func crowding(_ report: Report) -> String {
        guard let crowding = report.people?.crowdingOut, !crowding.rows.isEmpty else { return "" }
        let rows = crowding.rows
        func line(_ name: String, _ values: [Double?], _ top: Double) -> String {
            let padded = name + String(repeating: " ", count: max(0, 20 - name.count))
            return padded + Sparkline.text(values, columns: 60, top: top) + "\n"
        }
        var output = "### Crowded out\n\n```\n"
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
