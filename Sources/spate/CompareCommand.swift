import ArgumentParser
import Comparison
import Foundation
import Reporting

/// `spate compare BASE NEW`: whether newer runs are worse than older ones.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares runs with a baseline: worse (96), not worse (0), or not known (95).",
        usage: """
            spate compare BASE NEW...
            spate compare BASE... -- NEW...
            spate compare --save FILE RUN...
            """,
        discussion: """
            Each of BASE, NEW and RUN is a run's folder, a folder of runs, a report.json, or a \
            file that --save wrote; several may be joined with commas. The runs are what is \
            counted: five against five show most, one against one is advice only. A figure is \
            worse when the exact rank-sum test of Mann and Whitney says so (--alpha) and the \
            change is larger than the gates (--max-regression, --min-absolute, --max-loss). Runs \
            of another machine, load or time scale are refused (95). See docs/gates.md.
            """)

    @Argument(
        help: ArgumentHelp("The baseline, then what is compared with it.", valueName: "runs"),
        completion: .file())
    var runs: [String] = []

    @OptionGroup var gates: GateArguments
    @OptionGroup var failing: FailingArguments

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Keep the named runs as a baseline in this file; compare nothing.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var save: String?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "Also write the comparison: html, markdown or json.", valueName: "kind=file"),
        completion: .list(["html=", "json=", "markdown="]))
    var out: [String] = []

    @Flag(name: .long, help: "Compare even what is not comparable.")
    var force = false

    @Flag(name: .long, help: "Print the comparison as JSON.")
    var json = false

    /// What was named before `--` and after it; without one the first is the baseline.
    ///
    /// The parser takes `--` away and cannot tell two lists apart, so it is counted from the end.
    private var groups: (base: [String], new: [String]) {
        guard let mark = CommandLine.arguments.firstIndex(of: "--") else {
            return (Array(self.runs.prefix(1)), Array(self.runs.dropFirst()))
        }
        let later = CommandLine.arguments.count - mark - 1
        return (Array(self.runs.dropLast(later)), Array(self.runs.suffix(later)))
    }

    func validate() throws {
        _ = try self.out.map(ComparisonCopy.init)
        if self.save != nil {
            guard !self.runs.isEmpty else {
                throw ValidationError("--save: name the runs to keep, as --save FILE RUN...")
            }
        } else if self.groups.base.isEmpty || self.groups.new.isEmpty {
            throw ValidationError("name a baseline and what to compare with it, as BASE NEW")
        }
    }

    func run() async throws {
        try await reportingFailures {
            if let file = self.save {
                let kept = try RunGroup.read(self.runs)
                try SavedBaseline(runs: kept).write(to: file)
                let count = kept.count == 1 ? "1 run" : "\(kept.count) runs"
                Console.note("\(file): \(count) kept as a baseline")
                return .success
            }
            let (base, new) = self.groups
            let comparison = RunComparison(
                base: try RunGroup.read(base), new: try RunGroup.read(new),
                rule: self.gates.rule, force: self.force)
            for copy in try self.out.map(ComparisonCopy.init) { try copy.write(comparison) }
            comparison.show(asJSON: self.json)
            return try self.failing.status(Findings([comparison.status]), isQuiet: false)
        }
    }
}

extension RunComparison {
    /// The exit code of what came of it.
    var status: ExitStatus {
        switch self.verdict {
        case .pass: .success
        case .regression: .regression
        case .inconclusive, .refused: .inconclusive
        }
    }

    /// Prints it; why runs are refused goes to stderr, too.
    ///
    /// - Parameter isOutputTaken: whether stdout is wanted for something else than the text.
    func show(asJSON: Bool, isOutputTaken: Bool = false) {
        if asJSON {
            Console.raw(ComparisonDocument(self).json)
        } else {
            if isOutputTaken { Console.note(self.text) } else { Console.result(self.text) }
        }
        guard self.verdict == .refused else { return }
        for obstacle in self.obstacles { Console.error("not comparable: \(obstacle)") }
        Console.note("hint: repeat the baseline here and now, or compare all the same with --force")
    }
}

/// One `-o kind=file` of a comparison.
struct ComparisonCopy {
    private enum Kind: String {
        case html, json, markdown
    }
    private var kind: Kind
    private var file: String

    /// Reads `kind=file`.
    init(_ text: String) throws {
        let halves = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard let kind = Kind(rawValue: halves.first ?? "") else {
            throw ValidationError(
                "'\(halves.first ?? text)' is no kind of comparison; write html=FILE, json=FILE or"
                    + " markdown=FILE")
        }
        guard halves.count == 2 else {
            throw ValidationError("'\(text)' names no file; write \(text)=FILE")
        }
        self.kind = kind
        self.file = halves[1]
    }

    /// Writes the file.
    func write(_ comparison: RunComparison) throws {
        let text =
            switch self.kind {
            case .html: comparison.html
            case .json: ComparisonDocument(comparison).json
            case .markdown: comparison.markdown
            }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: self.file), options: .atomic)
        } catch {
            throw Failure(cannotWrite: self.file, error)
        }
    }
}
