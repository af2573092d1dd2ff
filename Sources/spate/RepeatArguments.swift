import ArgumentParser

/// The arguments that make several runs of one scenario and compare them.
struct RepeatArguments: ParsableArguments {
    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp(
            "Run the scenario so often, by the same seed, each in a folder of its own.",
            valueName: "n"), completion: .list(["3", "5"]))
    var times = 1

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Compare with these runs: a folder or file as spate compare takes them.",
            valueName: "runs"), completion: .file())
    var baseline: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Run against this base URL as often, in the order A B B A, and compare with that.",
            valueName: "url"), completion: .list(["http://127.0.0.1:8080"]))
    var baselineTarget: String?

    @OptionGroup var gates: GateArguments

    func validate() throws {
        guard (1...1_000).contains(self.times) else {
            throw ValidationError("--repeat must be from 1 to 1000")
        }
        if self.baseline != nil, self.baselineTarget != nil {
            throw ValidationError("--baseline and --baseline-target exclude one another")
        }
    }

    /// True when more is wanted than one run and its report.
    var isWanted: Bool {
        self.times > 1 || self.baseline != nil || self.baselineTarget != nil
    }
}
