/// The scenario language, version 1, as one table.
///
/// The decoder checks documents with it and `spate schema` prints it; to add a key, add it here and
/// read it in the builder.
enum ScenarioGrammar {
    /// The whole file.
    static let root = Record(
        what: "a scenario",
        keys: [
            Key("version", .scalar(.version), "The language's version: 1.").required,
            Key("name", text, "The report's title.", fallback: "the file's base name"),
            Key("description", text, "What the scenario tells; printed at the report's head."),
            Key("target", .part(.target), "What is under test.").required,
            Key(
                "seed", .scalar(.integer(0...Int.max)),
                "The seed of every random draw; the same seed gives the same requests.",
                fallback: "1"),
            Key("timeScale", .part(.timeScale), "Compresses the schedule.", fallback: "1"),
            Key(
                "vars", .map(.part(.variable), names: .identifier, atLeast: 0),
                "Variables, used as {{ name }}."),
            Key(
                "data", .map(.part(.feeder), names: .identifier, atLeast: 0),
                "Rows for templates, used as {{ feeder.column }}."),
            Key("http", .part(.httpDefaults), "Defaults of every request."),
            Key(
                "scenarios", .map(.part(.population), names: .word, atLeast: 1),
                "The populations: each a crowd of clients that do the same."
            ).required,
            Key(
                "phases", .list(.part(.phase), atLeast: 1),
                "Phases in which the load of all populations is cut; probes keep theirs."),
            Key("timeline", .list(.part(.event), atLeast: 0), "Events drawn into every chart."),
            Key(
                "thresholds",
                .map(.list(.part(.threshold), atLeast: 1), names: .selector, atLeast: 0),
                "Rules that a run must keep, by metric{tag:value}."),
            Key(
                "probes", .record(probes),
                "What is sampled of the server's side once a second."),
            Key("safety", .part(.safety), "Limits on how hard the target may be hit."),
            Key(
                "outputs", .list(.scalar(.output), atLeast: 0),
                "Outputs besides the run's directory: kind or kind=destination."),
        ],
        reserved: ["clients", "environments", "compare"],
        allowsExtensions: true)

    /// The grammar of a named part.
    static func grammar(of part: Grammar.Part) -> Grammar {
        switch part {
        case .target: .choice([text, .record(target)])
        case .intake: .record(intake)
        case .timeScale: .choice([positive, .record(timeScale)])
        case .variable: .choice([text, .record(variable)])
        case .feeder: .record(feeder)
        case .httpDefaults: .record(httpDefaults)
        case .population: .record(population)
        case .stage: .record(stage)
        case .retry: .record(retry)
        case .step: .record(step)
        case .request: .choice([text, .record(request)])
        case .eventRequest: .choice([text, .record(eventRequest)])
        case .part: .record(content)
        case .multipartField: .choice([text, .part(.part)])
        case .size: .choice([.scalar(.size), .record(size)])
        case .capture: .record(capture)
        case .expect: .record(expect)
        case .phase: .record(phase)
        case .event: .record(event)
        case .threshold: .choice([.scalar(.expression), .record(threshold)])
        case .safety: .record(safety)
        }
    }

    /// What a part is, for editors.
    static func summary(of part: Grammar.Part) -> String {
        switch part {
        case .target: "A base URL, or the bundled intake with settings."
        case .intake: "Settings of the bundled intake."
        case .timeScale: "Story seconds per wall second: a factor, or a wall time to fit into."
        case .variable: "A value for templates; secret ones are never written anywhere."
        case .feeder: "Rows from a CSV file, a JSON file or the scenario itself."
        case .httpDefaults: "Defaults of every request."
        case .population: "A crowd of clients: how many come, when, and what each does."
        case .stage: "A stage of a ramping executor."
        case .retry: "What is tried again, how often and when."
        case .step: "One step of a flow."
        case .request: "A URL, or a request with its body and expectations."
        case .eventRequest: "A request sent by the timeline, outside every population."
        case .part: "A file or generated content."
        case .multipartField: "A value, a file or generated content."
        case .size: "A number of bytes, or a distribution of them."
        case .capture: "A value taken from a response."
        case .expect: "What makes an answer good."
        case .phase: "A phase in which most of the load is taken away."
        case .event: "A labelled event."
        case .threshold: "A rule such as p(95)<500ms, rate<1% or count==0."
        case .safety: "Limits; hosts are allowed with --allow-host, not here."
        }
    }

    // MARK: - Abbreviations

    static let text = Grammar.scalar(.text)
    static let duration = Grammar.scalar(.duration)
    static let boolean = Grammar.scalar(.boolean)
    static let positive = Grammar.scalar(.number(atLeast: 0, excluded: true, atMost: 1e9))
    static let texts = Grammar.map(text, names: .any, atLeast: 0)
    static let statuses = Grammar.list(.scalar(.status), atLeast: 1)

    static func word<Words: CaseIterable & RawRepresentable>(_ type: Words.Type) -> Grammar
    where Words.RawValue == String {
        .scalar(.word(type.allCases.map(\.rawValue), reserved: []))
    }

    static func count(_ range: ClosedRange<Int>) -> Grammar { .scalar(.integer(range)) }

    // MARK: - Small parts

    static let timeScale = Record(
        what: "timeScale",
        keys: [
            Key("factor", positive, "Story seconds per wall second."),
            Key("fit", duration, "The wall time the longest population shall take."),
            Key(
                "rates", .scalar(.word(["preserve"], reserved: ["scale"])),
                "preserve: as many requests per wall second as written.", fallback: "preserve"),
        ],
        exactlyOne: ["factor", "fit"], reserved: ["thinkTime", "retryDelay", "timeouts"])

    static let variable = Record(
        what: "a variable",
        keys: [
            Key("value", text, "The value; {{ $env.NAME }} may stand in it.").required,
            Key(
                "secret", boolean, "Never write the value into a journal or a report.",
                fallback: "false"),
        ])

    static let feeder = Record(
        what: "a feeder",
        keys: [
            Key("csv", text, "A CSV file (RFC 4180); its first row names the columns."),
            Key("json", text, "A JSON file: an array of flat objects."),
            Key("inline", .list(texts, atLeast: 1), "Rows written here."),
            Key(
                "order", word(FeederSpec.Order.self), "In which order intents take rows.",
                fallback: "sequence"),
        ],
        exactlyOne: ["csv", "json", "inline"])

    static let safety = Record(
        what: "safety",
        keys: [
            Key("maxRate", .scalar(.rate), "The highest rate of attempts a plan may reach."),
            Key("maxBytes", .scalar(.size), "The most request bytes a plan may send."),
            Key("maxDuration", duration, "The longest a run may last, in wall time."),
            Key(
                "stopWhenDown", duration,
                "Stop after this long without one whole response, in wall time."),
        ],
        advice: [("allowHosts", "hosts are allowed with --allow-host HOST, not in the file")])

    static let event = Record(
        what: "an event",
        keys: [
            Key("at", duration, "When, in story time from the run's start.").required,
            Key("label", text, "One line for charts.").required,
            Key("kind", word(EventKind.self), "What it means.", fallback: "info"),
            Key("request", .part(.eventRequest), "A request sent then."),
        ],
        reserved: ["until", "run"])
}
