import Primitives

/// Turns values into SVG path data, one point for each drawn column.
struct ChartPaths {
    /// Path data and what a checker needs to know about it.
    struct Drawn {
        /// The line: one `M` or `L` for each known column.
        var line: String
        /// The filled area under it; empty when it has no column.
        var area: String
        /// Columns without a value.
        var missing: Int
    }

    /// The left edge of the plot.
    var left: Double
    /// The width of the plot.
    var width: Double
    /// Its upper edge.
    var top: Double
    /// Its height.
    var height: Double
    /// What all charts share.
    var context: ChartContext
    /// The vertical axis.
    var scale: ChartScale

    /// The horizontal place of a moment.
    func x(_ seconds: Double) -> Double {
        self.left + self.width * min(1, max(0, seconds / self.context.span))
    }

    /// The vertical place of a value.
    func y(_ value: Double) -> Double {
        self.top + self.height * (1 - self.scale.position(value))
    }

    /// The place of a column: the middle of the rows it stands for.
    func columnX(_ column: Int) -> Double {
        let first = column * self.context.decimation
        let last = min(first + self.context.decimation, self.context.times.count)
        let middle = Double(last - first) * self.context.rowSeconds / 2
        return self.x(self.context.times[first] + middle)
    }

    /// A line with gaps where nothing is known, and the area between it and `base`.
    func draw(_ columns: [Double?], base: [Double]? = nil) -> Drawn {
        var line = ""
        var area = ""
        var missing = 0
        var run: [Int] = []
        func close() {
            // A point between two gaps is a dot: a line of no length under round caps.
            if run.count == 1 { line += "h0" }
            if !run.isEmpty { area += self.closedArea(run, columns, base) }
            run = []
        }
        for (column, value) in columns.enumerated() {
            guard let value, value.isFinite else {
                missing += 1
                close()
                continue
            }
            let point = self.point(column, value)
            line += (run.isEmpty ? "M" : "L") + point
            run.append(column)
        }
        close()
        return Drawn(line: line, area: area, missing: missing)
    }

    /// One closed figure over neighbouring columns.
    private func closedArea(_ run: [Int], _ columns: [Double?], _ base: [Double]?) -> String {
        let upper = run.compactMap { column in columns[column].map { self.point(column, $0) } }
        let lower: [String] =
            base.map { base in run.reversed().map { self.point($0, base[$0]) } }
            ?? [run.last, run.first].compactMap { $0 }.map { self.point($0, self.scale.low) }
        return "M" + (upper + lower).joined(separator: "L") + "Z"
    }

    private func point(_ column: Int, _ value: Double) -> String {
        Self.short(self.columnX(column)) + "," + Self.short(self.y(value))
    }

    /// A coordinate with one decimal, which is a tenth of a point.
    static func short(_ value: Double) -> String {
        UnitText.fixed(value, 1, trim: true)
    }

    /// The values of the drawn columns: each the mean (or largest) of its rows.
    ///
    /// A column with a row that is not known is not known: a gap is never painted over.
    static func columns(
        _ values: [Double?], by decimation: Int, maximum: Bool
    ) -> [Double?] {
        guard decimation > 1 else { return values }
        return stride(from: 0, to: values.count, by: decimation).map { first in
            let rows = values[first..<min(first + decimation, values.count)]
            let known = rows.compactMap { $0 }
            guard known.count == rows.count else { return nil }
            return maximum ? known.max() : known.reduce(0, +) / Double(known.count)
        }
    }
}
