extension ScenarioGrammar {
    /// The keys of a step that send a request.
    static let methodKeys = ["get", "post", "put", "patch", "delete", "head"]
    /// The keys of a request that give it a body.
    static let bodyKeys = [
        "json", "form", "text", "body", "file", "multipart", "generate", "mix",
    ]

    static let step = Record(
        what: "a step",
        keys: methodKeys.map {
            Key($0, .part(.request), "Sends \($0.uppercased()) to a URL.")
        } + [
            Key("think", spans(what: "think"), "Waits, in wall time."),
            Key("loop", .list(.part(.step), atLeast: 1), "Repeats steps."),
            Key("count", count(1...1_000_000), "How often a loop repeats."),
            Key(
                "max", count(1...1_000_000),
                "The most turns of a loop with while or until; it has failed when they are used up."
            ),
            Key("while", text, "Asked before each turn of a loop: another one while it holds."),
            Key("until", text, "Asked after each turn of a loop: another one until it holds."),
            Key("pick", .list(.record(way), atLeast: 2), "One of several ways, by weight."),
            Key("parallel", .list(.part(.step), atLeast: 1), "Steps at the same time."),
            Key("flow", .list(.part(.step), atLeast: 1), "Steps as one."),
            Key("when", text, "Leaves the step out unless this holds, such as status == 202."),
            Key(
                "optional", boolean, "true: the step's failure does not end the journey.",
                fallback: "false"),
        ],
        exactlyOne: methodKeys + ["think", "loop", "pick", "parallel", "flow"],
        atMostOne: [["count", "max"], ["while", "until"], ["think", "optional"]],
        needs: [("count", "loop"), ("max", "loop"), ("while", "loop"), ("until", "loop")],
        needsAny: [("loop", ["count", "max"])],
        reserved: ["log", "request"],
        advice: [
            ("ifTrue", "write when: CONDITION beside the step"),
            ("whileTrue", "write while: CONDITION beside the loop"),
        ])

    private static let way = Record(
        what: "a way",
        keys: [
            Key("weight", positive, "How likely it is beside the others' weights.", fallback: "1"),
            Key(
                "flow", .list(.part(.step), atLeast: 1), "What is done on it.",
                fallback: "nothing"),
        ])

    static let request = Record(
        what: "a request",
        keys: requestKeys + interruptionKeys,
        atMostOne: [bodyKeys, ["clips", "unique"]],
        needs: contentNeeds,
        reserved: ["cookies", "auth", "tags"],
        advice: ["when", "optional"].map { ($0, "it stands beside the method, not below it") })

    static let eventRequest = Record(
        what: "a request",
        keys: [
            Key(
                "method",
                .scalar(
                    .word(
                        HTTPMethod.allCases.map(\.rawValue) + methodKeys, reserved: [])),
                "The method.", fallback: "GET")
        ] + requestKeys.filter { !["capture", "retry", "uploadRate"].contains($0.name) },
        atMostOne: [bodyKeys, ["clips", "unique"]],
        needs: contentNeeds,
        reserved: ["uploadRate", "abortAfter", "capture", "retry"])

    private static let requestKeys =
        [
            Key("url", text, "Absolute, or a path below the target.").required,
            Key("name", text, "The step's name in reports.", fallback: "METHOD path"),
            Key("headers", texts, "Header fields."),
            Key("query", texts, "Fields put behind the URL's ?."),
            Key("json", .anything, "A JSON body; templates may stand in its texts."),
            Key("form", texts, "A body of form fields."),
            Key("text", text, "A body of text."),
            Key("body", .choice([text, .part(.part)]), "A body: a text, a file or generated."),
            Key(
                "multipart", .map(.part(.multipartField), names: .any, atLeast: 1),
                "A multipart/form-data body, by field."),
        ] + contentKeys + [
            Key("timeout", duration, "The attempt's deadline.", fallback: "http.timeout"),
            Key("retry", .part(.retry), "Retries of this step.", fallback: "the population's"),
            Key(
                "capture", .list(.part(.capture), atLeast: 1), "Values taken from the response."),
            Key("expect", .part(.expect), "What makes an answer good."),
            Key(
                "uploadRate", linkRate,
                "How fast its body is sent at most: 1Mbit/s, 125kB/s or a distribution."),
        ]

    static let capture = Record(
        what: "a capture",
        keys: [
            Key("json", text, "A path into a JSON body: $.id or $.items[0].name."),
            Key("header", text, "A header field."),
            Key("regex", text, "The first group of the first match in the body."),
            Key("as", .scalar(.name(.identifier)), "The variable's name.").required,
            Key("default", text, "What the variable is when nothing stands there."),
            Key(
                "optional", boolean,
                "true: empty when nothing stands there; otherwise the answer is not good.",
                fallback: "false"),
        ],
        exactlyOne: ["json", "header", "regex"],
        atMostOne: [["default", "optional"]])

    static let expect = Record(
        what: "expect",
        keys: [
            Key("status", .choice([.scalar(.status), statuses]), "The statuses wanted."),
            Key("maxDuration", duration, "The longest response time of a good answer."),
            Key("bodyContains", text, "A text the body must contain."),
        ],
        reserved: ["header"])
}

extension ScenarioGrammar {
    static let httpDefaults = Record(
        what: "http",
        keys: [
            Key(
                "timeout", duration, "An attempt's deadline, lookup and connect included.",
                fallback: "30s"),
            Key(
                "connectTimeout", duration, "The deadline for lookup, connect and TLS together.",
                fallback: "10s"),
            Key("headers", texts, "Header fields of every request."),
            Key("success", statuses, "Statuses that count as good.", fallback: "[2xx, 3xx]"),
            Key("followRedirects", count(0...50), "The most redirects.", fallback: "0"),
            Key(
                "reuseConnections", boolean, "Keep a client's connection between requests.",
                fallback: "true"),
            Key("insecure", boolean, "Accept any certificate.", fallback: "false"),
            Key("caFile", text, "A file of certificate authorities (PEM)."),
            Key(
                "version", word(HTTPDefaults.Version.self), "The HTTP version asked for.",
                fallback: "auto"),
            Key(
                "expect100", boolean, "Send Expect: 100-continue before bodies.",
                fallback: "false"),
            Key(
                "tracing", boolean,
                "Send traceparent (W3C Trace Context): a trace per intent, a span per attempt.",
                fallback: "false"),
        ] + connectionKeys,
        reserved: [
            "maxConnections", "maxConnectionsPerHost", "discardResponseBodies",
        ],
        advice: [
            ("certFile", "write tls: { certificate: FILE, key: FILE }"),
            ("keyFile", "write tls: { certificate: FILE, key: FILE }"),
        ])
}
