/// Places texts so that none covers another.
enum ChartLabels {
    /// A text in a row, from `x` on.
    struct Placed {
        /// Which of the texts.
        var index: Int
        /// The row, 0 at the top.
        var row: Int
        /// Where the text begins, or ends when `anchorsEnd`.
        var x: Double
        /// True for a text that ends at `x`, near the right edge.
        var anchorsEnd: Bool
        /// The text, cut to what fits.
        var text: String
    }

    /// The width of a text in a sans-serif face, roughly and rather too wide.
    static func width(_ text: String, size: Double) -> Double {
        Double(text.count) * size * 0.56
    }

    /// Puts each label into the first row where it is free; what fits nowhere is left out, its line
    /// and title stay.
    static func stagger(
        _ labels: [(x: Double, text: String)], rows: Int, size: Double, left: Double,
        right: Double, limit: Int
    ) -> [Placed] {
        var occupied = [[ClosedRange<Double>]](repeating: [], count: rows)
        var placed: [Placed] = []
        for (index, label) in labels.enumerated() {
            let text = ReportText.clipped(label.text, limit)
            let width = self.width(text, size: size)
            let anchorsEnd = label.x + 5 + width > right
            let start = max(left, anchorsEnd ? label.x - 5 - width : label.x + 5)
            let extent = (start - 4)...(start + width + 4)
            for row in 0..<rows where !occupied[row].contains(where: { $0.overlaps(extent) }) {
                occupied[row].append(extent)
                placed.append(
                    Placed(
                        index: index, row: row, x: anchorsEnd ? label.x - 5 : start,
                        anchorsEnd: anchorsEnd, text: text))
                break
            }
        }
        return placed
    }

    /// Moves heights apart until neighbours are `gap` away, staying between `top` and `bottom`.
    static func spread(
        _ heights: [Double], gap: Double, top: Double, bottom: Double
    ) -> [Double] {
        // Of equals the later one is drawn above the earlier, as stacked areas are.
        let order = heights.indices.sorted { (heights[$0], $1) < (heights[$1], $0) }
        var moved = heights
        var floor = top
        for index in order {
            moved[index] = max(heights[index], floor)
            floor = moved[index] + gap
        }
        var ceiling = bottom
        for index in order.reversed() {
            moved[index] = min(moved[index], ceiling)
            ceiling = moved[index] - gap
        }
        return moved
    }
}
