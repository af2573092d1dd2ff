extension ScenarioGrammar {
    static let target = Record(
        what: "target",
        keys: [
            Key("intake", .part(.intake), "Starts the bundled intake for the run.").required
        ],
        reserved: ["url", "resolve", "unixSocket"])

    /// The bundled intake's settings, in its own words.
    static let intake = Record(
        what: "the intake",
        keys: capacityKeys + policyKeys + [
            Key("faults", .list(.record(fault), atLeast: 0), "What shall go wrong, and when.")
        ],
        advice: [("timeScale", "the scenario's own timeScale is handed to the intake")])

    private static func countOrNone(_ range: ClosedRange<Int>) -> Grammar {
        .scalar(.orNone(.integer(range)))
    }

    private static let capacityKeys = [
        Key("workers", count(1...10_000), "How many requests are worked on at once."),
        Key("serviceTime", duration, "How long a worker takes, without using the processor."),
        Key(
            "serviceJitter", duration,
            "How far the service time varies, uniformly and both ways."),
        Key("cpuCost", duration, "Processor time a request costs."),
        Key("queue", count(0...1_000_000), "How many requests may wait for a worker."),
        Key(
            "queueOrder", .scalar(.word(["fifo", "lifo"], reserved: [])),
            "Which of them is served next."),
        Key(
            "abandoned", .scalar(.word(["work", "drop"], reserved: [])),
            "What happens to requests whose client has left."),
        Key(
            "admission", .scalar(.word(["before-body", "after-body"], reserved: [])),
            "When a worker is taken: from the first header on, or once the body is spooled."),
        Key("backlog", count(1...65_535), "The listener's backlog."),
        Key("maxConnections", countOrNone(1...1_000_000), "The most connections accepted."),
        Key("bodyLimit", .scalar(.size), "The largest body accepted."),
        Key("resumable", boolean, "Keeps interrupted media, and lets them go on."),
        Key("spoolQuota", .scalar(.orNone(.size)), "The room for media, in story size."),
        Key("databasePool", count(1...1_000), "Connections to the store."),
        Key(
            "durability", .scalar(.word(["normal", "full"], reserved: [])),
            "When the store reports a commit."),
    ]

    private static let policyKeys = [
        Key(
            "limiter",
            .record(
                Record(
                    what: "limiter",
                    keys: [
                        Key(
                            "rate", .scalar(.orNone(.perTime)),
                            "What each client may send, in story time."),
                        Key("burst", count(1...1_000_000), "How much at once."),
                        Key(
                            "key", .scalar(.name(.field)),
                            "What tells clients apart: address or a header's name."),
                        Key("status", count(400...599), "The refusal's status."),
                    ])), "Refuses who sends too much."),
        Key(
            "shed",
            .record(
                Record(
                    what: "shed",
                    keys: [
                        Key(
                            "above", countOrNone(0...1_000_000), "The queue's length from which on."
                        ),
                        Key("status", count(400...599), "The refusal's status."),
                    ])), "Refuses work when the queue is long."),
        Key("retryAfter", .scalar(.orNone(.duration)), "What refusals tell in Retry-After."),
        Key(
            "serviceArea",
            .choice([
                text,
                .list(.scalar(.number(atLeast: -360, excluded: false, atMost: 360)), atLeast: 4),
            ]), "Where phones may register: south, west, north, east in degrees."),
        Key(
            "blockList", .choice([text, .list(text, atLeast: 0)]),
            "Devices that are refused."),
        Key(
            "review",
            .record(
                Record(
                    what: "review",
                    keys: [
                        Key("analysts", count(0...10_000), "People who look at tips."),
                        Key("perItem", duration, "What one tip takes them, in story time."),
                        Key(
                            "order", .scalar(.word(["arrival", "relevance"], reserved: [])),
                            "Which tip is looked at next."),
                    ])), "The queue of human review."),
    ]
}
