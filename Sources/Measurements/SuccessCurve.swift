import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How the share of people who have got in grows with the time since they arrived.
///
/// Two questions, two estimators. *What share had got in by then?* is the cumulative incidence of
/// being accepted, where giving up, being refused and running out of tries compete with it: Aalen
/// and Johansen (Scand. J. Statist. 5, 1978, 141-150), in which only people who were still waiting
/// when the run ended are censored. *What share would have got in by then, had nobody lost
/// patience?* is one minus Kaplan and Meier's product limit (J. Amer. Statist. Assoc. 53, 1958,
/// 457-481), where giving up censors a person too; whoever was refused or ran out of tries never
/// gets in, however patient, and so stays among those at risk for ever. The second supposes that
/// those who gave up would have fared like those who waited on.
///
/// Exact to the histograms' precision, 0.1 % of the time. Costs a pass over the used buckets.
package struct SuccessCurve: Sendable, Hashable {
    /// What is known at a moment.
    package struct Point: Sendable, Hashable {
        /// Microseconds since arrival.
        package var time: Int64
        /// People still waiting just before.
        package var waiting: Int
        /// The share that had got in by then: Aalen-Johansen.
        package var share: Double
        /// A 95 % interval of it; nil where there is none: before the first, or when all are in.
        package var interval: [Double]?
        /// The share that would have, had nobody given up: one minus Kaplan-Meier.
        package var patientShare: Double
        /// A 95 % interval of it, by Greenwood's variance; nil likewise.
        package var patientInterval: [Double]?
    }
    /// People whose waiting ended at one moment.
    package struct Moment: Sendable, Hashable {
        /// Microseconds since arrival.
        package var time: Int64
        /// They got in.
        package var accepted = 0
        /// They were told no, or their client ran out of tries: they never get in.
        package var never = 0
        /// They lost patience.
        package var gaveUp = 0
        /// The run ended while they waited.
        package var unfinished = 0
        /// Nobody.
        package init(time: Int64) {
            self.time = time
        }
        /// Those who are not at risk any more.
        fileprivate var all: Int { self.accepted + self.never + self.gaveUp + self.unfinished }
    }
    /// A point for each moment at which somebody got in, and one for the longest wait seen.
    package private(set) var points: [Point] = []
    /// People who began.
    package let people: Int

    /// The curve of a group's people.
    package init(_ group: PeopleGroup) {
        self.init(SuccessCurve.moments(group))
    }

    /// The curve of moments in order of time.
    ///
    /// Of people who end at the same moment those who got in come first: whoever is censored at a
    /// time is known to have waited that long.
    package init(_ moments: [Moment]) {
        self.people = moments.reduce(0) { $0 + $1.all }
        var incidence = Incidence()
        var patience = ProductLimit()
        var waiting = self.people
        var gone = 0
        for (index, moment) in moments.enumerated() where waiting > 0 {
            incidence.step(moment, waiting: waiting)
            patience.step(accepted: moment.accepted, atRisk: waiting + gone)
            let isLast = index == moments.count - 1
            if moment.accepted > 0 || isLast {
                self.points.append(
                    Point(
                        time: moment.time, waiting: waiting, share: incidence.share,
                        interval: logLogInterval(
                            share: incidence.share, variance: incidence.variance),
                        patientShare: patience.share,
                        patientInterval: logLogInterval(
                            share: patience.share, variance: patience.variance)))
            }
            waiting -= moment.all
            gone += moment.never
        }
    }

    /// The time by which that share of the people had got in; nil when so many never did.
    package func time(atShare share: Double) -> Int64? {
        // The same slack as ranks of percentiles have: a half of two is one.
        self.points.first { $0.share >= share * (1 - 4e-15) }?.time
    }

    /// At most `limit` of the points: the first, the last, and those that rise in equal steps.
    ///
    /// Each is exact; between two of them the curve is nowhere higher than the later one.
    package func thinned(to limit: Int) -> [Point] {
        precondition(limit >= 3, "a curve has a beginning, a middle and an end")
        guard self.points.count > limit, let first = self.points.first, let last = self.points.last
        else { return self.points }
        var kept = [first]
        let steps = limit - 2
        for point in self.points.dropFirst().dropLast() {
            let level = Int(point.share / last.share * Double(steps))
            let before = Int((kept.last?.share ?? 0) / last.share * Double(steps))
            if level > before, kept.count < limit - 1 { kept.append(point) }
        }
        return kept + [last]
    }

    private static func moments(_ group: PeopleGroup) -> [Moment] {
        var found: [Int32: Moment] = [:]
        let longest = group.times.values.map(\.maximum).max() ?? 0
        let top = SparseHistogram.index(of: SparseHistogram.highest)
        for (ending, histogram) in group.times {
            for (index, count) in histogram.buckets {
                // The last bucket holds all above an hour.
                let edge = index == top ? longest : SparseHistogram.highestEquivalent(index)
                let time = min(edge, longest)
                var moment = found[index] ?? Moment(time: time)
                switch ending {
                case .accepted: moment.accepted += count
                case .rejected, .failed: moment.never += count
                case .gaveUp: moment.gaveUp += count
                case .unfinished: moment.unfinished += count
                case .dropped: break
                }
                found[index] = moment
            }
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }
}

/// Aalen's and Johansen's estimator of one of several competing ends, with its variance.
private struct Incidence {
    /// The share that had got in.
    private(set) var share = 0.0
    /// The share that nothing had ended for.
    private var waitingShare = 1.0
    // Sums over the moments so far, from which the variance of the present share follows.
    private var hazard = 0.0
    private var hazardShare = 0.0
    private var hazardSquare = 0.0
    private var own = 0.0
    private var cross = 0.0
    private var crossShare = 0.0

    mutating func step(_ moment: SuccessCurve.Moment, waiting: Int) {
        let n = Double(waiting)
        let accepted = Double(moment.accepted)
        let ended = accepted + Double(moment.never + moment.gaveUp)
        self.share += self.waitingShare * accepted / n
        self.own += self.waitingShare * self.waitingShare * accepted * (n - accepted) / (n * n * n)
        self.cross += self.waitingShare * accepted / (n * n)
        self.crossShare += self.share * self.waitingShare * accepted / (n * n)
        if ended < n {
            // When all end at once there is no later share for this term to matter to.
            let term = ended / (n * (n - ended))
            self.hazard += term
            self.hazardShare += self.share * term
            self.hazardSquare += self.share * self.share * term
        }
        self.waitingShare *= 1 - ended / n
    }

    /// The variance by the delta method; without censoring it is the binomial one.
    ///
    /// Marubini and Valsecchi, Analysing Survival Data from Clinical Trials and Observational
    /// Studies (1995), section 10.2.
    var variance: Double {
        let first =
            self.share * self.share * self.hazard - 2 * self.share * self.hazardShare
            + self.hazardSquare
        return max(0, first + self.own - 2 * (self.share * self.cross - self.crossShare))
    }
}

/// Kaplan's and Meier's product limit, with Greenwood's variance.
private struct ProductLimit {
    private var surviving = 1.0
    private var sum = 0.0

    var share: Double { 1 - self.surviving }

    mutating func step(accepted: Int, atRisk: Int) {
        guard accepted > 0 else { return }
        let n = Double(atRisk)
        let d = Double(accepted)
        self.surviving *= 1 - d / n
        self.sum += d < n ? d / (n * (n - d)) : 0
    }

    /// Greenwood's formula (Reports on Public Health 33, 1926).
    var variance: Double { self.surviving * self.surviving * self.sum }
}

/// The 95 % interval of a share that grows with time; nil at 0 and at 1.
///
/// On the scale of log(-log(1 - share)), where it cannot leave 0 to 1: Kalbfleisch and Prentice,
/// The Statistical Analysis of Failure Time Data (1980), section 1.3.
private func logLogInterval(share: Double, variance: Double) -> [Double]? {
    let rest = 1 - share
    guard share > 0, rest > 1e-12 else { return nil }
    let width = 1.959_963_984_540_054 * variance.squareRoot() / (rest * abs(log(rest)))
    return [1 - pow(rest, exp(-width)), 1 - pow(rest, exp(width))]
}
