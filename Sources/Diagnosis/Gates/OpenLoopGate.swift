import Measurements
import Primitives

/// V4: requests of open populations left when the plan said, whatever the answers did.
///
/// The rank correlation (Spearman, 1904) of what was released in a second beyond what was planned
/// for it with the second's median response. A generator that waits for answers releases less when
/// they are slow; where releases are as planned there is nothing to correlate.
///
/// Nothing to judge in a closed loop: the run may be as valid as any, but its percentiles leave out
/// the people whom a stalled server kept from arriving (Schroeder et al., "Open Versus Closed",
/// NSDI 2006; Tene's "coordinated omission"). The detail says so.
struct OpenLoopGate: Sendable {
    /// The share of arrivals released in another second than planned that is nobody's concern.
    private static let tolerance = 0.01
    /// The correlation that is called one (research: diagnosis, V4).
    private static let limit = 0.2
    let gate: Validity.Gate

    init(_ facts: RunFacts) {
        let populations = facts.record.manifest.populations
        let open = populations.indices.filter { !populations[$0].isClosedLoop }
        let closed = populations.filter(\.isClosedLoop).map(\.name)
        let blind =
            closed.isEmpty
            ? ""
            : "closed loop: \(closed.joined(separator: ", "))"
                + (closed.count == 1 ? " waits" : " wait")
                + " for answers; who would have come during a stall was never sent, and is"
                + " in no percentile"
        guard !open.isEmpty else {
            self.gate = OpenLoopGate.notApplicable(blind.isEmpty ? "no population" : blind)
            return
        }
        var planned = Array(repeating: 0.0, count: facts.length)
        var released = planned
        for row in facts.record.seconds {
            for population in open where population < row.populations.count {
                let counts = row.populations[population]
                for (key, count) in counts.intents where planned.indices.contains(key.arrivalSecond)
                { planned[key.arrivalSecond] += Double(count) }
                if row.width == 1, released.indices.contains(row.second) {
                    released[row.second] += Double(counts.offered)
                }
            }
        }
        let whole = facts.record.closing != nil && !facts.hasWideRows
        let total = planned.reduce(0, +)
        guard whole, total >= 100, facts.length >= 10 else {
            let reason = whole ? "too few arrivals" : "the journal has no whole seconds to the end"
            self.gate = OpenLoopGate.notApplicable(
                "open loop, not checked: \(reason)" + (blind.isEmpty ? "" : "; \(blind)"))
            return
        }
        let surplus = zip(released, planned).map { $0 - $1 }
        let moved = surplus.reduce(0) { $0 + max(0, -$1) } / total
        let seconds = facts.seconds.indices.filter { facts.seconds[$0].p50 != nil }
        let rho = rankCorrelation(
            seconds.map { surplus[$0] }, seconds.compactMap { facts.seconds[$0].p50 })
        // Chance reaches 3 / sqrt(n - 1) in one run of four hundred.
        let chance = 3 / Double(max(2, seconds.count) - 1).squareRoot()
        let isTied = moved > OpenLoopGate.tolerance && -rho > max(OpenLoopGate.limit, chance)
        self.gate = Validity.Gate(
            id: "V4", state: isTied ? .failed : closed.isEmpty ? .ok : .notApplicable,
            detail:
                "\(percent(moved)) of the arrivals were released in another second than planned,"
                + " rank correlation with the median response \(decimal(rho, 2))"
                + (isTied ? ": the load followed the answers" : "")
                + (blind.isEmpty ? "" : "; \(blind)"))
    }

    private static func notApplicable(_ text: String) -> Validity.Gate {
        Validity.Gate(id: "V4", state: .notApplicable, detail: text)
    }
}

/// Spearman's rank correlation; equal values share their mean rank.
///
/// 0 where one side does not vary.
func rankCorrelation(_ left: [Double], _ right: [Double]) -> Double {
    precondition(left.count == right.count, "ranks are compared in pairs")
    let (a, b) = (ranks(left), ranks(right))
    guard let meanA = mean(a), let meanB = mean(b) else { return 0 }
    var product = 0.0
    var squareA = 0.0
    var squareB = 0.0
    for (x, y) in zip(a, b) {
        product += (x - meanA) * (y - meanB)
        squareA += (x - meanA) * (x - meanA)
        squareB += (y - meanB) * (y - meanB)
    }
    guard squareA > 0, squareB > 0 else { return 0 }
    return product / (squareA * squareB).squareRoot()
}

private func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = Array(repeating: 0.0, count: values.count)
    var first = 0
    while first < order.count {
        var last = first
        while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
        for place in first...last { ranks[order[place]] = Double(first + last) / 2 + 1 }
        first = last + 1
    }
    return ranks
}
