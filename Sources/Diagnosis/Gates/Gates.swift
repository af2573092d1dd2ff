import Measurements
import Primitives

/// The gates a run has to pass before anything is claimed about the server.
///
/// They doubt the generator first: schedule, own resources, bookkeeping, independence, baseline
/// (research: diagnosis, 1.4).
struct Gates: Sendable {
    /// The gates and their sum.
    let validity: Validity
    /// What limited the generator; nil when nothing did.
    let limit: GeneratorLimit?
    /// What came near a limit.
    let warnings: [String]
    /// Seconds late by the generator's fault.
    let generatorLate: Int
    /// Seconds late by the machine's fault.
    let machineLate: Int
    /// Seconds judged.
    let seconds: Int

    /// Judges a run.
    init(_ facts: RunFacts, baseline: Baseline) {
        let generator = GeneratorJudgement(facts.generator, lateness: facts.lateness)
        let little = LittleGate(facts).gate
        let openLoop = OpenLoopGate(facts).gate
        self.limit = generator.limit
        self.warnings = generator.warnings
        self.generatorLate = generator.generatorLate
        self.machineLate = generator.machineLate
        self.seconds = facts.length
        let doubtful =
            generator.isMachineLate || !generator.warnings.isEmpty || little.state == .failed
            || openLoop.state == .failed || !facts.record.damage.isEmpty
        self.validity = Validity(
            state: generator.limit != nil ? .invalid : doubtful ? .suspect : .valid,
            gates: generator.gates + [
                little, openLoop, ControlGate(facts.record).gate, CensoringGate(facts.record).gate,
                Gates.quiet(baseline),
            ], isDisturbed: generator.isMachineLate)
    }

    /// V7: a quiet beginning to compare with.
    private static func quiet(_ baseline: Baseline) -> Validity.Gate {
        let have = "\(baseline.range.count) s with \(baseline.ended) attempts"
        return Validity.Gate(
            id: "V7", state: baseline.isSufficient ? .ok : .failed,
            detail: baseline.isSufficient
                ? "baseline of \(have)"
                : "no baseline: \(have) before the load rose, 10 s with 200 are needed")
    }
}
