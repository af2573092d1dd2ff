/// A span of the run in which the server answered equally well.
struct ObservedSpan: Sendable, Equatable {
    /// How well.
    enum State: String, Sendable, CaseIterable {
        /// At least 99 % of what ended had a good answer.
        case well
        /// Between half and 99 %.
        case impaired
        /// Less than half.
        case failing
        /// Nothing ended.
        case nothing

        /// What people read.
        var words: String {
            switch self {
            case .well: "answers well"
            case .impaired: "impaired"
            case .failing: "failing"
            case .nothing: "nothing ended"
            }
        }

        /// The colour of its bar.
        var color: String {
            switch self {
            case .well: Palette.green
            case .impaired: Palette.orange
            case .failing: Palette.vermilion
            case .nothing: Palette.gray
            }
        }

        /// The height of its bar, so that colour is not all that tells: the worse, the higher.
        var height: Double {
            switch self {
            case .well: 8
            case .impaired: 15
            case .failing: 24
            case .nothing: 3
            }
        }
    }
    /// First second.
    var start: Double
    /// The second after the last.
    var end: Double
    /// How well the server answered.
    var state: State

    /// The spans of a series, neighbouring columns of one state put together.
    static func spans(
        _ rows: [Report.SeriesRow], by decimation: Int, rowSeconds: Double
    ) -> [ObservedSpan] {
        var spans: [ObservedSpan] = []
        for first in stride(from: 0, to: rows.count, by: max(1, decimation)) {
            let column = rows[first..<min(first + max(1, decimation), rows.count)]
            let done = column.reduce(0) { $0 + $1.done }
            let good = column.reduce(0) { $0 + $1.good }
            let state: State =
                done == 0
                ? .nothing
                : good * 100 >= done * 99 ? .well : good * 2 >= done ? .impaired : .failing
            let end = (column.last?.t ?? 0) + rowSeconds
            if let last = spans.last, last.state == state {
                spans[spans.count - 1].end = end
            } else {
                spans.append(ObservedSpan(start: rows[first].t, end: end, state: state))
            }
        }
        return spans
    }
}
