extension Scenario {
    /// The scenario language as a JSON Schema (draft-07), made from the decoder's own grammar.
    ///
    /// Draft-07 because every editor's plug-in understands it. About 1 ms a call.
    package static var jsonSchema: String {
        var members: [(String, JSONText)] = [
            ("$schema", .text("http://json-schema.org/draft-07/schema#")),
            ("$id", .text("scenario-v1.schema.json")),
            ("title", .text("Spate scenario, version 1")),
            ("description", .text("A load or outage scenario; bare numbers are no durations.")),
        ]
        members += ScenarioSchema.members(of: ScenarioGrammar.root)
        let parts = Grammar.Part.allCases.map { part in
            let described: [(String, JSONText)] = [
                ("$id", .text("#\(part.rawValue)")),
                ("description", .text(ScenarioGrammar.summary(of: part))),
            ]
            let own = ScenarioSchema.members(of: ScenarioGrammar.grammar(of: part))
            return (part.rawValue, JSONText.object(described + own))
        }
        members.append(("definitions", .object(parts)))
        return JSONText.object(members).rendered() + "\n"
    }
}

/// Writes a grammar as JSON Schema.
enum ScenarioSchema {
    /// The members of a grammar's schema.
    static func members(of grammar: Grammar) -> [(String, JSONText)] {
        switch grammar {
        case .part(let part):
            return [
                ("allOf", .list([.object([("$ref", .text("#/definitions/\(part.rawValue)"))])]))
            ]
        case .scalar(let form):
            return form.schema
        case .list(let item, let least):
            var members: [(String, JSONText)] = [
                ("type", .text("array")), ("items", .object(Self.members(of: item))),
            ]
            if least > 0 { members.append(("minItems", .integer(least))) }
            return members
        case .map(let value, let names, let least):
            var members: [(String, JSONText)] = [
                ("type", .text("object")),
                ("propertyNames", .object([("pattern", .text(names.pattern))])),
                ("additionalProperties", .object(Self.members(of: value))),
            ]
            if least > 0 { members.append(("minProperties", .integer(least))) }
            return members
        case .record(let record):
            return Self.members(of: record)
        case .choice(let options):
            return [("anyOf", .list(options.map { .object(Self.members(of: $0)) }))]
        case .anything:
            return []
        }
    }

    /// The members of a record's schema.
    static func members(of record: Record) -> [(String, JSONText)] {
        var members: [(String, JSONText)] = [("type", .text("object"))]
        let required = record.keys.filter(\.isRequired).map { JSONText.text($0.name) }
        if !required.isEmpty { members.append(("required", .list(required))) }
        if record.allowsExtensions {
            members.append(
                (
                    "patternProperties",
                    .object([("^x-", .object([("description", .text("Anything."))]))])
                ))
        }
        members.append(("additionalProperties", .boolean(false)))
        members.append(("properties", .object(record.keys.map { ($0.name, Self.schema(of: $0)) })))
        if !record.needs.isEmpty {
            let needs = record.needs.map { ($0.key, JSONText.list([.text($0.other)])) }
            members.append(("dependencies", .object(needs)))
        }
        let conditions = Self.conditions(of: record)
        if !conditions.isEmpty { members.append(("allOf", .list(conditions))) }
        return members
    }

    private static func schema(of key: Key) -> JSONText {
        var summary = key.summary
        if let fallback = key.fallback { summary += " Default: \(fallback)." }
        return .object([("description", .text(summary))] + Self.members(of: key.grammar))
    }

    private static func conditions(of record: Record) -> [JSONText] {
        var conditions: [JSONText] = []
        if !record.exactlyOne.isEmpty {
            conditions.append(.object([("oneOf", .list(record.exactlyOne.map(Self.requires)))]))
        }
        for group in record.atMostOne {
            let none = JSONText.object([
                ("not", .object([("anyOf", .list(group.map(Self.requires)))]))
            ])
            conditions.append(.object([("oneOf", .list(group.map(Self.requires) + [none]))]))
        }
        for need in record.needsAny {
            conditions.append(
                .object([
                    ("if", Self.requires(need.key)),
                    ("then", .object([("anyOf", .list(need.others.map(Self.requires)))])),
                ]))
        }
        guard let cases = record.cases else { return conditions }
        var dependent: [String] = []
        for name in cases.rules.flatMap({ $0.needs + $0.allows }) where !dependent.contains(name) {
            dependent.append(name)
        }
        for rule in cases.rules {
            let own = Set(rule.needs + rule.allows)
            let foreign = dependent.filter { !own.contains($0) }
            let chosen = JSONText.object([("const", .text(rule.value))])
            conditions.append(
                .object([
                    (
                        "if",
                        .object([
                            ("properties", .object([(cases.key, chosen)])),
                            ("required", .list([.text(cases.key)])),
                        ])
                    ),
                    (
                        "then",
                        .object([
                            ("required", .list(rule.needs.map { .text($0) })),
                            ("properties", .object(foreign.map { ($0, .boolean(false)) })),
                        ])
                    ),
                ]))
        }
        return conditions
    }

