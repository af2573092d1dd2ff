/// The sums that must add up: intents to their endings, attempts to their outcomes.
package struct Ledger: Sendable, Hashable {
    /// Intents that arrived, by population index.
    private var intents: [Int]
    /// Intents that ended, by population index.
    private var ended: [Int]
    /// Attempts started, by population index.
    private var started: [Int]
    /// Attempts completed, failed or unfinished, by population index.
    private var finished: [Int]
    /// Intents in flight at the last second's end, by population index.
    private var inFlight: [Int]

    /// An empty ledger.
    package init(populations: Int) {
        let zeros = [Int](repeating: 0, count: populations)
        self.intents = zeros
        self.ended = zeros
        self.started = zeros
        self.finished = zeros
        self.inFlight = zeros
    }

    /// Adds a second.
    package mutating func add(_ row: SecondRow) {
        for (index, population) in row.populations.enumerated() where index < self.intents.count {
            self.intents[index] += population.offered
            self.ended[index] += population.intents.values.reduce(0, +)
            self.started[index] += population.attemptsStarted
            self.finished[index] += population.attempts.values.reduce(0, +)
            self.inFlight[index] = population.inFlight
        }
    }

    /// What does not add up, one sentence each; empty when all does.
    ///
    /// - Parameter closed: the run has ended, so that nothing may be in flight any more; of a
    ///   journal that was cut off, intents in flight are added to the endings.
    package func violations(names: [String], closed: Bool) -> [String] {
        var found: [String] = []
        for index in self.intents.indices {
            let name = index < names.count ? names[index] : "#\(index)"
            let open = closed ? 0 : self.inFlight[index]
            if self.intents[index] != self.ended[index] + open {
                found.append(
                    "\(name): \(self.intents[index]) intents arrived, \(self.ended[index]) ended"
                        + (closed ? "" : " and \(open) are in flight"))
            }
            // Attempts of a cut-off journal may be under way: only a surplus is wrong.
            let wrong =
                closed
                ? self.started[index] != self.finished[index]
                : self.started[index] < self.finished[index]
            if wrong {
                found.append(
                    "\(name): \(self.started[index]) attempts started, "
                        + "\(self.finished[index]) ended")
            }
        }
        return found
    }
}
