import ArgumentParser
import Foundation
import Planning
import Reporting
import Scenarios
import Targets

/// `spate run FILE`: the whole pipeline, from a scenario to its reports.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a scenario, measures what became of every person, and explains it.",
        discussion: """
            Reports go to reports/<scenario>/<UTC stamp>/, and reports/<scenario>/latest points \
            there. The first Ctrl-C stops arrivals and lets what is under way finish, the second \
            cuts it short; reports are written all the same (exit 105). On a terminal, ? lists \
            the keys that hold arrivals, change their rate and annotate the timeline.

            \(RunOutput.help)
            """)

    @OptionGroup var scenario: ScenarioArguments
    @OptionGroup var change: ChangeArguments
    @OptionGroup var consent: ConsentArguments
    @OptionGroup var sources: SourceArguments
    @OptionGroup var protocols: ProtocolArguments
    @OptionGroup(title: "Telemetry") var telemetry: TelemetryArguments
    @OptionGroup var repetition: RepeatArguments

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            """
            Also write the run in another form; repeatable. The kinds are listed above; a file is \
            checked before the run starts.
            """,
            valueName: "kind[=dest]"),
        completion: .list(RunOutput.words))
    var out: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Use exactly this folder, new or empty, instead of reports/<scenario>/<stamp>/.",
            valueName: "folder"), completion: .directory)
    var outDir: String?

    @Flag(name: .long, help: "Keep the bundled intake's media after the reconciliation.")
    var keepSpool = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Lanes, each on a queue of its own (default: one, or one per core at high rates).",
            valueName: "count"), completion: .list(["1", "2", "4"]))
    var lanes: Int?

    @Flag(
        name: .long,
        help: "Sample nothing of the server's side, the bundled intake's figures included.")
    var noProbes = false

    @OptionGroup var ending: EndingArguments
    @OptionGroup(title: "The live view") var view: LiveArguments

    @Flag(name: .long, help: "Print report.json on stdout instead of the summary.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress and no summary; errors only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more about what is being done.")
    var verbose = false

    func validate() throws {
        if let lanes, lanes < 1 { throw ValidationError("--lanes must be at least 1") }
        _ = try RunOutput.all(self.out, printsReport: self.json)
    }

    func run() async throws {
        try await reportingFailures {
            if self.repetition.isWanted {
                let findings = try await RepeatedRuns(self).execute()
                return try self.ending.failing.status(findings, isQuiet: self.quiet)
            }
            let performed = try await self.perform()
            let finished = performed.finished
            if self.json {
                Console.raw(try finished.directory.read("report.json"))
            } else if !self.quiet {
                // What stdout is wanted for stays alone there.
                let tell = performed.isOutputTaken ? Console.note : Console.result
                tell(
                    finished.report.summaryText(
                        width: Console.resultWidth,
                        color: Console.usesColour(self.view.colour)))
                let page = finished.directory.path + "/report.html"
                if FileManager.default.fileExists(atPath: page) {
                    tell("Report: \(page)")
                }
            }
            if !self.quiet { RunTelemetry.noteLosses(finished.report.telemetry) }
            await performed.telemetry?.stay(isQuiet: self.quiet)
            return try self.ending.failing.status(finished.findings, isQuiet: self.quiet)
        }
    }

    /// The scenario as these arguments change it.
    func load(_ scenario: ScenarioArguments) throws -> LoadedScenario {
        var loaded = try LoadedScenario(
            scenario, also: try self.protocols.overrides(), change: self.change.change)
        if self.ending.noThresholds { loaded.plan.thresholds = [] }
        return loaded
    }

    /// All forms that are wanted: by the command, the scenario and the workflow it runs in.
    func outputs(of loaded: LoadedScenario) throws -> [RunOutput] {
        RunOutput.withWorkflow(
            try RunOutput.all(self.out + loaded.scenario.outputs, printsReport: self.json))
    }

    /// A run that was made and written, before anything of it is printed.
    struct Performed {
        /// The run.
        let finished: RunSession.Finished
        /// True when stdout is taken by one of its outputs.
        let isOutputTaken: Bool
        /// Who was told of its seconds; nil for nobody.
        let telemetry: RunTelemetry?
    }

    /// Which run of several it is: they have their own folders, and other places in common.
    enum Turn {
        /// The only one, or the last of those that are judged: all outputs are of it.
        case last
        /// An earlier one of those: only its own folder, and what a workflow shows of each.
        case earlier
        /// One made in place of a judged one: files are of it, too; stdout was written before.
        case replacement
        /// One that others are compared with: only its own folder.
        case baseline

        /// True for an output that such a run writes.
        func writes(_ output: RunOutput) -> Bool {
            switch self {
            case .last: true
            case .earlier: output.destination == .directory
            case .replacement: output.destination != .output
            case .baseline: output.destination == .directory && output.kind != .github
            }
        }
    }

    /// One run, its reports and their other forms; prints no result.
    func perform(_ turn: Turn = .last) async throws -> Performed {
        let loaded = try self.load(self.scenario)
        try ProtocolSupport.check(loaded.plan, status: .invalidScenario)
        let wanted = try self.outputs(of: loaded)
        for output in wanted { try output.checkWritable() }
        let outputs = wanted.filter(turn.writes)
        let isTaken = self.json || wanted.contains { $0.destination == .output }
        let telemetry = try self.telemetry.open()
        if let page = telemetry?.page, !self.quiet { Console.note("Metrics: \(page)") }
        let session = RunSession(
            loaded: loaded, consent: self.consent.request, sources: self.sources,
            outDirectory: self.outDir,
            keepsSpool: self.keepSpool, live: self.view.options(isQuiet: self.quiet),
            isVerbose: self.verbose,
            listsAttempts: outputs.contains { $0.kind == .attempts },
            lanes: self.lanes, timeLimit: try self.ending.timeLimit, usesProbes: !self.noProbes,
            streamsSeconds: outputs.contains(where: \.isStreamed), telemetry: telemetry?.hub)
        let finished = try await session.execute()
        for output in outputs where !output.isStreamed {
            try output.write(
                OutputSource(
                    report: finished.report, record: finished.record,
                    directory: finished.directory, scenarioFile: self.scenario.file,
                    isOutputTaken: isTaken))
        }
        return Performed(finished: finished, isOutputTaken: isTaken, telemetry: telemetry)
    }
}

/// The arguments that say whose host may be hit.
struct ConsentArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Allow this host by name; it must also agree, at /.well-known/spate.json.",
            valueName: "host"), completion: .shellCommand("hostname"))
    var allowHost: [String] = []

    @Flag(
        name: .customLong("i-own-this-host"),
        help: "Declare that the allowed host is yours; written into the report.")
    var ownsHost = false

    /// What was allowed.
    var request: ConsentRequest {
        ConsentRequest(allowedHosts: self.allowHost, ownsHost: self.ownsHost)
    }
}
