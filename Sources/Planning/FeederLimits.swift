import Primitives
import Scenarios

/// Feeders whose rows are used once each: who may share them, and whether they suffice.
extension Plan {
    /// Refuses a feeder of single use that several populations share: each would begin at its
    /// first row.
    static func checkFeeders(of scenario: Scenario, _ mistakes: inout MistakeList) {
        let uses = scenario.populations.map { ($0, TemplateUses($0).feeders) }
        for feeder in scenario.feeders where feeder.order == .once {
            let users = uses.filter { $0.1.contains(feeder.name) }.map(\.0)
            guard let first = users.first else { continue }
            for other in users.dropFirst() {
                mistakes.add(
                    "'\(other.name)' and '\(first.name)' both use the feeder '\(feeder.name)', "
                        + "whose rows are for one use; give each a feeder of its own",
                    at: other.location)
            }
        }
    }

    /// Feeders of single use with fewer rows than there are intents to come.
    package var feederWarnings: [String] {
        self.materials.feeders.sorted { $0.key < $1.key }.flatMap { name, rows -> [String] in
            guard rows.order == .once else { return [] }
            return self.populations.compactMap { population in
                guard population.feeders.contains(name) else { return nil }
                guard let intents = population.expectedIntents else {
                    return "\(population.name) makes as many intents as the answers allow, and "
                        + "the feeder '\(name)' has \(rows.rows.count) rows for one use each: "
                        + "once they are used, intents fail"
                }
                let missing = (intents - Double(rows.rows.count)).rounded(.up)
                guard missing > 0 else { return nil }
                return "the feeder '\(name)' has \(rows.rows.count) rows for one use each and "
                    + "\(population.name) about \(UnitText.fixed(intents, 0)) intents: "
                    + "\(UnitText.fixed(missing, 0)) of them will find none and fail"
            }
        }
    }
}
