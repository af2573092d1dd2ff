package import Measurements
import Primitives

/// Compares what the clients believe with what the server stored; pure.
///
/// A population takes part when its flow writes. `dropped` intents never reached the server and
/// count as unacknowledged.
package struct Reconciler {
    private let populations: [PopulationFacts]
    private let listing: StoreListing
    private var total = Reconciliation.Cells()
    private var classes: [String: Reconciliation.Cells] = [:]
    private var missing: [String] = []
    private var matched = 0

    /// A reconciliation of these populations against that listing.
    package init(populations: [PopulationFacts], listing: StoreListing) {
        self.populations = populations
        self.listing = listing
    }

    /// Takes one intent's end into account; the key is the intent's idempotency key.
    ///
    /// - Returns: the store's row for it, if there is one.
    package mutating func add(_ end: IntentEnd, key: String) -> StoreRow? {
        let population = self.populations[end.population]
        guard population.writes else { return nil }
        let row = self.listing.rows[key]
        let name = population.trafficClass.rawValue
        if row != nil { self.matched += 1 }
        let cell: WritableKeyPath<Reconciliation.Cells, Int> =
            switch (end.ending == .accepted, row != nil) {
            case (true, true): \.ackedStored
            case (true, false): \.ackedMissing
            case (false, true): \.unackedStored
            case (false, false): \.unackedMissing
            }
        self.total[keyPath: cell] += 1
        self.classes[name, default: Reconciliation.Cells()][keyPath: cell] += 1
        if cell == \.ackedMissing, self.missing.count < 100 {
            self.missing.append("\(population.name)/\(end.number)")
        }
        return row
    }

    /// The four cells; rows that no intent of the run owns are `foreign`.
    package var result: Reconciliation {
        Reconciliation(
            total: self.total, classes: self.classes,
            foreign: self.listing.rows.count - self.matched, missing: self.missing)
    }
}
