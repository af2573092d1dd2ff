/// Mistakes that happen while a run is on: each is told once, and how often at the end.
///
/// Bounded, since a mistake may be different for every intent.
struct ProblemCounts: Sendable {
    /// The most different mistakes that are told.
    static let most = 20
    private var counts: [String: Int] = [:]
    private var untold: [String] = []

    /// Notes a mistake.
    mutating func count(_ problem: String) {
        if let known = self.counts[problem] {
            self.counts[problem] = known + 1
        } else if self.counts.count < ProblemCounts.most {
            self.counts[problem] = 1
            self.untold.append(problem)
        }
    }

    /// What was not told before; the last time also how often each happened, when more than once.
    mutating func take(isLast: Bool) -> [String] {
        defer { self.untold = [] }
        guard isLast else { return self.untold }
        let sums = self.counts.filter { $0.value > 1 }.sorted { $0.key < $1.key }
        return self.untold + sums.map { "\($0.key) (\($0.value) times)" }
    }
}
