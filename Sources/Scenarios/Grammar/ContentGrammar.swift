extension ScenarioGrammar {
    /// Keys that say more about generated content.
    static let generatedDetails = ["size", "limit", "unique"]
    /// Keys that say more about a file, generated content or a mix.
    static let contentDetails = ["filename", "contentType", "clips", "fault"]

    static let contentNeeds: [(key: String, other: String)] =
        generatedDetails.map { ($0, "generate") } + [("generate", "size"), ("sends", "fault")]

    static let contentKeys =
        plainContentKeys + [
            Key(
                "mix", .list(.record(mixed), atLeast: 1),
                "Several contents of which each intent sends one.")
        ]

    static let content = Record(
        what: "content",
        keys: contentKeys,
        exactlyOne: ["file", "generate", "mix"],
        atMostOne: [["clips", "unique"]],
        needs: contentNeeds)

    private static let mixed = Record(
        what: "a part of a mix",
        keys: [
            Key("weight", positive, "How often, beside the others.", fallback: "1")
        ] + plainContentKeys,
        exactlyOne: ["file", "generate"],
        atMostOne: [["clips", "unique"]],
        needs: contentNeeds)

    private static let plainContentKeys = [
        Key(
            "file", .choice([text, .list(text, atLeast: 1)]),
            "A file, or several of which each intent takes one."),
        Key("generate", word(GeneratedKind.self), "Generated content of that kind."),
        Key("size", .part(.size), "How large the generated content is."),
        Key("limit", .scalar(.size), "The most bytes generated."),
        Key(
            "unique", boolean, "false: the same bytes for the same size.", fallback: "true"),
        Key("clips", .record(clips), "A catalogue: popular clips are sent again and again."),
        Key("fault", word(UploadFault.Kind.self), "What is wrong with the upload."),
        Key(
            "sends", .part(.size), "The bytes sent before a truncated upload ends.",
            fallback: "a place drawn evenly"),
        Key("filename", text, "The file name told to the server."),
        Key("contentType", text, "The content type told to the server."),
    ]

    private static let clips = Record(
        what: "clips",
        keys: [
            Key("count", count(1...1_000_000), "How many clips.", fallback: "as many as files"),
            Key(
                "exponent", .scalar(.number(atLeast: 0, excluded: false, atMost: 10)),
                "Zipf's: the k-th clip is sent in proportion to k^-exponent.", fallback: "1"),
            Key(
                "catalogue", .scalar(.name(.word)),
                "A name by which several parts mean the same clips."),
        ])
}
