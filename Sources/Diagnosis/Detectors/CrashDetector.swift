extension Detector {
    /// What was under way is cut at one instant, nobody listens for a while, and then it is back
    /// (research: diagnosis, M20).
    static let crash = Detector(
        purpose: "Did the server's process die, or its listener go away?",
        tests: ["crash_instants", "listener_gone"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let facts = file.facts
        let all = 0..<facts.length
        let bad = facts.total(trouble, \.done) - facts.total(trouble, \.good)
        guard bad >= 20 else { return [] }
        let crashes = CrashSearch.instants(facts, in: trouble)
        var statistic = [
            "crashes": Double(crashes.count), "cut": facts.total(all, \.cut),
            "refused": facts.total(all, \.refused),
        ]
        let silences = CrashSearch.silences(facts, in: trouble)
        statistic["silences"] = Double(silences.count)
        let moments = crashes.count >= 2 ? crashes : silences
        let gaps = zip(moments, moments.dropFirst()).map { Double($1 - $0) }
        if let period = median(gaps) { statistic["period"] = period }
        let isBack = crashes.contains { (facts.goodShare($0..<facts.length) ?? 0) > 0.1 }
        let isOnce = crashes.count == 1 && isBack
        let isCrash = crashes.count >= 2 || isOnce || silences.count >= 2
        var findings: [Finding] = []
        // One outage behind a gateway may be anything: it tells a cut from nobody there to no one.
        if isCrash || facts.total(trouble, \.badGateway) < 0.5 * bad {
            findings.append(
                Finding(
                    "crash_instants", fired: isCrash, group: "process",
                    n: Int(facts.total(trouble, \.done)), window: trouble, statistic))
        }
        // A listener that was closed with care finishes what is under way.
        let settled = (trouble.lowerBound + 2)..<max(trouble.lowerBound + 2, trouble.upperBound)
        let done = facts.total(settled, \.done)
        let refused = facts.total(settled, \.refused)
        if settled.count >= 5, done >= 20, refused > 0 {
            let start = trouble.lowerBound
            let cut = facts.total(max(0, start - 1)..<(start + 3), \.cut)
            findings.append(
                Finding(
                    "listener_gone", fired: refused >= 0.9 * done && cut < 3 && crashes.isEmpty,
                    group: "process", n: Int(done), window: settled,
                    ["refused_share": refused / done, "cut": cut]))
        }
        return findings
    }

    /// Moments in which nothing at all is answered (research: diagnosis, M19 and 3.6).
    static let stalls = Detector(
        purpose: "Are there gaps in which no request ends, and do they come at intervals?",
        tests: ["stall_gaps", "stall_period"]
    ) { file in
        guard let trouble = file.trouble, let search = StallSearch(file.attempts) else { return [] }
        let gaps = search.gaps
        let longest = gaps.map(\.length).max() ?? 0
        var findings = [
            Finding(
                "stall_gaps", fired: gaps.count >= 3, group: "stalls", n: search.n,
                window: trouble, ["gaps": Double(gaps.count), "longest": longest])
        ]
        let intervals = zip(gaps, gaps.dropFirst()).map { $1.start - $0.start }
        if intervals.count >= 3, let period = median(intervals), let usual = mean(intervals) {
            let spread = intervals.reduce(0) { $0 + ($1 - usual) * ($1 - usual) }
            let variation = (spread / Double(intervals.count)).squareRoot() / usual
            findings.append(
                Finding(
                    "stall_period", fired: variation <= 0.25, group: "stalls", n: gaps.count,
                    window: trouble, ["period": period, "variation": variation]
                ).expected)
        }
        return findings
    }

    /// Slower and slower at the same load: a leak, or something that only grows.
    static let drift = Detector(
        purpose: "Did answers become slower while the load stayed the same?",
        tests: ["latency_drift"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let facts = file.facts
        let range = 0..<trouble.upperBound
        let usable = range.filter { facts.isClean($0) && facts.seconds[$0].goodP50 != nil }
        guard let usual = mean(usable.map { facts.seconds[$0].attempts }), usual >= 5 else {
            return []
        }
        let steady = usable.filter { abs(facts.load(at: $0) - usual) <= 0.2 * usual }
        guard steady.count >= 40, Double(steady.count) >= 0.9 * Double(usable.count) else {
            return []
        }
        let points = steady.compactMap { second in
            facts.seconds[second].goodP50.map { (x: Double(second), y: logarithm(max($0, 0.1))) }
        }
        guard let fit = LinearFit(points) else { return [] }
        // A step explains at most three quarters of a line.
        let rise = fit.slope * Double((steady.last ?? 0) - (steady.first ?? 0))
        return [
            Finding(
                "latency_drift", fired: rise >= logarithm(1.5) && fit.explained >= 0.8,
                group: "drift", n: steady.count, window: range,
                ["rise": exponential(rise), "explained": fit.explained])
        ]
    }
}

private enum CrashSearch {
    /// How long a process may take to be started anew, in seconds.
    static let restart = 30

    /// Seconds from which on nobody listened, though it was well a second before, and is well again
    /// within half a minute.
    ///
    /// A server with little under way cuts nothing when it dies. Once may be an operator; nobody
    /// switches a service off and on again every few seconds. Behind a gateway nobody listens when
    /// it answers 502 (RFC 9110, 15.6.3).
    static func silences(_ facts: RunFacts, in trouble: Range<Int>) -> [Int] {
        func nobody(_ row: RunFacts.Second) -> Double { row.refused + row.badGateway }
        func isWell(_ second: Int) -> Bool {
            let row = facts.seconds[second]
            return nobody(row) == 0 && row.good >= 1 && row.good >= 0.9 * row.done
        }
        var found: [Int] = []
        var second = max(1, trouble.lowerBound - 1)
        let end = min(facts.length, trouble.upperBound)
        while second < end {
            let row = facts.seconds[second]
            guard nobody(row) >= 3, nobody(row) >= 0.3 * row.done, isWell(second - 1) else {
                second += 1
                continue
            }
            let latest = min(facts.length, second + restart)
            guard let back = (second..<latest).first(where: isWell) else { break }
            found.append(second)
            second = back + 1
        }
        return found
    }

    /// Seconds in which requests were cut and after which, within two seconds, nobody listened.
    static func instants(_ facts: RunFacts, in trouble: Range<Int>) -> [Int] {
        var found: [Int] = []
        var second = max(0, trouble.lowerBound - 2)
        while second < min(facts.length, trouble.upperBound) {
            let here = facts.seconds[second]
            let after = (second...min(facts.length - 1, second + 2)).map { facts.seconds[$0] }
            let refused = after.reduce(0) { $0 + $1.refused }
            guard here.cut >= 1, refused >= 3 else {
                second += 1
                continue
            }
            found.append(second)
            // Up to the next good second it is the same crash.
            second += 1
            while second < trouble.upperBound, second < facts.length,
                facts.seconds[second].good < 0.5 * facts.seconds[second].done
            { second += 1 }
        }
        return found
    }
}

/// Gaps between the ends of attempts that chance does not make.
private struct StallSearch {
    struct Gap {
        var start: Double
        var length: Double
    }
    let gaps: [Gap]
    let n: Int

    /// Searches; nil where fewer than five attempts a second end.
    init?(_ table: AttemptTable) {
        let ends = table.rows.map(\.ended).sorted()
        guard ends.count >= 100, let first = ends.first, let last = ends.last, last > first,
            Double(ends.count) / (last - first) >= 5
        else { return nil }
        let typical = (median(table.rows.map(\.service)) ?? 0) / 1_000
        var gaps: [Gap] = []
        var oldest = 0
        for place in 1..<ends.count {
            let length = ends[place] - ends[place - 1]
            while ends[oldest] < ends[place - 1] - 5 { oldest += 1 }
            let seen = place - oldest
            guard seen >= 25, length >= 0.25 else { continue }
            // Ten mean distances: by chance once in 20,000.
            let rate = Double(seen) / min(5, max(0.5, ends[place - 1] - first))
            guard length >= 10 / rate, length >= 2 * typical else { continue }
            gaps.append(Gap(start: ends[place - 1], length: length))
        }
        self.gaps = gaps.filter { gap in
            // Somebody must have asked meanwhile.
            let asked = table.started(in: Int(gap.start)..<(Int(gap.start + gap.length) + 1))
            return asked.filter {
                $0.started >= gap.start && $0.started < gap.start + gap.length
            }.count >= 5
        }
        self.n = ends.count
    }
}
