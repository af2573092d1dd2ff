import ArgumentParser
import Foundation
import Measurements
import Reporting

/// `spate report DIR`: makes every report again from a run's journal.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Rebuilds every report from a run's journal, a truncated one included.",
        discussion: RunOutput.help)

    @Argument(
        help: "The run's folder, such as reports/viral-flood/latest.", completion: .directory)
    var directory: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "Also write the run in another form; repeatable.", valueName: "kind[=dest]"),
        completion: .list(RunOutput.words))
    var out: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Put this earlier run's figures beside the run's own at a glance, in report.html and \
            report.md; for whether it is worse see spate compare.
            """, valueName: "folder"), completion: .directory)
    var beside: String?

    @Flag(name: .long, help: "Print report.json on stdout instead of the summary.")
    var json = false

    @Flag(name: .long, help: "No colour.")
    var noColor = false

    func validate() throws {
        _ = try RunOutput.all(self.out, printsReport: self.json)
    }

    func run() async throws {
        try await reportingFailures {
            let outputs = try RunOutput.all(self.out, printsReport: self.json)
            for output in outputs { try output.checkWritable() }
            let opened = try RunDirectory.open(self.directory)
            let earlier = try self.beside.map {
                try ReportMaking.explain(directory: try RunDirectory.open($0)).report
            }
            let made = try ReportMaking.make(directory: opened, baseline: earlier)
            for line in made.damage { Console.note("\(self.directory): \(line)") }
            let finished = FinishedDirectory(path: opened.path)
            let isTaken = self.json || outputs.contains { $0.destination == .output }
            for output in outputs {
                try output.write(
                    OutputSource(
                        report: made.report, record: made.record, directory: finished,
                        isOutputTaken: isTaken))
            }
            if self.json {
                Console.raw(try finished.read("report.json"))
            } else {
                let tell = isTaken ? Console.note : Console.result
                tell(
                    made.report.summaryText(
                        width: Console.resultWidth,
                        color: Console.usesColour(self.noColor ? .never : .auto)))
                tell("Report: \(opened.path)/report.html")
            }
            // Re-rendering is not a verdict on the run: it succeeded.
            return .success
        }
    }
}

/// `spate explain DIR`: the diagnosis only.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Prints what happened in a run and what it rests on; writes nothing.")

    @Argument(
        help: "The run's folder, such as reports/viral-flood/latest.", completion: .directory)
    var directory: String

    @Flag(name: .long, help: "Print report.json.")
    var json = false

    @Flag(
        name: .long,
        help: "Leave out what the server said of itself: its samples, its store, its settings.")
    var clientOnly = false

    func run() async throws {
        try await reportingFailures {
            let opened = try RunDirectory.open(self.directory)
            let made = try ReportMaking.explain(
                directory: opened, clientOnly: self.clientOnly)
            for line in made.damage { Console.note("\(self.directory): \(line)") }
            if self.json {
                Console.raw(String(decoding: try ReportCoding.encode(made.report), as: UTF8.self))
            } else {
                Console.result(made.report.markdown)
            }
            return .success
        }
    }
}
