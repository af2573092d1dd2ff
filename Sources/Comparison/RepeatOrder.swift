/// Who runs when, where a scenario is run several times: A B B A A B, so that what drifts meets
/// both groups alike; and after that again, in place of runs that the machine disturbed.
///
/// Pure: asked for a turn, told how it went. A group has at most twice the runs asked for. Where
/// every run was disturbed none is made in addition: what disturbs them does not pass, and may be
/// the server itself.
package struct RepeatOrder: Sendable {
    /// A group of runs.
    package enum Side: String, Sendable, Hashable {
        /// The baseline's.
        case base
        /// The new ones.
        case new
    }
    /// One run to be made.
    package struct Turn: Sendable, Hashable {
        /// Its group.
        package var side: Side
        /// Its number in the group, from 1.
        package var number: Int
        /// Whether it stands in for one that was disturbed.
        package var isReplacement = false
    }
    /// Runs wanted of each group.
    private let times: Int
    /// The groups of which runs are made.
    private let sides: [Side]
    private let replaces: Bool
    private var planned: [Turn]
    private var made: [Side: Int] = [:]
    private var calm: [Side: Int] = [:]

    /// - Parameters:
    ///   - times: runs wanted of each group, at least 1.
    ///   - isPaired: whether the baseline is run as well.
    ///   - replaces: whether disturbed runs are made again.
    package init(times: Int, isPaired: Bool, replaces: Bool) {
        self.times = times
        self.sides = isPaired ? [.base, .new] : [.new]
        self.replaces = replaces
        self.planned = (1...max(1, times)).flatMap { number in
            RepeatOrder.round(number, of: isPaired ? [.base, .new] : [.new])
        }
    }

    /// The turns that are sure, in their order.
    package var sure: [Turn] { self.planned }

    /// The next run, nil when there are enough.
    package mutating func next() -> Turn? {
        if self.planned.isEmpty, self.replaces { self.planned = self.replacements() }
        return self.planned.isEmpty ? nil : self.planned.removeFirst()
    }

    /// Notes that a run was made, and whether the machine disturbed it.
    package mutating func note(_ turn: Turn, isDisturbed: Bool) {
        self.made[turn.side, default: 0] += 1
        if !isDisturbed { self.calm[turn.side, default: 0] += 1 }
    }

    private func replacements() -> [Turn] {
        guard self.calm.values.contains(where: { $0 > 0 }) else { return [] }
        let short = self.sides.filter { side in
            self.calm[side, default: 0] < self.times
                && self.made[side, default: 0] < 2 * self.times
        }
        return short.map { side in
            Turn(side: side, number: self.made[side, default: 0] + 1, isReplacement: true)
        }
    }

    private static func round(_ number: Int, of sides: [Side]) -> [Turn] {
        (number.isMultiple(of: 2) ? sides.reversed() : sides).map {
            Turn(side: $0, number: number)
        }
    }
}
