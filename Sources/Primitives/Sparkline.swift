/// A row of block characters: a chart for places that show text only.
package enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// One character a column, as high as the largest of its values; a dot where none is known.
    ///
    /// - Parameters:
    ///   - values: the chart's values from left to right.
    ///   - columns: the most characters; never more than there are values.
    ///   - top: the value of the highest block.
    package static func text(_ values: [Double?], columns: Int, top: Double) -> String {
        guard !values.isEmpty, columns > 0 else { return "" }
        let count = min(columns, values.count)
        var output = ""
        for column in 0..<count {
            let first = column * values.count / count
            let last = max(first + 1, (column + 1) * values.count / count)
            guard let value = values[first..<last].compactMap({ $0 }).max(), value.isFinite else {
                output.append("·")
                continue
            }
            let share = top > 0 ? min(1, max(0, value / top)) : 0
            output.append(blocks[Int((share * 7).rounded())])
        }
        return output
    }
}
