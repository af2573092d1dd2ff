import Comparison
import Foundation
import Measurements
import Planning
import Reporting
import Scenarios

/// `spate run --repeat`, `--baseline`, `--baseline-target`: several runs, then a comparison.
///
/// All runs have the same seed: every run asks exactly the same of its server, so that what
/// differs between them is the server's and the machine's doing alone.
struct RepeatedRuns {
    private typealias Side = RepeatOrder.Side
    /// The command as given.
    var command: RunCommand
    private var arguments: RepeatArguments { self.command.repetition }

    init(_ command: RunCommand) {
        self.command = command
    }

    /// Runs and compares; all that applies at the end.
    func execute() async throws -> Findings {
        let saved = try self.arguments.baseline.map { try RunGroup.read([$0]) } ?? []
        let loaded = try self.command.load(self.command.scenario)
        let load = LoadDigest.of(
            text: loaded.text, rateFactor: self.command.scenario.rateFactor)
        try self.refuse(saved, loaded, load: load)
        var groups: [Side: [RunEvidence]] = [.base: saved, .new: []]
        var ends: [End] = []
        var order = self.order
        let sure = order.sure
        var count = 0
        while let turn = order.next() {
            count += 1
            self.announce(turn, count, of: sure.count)
            let finished = try await self.variant(turn, of: sure.count)
                .perform(self.place(of: turn)).finished
            let evidence = RunEvidence(
                finished.report, place: finished.directory.path, load: load)
            groups[turn.side, default: []].append(evidence)
            order.note(turn, isDisturbed: evidence.disturbed == true)
            if turn.side == .new {
                ends.append(End(evidence: evidence, finished: finished))
            }
            if !finished.findings.all.isDisjoint(with: [.stoppedBySignal, .timeLimit]) {
                return finished.findings
            }
        }
        let last = ends.last?.evidence.place
        guard self.compares else {
            self.show(groups[.new] ?? [], directory: last)
            return Findings(ends.flatMap(\.findings.all))
        }
        let comparison = RunComparison(
            base: groups[.base] ?? [], new: groups[.new] ?? [], rule: self.arguments.gates.rule,
            force: self.command.sources.force)
        if let folder = self.command.outDir ?? last { try comparison.write(to: folder) }
        try self.tell(
            comparison, folder: self.command.outDir ?? last,
            outputs: try self.command.outputs(of: loaded))
        let counted = Set(comparison.new.map(\.place))
        // What is left out of the comparison does not decide its end, unless a rule ended it.
        let decisive = ends.filter { counted.contains($0.evidence.place) || $0.wasAborted }
        return Findings(decisive.flatMap(\.findings.all) + [comparison.status])
    }

    /// How a new run ended.
    private struct End {
        var evidence: RunEvidence
        var findings: Findings
        /// Whether a threshold with `abortOnFail` ended it.
        var wasAborted: Bool

        init(evidence: RunEvidence, finished: RunSession.Finished) {
            self.evidence = evidence
            self.findings = finished.findings
            self.wasAborted = finished.report.run.stopped == "threshold"
        }
    }

    /// Which of a run's outputs are written: those of the last new run, and of what replaces it.
    private func place(of turn: RepeatOrder.Turn) -> RunCommand.Turn {
        guard turn.side == .new else { return .baseline }
        if turn.isReplacement { return .replacement }
        return turn.number == self.arguments.times ? .last : .earlier
    }

    /// Prints the comparison; on stderr where an output of the last run has stdout.
    private func tell(
        _ comparison: RunComparison, folder: String?, outputs: [RunOutput]
    ) throws {
        let isTaken = outputs.contains { $0.destination == .output }
        for output in outputs where output.kind == .github {
            try output.annotate(comparison, isOutputTaken: isTaken || self.command.json)
        }
        if self.command.json || !self.command.quiet {
            comparison.show(asJSON: self.command.json, isOutputTaken: isTaken)
        }
        guard !self.command.json, !self.command.quiet, let folder else { return }
        let page = "Comparison: \(folder)/comparison.html"
        if isTaken { Console.note(page) } else { Console.result(page) }
    }

    private var compares: Bool {
        self.arguments.baseline != nil || self.arguments.baselineTarget != nil
    }

    private var order: RepeatOrder {
        // A group too small to show anything is no better for runs that were left alone.
        RepeatOrder(
            times: self.arguments.times, isPaired: self.arguments.baselineTarget != nil,
            replaces: self.compares && self.arguments.times >= RunComparison.leastRuns)
    }

    private func announce(_ turn: RepeatOrder.Turn, _ count: Int, of sure: Int) {
        guard !self.command.quiet else { return }
        let side = self.arguments.baselineTarget == nil ? "" : ", \(turn.side.rawValue)"
        Console.note(
            turn.isReplacement
                ? "Run \(count)\(side), in place of one that the machine disturbed"
                : "Run \(count) of \(sure)\(side)")
    }

    /// The command of one run.
    private func variant(_ turn: RepeatOrder.Turn, of sure: Int) -> RunCommand {
        var one = self.command
        if turn.side == .base { one.scenario.target = self.arguments.baselineTarget }
        if let folder = self.command.outDir, sure > 1 {
            one.outDir = "\(folder)/\(turn.side.rawValue)-\(turn.number)"
        }
        return one
    }

    /// Finds out before the first run that the comparison would be refused.
    private func refuse(
        _ saved: [RunEvidence], _ loaded: LoadedScenario, load: String
    ) throws {
        guard let first = saved.first else { return }
        var expected = RunEvidence()
        expected.scenario = loaded.plan.name
        expected.scenarioSHA256 = ContentDigest.sha256(Array(loaded.text.utf8))
        expected.load = load
        expected.timeScale = loaded.plan.timeScale
        expected.trafficClass = first.trafficClass
        let host = MachineFacts.host()
        expected.machine = RunEvidence.Machine(
            name: host.name, kernel: host.kernel, cores: host.cores, memory: host.memory)
        let obstacles = Comparability.obstacles(base: saved, new: [expected])
        guard !obstacles.isEmpty, !self.command.sources.force else { return }
        throw Failure(
            "not comparable with \(self.arguments.baseline ?? ""): "
                + obstacles.joined(separator: "; "),
            hint: "make the baseline again with this scenario on this machine, or add --force",
            status: .inconclusive)
    }

    /// What the runs have in common, where nothing is compared.
    private func show(_ runs: [RunEvidence], directory: String?) {
        if self.command.json {
            Console.raw((try? SavedBaseline(runs: runs).text()) ?? "")
        } else if !self.command.quiet {
            Console.result(GroupSummary.text(runs))
            Console.result("Keep them: spate compare --save FILE RUN...")
        }
    }
}
