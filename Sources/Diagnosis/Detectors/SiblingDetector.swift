extension Detector {
    /// Requests that do not need the bottleneck tell path and process from capacity.
    ///
    /// Good is not enough to be well: what waits for its connection, or for the processor, comes
    /// late long before it fails, and a pool of workers that is taken delays nobody beside it.
    static let siblings = Detector(
        purpose: "Did requests beside the bottleneck stay well, and as quick as before?",
        tests: ["siblings_well", "siblings_suffer", "siblings_late"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let done = file.facts.total(trouble, \.cheapDone)
        let good = file.facts.total(trouble, \.cheapGood)
        guard done >= 20 else { return [] }
        let share = good / done
        let delay = SiblingDelay(file)
        func finding(_ test: String, fired: Bool) -> Finding {
            Finding(
                test, fired: fired, group: "siblings", n: Int(done), window: trouble,
                ["good_share": share])
        }
        var findings = [
            finding("siblings_well", fired: share >= 0.95 && delay?.isLate != true).expected,
            finding("siblings_suffer", fired: share < 0.5),
        ]
        if let delay {
            findings.append(
                Finding(
                    "siblings_late", fired: delay.isLate, group: "siblings", n: delay.n,
                    window: trouble, ["before_ms": delay.before, "during_ms": delay.during]
                ).expected)
        }
        return findings
    }
}

/// How long requests beside the bottleneck took before the trouble and in it.
private struct SiblingDelay {
    /// The third quartile of their times in milliseconds: what fails took longer than anybody
    /// waits.
    let before: Double
    let during: Double
    /// Those listed in the trouble.
    let n: Int

    /// Nil with fewer than ten listed before it, or twenty in it.
    init?(_ file: CaseFile) {
        func quartile(_ rows: [Attempt]) -> Double? {
            weightedQuantile(
                rows.map { ($0.isGood ? $0.service : max($0.service, 10_000), $0.weight) }, 0.75)
        }
        let quiet = file.before.filter { !$0.isLoaded }
        let troubled = file.during.filter { !$0.isLoaded }
        guard quiet.count >= 10, troubled.count >= 20, let before = quartile(quiet),
            let during = quartile(troubled)
        else { return nil }
        (self.before, self.during, self.n) = (before, during, troubled.count)
    }

    /// True when a quarter of them or more took three times as long, and 200 ms longer.
    var isLate: Bool { self.during >= 3 * self.before && self.during >= self.before + 200 }
}
