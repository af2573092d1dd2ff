extension ScenarioGrammar {
    /// What is sampled of the server's side.
    static let probes = Record(
        what: "probes",
        keys: [
            Key(
                "process", .choice([intakeWord, .record(process), .list(processItem, atLeast: 1)]),
                "The server's process: its processor time, memory, descriptors, threads and"
                    + " queue of connections.", fallback: "the bundled intake's, if there is one"),
            Key(
                "host", .choice([boolean, .record(host)]),
                "The machine: pressure, lost connections, free space.",
                fallback: "true with the bundled intake"),
            Key(
                "prometheus", .choice([.record(page), .list(.record(page), atLeast: 1)]),
                "A Prometheus page of the server."),
            Key(
                "control", text,
                "A trivial endpoint, asked once a second beside the load: a path, or a URL."),
        ])

    private static let intakeWord = Grammar.scalar(.word(["intake"], reserved: []))
    private static let processItem = Grammar.choice([intakeWord, .record(process)])
    private static let port = count(1...65_535)

    private static let process = Record(
        what: "a process",
        keys: [
            Key(
                "name", .scalar(.name(.word)),
                "Its figures are kept as NAME/...; without a name it is the server under test."),
            Key("pid", count(1...4_194_304), "Its number."),
            Key("pidFile", text, "A file that holds its number, read anew each second."),
            Key("port", port, "A port of this machine: the process that listens at it."),
            Key(
                "listen", port, "The port whose queue of connections is read.",
                fallback: "port, or else the target's"),
        ],
        exactlyOne: ["pid", "pidFile", "port"])

    private static let host = Record(
        what: "the host",
        keys: [
            Key(
                "disk", text, "A path: the room of its file system, and its device's waits.",
                fallback: "the bundled intake's data")
        ])

    private static let page = Record(
        what: "a page",
        keys: [
            Key(
                "name", .scalar(.name(.word)),
                "Its figures are kept as NAME/...; without a name it is the server under test."),
            Key("url", text, "Its URL, or a path on the target.").required,
            Key(
                "metrics",
                .map(.choice([text, .record(metric)]), names: .any, atLeast: 1),
                "From the page's names, such as requests_total{code=\"503\"}, to figures such as"
                    + " app.shed.", fallback: "the names that are known anyway"),
        ])

    private static let metric = Record(
        what: "a figure",
        keys: [
            Key("figure", text, "Our name, such as app.db_pool_wait_ms.").required,
            Key(
                "factor", .scalar(.number(atLeast: 0, excluded: true, atMost: 1e12)),
                "What the page's number is multiplied by: 1000 from seconds to milliseconds.",
                fallback: "1"),
        ])
}
