import Primitives
import Scenarios

/// Decides which row of a feeder an intent takes; the same for all its steps.
struct FeederRowChoice: Sendable {
    private struct Feeder: Sendable {
        var rows: FeederRows
        var columns: [String: Int]
        /// Position to row, for the order `shuffle`.
        var permutation: [Int]
        var index: Int
    }
    private let feeders: [String: Feeder]
    private let seed: UInt64

    init(_ materials: DraftMaterials, seed: UInt64) {
        self.seed = seed
        var feeders: [String: Feeder] = [:]
        for (index, name) in materials.feeders.keys.sorted().enumerated() {
            guard let rows = materials.feeders[name] else { continue }
            let columns = Dictionary(
                zip(rows.columns, rows.columns.indices), uniquingKeysWith: { first, _ in first })
            let permutation =
                rows.order == .shuffle
                ? FeederRowChoice.permutation(rows.rows.count, feeder: index, seed: seed) : []
            feeders[name] = Feeder(
                rows: rows, columns: columns, permutation: permutation, index: index)
        }
        self.feeders = feeders
    }

    func value(
        feeder name: String, column: String, population: Int, intent: Int
    ) throws(DraftError) -> String {
        guard let feeder = self.feeders[name], !feeder.rows.rows.isEmpty else {
            throw DraftError("the feeder '\(name)' has no rows")
        }
        guard let columnIndex = feeder.columns[column] else {
            throw DraftError("the feeder '\(name)' has no column '\(column)'")
        }
        let count = feeder.rows.rows.count
        if feeder.rows.order == .once, intent >= count {
            throw DraftError(
                "the feeder '\(name)' has run dry: each of its \(count) rows is used once")
        }
        let place = ((intent % count) + count) % count
        let row: Int
        switch feeder.rows.order {
        case .sequence, .once: row = place
        case .shuffle: row = feeder.permutation[place]
        case .random:
            let random = CounterRandom(
                seed: self.seed, population: population, intent: intent, purpose: .feeder)
            row = random.integer(feeder.index, in: 0...count - 1)
        }
        return feeder.rows.rows[row][columnIndex]
    }

    /// Fisher and Yates' shuffle, from the seed.
    private static func permutation(_ count: Int, feeder: Int, seed: UInt64) -> [Int] {
        let random = CounterRandom(seed: seed, population: -1, intent: feeder, purpose: .feeder)
        var order = Array(0..<count)
        for index in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(index, random.integer(index, in: 0...index))
        }
        return order
    }
}
