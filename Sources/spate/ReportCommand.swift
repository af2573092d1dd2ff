import ArgumentParser
import Foundation
import Measurements
import Reporting

/// `spate report DIR`: makes every report again from a run's journal.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Rebuilds every report from a run's journal, a truncated one included.")

    @Argument(help: "The run's folder.", completion: .directory)
    var directory: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("Also write a report elsewhere.", valueName: "kind=file"))
    var out: [String] = []

    @Flag(name: .long, help: "Print report.json on stdout instead of the summary.")
    var json = false

    @Flag(name: .long, help: "No colour.")
    var noColor = false

    func validate() throws {
        _ = try self.out.map(ReportCopy.init)
    }

    func run() async throws {
        try await reportingFailures {
            let copies = try self.out.map(ReportCopy.init)
            for copy in copies { try copy.checkWritable() }
            let opened = try RunDirectory.open(self.directory)
            let made = try ReportMaking.make(directory: opened)
            for line in made.damage { Console.note("\(self.directory): \(line)") }
            let finished = FinishedDirectory(path: opened.path)
            for copy in copies { try copy.write(from: finished) }
            if self.json {
                Console.raw(try finished.read("report.json"))
            } else {
                Console.result(
                    made.report.summaryText(
                        width: Console.width,
                        color: Console.usesColour(disabled: self.noColor)))
                Console.result("Report: \(opened.path)/report.html")
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

    @Argument(help: "The run's folder.", completion: .directory)
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
