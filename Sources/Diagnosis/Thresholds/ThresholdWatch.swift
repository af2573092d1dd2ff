package import Measurements
package import Primitives

/// Judges rules while a run is on, and after it: pure, fed with the run's seconds in order.
///
/// Costs one look at each second's counts per rule, and a merge of the window's histograms for
/// rules with `over`: to be called off the lanes, once a second.
package struct ThresholdWatch: Sendable {
    private var tracks: [ThresholdTrack]
    private var abort: ThresholdAbort?

    /// A watch over rules whose spans are wall time.
    package init(rules: [ThresholdRule], manifest: RunManifest) {
        self.tracks = rules.map { ThresholdTrack($0, manifest: manifest) }
    }

    /// An operator moved the phases: what comes is judged by where they lie now.
    package mutating func move(to manifest: RunManifest) {
        for index in self.tracks.indices { self.tracks[index].move(to: manifest) }
    }

    /// Takes the next row of the run.
    ///
    /// - Returns: what ends the run, once: the first rule with `abortOnFail` that is broken when
    ///   its `delayAbortEval` is over.
    @discardableResult
    package mutating func add(_ row: SecondRow) -> ThresholdAbort? {
        var found: ThresholdAbort?
        for index in self.tracks.indices {
            let value = self.tracks[index].add(row)
            let rule = self.tracks[index].rule
            guard let value, found == nil, self.abort == nil, rule.abortsRun,
                !rule.expectsFailure, Double(row.end) >= rule.abortDelay.seconds
            else { continue }
            found = ThresholdAbort(
                rule: index, at: Double(row.end), value: value.isFinite ? value : nil)
        }
        if let found { self.abort = found }
        return found
    }

    /// What every rule says as of now, in the rules' order.
    package var results: [ThresholdResult] { self.tracks.map(\.result) }
}
