import Primitives

/// How certain the change between two series of seconds is: blocks of them are drawn again.
///
/// Künsch, "The jackknife and the bootstrap for general stationary observations", 1989; blocks
/// wrap around (Politis and Romano, 1992). Blocks keep most of what ties neighbouring seconds
/// together; an interval from them is still too narrow in one case of seven where neighbours
/// correlate by 0.7 (measured), and says nothing of how runs differ.
package struct BlockBootstrap: Sendable {
    /// Seconds in a block.
    package static let block = 10
    /// Seconds that a series needs.
    package static let leastSeconds = 20
    /// How often both series are drawn again.
    static let draws = 1_000

    /// The 95 % interval of a change; nil where one of the series is too short for any.
    ///
    /// Costs a thousand times what the two statistics cost.
    ///
    /// - Parameters:
    ///   - base: how many seconds the baseline has, and its statistic over some of them.
    ///   - new: the same of the new run.
    ///   - change: the change from one statistic to the other.
    package static func interval(
        base: (count: Int, statistic: ([Int]) -> Double?),
        new: (count: Int, statistic: ([Int]) -> Double?),
        change: (Double, Double) -> Double?
    ) -> [Double]? {
        guard base.count >= self.leastSeconds, new.count >= self.leastSeconds else { return nil }
        var changes: [Double] = []
        for draw in 0..<self.draws {
            guard let before = base.statistic(self.resample(base.count, draw: 2 * draw)),
                let after = new.statistic(self.resample(new.count, draw: 2 * draw + 1)),
                let changed = change(before, after)
            else { continue }
            changes.append(changed)
        }
        guard changes.count >= self.draws / 2 else { return nil }
        changes.sort()
        let last = changes.count - 1
        return [
            changes[Int((0.025 * Double(last)).rounded())],
            changes[Int((0.975 * Double(last)).rounded())],
        ]
    }

    /// As many seconds again, in blocks that begin anywhere.
    private static func resample(_ count: Int, draw: Int) -> [Int] {
        let random = CounterRandom(seed: 1, population: 0, intent: draw, purpose: .size)
        let length = max(2, min(self.block, count / 4))
        var chosen: [Int] = []
        chosen.reserveCapacity(count + length)
        var blocks = 0
        while chosen.count < count {
            let start = random.integer(blocks, in: 0...(count - 1))
            for offset in 0..<length { chosen.append((start + offset) % count) }
            blocks += 1
        }
        return Array(chosen.prefix(count))
    }
}
