/// Two groups of runs, compared figure by figure.
package struct RunComparison: Sendable {
    /// What came of it.
    package enum Verdict: String, Sendable, Codable {
        /// No figure is worse, or none by enough.
        case pass
        /// At least one is worse, unlikely by chance and by enough.
        case regression
        /// Too little to say, or worse in a way that may be chance.
        case inconclusive
        /// The runs are not comparable.
        case refused
    }
    /// A run that does not count.
    package struct Exclusion: Sendable, Hashable, Codable {
        /// Where its report lies.
        package var place: String
        /// Why, in a few words.
        package var reason: String
    }
    /// The baseline's runs that count.
    package let base: [RunEvidence]
    /// The new runs that count.
    package let new: [RunEvidence]
    /// Runs that do not.
    package let excluded: [Exclusion]
    /// What keeps the runs apart.
    package let obstacles: [String]
    /// True for a pair of single runs: an interval from its seconds is advice, not proof.
    package let isAdvisory: Bool
    /// The rule.
    package let rule: FigureComparison.Rule
    /// The figures that at least one run has.
    package let figures: [FigureComparison]
    /// What came of it.
    package let verdict: Verdict

    /// The fewest runs of each group that can show anything: four against four give p = 0.029.
    package static let leastRuns = 4

    /// Compares two groups of runs.
    ///
    /// Runs whose figures are none of the server's are left out; so are those that the machine
    /// disturbed, where `leastRuns` others of each group are left. For a pair of single runs the
    /// seconds are drawn again a thousand times: up to a second of work.
    ///
    /// - Parameter force: compare even what is not comparable.
    package init(
        base: [RunEvidence], new: [RunEvidence], rule: FigureComparison.Rule, force: Bool = false
    ) {
        let groups = [base, new].map { $0.filter { $0.fault == nil } }
        let calm = groups.map { $0.filter { $0.disturbed != true } }
        // Where hardly a run was left alone the disturbance may be the server's own doing.
        let isEnough = calm.allSatisfy { $0.count >= Self.leastRuns }
        self.base = (isEnough ? calm : groups)[0]
        self.new = (isEnough ? calm : groups)[1]
        self.excluded = (base + new).compactMap { run in
            let reason = run.fault ?? (isEnough && run.disturbed == true ? Self.disturbance : nil)
            return reason.map { Exclusion(place: run.place, reason: $0) }
        }
        self.obstacles = Comparability.obstacles(base: groups[0], new: groups[1])
        self.rule = rule
        self.isAdvisory = base.count == 1 && new.count == 1
        if !self.obstacles.isEmpty, !force {
            self.figures = []
            self.verdict = .refused
            return
        }
        if self.isAdvisory, let before = self.base.first, let after = self.new.first {
            self.figures = PairFigure.all.map { $0.compare(before, after, rule: rule) }
        } else {
            let (left, right) = (self.base, self.new)
            self.figures = RunFigure.all.compactMap { figure in
                let comparison = FigureComparison(
                    figure, base: left.map { $0.value(of: figure) },
                    new: right.map { $0.value(of: figure) }, rule: rule)
                return comparison.base.isEmpty && comparison.new.isEmpty ? nil : comparison
            }
        }
        let verdict = RunComparison.verdict(self.figures)
        let isShaky = (self.base + self.new).contains { $0.disturbed == true }
        // Noise hides a difference; that no difference shows in it is no pass.
        self.verdict = verdict == .pass && isShaky ? .inconclusive : verdict
    }

    private static let disturbance = "the machine kept it from its schedule"

    private static func verdict(_ figures: [FigureComparison]) -> Verdict {
        let findings = Set(figures.map(\.finding))
        if findings.contains(.regression) { return .regression }
        if findings.contains(.unclear) { return .inconclusive }
        return findings.isDisjoint(with: [.noChange, .improvement]) ? .inconclusive : .pass
    }
}

/// A figure that a single run has a value of in each second.
private struct PairFigure {
    var figure: RunFigure
    /// The statistic over some of a run's rows.
    var statistic: @Sendable ([RunEvidence.Row]) -> Double?

    static let all = [
        PairFigure(figure: RunFigure("response p50, median second", .milliseconds, leastSamples: 0))
        { PairFigure.middle($0.map { $0.time($0.p50) }) },
        PairFigure(figure: RunFigure("response p99, median second", .milliseconds, leastSamples: 0))
        { PairFigure.middle($0.map { $0.time($0.p99) }) },
        PairFigure(figure: RunFigure("accepted", .share, leastSamples: 0)) { rows in
            let arrived = rows.reduce(0) { $0 + $1.arrived }
            guard arrived > 0 else { return nil }
            return Double(rows.reduce(0) { $0 + $1.accepted }) / Double(arrived)
        },
        PairFigure(figure: RunFigure("goodput", .rate, leastSamples: 0)) { rows in
            rows.isEmpty ? nil : rows.reduce(0) { $0 + $1.good } / Double(rows.count)
        },
    ]

    private static func middle(_ values: [Double?]) -> Double? {
        median(values.compactMap(\.self))
    }

    func compare(
        _ base: RunEvidence, _ new: RunEvidence, rule: FigureComparison.Rule
    ) -> FigureComparison {
        let (before, after) = (base.rows, new.rows)
        let interval = BlockBootstrap.interval(
            base: (before.count, { chosen in self.statistic(chosen.map { before[$0] }) }),
            new: (after.count, { chosen in self.statistic(chosen.map { after[$0] }) }),
            change: { FigureComparison.change(self.figure.scale, from: $0, to: $1) })
        return FigureComparison(
            self.figure, base: self.statistic(before), new: self.statistic(after),
            interval: interval, rule: rule)
    }
}
