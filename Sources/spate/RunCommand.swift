import ArgumentParser
import Foundation
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
            cuts it short; reports are written all the same (exit 105).
            """)

    @OptionGroup var scenario: ScenarioArguments
    @OptionGroup var change: ChangeArguments
    @OptionGroup var consent: ConsentArguments
    @OptionGroup var sources: SourceArguments
    @OptionGroup var protocols: ProtocolArguments

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            """
            Also write a report elsewhere: json, html, markdown, junit or attempts. With attempts, \
            journal/attempts.ndjson lists every attempt instead of a sample.
            """,
            valueName: "kind[=file]"))
    var out: [String] = []

    @Option(name: .long, help: "Use exactly this folder instead of reports/<scenario>/<stamp>/.")
    var outDir: String?

    @Flag(name: .long, help: "Keep the bundled intake's media after the reconciliation.")
    var keepSpool = false

    @Option(
        name: .long,
        help: "Lanes, each on a queue of its own (default: one, or one per core at high rates).")
    var lanes: Int?

    @Flag(
        name: .long,
        help: "Sample nothing of the server's side, the bundled intake's figures included.")
    var noProbes = false

    @Option(name: .long, help: "Progress on stderr: auto, line or off.")
    var live: LiveMode = .auto

    @Flag(name: .long, help: "Print report.json on stdout instead of the summary.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress and no summary; errors only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more about what is being done.")
    var verbose = false

    @Flag(name: .long, help: "No colour.")
    var noColor = false

    func validate() throws {
        if let lanes, lanes < 1 { throw ValidationError("--lanes must be at least 1") }
        _ = try self.out.map(ReportCopy.init)
    }

    func run() async throws {
        try await reportingFailures {
            let loaded = try LoadedScenario(
                self.scenario, also: try self.protocols.overrides(),
                change: self.change.change)
            try ProtocolSupport.check(loaded.plan, status: .invalidScenario)
            let copies = try (self.out + loaded.scenario.outputs).compactMap(ReportCopy.init)
            for copy in copies { try copy.checkWritable() }
            let session = RunSession(
                loaded: loaded, consent: self.consent.request, sources: self.sources,
                outDirectory: self.outDir,
                keepsSpool: self.keepSpool, live: self.quiet ? .off : self.live,
                isVerbose: self.verbose, listsAttempts: copies.contains(where: \.isAttempts),
                lanes: self.lanes, usesProbes: !self.noProbes)
            let finished = try await session.execute()
            for copy in copies { try copy.write(from: finished.directory) }
            if self.json {
                Console.raw(try finished.directory.read("report.json"))
            } else if !self.quiet {
                Console.result(
                    finished.report.summaryText(
                        width: Console.width,
                        color: Console.usesColour(disabled: self.noColor)))
                let page = finished.directory.path + "/report.html"
                if FileManager.default.fileExists(atPath: page) {
                    Console.result("Report: \(page)")
                }
            }
            return finished.status
        }
    }
}

/// How progress is shown.
enum LiveMode: String, ExpressibleByArgument, CaseIterable {
    /// A bar on a terminal, a line every ten seconds elsewhere.
    case auto
    /// A line every ten seconds.
    case line
    /// Nothing.
    case off
}

/// The arguments that say whose host may be hit.
struct ConsentArguments: ParsableArguments {
    @Option(
        name: .long,
        help: "Allow this host by name; it must also agree, at /.well-known/spate.json.")
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
