extension ScenarioGrammar {
    /// An entry under `phases:`.
    static let phase = Record(
        what: "a phase",
        keys: [
            Key("name", .scalar(.name(.word)), "The phase's name.", fallback: "relief"),
            Key(
                "kind", .scalar(.word(["relief"], reserved: [])),
                "relief: most of the load is taken away, to see whether the server comes back."
            ).required,
            Key("at", duration, "When, in story time from the run's start.").required,
            Key("duration", duration, "How long, in story time.").required,
            Key(
                "load", .scalar(.number(atLeast: 0, excluded: false, atMost: 1)),
                "The share of the load that stays, 0 to 1.", fallback: "0.2"),
            Key(
                "retries", boolean, "Whether apps and people try again meanwhile.",
                fallback: "false"),
        ])
}
