import ArgumentParser
import Primitives
import Transport

/// The command line: one verb per stage of the pipeline.
@main
struct Spate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spate",
        abstract: "Drives crowds of simulated clients at an HTTP intake and explains the outage.",
        discussion: """
            A scenario file says who comes, when and with what; a run measures what became of \
            each person; the report says what failed first, at what load, and whose submissions \
            were lost.

            Start with:    spate new -o upload.yaml && spate run upload.yaml
            While it runs: Ctrl-C once stops arrivals, twice cuts it short; reports are written
            After it:      reports/<scenario>/latest/report.html; spate explain DIR prints it
            Exit codes:    spate exit-codes
            """,
        version: SpateVersion.current,
        subcommands: [
            RunCommand.self, InvestigateCommand.self, CheckCommand.self, PlanCommand.self,
            HitCommand.self,
            ReportCommand.self, ExplainCommand.self, CompareCommand.self, NewCommand.self,
            SchemaCommand.self,
            IntakeCommand.self, DoctorCommand.self, ExitCodesCommand.self,
        ])

    /// The program's entry; what concerns the whole process comes before its first thread.
    static func main() async {
        TransportSetup.keepMemory()
        do {
            var command = try await asyncParseAsRoot(Array(Invocation.arguments.dropFirst()))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            self.end(with: error)
        }
    }

    /// Ends the process: help and verdicts as they are, wrong arguments in our own voice.
    private static func end(with error: any Error) -> Never {
        guard self.exitCode(for: error).rawValue == ExitStatus.usage.rawValue,
            !(error is ArgumentParser.ExitCode)
        else { self.exit(withError: error) }
        let words = Array(CommandLine.arguments.dropFirst())
        let failure = UsageFailure(
            message: self.message(for: error), words: words,
            verbs: self.configuration.subcommands.compactMap { $0.configuration.commandName }
                + ["help"],
            variables: EnvironmentOptions.used(in: words, of: Invocation.arguments))
        Console.error(failure.message)
        for hint in failure.hints { Console.note("hint: \(hint)") }
        self.exit(withError: ArgumentParser.ExitCode(ExitStatus.usage.rawValue))
    }
}

/// `spate exit-codes`: what each code means.
struct ExitCodesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exit-codes", abstract: "Lists the exit codes that scripts can rely on.")

    func run() {
        Console.result(
            """
              0  as expected (an outage without thresholds included)
              1  internal error, or an output could not be written
             64  wrong arguments
             95  inconclusive: generator was the limit, resource refused, or too little data
             96  regression against the baseline
             99  a threshold was crossed, or an expected failure did not happen
            102  time limit
            104  invalid scenario
            105  stopped by a signal; reports were written all the same
            106  cannot bind a port
            107  the host has not agreed to be tested
            When several apply: 104 > 107 > 106 > 105 > 102 > 95 > 99 > 96.
            """)
    }
}
