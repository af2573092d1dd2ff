import Diagnosis
import Foundation
import Measurements
import Planning
import Primitives
import Scenarios
import Targets

/// Makes the runs of an investigation, one after another.
struct Laboratory {
    /// The scenario's arguments.
    var scenario: ScenarioArguments
    /// What the user allowed.
    var consent: ConsentRequest
    /// `--source` and `--force`.
    var sources: SourceArguments
    /// What the flags about the protocol put over the scenario.
    var overrides: [(path: String, value: String)]
    /// How progress is shown.
    var live: LiveMode
    /// The most runs.
    var runs: Int
    /// The most time.
    var budget: Nanoseconds
    /// The remedies to measure; nil for none.
    var remedies: String?

    /// What was found out.
    struct Found: Encodable {
        /// The runs and what they say.
        var investigation: Investigation
        /// What may be claimed.
        var conclusion: Investigation.Conclusion
        /// What the onsets have in common, by axis: variance of the logarithms.
        var axes: [String: Double]
        /// Remedies that were predicted or measured.
        var remedies: [MeasuredRemedy]
        /// The exit code.
        var status: ExitStatus

        enum CodingKeys: String, CodingKey {
            case investigation, conclusion, axes, remedies
        }
    }

    /// A remedy with what formula and run say.
    struct MeasuredRemedy: Encodable {
        var id: String
        var predicted: String?
        var measured: String?
    }

    private struct Finished {
        var record: RunRecord
        var explanation: Explanation
        var digest: TroubleDigest
        var directory: String
        var wasStopped: Bool
        var length: Nanoseconds
    }

    /// Runs the scenario, then experiments.
    func investigate() async throws -> Found {
        let clock = SystemClock()
        let begin = clock.now()
        Console.note("Run 1: the scenario as it is")
        let base = try await self.make(nil)
        var investigation = Investigation(
            base.explanation, base.digest, directory: base.directory)
        if base.wasStopped { investigation.ending = .stopped }
        Console.note("  \(investigation.conclusion.sentence)")
        var longest = clock.now() - begin
        while let choice = investigation.next() {
            let spent = clock.now() - begin
            let needed = longest * choice.experiment.cost
            guard investigation.steps.count + 1 < self.runs, spent + needed <= self.budget else {
                investigation.ending = .budget
                break
            }
            let id = choice.experiment.id
            Console.note(
                "Run \(investigation.steps.count + 2): \(id), \(choice.experiment.what) "
                    + "(\(rounded(choice.gain)) bits expected)")
            let change = ScenarioChange(
                experiment: id, remedy: nil, capacity: base.digest.capacity)
            let made: Finished
            do { made = try await self.make(change) } catch let failure as Failure
                where failure.status == .usage
            {
                investigation.refuse(choice.experiment, because: failure.message)
                Console.note("  left out: \(failure.message)")
                continue
            }
            longest = max(longest, clock.now() - begin - spent)
            investigation.record(choice, made.digest, directory: made.directory)
            if let step = investigation.steps.last { Console.note("  \(step.sentence)") }
            if made.wasStopped { investigation.ending = .stopped }
        }
        let measured = try await self.measure(base, investigation.ending == .stopped)
        let axes = Dictionary(
            investigation.axes.map { ($0.axis.rawValue, $0.score) }, uniquingKeysWith: { $1 })
        return Found(
            investigation: investigation, conclusion: investigation.conclusion, axes: axes,
            remedies: measured, status: self.status(base, investigation))
    }

    private func status(_ base: Finished, _ investigation: Investigation) -> ExitStatus {
        if investigation.ending == .stopped { return .stoppedBySignal }
        return base.digest.isInvalid ? .inconclusive : .success
    }

    private func rounded(_ bits: Double) -> String {
        UnitText.trimmed((bits * 100).rounded() / 100)
    }

    // MARK: - Runs

    private func make(_ change: ScenarioChange?) async throws -> Finished {
        let loaded = try LoadedScenario(self.scenario, also: self.overrides, change: change)
        try ProtocolSupport.check(loaded.plan, status: .invalidScenario)
        let session = RunSession(
            loaded: loaded, consent: self.consent, sources: self.sources, outDirectory: nil,
            keepsSpool: false, live: LiveOptions(mode: self.live), isVerbose: false,
            listsAttempts: false, lanes: nil)
        let finished = try await session.execute()
        let path = finished.directory.path
        let record = try JournalReader.read(try RunDirectory.open(path), attempts: true)
        return Finished(
            record: record, explanation: Explanation.explain(record),
            digest: TroubleDigest(record), directory: path,
            wasStopped: finished.findings.all.contains(.stoppedBySignal),
            length: loaded.plan.duration)
    }

    // MARK: - Remedies

    private func measure(_ base: Finished, _ isStopped: Bool) async throws -> [MeasuredRemedy] {
        var list = (base.explanation.remedies ?? []).map {
            MeasuredRemedy(id: $0.id, predicted: $0.predicted, measured: nil)
        }
        guard let wanted = self.remedies, !isStopped else { return list }
        let chosen =
            wanted == "all"
            ? list.map(\.id).filter(RemedyDesign.ids.contains)
            : wanted.split(separator: ",").map(String.init)
        for text in chosen {
            let id = String(text.split(separator: "=").first ?? "")
            Console.note("Remedy \(text), by the first run's seed")
            let measured: String
            do {
                let made = try await self.make(
                    ScenarioChange(experiment: nil, remedy: text, capacity: nil))
                measured =
                    RemedyEffect(
                        before: base.record, after: made.record, between: base.explanation
                    ).text
            } catch let failure as Failure where failure.status == .usage {
                measured = "not measured: \(failure.message)"
            }
            Console.note("  \(measured)")
            if let place = list.firstIndex(where: { $0.id == id }) {
                list[place].measured = measured
            } else {
                list.append(MeasuredRemedy(id: id, predicted: nil, measured: measured))
            }
        }
        return list
    }
}
