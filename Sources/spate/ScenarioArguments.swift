import ArgumentParser
import Foundation
import Planning
import Primitives
import Scenarios

/// The arguments that say which scenario, and how it differs from the file.
struct ScenarioArguments: ParsableArguments {
    @Argument(help: "The scenario file.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String

    @Option(
        name: .long,
        help: ArgumentHelp("Hit this base URL instead of the scenario's target.", valueName: "url"),
        completion: .list(["http://127.0.0.1:8080"]))
    var target: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The seed of every random draw: the same one gives the same run.", valueName: "number"),
        completion: .list(["1", "2", "3"]))
    var seed: UInt64?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Set a value of the scenario, such as http.timeout=5s.", valueName: "path=value"),
        completion: .list([
            "http.timeout=", "http.version=", "target.intake.workers=",
            "target.intake.serviceTime=", "target.intake.queue=", "timeScale=",
        ]))
    var set: [String] = []

    @Option(
        name: [.customShort("e"), .long],
        help: ArgumentHelp("Set a variable, or what {{ $env.K }} stands for.", valueName: "K=V"),
        completion: .list([]))
    var env: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Story seconds per wall second, or a duration to fit the story into.",
            valueName: "factor|duration"),
        completion: .list(["10", "60", "720", "90s", "5m"]))
    var timeScale: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Multiply every arrival rate and number of clients.", valueName: "factor"),
        completion: .list(["0.5", "2"]))
    var rateFactor: Double = 1

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Override every executor's duration (not stages), in story time.",
            valueName: "duration"),
        completion: .list(["10s", "1m", "10m"]))
    var duration: String?

    func validate() throws {
        for entry in self.set + self.env where !entry.contains("=") {
            throw ValidationError("'\(entry)' is not of the form name=value")
        }
        guard self.rateFactor > 0, self.rateFactor.isFinite else {
            throw ValidationError("--rate-factor must be above 0")
        }
    }
}

/// A scenario read, decoded and planned.
struct LoadedScenario {
    /// The scenario.
    var scenario: Scenario
    /// Its plan.
    var plan: Plan
    /// The text as resolved, secrets replaced; what the run's directory keeps.
    var text: String
    /// The experiment or the remedy for which it was changed.
    var change: String?
    /// The file's base name without extension: the name of its reports' folder.
    var baseName: String

    /// Reads, decodes and plans; every mistake at once.
    ///
    /// - Parameters:
    ///   - also: what other flags put over the scenario, after `--set`.
    ///   - change: an experiment or a remedy.
    init(
        _ arguments: ScenarioArguments, also: [(path: String, value: String)] = [],
        change: ScenarioChange? = nil
    ) throws {
        let url = URL(fileURLWithPath: arguments.file)
        let text = try LoadedScenario.read(arguments.file)
        var overrides = arguments.set.map(LoadedScenario.pair) + also
        if let seed = arguments.seed { overrides.append(("seed", String(seed))) }
        if let target = arguments.target { overrides.append(("target", "\"\(target)\"")) }
        if let scale = arguments.timeScale {
            overrides.append(
                Double(scale) != nil ? ("timeScale", scale) : ("timeScale", "{fit: \(scale)}"))
        }
        let variables = arguments.env.map(LoadedScenario.pair)
        let directory = url.deletingLastPathComponent().path
        var scenario = try Scenario.decode(
            text: text, file: arguments.file, directory: directory, overrides: overrides)
        if let duration = arguments.duration {
            let changed = scenario.populations.compactMap { population -> (String, String)? in
                switch population.load {
                case .constantArrivalRate, .constantVUs, .viral, .hawkes, .diurnal:
                    ("scenarios.\(population.name).duration", duration)
                default: nil
                }
            }
            guard !changed.isEmpty else {
                throw Failure(
                    "--duration changes executors with a duration, and \(arguments.file) has none",
                    hint: "set a stage's length with --set scenarios.NAME.stages.0.duration=…",
                    status: .usage)
            }
            overrides += changed
            scenario = try Scenario.decode(
                text: text, file: arguments.file, directory: directory, overrides: overrides)
        }
        var environment = ProcessInfo.processInfo.environment
        for (name, value) in variables { environment[name] = value }
        let given = Dictionary(variables, uniquingKeysWith: { $1 })
        for index in scenario.variables.indices {
            guard let value = given[scenario.variables[index].name] else { continue }
            scenario.variables[index].value = Template(literal: value)
        }
        if let change { scenario = try change.apply(to: scenario) }
        do {
            let materials = try DraftMaterials.load(scenario: scenario, environment: environment)
            self.plan = try Plan.make(
                scenario, materials: materials, rateFactor: arguments.rateFactor)
        } catch {
            throw error.shown(inText: text, file: arguments.file)
        }
        self.scenario = scenario
        self.change = change?.experiment ?? change?.remedy
        self.text = Scenario.redactedText(of: text, overrides: overrides)
        self.baseName = url.deletingPathExtension().lastPathComponent
    }

    private static func pair(_ entry: String) -> (path: String, value: String) {
        let halves = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(halves[0]), String(halves[1]))
    }

    private static func read(_ path: String) throws -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw Failure(
                "\(path): no such file",
                hint: "give the path from here, or start with: spate new -o \(path)",
                status: .invalidScenario)
        }
        guard !isDirectory.boolValue else {
            throw Failure(
                "\(path) is a folder, not a scenario file",
                hint: "name one of its files: ls \(path)", status: .invalidScenario)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(
                "\(path) cannot be read", hint: "see who may read it: ls -l \(path)",
                status: .invalidScenario)
        }
        guard data.count <= 4_000_000 else {
            throw Failure(
                "\(path) is larger than 4 MB, too large for a scenario",
                hint: "rows and traces belong into files of their own: see docs/arrivals.md",
                status: .invalidScenario)
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Failure(
                "\(path) is not UTF-8 text", hint: "save it as UTF-8: iconv -t UTF-8",
                status: .invalidScenario)
        }
        return text
    }
}
