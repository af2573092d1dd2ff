import Primitives

/// The last seconds as columns of blocks, as high as the terminal has room for.
struct LiveCharts {
    private static let tallest = 6
    private static let least = 24
    private let view: LiveView
    private let state: LiveState
    /// Rows of each chart.
    private let height: Int
    private let columns: Int

    init(_ view: LiveView, _ state: LiveState) {
        self.view = view
        self.state = state
        // Of four rows more than the least each of the charts gets one, and the tables another.
        self.height = min(Self.tallest, 1 + max(0, view.height - Self.least) / 4)
        self.columns = max(1, view.width - 26)
    }

    /// The rows of all charts, top to bottom.
    var rows: [String] {
        // Both loads on one scale: the gap between them is what people look for.
        let top = max(self.state.offeredHistory.max() ?? 0, self.state.goodHistory.max() ?? 0, 1)
        let scale = "0 to \(ReportText.count(Int(top)))/s"
        return self.chart("offered", self.state.offeredHistory.map { $0 / top }, scale)
            + self.chart("good", self.state.goodHistory.map { $0 / top }, scale)
            + self.chart("p99", self.state.p99History.map(Self.slowness), "1 ms to 30 s, log")
    }

    private func chart(_ name: String, _ shares: [Double?], _ scale: String) -> [String] {
        let shown = Array(shares.suffix(self.columns))
        let blank = String(repeating: " ", count: 8)
        return (0..<self.height).reversed().map { row in
            let label = row == 0 ? name + blank.dropFirst(name.count) : blank
            return label + self.blocks(shown, row: row) + (row == 0 ? "  " + scale : "")
        }
    }

    /// A row of blocks, counted from the bottom; nothing above a column's end.
    private func blocks(_ shares: [Double?], row: Int) -> String {
        let parts = shares.map { share in
            share.flatMap { $0.isFinite ? $0 * Double(self.height) - Double(row) : nil }
        }
        let drawn =
            self.view.usesUnicode
            ? Sparkline.text(parts, columns: parts.count, top: 1) : self.plain(parts)
        guard row > 0 else { return drawn }
        return String(zip(drawn, parts).map { ($1 ?? 0) > 0 ? $0 : " " })
    }

    private func plain(_ parts: [Double?]) -> String {
        let levels: [Character] = ["_", ".", "-", "=", "#"]
        return String(
            parts.map { part -> Character in
                guard let part else { return " " }
                return levels[Int((min(1, max(0, part)) * 4).rounded())]
            })
    }

    /// The place of a p99 between 1 ms and 30 s, by its logarithm.
    private static func slowness(_ milliseconds: Double?) -> Double? {
        milliseconds.map {
            self.logarithm(max(1, min($0, 30_000))) / self.logarithm(30_000)
        }
    }

    /// Binary logarithm, by halving: a chart's few levels need no more, and no libm.
    private static func logarithm(_ value: Double) -> Double {
        Double(value.exponent) + value.significand - 1
    }
}
