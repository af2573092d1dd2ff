/// How to read the charts, said once above them.
struct ChartReading {
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    /// A paragraph.
    var html: String {
        var text =
            "All charts over time share one axis. Shaded bands are phases of load; dotted lines "
            + "are what was planned or observed."
        if self.report.run.timeScale != 1 {
            text += " The upper scale is wall time, the lower one story time since the start."
        }
        let rows = ChartContext(self.report).decimation
        if rows > 1 {
            text +=
                " Each drawn point stands for \(rows) rows: rates are their mean, "
                + "times and levels their largest."
        }
        return PageParts.paragraph(text, "soft")
    }
}
