import Measurements
import Primitives

/// The time in which the service was not what it had been, and what that cost.
struct Incident: Sendable {
    /// The first second away from the baseline.
    let start: Int
    /// When it was back; nil when it never was.
    let recovered: Int?
    /// From the start to the recovery or the run's end.
    let range: Range<Int>
    /// The same up to the operator's first intervention: what the server did by itself.
    let untouched: Range<Int>

    /// Delimits the incident that begins at a second.
    init(_ facts: RunFacts, start: Int, changes: [SignalChange], baseline: Baseline) {
        self.start = start
        self.recovered = Incident.recovery(
            facts, start: start, changes: changes, baseline: baseline)
        let end = max(start + 1, self.recovered ?? facts.length)
        self.range = start..<end
        self.untouched = start..<max(start + 1, min(end, facts.intervention(after: start) ?? end))
    }

    /// The first second from which every 10 s accept at least 95 % of the baseline's share of
    /// people, and answer at least 90 % of its share of attempts well.
    ///
    /// Where one attempt in four fails and each is made three times nearly everybody gets in; the
    /// server is not well for that.
    private static func recovery(
        _ facts: RunFacts, start: Int, changes: [SignalChange], baseline: Baseline
    ) -> Int? {
        let normal = Incident.success(facts, baseline.range) ?? 1
        let usual = facts.goodShare(baseline.range) ?? 1
        var lastBad: Int?
        for second in start..<max(start, facts.length - 9) {
            let range = second..<(second + 10)
            guard let share = Incident.success(facts, range) else { continue }
            let attempts = facts.goodShare(range) ?? usual
            if share < 0.95 * normal || attempts < 0.9 * usual { lastBad = second }
        }
        if let lastBad {
            return lastBad + 1 + 10 <= facts.length ? lastBad + 1 : nil
        }
        // Nobody was turned away: it was back when the slowness ended.
        guard let end = changes.map(\.end).max(), end + 5 <= facts.length else { return nil }
        return end
    }

    /// The share accepted of people's intents that arrived in a stretch; nil without any.
    static func success(_ facts: RunFacts, _ range: Range<Int>) -> Double? {
        var judged = 0
        var accepted = 0
        for name in [TrafficClass.genuine, .noise] {
            let sum = Incident.sum(facts, name, range)
            judged += sum.judged
            accepted += sum.accepted
        }
        return judged > 0 ? Double(accepted) / Double(judged) : nil
    }

    /// Intents of a class that arrived in a stretch.
    static func sum(
        _ facts: RunFacts, _ name: TrafficClass, _ range: Range<Int>
    ) -> RunFacts.Arrivals {
        var sum = RunFacts.Arrivals()
        guard let arrivals = facts.arrivals[name] else { return sum }
        for second in range.clamped(to: 0..<arrivals.count) {
            sum.judged += arrivals[second].judged
            sum.accepted += arrivals[second].accepted
        }
        return sum
    }
}

extension Loss {
    /// Counts what an incident cost, by the second of arrival.
    init(_ facts: RunFacts, incident: Incident?, baseline: Baseline) {
        let cells = facts.record.reconciliation?.total
        self.reconcile = cells.map {
            Reconcile(
                ackedStored: $0.ackedStored, ackedMissing: $0.ackedMissing,
                unackedStored: $0.unackedStored, unackedMissing: $0.unackedMissing)
        }
        self.incident = incident.map { [Double($0.range.lowerBound), Double($0.range.upperBound)] }
        let all = 0..<facts.length
        guard Incident.sum(facts, .genuine, all).judged > 0 else { return }
        let quiet = Incident.sum(facts, .genuine, incident == nil ? all : baseline.range)
        var genuine = Genuine()
        genuine.baselineSuccess =
            quiet.judged > 0 ? Double(quiet.accepted) / Double(quiet.judged) : nil
        if let incident {
            let during = Incident.sum(facts, .genuine, incident.range)
            let noise = Incident.sum(facts, .noise, incident.range)
            if during.judged > 0 {
                let share = Double(during.accepted) / Double(during.judged)
                genuine.incidentSuccess = share
                genuine.lost = during.judged - during.accepted
                genuine.ci = wilsonInterval(
                    successes: during.judged - during.accepted, trials: during.judged)
                if noise.accepted > 0 {
                    self.selectivity = share / (Double(noise.accepted) / Double(noise.judged))
                }
            }
        }
        self.genuine = genuine
    }
}
