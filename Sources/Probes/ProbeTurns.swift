/// Decides who is asked and whose answer counts; no I/O, no clock.
struct ProbeTurns {
    private var asked: [Int?]
    private(set) var second = -1

    /// Turns of that many sources.
    init(sources: Int) {
        self.asked = Array(repeating: nil, count: sources)
    }

    /// A second began: the sources that are asked now, being done with what they were asked.
    mutating func begin(second: Int) -> [Int] {
        self.second = second
        let free = self.asked.indices.filter { self.asked[$0] == nil }
        for index in free { self.asked[index] = second }
        return free
    }

    /// A source answered: the second its figures stand for; nil when that is over.
    mutating func end(source: Int) -> Int? {
        guard let second = self.asked[source] else { return nil }
        self.asked[source] = nil
        return second == self.second ? second : nil
    }
}
