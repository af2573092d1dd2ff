import Primitives

/// The keys of `clients`: what a population's simulated phones are like.
extension ScenarioGrammar {
    static let clients = Record(
        what: "clients",
        keys: [
            Key(
                "reuse", count(1...1_000_000), "Intents that share one simulated client.",
                fallback: "1"),
            Key(
                "network",
                .choice([preset, .record(network), .list(.record(weighted), atLeast: 1)]),
                "The phones' network: a preset, rates and times, or several with weights."),
            Key(
                "connections", word(ClientSpec.Connections.self),
                "new: a connection for each request.", fallback: "reuse"),
            Key(
                "family", word(AddressFamily.self), "The addresses they can reach.",
                fallback: "any"),
        ],
        reserved: ["cookies", "devices", "auth", "userAgent"],
        advice: ["uplink", "downlink", "rtt", "stall", "disconnect"].map {
            ($0, "it stands in the network: network: { \($0): ... }")
        })

    private static let preset = word(NetworkPreset.self)

    private static let weighted = Record(
        what: "a choice of network",
        keys: [
            Key("weight", positive, "Its share, relative to the others'.", fallback: "1"),
            Key("network", .choice([preset, .record(network)]), "The network.").required,
        ])

    /// Rates and times of a network of one's own.
    private static let network = Record(
        what: "a network",
        keys: [
            Key("preset", preset, "A preset, for what is not said here."),
            Key("uplink", linkRate, "Towards the server: 1Mbit/s, 125kB/s or a distribution."),
            Key("downlink", linkRate, "From the server."),
            Key(
                "rtt", span, "Added to the way to the server and back, in wall time.",
                fallback: "0s"),
            Key(
                "stall",
                .record(
                    Record(
                        what: "stall",
                        keys: [
                            Key("every", span, "Between two: a mean, or a distribution.").required,
                            Key("for", span, "How long one lasts.").required,
                        ])), "Times in which nothing moves, in wall time."),
            Key(
                "disconnect",
                .record(
                    Record(
                        what: "disconnect",
                        keys: [
                            Key("every", span, "Between two: a mean, or a distribution.").required
                        ])), "Losses of all connections, in wall time."),
        ],
        reserved: ["loss", "jitter", "mtu"])

    /// A rate of bits, or a distribution of such.
    static let linkRate = Grammar.choice([
        .scalar(.bitRate),
        .record(spread(what: "a rate", of: .scalar(.bitRate), extra: [])),
    ])

    /// A duration, or a distribution of such.
    private static let span = Grammar.choice([
        duration, .record(spread(what: "a time", of: duration, extra: [])),
    ])
}
