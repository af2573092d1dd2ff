/// A chart ready for a page: its SVG, and the tables of what it draws.
struct ReportFigure: Sendable {
    /// Unique on the page; the figure's element is `chart-` and this.
    var id: String
    /// The heading.
    var title: String
    /// One or two sentences: what to look for.
    var caption: String
    /// The SVG element.
    var svg: String
    /// What the marks draw, in order.
    var tables: [FigureTable]

    /// A chart over time, drawn on a context's axis.
    init(_ chart: Chart, _ context: ChartContext) {
        self.init(
            id: chart.id, title: chart.title, caption: chart.caption,
            svg: ChartDrawing(chart, context).svg(), tables: [ChartTable(chart, context).table])
    }

    /// A figure of those parts.
    init(id: String, title: String, caption: String, svg: String, tables: [FigureTable]) {
        self.id = id
        self.title = title
        self.caption = caption
        self.svg = svg
        self.tables = tables
    }

    /// The figure as HTML: heading, caption, chart, and its tables folded away.
    var html: String {
        PageParts.figure(
            "chart-\(self.id)", title: self.title, caption: self.caption, self.svg, self.details)
    }

    /// The folded tables alone.
    var details: String {
        guard !self.tables.isEmpty else { return "" }
        let tables = self.tables.enumerated().map { index, table in
            table.html(id: index == 0 ? self.id : "\(self.id)-\(index + 1)")
        }.joined()
        return PageParts.details("Figures: \(self.title)", tables)
    }
}

/// A chart's figures as a table: bare numbers with their unit in the heading.
///
/// Its rows are exactly what the marks draw; `data-table` names the chart and `data-column` the
/// series, so that scripts need not read paths.
struct FigureTable: Sendable {
    /// One column.
    struct Column: Sendable {
        /// The series, or nil for a column that says where a row lies.
        var series: String?
        /// The heading, with the unit.
        var heading: String

        /// A column of a series' figures.
        static func series(_ id: String, _ heading: String) -> Column {
            Column(series: id, heading: heading)
        }
        /// A column that says where a row lies.
        static func place(_ heading: String) -> Column {
            Column(series: nil, heading: heading)
        }
    }
    /// What a row stands for.
    var caption: String
    /// From left to right; the first one heads its row.
    var columns: [Column]
    /// From top to bottom, as many cells as columns.
    var rows: [[String]]

    /// The table as HTML, in a region that scrolls by itself.
    func html(id: String) -> String {
        let caption = ReportText.escape(self.caption)
        var output = """
            <div class="scroll" role="group" tabindex="0" aria-label="\(caption)">\
            <table class="figures" data-table="\(ReportText.escape(id))">
            <caption>\(caption)</caption>
            <thead><tr>
            """
        for column in self.columns {
            let series = column.series.map { " data-column=\"\(ReportText.escape($0))\"" } ?? ""
            output += "<th scope=\"col\"\(series)>\(ReportText.escape(column.heading))</th>"
        }
        output += "</tr></thead>\n<tbody>\n"
        for row in self.rows {
            for (index, cell) in row.enumerated() {
                let text = ReportText.escape(cell)
                output += index == 0 ? "<tr><th scope=\"row\">\(text)</th>" : "<td>\(text)</td>"
            }
            output += "</tr>\n"
        }
        return output + "</tbody></table></div>\n"
    }
}
