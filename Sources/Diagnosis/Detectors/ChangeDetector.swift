extension Detector {
    /// What changed against the baseline, signal by signal (research: diagnosis, 3.2 and 3.3).
    static let change = Detector(
        purpose: "What is not as it was in the baseline?",
        tests: ["no_change", "always_failing"]
            + (Signal.all + Signal.explaining).map { "change_\($0.name)" }
    ) { file in
        guard file.baseline.isSufficient else { return [] }
        let all = 0..<file.facts.length
        let isSteady = file.onset.changes.isEmpty
        // What fails from the first second on leaves no baseline, and is not well for that.
        let isLasting = isSteady && file.trouble != nil
        let none = Finding(
            isLasting ? "always_failing" : "no_change", fired: isSteady, group: "change",
            n: file.facts.length, window: all, ["signals": Double(Signal.all.count)])
        let harm = Signal.all.map { signal -> Finding in
            var finding = ChangeDetector.finding(signal, file)
            // One slow queue shows in the percentile and in the timeouts.
            let isLatency = signal.name == "response_p95" || signal.name == "timeouts"
            if isLatency { finding.group = "latency" }
            // That less is good is what has to be explained; it is no riddle of its own.
            return signal.name == "goodput_share" ? finding.expected : finding
        }
        let explaining = Signal.explaining.compactMap { signal -> Finding? in
            guard file.onset.change(of: signal.name) != nil else { return nil }
            return ChangeDetector.finding(signal, file).expected
        }
        return [none.expected] + harm + explaining
    }
}

private enum ChangeDetector {
    static func finding(_ signal: Signal, _ file: CaseFile) -> Finding {
        let name = "change_\(signal.name)"
        guard let change = file.onset.change(of: signal.name) else {
            return Finding(
                name, fired: false, group: signal.name, n: file.facts.length,
                window: 0..<file.facts.length, [:])
        }
        return Finding(
            name, fired: true, group: signal.name, n: change.n,
            window: change.onset..<max(change.onset, change.end),
            [
                "onset": Double(change.onset), "before": change.before, "after": change.after,
                "low": change.interval.lowerBound, "high": change.interval.upperBound,
            ])
    }
}
