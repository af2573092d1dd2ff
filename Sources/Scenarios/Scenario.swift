package import Primitives

/// A scenario as its author wrote it, decoded and valid: story time, templates unexpanded.
package struct Scenario: Sendable {
    /// The human name; the file's base name when absent.
    package var name: String
    /// What the scenario tells, for the report's head.
    package var description: String
    /// What is under test.
    package var target: TargetSpec
    /// The seed of every random draw.
    package var seed: UInt64
    /// Story seconds per wall second; 1 when the schedule is not compressed.
    package var timeScale: Double
    /// Variables for templates.
    package var variables: [Variable]
    /// Data feeders, by name.
    package var feeders: [FeederSpec]
    /// Defaults of every request.
    package var http: HTTPDefaults
    /// The populations, in the file's order: the entries under `scenarios:`.
    package var populations: [PopulationSpec]
    /// Phases in which the load is cut, in order of time, without overlap.
    package var reliefs: [ReliefSpec] = []
    /// Labelled events, in order of time.
    package var timeline: [TimelineEvent]
    /// Pass and fail rules.
    package var thresholds: [ThresholdRule]
    /// What is sampled of the server's side.
    package var probes = ProbesSpec()
    /// Limits on what may be hit and how hard.
    package var safety: SafetySpec
    /// Outputs asked for, as `kind` or `kind=destination`.
    package var outputs: [String]
    /// Remarks that are no mistakes, such as an accepted but ignored key.
    package var notes: [ScenarioNote]
    /// The directory that relative paths in the file start from.
    package var directory: String

    /// Assembles a scenario; the decoder does, and tests.
    package init(
        name: String, description: String = "", target: TargetSpec, seed: UInt64 = 1,
        timeScale: Double = 1, variables: [Variable] = [], feeders: [FeederSpec] = [],
        http: HTTPDefaults = HTTPDefaults(), populations: [PopulationSpec],
        timeline: [TimelineEvent] = [], thresholds: [ThresholdRule] = [],
        safety: SafetySpec = SafetySpec(), outputs: [String] = [], notes: [ScenarioNote] = [],
        directory: String = "."
    ) {
        self.name = name
        self.description = description
        self.target = target
        self.seed = seed
        self.timeScale = timeScale
        self.variables = variables
        self.feeders = feeders
        self.http = http
        self.populations = populations
        self.timeline = timeline
        self.thresholds = thresholds
        self.safety = safety
        self.outputs = outputs
        self.notes = notes
        self.directory = directory
    }
}

/// A place in a scenario file, counted from 1.
package struct SourceLocation: Sendable, Hashable, Codable {
    /// The line, from 1.
    package var line: Int
    /// The column in characters, from 1.
    package var column: Int

    /// A place; both numbers count from 1.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A remark about a valid scenario.
package struct ScenarioNote: Sendable, Hashable {
    /// Where.
    package var location: SourceLocation
    /// One sentence.
    package var message: String

    /// A remark at a place.
    package init(location: SourceLocation, message: String) {
        self.location = location
        self.message = message
    }
}

/// A named value for templates.
package struct Variable: Sendable, Hashable {
    /// The name used in `{{ name }}`.
    package var name: String
    /// Its value, itself a template of `$env` only.
    package var value: Template
    /// True when the value must never be written to a journal, report or log.
    package var isSecret: Bool

    /// A variable.
    package init(name: String, value: Template, isSecret: Bool = false) {
        self.name = name
        self.value = value
        self.isSecret = isSecret
    }
}

/// What is under test.
package enum TargetSpec: Sendable, Hashable {
    /// A server that already runs; relative request paths are joined to this base URL.
    case url(String)
    /// The bundled intake, started for the run with these settings (its own words, as written).
    case intake(settings: [IntakeSetting])
}

/// One setting of the bundled intake as the scenario wrote it, flattened: `review.analysts`.
package struct IntakeSetting: Sendable, Hashable {
    /// The dotted name, such as `workers` or `review.analysts`.
    package var path: String
    /// The value as text, units included; lists joined with commas.
    package var value: String

    /// A setting.
    package init(path: String, value: String) {
        self.path = path
        self.value = value
    }
}

/// Rows for templates: `{{ feeder.column }}`.
package struct FeederSpec: Sendable, Hashable {
    /// Where the rows come from.
    package enum Source: Sendable, Hashable {
        /// A CSV file (RFC 4180) whose first row names the columns.
        case csv(path: String)
        /// A JSON file holding an array of flat objects.
        case json(path: String)
        /// Rows written in the scenario itself.
        case inline(rows: [[String: String]])
    }
    /// The order in which intents take rows.
    package enum Order: String, Sendable, Hashable, Codable, CaseIterable {
        /// Row by row, starting over at the end.
        case sequence
        /// Any row, drawn from the seed.
        case random
        /// A seeded permutation, starting over at the end.
        case shuffle
        /// Row by row, each for one intent only; an intent for which none is left has failed.
        case once
    }
    /// The feeder's name.
    package var name: String
    /// Where the rows come from.
    package var source: Source
    /// The order in which intents take rows.
    package var order: Order
    /// Where it stands in the file.
    package var location: SourceLocation

    /// A feeder.
    package init(name: String, source: Source, order: Order, location: SourceLocation) {
        self.name = name
        self.source = source
        self.order = order
        self.location = location
    }
}

/// Limits on what may be hit and how hard.
package struct SafetySpec: Sendable, Hashable {
    /// The highest offered rate in attempts per second the scenario may plan, if limited.
    package var maxRate: Double?
    /// The most request bytes a run may plan to send, if limited.
    package var maxBytes: ByteCount?
    /// The longest a run may last in wall time, if limited; reaching it exits 102.
    package var maxDuration: Nanoseconds?
    /// Stop after this long without a completed response; nil for the default (off on loopback).
    package var stopWhenDown: Nanoseconds?

    /// Limits, all absent unless given.
    package init(
        maxRate: Double? = nil, maxBytes: ByteCount? = nil, maxDuration: Nanoseconds? = nil,
        stopWhenDown: Nanoseconds? = nil
    ) {
        self.maxRate = maxRate
        self.maxBytes = maxBytes
        self.maxDuration = maxDuration
        self.stopWhenDown = stopWhenDown
    }
}
