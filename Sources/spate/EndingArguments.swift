import ArgumentParser
import Primitives

/// The arguments that say what a run's end means for the exit code.
struct EndingArguments: ParsableArguments {
    @Flag(name: .long, help: "Leave the scenario's thresholds aside.")
    var noThresholds = false

    @OptionGroup var failing: FailingArguments

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            The longest the run may last in wall time, such as 90s: arrivals stop then, what is \
            under way may finish, exit code 102.
            """, valueName: "duration"), completion: .list(["1m", "5m", "30m"]))
    var maxDuration: String?

    func validate() throws { _ = try self.timeLimit }

    /// `--max-duration`; nil when it was not given.
    var timeLimit: Nanoseconds? {
        get throws {
            guard let text = self.maxDuration else { return nil }
            let limit: Nanoseconds
            do { limit = try UnitText.duration(text) } catch {
                throw ValidationError("--max-duration: \(error.message)")
            }
            guard limit > .zero else {
                throw ValidationError("--max-duration: \(text) is no time at all")
            }
            return limit
        }
    }
}
