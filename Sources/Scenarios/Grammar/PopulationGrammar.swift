import Primitives

extension ScenarioGrammar {
    private static let crowdKeys = [
        "maxInFlight", "maxVUs", "maxVusers", "preAllocatedVUs", "clients",
    ]
    private static let openKeys = ["arrivals", "timeUnit"] + crowdKeys

    /// Each executor with the keys it requires and those it allows beyond the common ones.
    private static let executors: [(String, [String], [String])] = [
        ("constant-arrival-rate", ["rate", "duration"], openKeys),
        ("ramping-arrival-rate", ["stages"], ["startRate"] + openKeys),
        (
            "viral", ["share", "halfLife"],
            [
                "seen", "audience", "doubling", "reproduction", "delay", "seeds", "duration",
                "arrivals",
            ] + crowdKeys
        ),
        ("hawkes", ["rate", "branching", "decay", "duration"], ["timeUnit"] + crowdKeys),
        ("diurnal", ["rate", "duration"], ["peakAt", "trough", "period"] + openKeys),
        ("trace", ["file"], ["column", "speed", "amplify", "from", "to", "jitter"] + crowdKeys),
        ("constant-vus", ["vus", "duration"], ["clients"]),
        ("ramping-vus", ["stages"], ["startVUs", "gracefulRampDown", "clients"]),
        ("per-vu-iterations", ["vus", "iterations"], ["maxDuration", "clients"]),
        ("shared-iterations", ["vus", "iterations"], ["maxDuration", "clients"]),
    ]

    /// An entry under `scenarios:`.
    static let population = Record(
        what: "a population",
        keys: loadKeys + arrivalKeys + behaviourKeys + personKeys,
        atMostOne: [
            ["maxInFlight", "maxVUs", "maxVusers"], ["seen", "audience"],
            ["doubling", "reproduction"],
        ],
        cases: Record.Cases(
            key: "executor",
            rules: executors),
        reserved: ["replay", "weight", "env", "exec"])

    private static let loadKeys = [
        Key(
            "executor",
            .scalar(
                .word(
                    executors.map(\.0), reserved: ["replay", "externally-controlled"])),
            "How clients come: k6's words, and viral, hawkes, diurnal and trace."
        ).required,
        Key("class", word(TrafficClass.self), "What the crowd stands for.", fallback: "genuine"),
        Key("rate", .scalar(.rate), "Arrivals: 50/s, or a number per timeUnit."),
        Key("timeUnit", duration, "What bare rates are per, in wall time.", fallback: "1s"),
        Key(
            "startRate", .scalar(.rate), "The rate before the first stage.", fallback: "0/s"),
        Key("duration", duration, "How long, in story time."),
        Key("stages", .list(.part(.stage), atLeast: 1), "The course of the load."),
        Key(
            "arrivals", word(ArrivalSpacing.self), "How arrivals are spaced.",
            fallback: "uniform; poisson for viral and diurnal"),
        Key(
            "startTime", duration, "When the population begins, in story time.", fallback: "0s"),
        Key(
            "gracefulStop", duration, "How long intents may finish afterwards, in wall time.",
            fallback: "10s"),
        Key(
            "maxInFlight", count(1...10_000_000),
            "The most intents between arrival and end; more are dropped.", fallback: "10000"),
        Key("maxVUs", count(1...10_000_000), "k6's word for maxInFlight."),
        Key("maxVusers", count(1...10_000_000), "Artillery's word for maxInFlight."),
        Key(
            "preAllocatedVUs", count(0...10_000_000),
            "Accepted and ignored: nothing is allocated ahead."),
        Key("vus", count(1...1_000_000), "The number of clients."),
        Key("startVUs", count(0...1_000_000), "Clients before the first stage.", fallback: "0"),
        Key("iterations", count(1...1_000_000_000), "How many intents: each client's, or all."),
        Key("maxDuration", duration, "The longest it may take.", fallback: "10m"),
        Key(
            "gracefulRampDown", duration,
            "How long a client may finish when its number goes down.", fallback: "30s"),
    ]

    /// The keys of viral, hawkes, diurnal and trace.
    private static let arrivalKeys = [
        Key("seen", count(1...1_000_000_000), "viral: how many people saw it in the end."),
        Key(
            "audience", count(1...1_000_000_000),
            "viral: how many people can come to see it, instead of seen."),
        Key("share", fraction, "viral: the share of those who see it who act, 0 to 1."),
        Key("doubling", duration, "viral: in which time the number who saw it doubled at first."),
        Key(
            "reproduction", .scalar(.number(atLeast: 0, excluded: true, atMost: 1_000)),
            "viral: whom one person brings to see it at first, instead of doubling."),
        Key(
            "halfLife", duration, "viral: after which time people pass it on half as eagerly."),
        Key(
            "delay", duration, "viral: from seeing to acting and passing on, on average.",
            fallback: "30m"),
        Key(
            "seeds", count(1...1_000_000_000), "viral: how many see it at the start.",
            fallback: "a thousandth of the audience"),
        Key(
            "branching", .scalar(.branching),
            "hawkes: how many further arrivals one brings directly, on average; below 1."),
        Key("decay", duration, "hawkes: how much later they come, on average, in story time."),
        Key(
            "peakAt", duration, "diurnal: when the rate is highest, from the run's start.",
            fallback: "20h"),
        Key(
            "trough", share, "diurnal: the lowest rate as a share of the highest.",
            fallback: "0.2"),
        Key("period", duration, "diurnal: from one peak to the next.", fallback: "24h"),
        Key("file", text, "trace: the file of arrival times, one a line."),
        Key("column", text, "trace: the column of a CSV file, or the key of NDJSON objects."),
        Key("speed", positive, "trace: how many times as fast as recorded.", fallback: "1"),
        Key(
            "amplify", .scalar(.number(atLeast: 0, excluded: true, atMost: 10_000)),
            "trace: how many arrivals each recorded one becomes, on average.", fallback: "1"),
        Key("from", duration, "trace: leaves out what was recorded before.", fallback: "0s"),
        Key("to", duration, "trace: leaves out what was recorded then and later."),
        Key(
            "jitter", duration,
            "trace: how much later than recorded the arrivals that amplify adds may come.",
            fallback: "1s"),
    ]
    private static let share = Grammar.scalar(.number(atLeast: 0, excluded: false, atMost: 1))
    private static let fraction = Grammar.scalar(.number(atLeast: 0, excluded: true, atMost: 1))

    private static let behaviourKeys = [
        Key("tags", .map(text, names: .identifier, atLeast: 0), "Labels for thresholds."),
        Key("retry", .part(.retry), "Retries of every step without its own."),
        Key("clients", .record(clients), "The simulated phones."),
        Key("final", statuses, "Statuses that end an intent as rejected."),
        Key("flow", .list(.part(.step), atLeast: 1), "What each client does.").required,
        Key(
            "onFailure", .list(.part(.step), atLeast: 1),
            "What it does when that did not succeed; this changes nothing about how it ended."),
    ]

    static let stage = Record(
        what: "a stage",
        keys: [
            Key("name", .scalar(.name(.word)), "The phase's name."),
            Key("duration", duration, "How long, in story time.").required,
            Key(
                "target", .scalar(.rate), "The level at the end: a rate, or a number of clients."
            ).required,
            Key("shape", word(StageShape.self), "The way there.", fallback: "linear"),
            Key("kind", word(PhaseKind.self), "What the phase is for.", fallback: "load"),
        ])
}
