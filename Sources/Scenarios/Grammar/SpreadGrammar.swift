extension ScenarioGrammar {
    static let size = spread(
        what: "size", of: .scalar(.size),
        extra: [Key("max", .scalar(.size), "The most bytes.")], allowsFiles: true)

    /// A span, or a distribution of spans.
    static func spans(what: String) -> Grammar {
        .choice([
            duration, .record(spread(what: what, of: duration, extra: [], allowsFiles: true)),
        ])
    }

    /// A distribution of sizes or times, by numbers that people can know.
    ///
    /// - Parameter allowsFiles: true where recorded values are read before the run.
    static func spread(
        what: String, of value: Grammar, extra: [Key], allowsFiles: Bool = false
    ) -> Record {
        let forms = [
            form("uniform", "Equally likely between two values.", spreadEnds(value)),
            form(
                "lognormal", "Log-normal, by two quantiles.",
                [
                    Key("median", value, "Half are below.").required,
                    Key("p99", value, "99 in 100 are below.").required,
                ]),
            form(
                "exponential", "Exponential: without memory.",
                [Key("mean", value, "The mean, above 0.").required]),
            Key("pareto", .record(pareto(value)), "Pareto: few are very large."),
            form(
                "normal", "Normal, the part below 0 left out.",
                [
                    Key("mean", value, "The middle of the bell.").required,
                    Key("sd", value, "The standard deviation, above 0.").required,
                ]),
            Key(
                "choices",
                .list(.choice([value, .record(weighted(value))]), atLeast: 1),
                "One of some values."),
        ]
        let files = Key(
            "empirical", .choice([text, .record(recorded)]),
            "One of the values in a file, each as often as the others.")
        let all = forms + (allowsFiles ? [files] : [])
        return Record(what: what, keys: all + extra, exactlyOne: all.map(\.name))
    }

    private static func form(_ name: String, _ summary: String, _ keys: [Key]) -> Key {
        Key(name, .record(Record(what: name, keys: keys)), summary)
    }

    static func spreadEnds(_ value: Grammar) -> [Key] {
        [
            Key("min", value, "The least.").required, Key("max", value, "The most.").required,
        ]
    }

    private static func pareto(_ value: Grammar) -> Record {
        Record(
            what: "pareto",
            keys: [
                Key("min", value, "The least, above 0.").required,
                Key("shape", positive, "The share above x is (min / x)^shape."),
                Key("p99", value, "99 in 100 are below."),
            ],
            exactlyOne: ["shape", "p99"],
            advice: [("alpha", "write shape"), ("scale", "write min")])
    }

    private static func weighted(_ value: Grammar) -> Record {
        Record(
            what: "a choice",
            keys: [
                Key("value", value, "The value.").required,
                Key("weight", positive, "How often, beside the others.", fallback: "1"),
            ])
    }

    private static let recorded = Record(
        what: "empirical",
        keys: [
            Key("file", text, "A file with one value a line, or CSV.").required,
            Key("column", text, "The column of a CSV file."),
        ])
}
