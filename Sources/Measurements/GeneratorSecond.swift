package import Primitives

/// What a second of a run says of the generator itself: all that its gates need of a row.
///
/// About a hundred bytes, so that a measurement without a journal can keep all of them.
package struct GeneratorSecond: Sendable, Hashable {
    /// The second from the run's start; the first one of a wider row.
    package var second: Int
    /// How many seconds the row covers.
    package var width: Int
    /// The 99th percentile of starts behind the schedule in milliseconds; nil without a start.
    package var lagP99: Double?
    /// The median response in milliseconds, attempts not good ranked slowest; nil without any.
    package var medianResponse: Double?
    /// Intents dropped, by reason.
    package var drops: [DropReason: Int]
    /// Attempts that failed by the generator's own fault.
    package var faults: [FailureClass: Int]
    /// Connections opened.
    package var connectionsOpened: Int
    /// Attempts that ended.
    package var ended: Int

    /// The second after the row's last.
    package var end: Int { self.second + self.width }

    /// What a row says; costs one pass over its histograms.
    package init(_ row: SecondRow) {
        self.second = row.second
        self.width = row.width
        self.drops = [:]
        self.faults = [:]
        self.connectionsOpened = 0
        self.ended = 0
        var lag = SparseHistogram()
        var good = SparseHistogram()
        var notGood = SparseHistogram()
        for population in row.populations {
            self.drops.merge(population.drops, uniquingKeysWith: +)
            self.connectionsOpened += population.connectionsOpened
            for (key, count) in population.attempts {
                if key.outcome != .unfinished { self.ended += count }
                if case .failure(let failure) = key.outcome, failure.isGeneratorFault {
                    self.faults[failure, default: 0] += count
                }
            }
            lag.merge(population.lag)
            good.merge(population.good)
            notGood.merge(population.notGood)
        }
        // An attempt that got no port or no descriptor opened nothing, though it had begun to.
        let refused = (self.faults[.localPorts] ?? 0) + (self.faults[.descriptors] ?? 0)
        self.connectionsOpened = max(0, self.connectionsOpened - refused)
        self.lagP99 = lag.value(atQuantile: 0.99).map { Double($0) / 1_000 }
        let middle = (good.total + notGood.total + 1) / 2
        let response = good.value(atRank: middle) ?? notGood.value(atQuantile: 0.5)
        self.medianResponse = response.map { Double($0) / 1_000 }
    }
}