    private static func requires(_ name: String) -> JSONText {
        .object([("required", .list([.text(name)]))])
    }
}

extension ScalarForm {
    private static let span = "([0-9]+(\\.[0-9]+)? *(ns|us|µs|ms|s|m|h|d))+"
    private static let perTimeText =
        "^[0-9]+(\\.[0-9]+)? */ *((ns|us|µs|ms|s|m|h|d)|\(span))$"
    private static let bitRateText =
        "^[0-9]+(\\.[0-9]+)? *([kMG]?bit/s|[kMG]?bps|[kKMG]?B/s|[KMG]iB/s)$"
    private static let statusText = "([1-5]xx|[1-5][0-9]{2}(-[1-5][0-9]{2})?)"

    /// The members of the form's schema; it judges the same texts as `objection`.
    var schema: [(String, JSONText)] {
        switch self {
        case .text:
            [("type", .list([.text("string"), .text("number"), .text("boolean")]))]
        case .duration:
            Self.either(
                [("const", .integer(0))], [Self.pattern("^(0|\(Self.span))$")],
                examples: ["30s", "1h30m", "200ms"])
        case .size:
            Self.either(
                [("type", .text("integer")), ("minimum", .integer(0))],
                [Self.pattern("^([0-9]+|[0-9]+(\\.[0-9]+)? *(B|kB|KB|MB|GB|TB|KiB|MiB|GiB))$")],
                examples: ["25MB", "8MiB"])
        case .durationOrSize:
            Self.either(
                [("const", .integer(0))],
                [
                    Self.pattern(
                        "^(0|\(Self.span)|[0-9]+(\\.[0-9]+)? *(B|kB|KB|MB|GB|TB|KiB|MiB|GiB))$")
                ], examples: ["3s", "500kB"])
        case .rate:
            Self.either(
                [("type", .text("number")), ("minimum", .integer(0))],
                [Self.pattern(Self.perTimeText)],
                examples: ["50/s", "24000/h"])
        case .number(let low, let excluded, let high):
            [
                ("type", .text("number")),
                (excluded ? "exclusiveMinimum" : "minimum", .number(low)),
                ("maximum", .number(high)),
            ]
        case .integer(let range):
            [
                ("type", .text("integer")), ("minimum", .integer(range.lowerBound)),
                ("maximum", .integer(range.upperBound)),
            ]
        case .boolean: [("type", .text("boolean"))]
        case .word(let words, _):
            [
                (
                    "enum",
                    .list(
                        words.map { .text($0) }
                            + words.filter(JSONNumber.isNumber).compactMap(Double.init).map {
                                .number($0)
                            })
                )
            ]
        case .status: Self.either(Self.code, [Self.pattern("^\(Self.statusText)$")], examples: [])
        case .condition:
            Self.either(
                Self.code,
                [
                    Self.pattern(
                        "^(\(Self.conditionWords.joined(separator: "|"))|\(Self.statusText))$")
                ],
                examples: [])
        case .output:
            [
                ("type", .text("string")),
                Self.pattern("^(\(Self.outputKinds.joined(separator: "|")))(=[\\s\\S]+)?$"),
            ]
        case .expression:
            [("type", .text("string")), Self.pattern(ThresholdExpression.pattern)]
        case .name(let form):
            [("type", .list([.text("string"), .text("number"), .text("boolean")]))]
                + [Self.pattern(form.pattern)]
        case .perTime: [("type", .text("string")), Self.pattern(Self.perTimeText)]
        case .bitRate:
            [("type", .text("string")), Self.pattern(Self.bitRateText)]
        case .orNone(let form):
            [("anyOf", .list([.object([("const", .text("none"))]), .object(form.schema)]))]
        case .branching:
            [
                ("type", .text("number")), ("minimum", .integer(0)),
                ("maximum", .number(Self.highestBranching)),
            ]
        case .version: [("const", .integer(1))]
        }
    }

    private static var code: [(String, JSONText)] {
        [
            ("type", .text("integer")), ("minimum", .integer(100)), ("maximum", .integer(599)),
        ]
    }

    private static func pattern(_ text: String) -> (String, JSONText) { ("pattern", .text(text)) }

    private static func either(
        _ number: [(String, JSONText)], _ text: [(String, JSONText)], examples: [String]
    ) -> [(String, JSONText)] {
        var members: [(String, JSONText)] = [
            (
                "anyOf",
                .list([.object(number), .object([("type", .text("string"))] + text)])
            )
        ]
        if !examples.isEmpty {
            members.append(("examples", .list(examples.map { .text($0) })))
        }
        return members
    }
}
