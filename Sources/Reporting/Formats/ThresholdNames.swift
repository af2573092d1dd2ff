extension Report {
    /// What each threshold is called, in order: its name, or else its own text.
    ///
    /// Readers keep one of two with the same name, so that the second gets ` (2)` behind it.
    var thresholdNames: [String] {
        var seen: [String: Int] = [:]
        return self.thresholds.map { threshold in
            let name = threshold.name ?? "\(threshold.selector): \(threshold.conditions)"
            seen[name, default: 0] += 1
            let count = seen[name, default: 1]
            return count == 1 ? name : "\(name) (\(count))"
        }
    }
}
