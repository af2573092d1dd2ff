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

extension Detector {
    /// Whether a server that does all it can finishes bytes or requests more evenly.
    ///
    /// A full link carries the same bytes in every second, and few large bodies or many small ones
    /// in them; workers, processors and locks finish the same number of requests, whatever their
    /// sizes. The coefficients of variation of both, in windows of two seconds with work waiting,
    /// tell which of the two is rationed. It needs no slow sending and no view into the server.
    static let steadierSum = Detector(
        purpose: "Does the server finish bytes more evenly than requests, or the other way round?",
        tests: ["bytes_steadier"]
    ) { file in
        guard let trouble = file.trouble, file.incident != nil, let quiet = file.quiet,
            let usual = median(quiet.compactMap { file.facts.seconds[$0].goodP50 })
        else { return [] }
        let facts = file.facts
        // Work waits, and nobody has left yet: what leavers cost is in no sum.
        let busy = trouble.prefix { facts.seconds[$0].timeouts <= 0.02 * facts.seconds[$0].done }
            .filter { (facts.seconds[$0].goodP50 ?? 0) >= 2 * usual }
        guard let first = busy.first, let last = busy.last, last - first >= 15 else { return [] }
        let count = (last - first + 1) / 2
        var requests = [Double](repeating: 0, count: count)
        var bytes = requests
        for row in file.during where row.isLoaded && row.isGood {
            let place = Int(row.ended) - first
            guard place >= 0, place / 2 < count else { continue }
            requests[place / 2] += row.weight
            bytes[place / 2] += row.weight * Double(row.size ?? 0)
        }
        guard let even = variation(requests), let evenBytes = variation(bytes),
            (requests.min() ?? 0) >= 10, even > 0 || evenBytes > 0
        else { return [] }
        let ratio = min(100, evenBytes > 0 ? even / evenBytes : 100)
        // Between the two chance decides: F(7, 7) is above 3.8 in one case of twenty.
        guard ratio >= 1.8 || ratio <= 1 / 1.8 else { return [] }
        return [
            Finding(
                "bytes_steadier", fired: ratio >= 1.8, group: "rationed", n: count,
                window: first..<(first + 2 * count),
                ["ratio": ratio, "requests": even, "bytes": evenBytes])
        ]
    }
}

/// The coefficient of variation; nil of nothing.
private func variation(_ values: [Double]) -> Double? {
    guard values.count >= 2, let usual = mean(values), usual > 0 else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - usual) * ($1 - usual) }
    return (squares / Double(values.count - 1)).squareRoot() / usual
}
