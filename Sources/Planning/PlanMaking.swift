package import Scenarios

extension Plan {
    /// Makes the plan of a scenario: pure, deterministic, and cheap whatever the run's length.
    ///
    /// - Parameters:
    ///   - scenario: what the author wrote.
    ///   - materials: what its files held.
    ///   - rateFactor: multiplies every arrival rate and number of clients (`--rate-factor`).
    /// - Throws: `ScenarioErrors` for what only planning can find.
    package static func make(
        _ scenario: Scenario, materials: DraftMaterials, rateFactor: Double = 1
    ) throws(ScenarioErrors) -> Plan {
        fatalError("written by the Planning author")
    }
}
