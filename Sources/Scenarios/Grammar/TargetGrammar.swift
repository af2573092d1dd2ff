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
        keys: capacityKeys + policyKeys,
        reserved: ["faults"],
        advice: [("timeScale", "the scenario's own timeScale is handed to the intake")])

    private static let capacityKeys = [
        Key("workers", count(1...100_000), "How many requests are worked on at once."),
        Key("serviceTime", duration, "How long a worker takes, without using the processor."),
        Key(
            "serviceJitter", .scalar(.number(atLeast: 0, excluded: false, atMost: 1)),
            "The share of the service time that varies."),
        Key("cpuCost", duration, "Processor time a request costs."),
        Key("queue", count(0...10_000_000), "How many requests may wait for a worker."),
        Key(
            "queueOrder", .scalar(.word(["fifo", "lifo"], reserved: [])),
            "Which of them is served next."),
        Key(
            "abandoned", .scalar(.word(["work", "drop"], reserved: [])),
            "What happens to requests whose client has left."),
        Key(
            "admission", .scalar(.word(["before-body", "after-body"], reserved: [])),
            "When a worker is taken: from the first header on, or once the body is spooled."),
        Key("backlog", count(1...1_000_000), "The listener's backlog."),
        Key("maxConnections", count(1...1_000_000), "The most connections accepted."),
        Key("bodyLimit", .scalar(.size), "The largest body accepted."),
        Key("spoolQuota", .scalar(.size), "The room for media, in story size."),
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
                        Key("rate", .scalar(.rate), "What each key may send."),
                        Key("burst", count(1...10_000_000), "How much at once."),
                        Key("key", text, "What is counted, such as address or device."),
                        Key("status", count(400...599), "The refusal's status."),
                    ])), "Refuses who sends too much."),
        Key(
            "shed",
            .record(
                Record(
                    what: "shed",
                    keys: [
                        Key("above", count(0...10_000_000), "The queue's length from which on."),
                        Key("status", count(400...599), "The refusal's status."),
                    ])), "Refuses work when the queue is long."),
        Key("retryAfter", duration, "What refusals tell in Retry-After."),
        Key(
            "serviceArea", .choice([text, .list(text, atLeast: 1)]),
            "Where devices must be to register."),
        Key(
            "blockList", .choice([text, .list(text, atLeast: 0)]),
            "Devices that are refused."),
        Key(
            "review",
            .record(
                Record(
                    what: "review",
                    keys: [
                        Key("analysts", count(0...1_000_000), "People who look at tips."),
                        Key("perItem", duration, "What one tip takes them, in story time."),
                        Key(
                            "order", .scalar(.word(["arrival", "relevance"], reserved: [])),
                            "Which tip is looked at next."),
                    ])), "The queue of human review."),
    ]
}
