import ArgumentParser
import Diagnosis
import Foundation
import Measurements
import Primitives

/// `spate investigate FILE`: runs, asks what would tell more, and runs that, until it is known.
struct InvestigateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "investigate",
        abstract: "Finds out why by experiments: the scenario first, then what tells the most.",
        discussion: """
            After the first run the experiment of the catalogue that promises the most information \
            for its cost is made, and so on, until the cause is known, nothing promises much, or \
            the budget is spent. Each run has a folder of its own; the first one's also gets \
            investigation.md and investigation.json. A file that begins with 'incident:' holds \
            public facts of an outage that is over: what they allow to say is printed, and which \
            records would settle it.
            """)

    @OptionGroup var scenario: ScenarioArguments
    @OptionGroup var consent: ConsentArguments
    @OptionGroup var sources: SourceArguments
    @OptionGroup var protocols: ProtocolArguments

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Start no further run when this much time has gone, counted with its length.",
            valueName: "duration"),
        completion: .list(["10m", "30m", "2h"]))
    var budget = "30m"

    @Option(
        name: .long,
        help: ArgumentHelp("The most runs, the first one included.", valueName: "count"),
        completion: .list(["2", "4", "8"]))
    var runs = 8

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Measure these remedies at the end, by the first run's seed: all predicted ones, or a"
                + " list such as bounded-queue,shedding=40.", valueName: "ids"),
        completion: .list([
            "all", "bounded-queue", "shedding", "retry-budget", "more-workers",
            "limiter-per-device", "larger-spool", "triage",
        ]))
    var remedies: String?

    @Option(name: .long, help: "Progress of the runs on stderr: auto, line or off.")
    var live: LiveMode = .line

    @Flag(name: .long, help: "Print investigation.json instead of the summary.")
    var json = false

    func validate() throws {
        guard self.runs >= 1 else { throw ValidationError("--runs must be at least 1") }
        guard let budget = try? UnitText.duration(self.budget), budget > .zero else {
            throw ValidationError("--budget: '\(self.budget)' is no time such as 30m")
        }
    }

    func run() async throws {
        try await reportingFailures {
            if let incident = try IncidentFile.read(self.scenario.file) {
                Console.result(self.json ? try JSONText.pretty(incident.judged) : incident.text)
                return .success
            }
            let limit = try UnitText.duration(self.budget)
            let laboratory = Laboratory(
                scenario: self.scenario, consent: self.consent.request, sources: self.sources,
                overrides: try self.protocols.overrides(), live: self.live, runs: self.runs,
                budget: limit, remedies: self.remedies)
            let found = try await laboratory.investigate()
            let summary = InvestigationText(found)
            let directory = found.investigation.directory
            try summary.markdown.write(
                toFile: directory + "/investigation.md", atomically: true, encoding: .utf8)
            let data = try JSONText.pretty(found)
            try data.write(
                toFile: directory + "/investigation.json", atomically: true, encoding: .utf8)
            Console.result(self.json ? data : summary.text)
            if !self.json { Console.result("Written: \(directory)/investigation.md") }
            return found.status
        }
    }
}
