extension ScenarioGrammar {
    static let retry = Record(
        what: "retry",
        keys: [
            Key("max", count(0...1_000), "The most retries of a step.").required,
            Key(
                "when", .list(.scalar(.condition), atLeast: 1),
                "After what: timeout, refused, reset, connect, aborted, error or statuses.",
                fallback: "[error, 5xx]"),
            Key("delay", duration, "The wait before the first retry.", fallback: "1s"),
            Key(
                "backoff", word(RetrySpec.Backoff.self), "How the wait grows.",
                fallback: "constant"),
            Key(
                "jitter", word(RetrySpec.Jitter.self), "How the wait is spread.",
                fallback: "none"),
            Key("maxDelay", duration, "The longest wait, before jitter."),
            Key(
                "honorRetryAfter", boolean, "Wait at least as long as Retry-After says.",
                fallback: "true"),
            Key("honourRetryAfter", boolean, "The same, spelt the other way."),
            Key(
                "maxRetryAfter", duration, "The longest Retry-After that is honoured.",
                fallback: "60s"),
            Key(
                "budget", .choice([.scalar(budgetKind), .record(budget)]),
                "What limits all retries of a client together."),
        ],
        atMostOne: [["honorRetryAfter", "honourRetryAfter"]])

    private static let budgetKind = ScalarForm.word(["sre", "finagle", "aws"], reserved: [])
    private static let ratio = Grammar.scalar(.number(atLeast: 0, excluded: false, atMost: 1))
    private static let tokens = count(0...1_000_000)

    private static let budget = Record(
        what: "a budget",
        keys: [
            Key("kind", .scalar(budgetKind), "Whose rules apply.").required,
            Key(
                "shared", boolean,
                "true: one for all clients of the population, as in a gateway's process.",
                fallback: "false"),
            Key(
                "ratio", ratio,
                "sre: retries' share of all requests; finagle: retries per request.",
                fallback: "0.1, 0.2"),
            Key("window", duration, "sre: over which time the share is taken.", fallback: "2m"),
            Key(
                "minRetriesPerSecond", .scalar(.number(atLeast: 0, excluded: false, atMost: 1e6)),
                "finagle: retries allowed besides, per second of ttl.", fallback: "10"),
            Key("ttl", duration, "finagle: how long a request counts.", fallback: "10s"),
            Key("tokens", tokens, "aws: tokens of a full bucket.", fallback: "500"),
            Key("retryCost", tokens, "aws: tokens of a retry.", fallback: "5"),
            Key("timeoutCost", tokens, "aws: tokens of a retry after a timeout.", fallback: "10"),
            Key("refund", tokens, "aws: tokens for a success at once.", fallback: "1"),
        ],
        cases: Record.Cases(
            key: "kind",
            rules: [
                ("sre", [], ["ratio", "window"]),
                ("finagle", [], ["ratio", "minRetriesPerSecond", "ttl"]),
                ("aws", [], ["tokens", "retryCost", "timeoutCost", "refund"]),
            ]))
}

// MARK: - The person

extension ScenarioGrammar {
    /// The keys of a population that describe its people.
    static let personKeys = [
        Key(
            "patience", spans(what: "patience"),
            "How long a person waits from arrival on, in story time.", fallback: "for ever"),
        Key("pressAgain", .record(pressAgain), "People who are told of a failure press again."),
        Key(
            "timeout", duration,
            "How long one way through the flow may take until it has failed, in wall time."),
    ]

    private static let pressAgain = Record(
        what: "pressAgain",
        keys: [
            Key("max", count(1...50), "How often at most.").required,
            Key("after", spans(what: "after"), "How long after the failure.", fallback: "2s"),
            Key(
                "when", .list(.scalar(.condition), atLeast: 1),
                "After what: as in retry.",
                fallback: "every failure that is no final answer"),
            Key(
                "restart", word(PressAgainSpec.Restart.self),
                "Where the person begins again.", fallback: "flow"),
        ])

    /// The keys of a request that are about being interrupted.
    static let interruptionKeys = [
        Key(
            "abortAfter", .scalar(.durationOrSize),
            "The client hangs up after that time, or after so many bytes of its body."),
        Key(
            "resume", boolean,
            "put: retries ask how much of the body has arrived, and send the rest.",
            fallback: "false"),
    ]
}
