import Primitives

/// The keys of `http` that say how connections are made.
extension ScenarioGrammar {
    static let connectionKeys = [
        Key("tls", .record(tls), "Versions, sessions and certificates of https."),
        Key(
            "resolve", texts,
            "Addresses instead of a lookup, by host:port; several with commas between."),
        Key("connectTo", texts, "host:port to connect to, by the URL's host:port."),
        Key("unixSocket", text, "A Unix socket that every connection goes to."),
        Key(
            "dns",
            .record(
                Record(
                    what: "dns",
                    keys: [
                        Key(
                            "ttl", duration,
                            "How long an address is remembered; 0s looks it up for every"
                                + " connection. Without it the target is looked up once, before"
                                + " the run.")
                    ],
                    reserved: ["select", "policy"])), "Lookups of names during the run."),
    ]

    private static let tls = Record(
        what: "tls",
        keys: [
            Key("minVersion", word(TLSVersion.self), "The oldest version accepted."),
            Key("maxVersion", word(TLSVersion.self), "The newest version offered."),
            Key(
                "resume", boolean, "A client's next connection resumes its last session.",
                fallback: "true"),
            Key("certificate", text, "The client's own certificate (PEM), perhaps a chain."),
            Key("key", text, "Its private key (PEM).", fallback: "the certificate's file"),
            Key(
                "keyPassword", text,
                "What opens the key; never written anywhere. {{ $env.NAME }} may stand in it."),
            Key("caFile", text, "A file of certificate authorities (PEM)."),
            Key("insecure", boolean, "Accept any certificate.", fallback: "false"),
        ],
        needs: [("key", "certificate"), ("keyPassword", "certificate")])
}
