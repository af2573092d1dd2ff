import Measurements

extension Detector {
    /// How it went from well to failing: at once and without warning, or by and by (research:
    /// diagnosis, 3.3 and 3.16, E-a, E-b and E-e).
    static let switchOff = Detector(
        purpose: "Was there a warning, was the change sharp, and did somebody else answer?",
        tests: ["precursor", "sharp_transition", "fingerprint_change"]
    ) { file in
        [
            SwitchOff.precursor(file), SwitchOff.transition(file), SwitchOff.answerer(file),
        ].compactMap { $0 }
    }
}

private enum SwitchOff {
    /// Signals of which somebody's answer is no longer good.
    private static let losses = ["goodput_share", "refusals", "timeouts", "no_connection"]

    /// Whether answers became slower or worse in the minute before they were lost.
    static func precursor(_ file: CaseFile) -> Finding? {
        guard file.quiet != nil,
            let lost = file.onset.changes.filter({ losses.contains($0.signal) })
                .min(by: { $0.onset < $1.onset })
        else { return nil }
        let facts = file.facts
        let slow = file.onset.change(of: "response_p95")
        let lead = slow.map { Double(lost.onset - $0.onset) } ?? 0
        let range = max(0, lost.onset - 60)..<max(0, lost.onset - 1)
        let usable = range.filter { facts.isClean($0) }
        guard usable.count >= 10 else { return nil }
        let times = usable.compactMap { second in
            facts.seconds[second].goodP50.map { (x: Double(second), y: logarithm(max($0, 0.1))) }
        }
        let errors = usable.filter { facts.seconds[$0].done >= 5 }.map { second in
            let counts = facts.seconds[second]
            return (
                x: Double(second), y: empiricalLogit(counts.done - counts.good, of: counts.done)
            )
        }
        let slower = trend(times)
        let worse = trend(errors)
        // A quarter slower, or twice the errors, over the minute; less is no warning.
        let isDrift =
            (slower.z >= 3 && slower.rise >= logarithm(1.25))
            || (worse.z >= 3 && worse.rise >= logarithm(4))
        return Finding(
            "precursor", fired: lead >= 3 || isDrift, group: "precursor", n: usable.count,
            window: range,
            ["lead": lead, "slower_z": slower.z, "worse_z": worse.z, "rise": slower.rise]
        ).expected
    }

    /// A slope over its error, allowing for neighbours that are alike, and the rise it makes.
    private static func trend(_ points: [(x: Double, y: Double)]) -> (z: Double, rise: Double) {
        guard let fit = LinearFit(points), let first = points.first, let last = points.last else {
            return (0, 0)
        }
        let rest = points.map { $0.y - fit.intercept - fit.slope * $0.x }
        let phi = lagOneCorrelation(rest)
        let z = fit.significance * ((1 - phi) / (1 + phi)).squareRoot()
        return (z.isFinite ? z : 0, fit.slope * (last.x - first.x))
    }

    /// From nine tenths of the usual to one tenth, within two seconds or not.
    static func transition(_ file: CaseFile) -> Finding? {
        guard let quiet = file.quiet, let incident = file.incident,
            let normal = file.facts.goodShare(quiet), normal > 0.5
        else { return nil }
        let facts = file.facts
        func share(_ second: Int) -> Double? {
            let counts = facts.seconds[second]
            return counts.done >= 3 ? counts.good / counts.done : nil
        }
        let window = max(0, incident.start - 3)..<incident.untouched.upperBound
        guard facts.total(window, \.done) >= 5 * Double(window.count),
            let begun = window.first(where: { (share($0) ?? 1) < 0.9 * normal })
        else { return nil }
        let ended = (begun..<window.upperBound).first { second in
            let ahead = second..<min(window.upperBound, second + 5)
            return ahead.count >= 3 && (facts.goodShare(ahead, atLeast: 10) ?? 1) <= 0.1 * normal
        }
        let took = ended.map { Double($0 - begun) }
        var statistic = ["begun": Double(begun)]
        if let took { statistic["took"] = took }
        return Finding(
            "sharp_transition", fired: took.map { $0 <= 2 } ?? false, group: "transition",
            n: window.count, window: window, statistic)
    }

    /// Whether answers come from somebody who gave none before.
    static func answerer(_ file: CaseFile) -> Finding? {
        guard let trouble = file.trouble, file.incident != nil else { return nil }
        // The first seconds have answers to what was asked before.
        let settled = (trouble.lowerBound + 2)..<max(trouble.lowerBound + 2, trouble.upperBound)
        let after = file.attempts.ended(in: settled).filter {
            $0.isLoaded && $0.fingerprint != nil
        }
        let before = file.before.filter { $0.isLoaded && $0.fingerprint != nil }
        guard after.count >= 20, before.count >= 20 else { return nil }
        let known = Set(before.compactMap(\.fingerprint))
        let counts = Dictionary(grouping: after) { $0.fingerprint ?? -1 }.mapValues(\.weight)
        let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        let share = (most?.value ?? 0) / after.weight
        let isNew = most.map { !known.contains($0.key) } ?? false
        return Finding(
            "fingerprint_change", fired: isNew && share >= 0.95, group: "fingerprint",
            n: after.count, window: settled,
            ["share": share, "kinds": Double(counts.count), "new": isNew ? 1 : 0])
    }
}
