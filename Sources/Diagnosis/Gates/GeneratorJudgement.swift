import Measurements

/// Whether the generator was the limit, and of what: the gates V1 and V2 and the rules behind them.
///
/// Pure. Invalid is what contracts call so: more than 5 % of a phase's seconds late by the
/// generator's fault, a dropped intent, a descriptor, port or buffer refused; and a process that
/// stood still, a journal that could not be written. Everything else is suspect at most.
package struct GeneratorJudgement: Sendable {
    /// V1 and V2.
    package let gates: [Validity.Gate]
    /// What limited the generator; nil when nothing did.
    package let limit: GeneratorLimit?
    /// What came near a limit, for people.
    package let warnings: [String]
    /// True when more than 10 % of the seconds were late by the machine's fault.
    package let isMachineLate: Bool
    /// Seconds late by the generator's fault.
    let generatorLate: Int
    /// Seconds late by the machine's fault.
    let machineLate: Int

    /// Judges.
    package init(_ facts: GeneratorFacts) {
        self.init(facts, lateness: Lateness.classify(facts))
    }

    /// Judges with the lateness of each second known.
    init(_ facts: GeneratorFacts, lateness: [Lateness]) {
        let schedule = ScheduleGate(facts, lateness: lateness)
        let resources = ResourceGate(facts)
        // The cause before what follows from it: a stopped process drops, one without
        // descriptors is late, one without processor time does both.
        self.limit =
            schedule.stop ?? resources.journal ?? resources.refused ?? schedule.limit
        self.gates = [schedule.gate, resources.gate(with: self.limit)]
        self.warnings = resources.warnings
        self.generatorLate = schedule.generatorLate
        self.machineLate = schedule.machineLate
        self.isMachineLate = Double(schedule.machineLate) > 0.1 * Double(facts.length)
    }
}
