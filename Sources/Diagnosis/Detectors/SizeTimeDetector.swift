extension Detector {
    /// Whether large bodies take longer than small ones begun in the same five seconds (M10).
    ///
    /// Whoever shares a link waits for bytes, and whoever queues for a worker waits for those
    /// before him, whatever their sizes. Where kernels' buffers take whole bodies the sender sees
    /// no slow sending at all, and this is what a full link looks like.
    static let sizeAndTime = Detector(
        purpose: "Do large bodies take longer than small ones of the same moment?",
        tests: ["time_follows_size"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        var windows: [Int: [Attempt]] = [:]
        for row in file.during where row.isLoaded && row.isGood && (row.size ?? 0) > 0 {
            windows[Int(row.started) / 5, default: []].append(row)
        }
        var ratios: [Double] = []
        var n = 0
        for rows in windows.values where rows.count >= 12 {
            let sorted = rows.sorted { ($0.size ?? 0, $0.started) < ($1.size ?? 0, $1.started) }
            let third = rows.count / 3
            let small = sorted.prefix(third)
            let large = sorted.suffix(third)
            guard let least = small.last?.size, let most = large.first?.size,
                Double(most) >= 1.5 * Double(least), let quick = median(small.map(\.service)),
                let slow = median(large.map(\.service)), quick > 0
            else { continue }
            ratios.append(slow / quick)
            n += rows.count
        }
        guard ratios.count >= 3, let ratio = median(ratios) else { return [] }
        // Between the two it could be either.
        guard ratio >= 1.4 || ratio <= 1.15 else { return [] }
        return [
            Finding(
                "time_follows_size", fired: ratio >= 1.4, group: "bandwidth", n: n,
                window: trouble, ["ratio": ratio, "windows": Double(ratios.count)])
        ]
    }
}
