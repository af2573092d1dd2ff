/// One figure of two groups of runs, compared.
///
/// The unit is the run: requests of one run depend on one another, and a test on them takes 54 to
/// 86 % of identical systems for different (research: diagnosis, 3.17). A change counts when it
/// is unlikely (exact rank-sum test, two-sided) **and** large enough to matter.
package struct FigureComparison: Sendable, Hashable {
    /// What came of it.
    package enum Finding: String, Sendable, Hashable, Codable {
        /// Worse, unlikely by chance and by more than the gate.
        case regression
        /// Better, likewise.
        case improvement
        /// Neither; how much would have been noticed stands beside it.
        case noChange = "no_change"
        /// Worse by more than the gate, which chance alone may have done.
        case unclear
        /// Too few runs, seconds or samples for any change to be noticed.
        case tooLittle = "too_little"
    }
    /// What counts as a change.
    package struct Rule: Sendable, Hashable {
        /// The probability by chance has to be below this.
        package var alpha = 0.05
        /// The smallest change that matters, as a share of the baseline.
        package var relative = 0.10
        /// The smallest change of a time that matters, in milliseconds, whatever its share.
        package var milliseconds = 5.0
        /// The smallest change of a share that matters: 0.01 is one point.
        package var points = 0.01

        /// The rule: p below 0.05 and more than 10 % and 5 ms, or one point.
        package init() {}
    }
    /// The figure.
    package let figure: RunFigure
    /// The baseline runs' values, in order; runs without a value left out.
    ///
    /// A percentile that fell among attempts without a good answer is infinite.
    package let base: [Double]
    /// The new runs' values, likewise.
    package let new: [Double]
    /// The change of the median: a share of the baseline's, or points; infinite where the new
    /// runs' median has no good answer.
    package let change: Double?
    /// The 95 % interval of the change, for a pair of single runs; nil for groups.
    package let interval: [Double]?
    /// The two-sided probability of a difference like this by chance; nil for single runs.
    package let p: Double?
    /// The change that has to be exceeded.
    package let gate: Double
    /// The smallest change for the worse that these runs would have shown; nil when none would.
    package let detectable: Double?
    /// What came of it.
    package let finding: Finding

    /// The baseline's median; nil without values.
    package var baseMedian: Double? { median(self.base) }
    /// The new runs' median; nil without values.
    package var newMedian: Double? { median(self.new) }

    /// Compares the values of two groups of runs.
    package init(_ figure: RunFigure, base: [Double?], new: [Double?], rule: Rule) {
        let base = base.compactMap(\.self)
        let new = new.compactMap(\.self)
        self.figure = figure
        self.base = base
        self.new = new
        self.interval = nil
        self.gate = FigureComparison.gate(figure, base, rule)
        guard let before = median(base), let after = median(new) else {
            self.change = nil
            self.p = nil
            self.detectable = nil
            self.finding = .tooLittle
            return
        }
        let change = FigureComparison.change(figure.scale, from: before, to: after)
        let test = RankSumTest(base, new)
        let p = test.twoSided
        self.change = change
        self.p = p
        self.detectable = FigureComparison.detectable(
            figure, base, new, alpha: rule.alpha, gate: self.gate)
        if 2 * RankSumTest.smallest(base.count, new.count) >= rule.alpha {
            self.finding = .tooLittle
        } else if let change, abs(change) > self.gate {
            let isWorse = (change > 0) == (figure.direction == .largerIsWorse)
            if p < rule.alpha {
                self.finding = isWorse ? .regression : .improvement
            } else {
                self.finding = isWorse ? .unclear : .noChange
            }
        } else {
            self.finding = change == nil ? .tooLittle : .noChange
        }
    }

    /// Compares two single runs by an interval of the change.
    ///
    /// Seconds of one run depend on one another, also in blocks: such an interval is too narrow
    /// in one case of seven (measured). It therefore takes twice the gate to find anything.
    package init(
        _ figure: RunFigure, base: Double?, new: Double?, interval: [Double]?, rule: Rule
    ) {
        self.figure = figure
        self.base = [base].compactMap(\.self)
        self.new = [new].compactMap(\.self)
        self.p = nil
        self.detectable = nil
        self.gate = 2 * FigureComparison.gate(figure, self.base, rule)
        self.interval = interval
        guard let base, let new, let interval, interval.count == 2,
            let change = FigureComparison.change(figure.scale, from: base, to: new)
        else {
            self.change = nil
            self.finding = .tooLittle
            return
        }
        self.change = change
        let isCertain = interval[0] > 0 || interval[1] < 0
        guard abs(change) > self.gate else {
            self.finding = .noChange
            return
        }
        let isWorse = (change > 0) == (figure.direction == .largerIsWorse)
        if isCertain {
            self.finding = isWorse ? .regression : .improvement
        } else {
            self.finding = isWorse ? .unclear : .noChange
        }
    }

    /// The change that matters, in the scale of changes.
    private static func gate(_ figure: RunFigure, _ base: [Double], _ rule: Rule) -> Double {
        switch figure.scale {
        case .rate: return rule.relative
        case .share: return rule.points
        case .milliseconds:
            guard let middle = median(base), middle > 0, middle.isFinite else {
                return rule.relative
            }
            return max(rule.relative, rule.milliseconds / middle)
        }
    }

    /// A change in the figure's scale; nil where it cannot be told.
    static func change(
        _ scale: RunFigure.Scale, from before: Double, to after: Double
    ) -> Double? {
        let change: Double
        switch scale {
        case .share: change = after - before
        case .milliseconds, .rate:
            if before == 0 { return after == 0 ? 0 : nil }
            // From good answers to none and back: an infinite change, and one of -100 %.
            change = before.isInfinite && after.isFinite ? -1 : after / before - 1
        }
        return change.isNaN ? nil : change
    }

    /// The smallest shift of the new runs, their median put on the baseline's first, that the test
    /// and the gate would both have called a change for the worse.
    ///
    /// Found by halving: a larger shift never gets a larger p. To a thousandth; nil above tenfold.
    private static func detectable(
        _ figure: RunFigure, _ base: [Double], _ new: [Double], alpha: Double, gate: Double
    ) -> Double? {
        guard let before = median(base), let after = median(new), before.isFinite,
            after.isFinite, 2 * RankSumTest.smallest(base.count, new.count) < alpha
        else { return nil }
        let sign = figure.direction == .largerIsWorse ? 1.0 : -1.0
        func isSeen(_ effect: Double) -> Bool {
            let shifted: [Double]
            switch figure.scale {
            case .share: shifted = new.map { $0 - after + before + sign * effect }
            case .milliseconds, .rate:
                guard before > 0, after > 0 else { return false }
                let factor = before / after * (sign > 0 ? 1 + effect : 1 / (1 + effect))
                shifted = new.map { $0 * factor }
            }
            let test = RankSumTest(base, shifted)
            return 2 * (sign > 0 ? test.secondLarger : test.secondSmaller) < alpha
        }
        var low = 0.0
        var high = figure.scale == .share ? 1.0 : 9.0
        guard isSeen(high) else { return nil }
        while high - low > 0.000_5 {
            let middle = (low + high) / 2
            if isSeen(middle) { high = middle } else { low = middle }
        }
        // What falls to 1 / (1 + effect) of itself has lost effect / (1 + effect).
        let isShrunk = figure.scale == .rate
        return max(gate, isShrunk ? high / (1 + high) : high)
    }
}
