/// A panel's series as drawn columns, stacked where asked, with the axis that holds them.
struct PanelLayers {
    /// One series.
    struct Layer {
        var series: ChartSeries
        /// The upper edge, one a column.
        var tops: [Double?]
        /// The lower edge of a stacked one.
        var bases: [Double]?
    }
    var layers: [Layer] = []
    var scale: ChartScale

    init(_ panel: ChartPanel, decimation: Int) {
        var floor: [Double] = []
        for series in panel.series {
            let columns = series.columns(by: decimation)
            guard series.mark == .stacked else {
                self.layers.append(Layer(series: series, tops: columns, bases: nil))
                continue
            }
            if floor.isEmpty { floor = [Double](repeating: 0, count: columns.count) }
            let tops = zip(floor, columns).map { below, own in own.map { below + $0 } }
            self.layers.append(Layer(series: series, tops: tops, bases: floor))
            floor = zip(floor, columns).map { $0 + ($1 ?? 0) }
        }
        let all = self.layers.flatMap { $0.tops.compactMap { $0 } }.filter(\.isFinite)
        if panel.logarithmic {
            self.scale = .decades(all)
        } else {
            // A share never needs more than all of it.
            let largest = all.max() ?? 1
            self.scale = .linear(upTo: panel.unit == .percent ? max(largest, 1) : largest)
        }
    }
}
