import Primitives

/// Reads the condition of `when`, `while` or `until`.
///
///     condition  = all { ("or" | "||") all }
///     all        = single { ("and" | "&&") single }
///     single     = ("not" | "!") single | "(" condition ")" | value [ comparison value ]
///     comparison = "==" | "!=" | "<" | "<=" | ">" | ">="
///     value      = status | failed | rejected | gave_up | name | feeder.column | $env.NAME
///                | number | 2xx | 'text' | "text"
struct ConditionParsing {
    /// What is wrong, and where in the text, counted in Unicode scalars.
    struct Mistake: Error, Equatable {
        var offset: Int
        var message: String
    }
    private enum Token: Equatable {
        case word(String)
        case number(Double)
        case family(StatusPattern)
        case text(String)
        case sign(String)
        case end
    }
    private enum Value {
        case status
        case word(FlowCondition.Word)
        case expression(Template.Expression)
        case number(Double)
        case family(StatusPattern)
        case text(String)
    }

    private static let deepest = 50
    private let scope: TemplateScope
    private var tokens: [(token: Token, offset: Int)] = []
    private var index = 0
    private var depth = 0

    /// The condition that a text says.
    ///
    /// - Throws: `Mistake` for what cannot be understood, at its place.
    static func parse(_ text: String, scope: TemplateScope) throws(Mistake) -> FlowCondition.Node {
        var parsing = ConditionParsing(scope: scope)
        try parsing.tokenize(Array(text.unicodeScalars))
        let root = try parsing.condition()
        let (rest, offset) = parsing.tokens[parsing.index]
        guard rest == .end else {
            throw Mistake(
                offset: offset, message: "'\(name(of: rest))' is too much; join with 'and' or 'or'")
        }
        return root
    }

    private init(scope: TemplateScope) {
        self.scope = scope
    }

    // MARK: - Words and signs

    private mutating func tokenize(_ scalars: [Unicode.Scalar]) throws(Mistake) {
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == " " || scalar == "\t" || scalar == "\n" {
                index += 1
            } else if scalar == "'" || scalar == "\"" {
                guard let close = scalars[(index + 1)...].firstIndex(of: scalar) else {
                    throw Mistake(offset: index, message: "this text is never closed by \(scalar)")
                }
                let inside = ConditionParsing.string(scalars[(index + 1)..<close])
                self.tokens.append((.text(inside), index))
                index = close + 1
            } else if ConditionParsing.isPart(scalar) || scalar == "-" {
                let end =
                    scalars[(index + 1)...].firstIndex { !ConditionParsing.isPart($0) }
                    ?? scalars.count
                let text = ConditionParsing.string(scalars[index..<end])
                self.tokens.append((try ConditionParsing.token(text, offset: index), index))
                index = end
            } else {
                let sign = try ConditionParsing.sign(scalars, at: index)
                self.tokens.append((.sign(sign), index))
                index += sign.count
            }
        }
        self.tokens.append((.end, scalars.count))
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "." || scalar == "$"
    }

    private static func token(_ text: String, offset: Int) throws(Mistake) -> Token {
        guard let first = text.unicodeScalars.first,
            ("0"..."9").contains(first) || first == "-" || first == "."
        else { return .word(text) }
        if text.hasSuffix("xx"), let family = StatusPattern(text: text, isPlain: true) {
            return .family(family)
        }
        guard JSONNumber.isNumber(text), let number = Double(text), number.isFinite else {
            throw Mistake(offset: offset, message: "'\(text)' is not a number")
        }
        return .number(number)
    }

    private static func sign(
        _ scalars: [Unicode.Scalar], at index: Int
    ) throws(Mistake) -> String {
        let pair = string(scalars[index..<min(index + 2, scalars.count)])
        if ["==", "!=", "<=", ">=", "&&", "||"].contains(pair) { return pair }
        let single = String(pair.prefix(1))
        if ["<", ">", "(", ")", "!"].contains(single) { return single }
        let advice = single == "=" ? "; write ==" : ""
        throw Mistake(offset: index, message: "'\(single)' means nothing here\(advice)")
    }

    private static func name(of token: Token) -> String {
        switch token {
        case .word(let text), .text(let text), .sign(let text): text
        case .number(let number): UnitText.trimmed(number)
        case .family: "a family of statuses"
        case .end: "the end"
        }
    }

    // MARK: - Grammar

    private mutating func take(_ words: String...) -> Bool {
        switch self.tokens[self.index].token {
        case .word(let text), .sign(let text):
            guard words.contains(text) else { return false }
            self.index += 1
            return true
        default: return false
        }
    }

    private mutating func condition() throws(Mistake) -> FlowCondition.Node {
        var node = try self.all()
        while self.take("or", "||") { node = .or(node, try self.all()) }
        return node
    }

    private mutating func all() throws(Mistake) -> FlowCondition.Node {
        var node = try self.single()
        while self.take("and", "&&") { node = .and(node, try self.single()) }
        return node
    }

    private mutating func single() throws(Mistake) -> FlowCondition.Node {
        self.depth += 1
        defer { self.depth -= 1 }
        let offset = self.tokens[self.index].offset
        guard self.depth <= ConditionParsing.deepest else {
            throw Mistake(
                offset: offset, message: "nested more than \(ConditionParsing.deepest) deep")
        }
        if self.take("not", "!") { return .not(try self.single()) }
        if self.take("(") {
            let node = try self.condition()
            guard self.take(")") else {
                throw Mistake(
                    offset: self.tokens[self.index].offset, message: "a ')' is missing here")
            }
            return node
        }
        let left = try self.value()
        guard case .sign(let sign) = self.tokens[self.index].token,
            let comparison = FlowCondition.Relation(rawValue: sign)
        else { return try ConditionParsing.alone(left, offset: offset) }
        let place = self.tokens[self.index].offset
        self.index += 1
        let right = try self.value()
        return try ConditionParsing.compared(left, comparison, right, offset: place)
    }

    private mutating func value() throws(Mistake) -> Value {
        let (token, offset) = self.tokens[self.index]
        self.index += 1
        switch token {
        case .number(let number): return .number(number)
        case .family(let family): return .family(family)
        case .text(let text): return .text(text)
        case .word("status"): return .status
        case .word(let text):
            if ["and", "or", "not"].contains(text) { break }
            if let word = FlowCondition.Word(rawValue: text) { return .word(word) }
            return .expression(try self.expression(text, offset: offset))
        case .sign, .end: break
        }
        self.index -= 1
        let found = token == .end ? "" : ", not '\(ConditionParsing.name(of: token))'"
        throw Mistake(
            offset: offset,
            message: "a value is missing here\(found); write for example status == 202")
    }

    /// A name as templates know it; the message says what conditions know besides.
    private func expression(
        _ name: String, offset: Int
    ) throws(Mistake) -> Template.Expression {
        let parsing = TemplateParsing("{{ \(name) }}", scope: self.scope)
        if let mistake = parsing.mistakes.first {
            let own = ["status"] + FlowCondition.Word.allCases.map(\.rawValue)
            let near = Suggestion.nearest(to: name, among: own)
            throw Mistake(
                offset: offset,
                message: near.map { "unknown word '\(name)'; did you mean '\($0)'?" }
                    ?? mistake.message)
        }
        guard case .expression(let expression)? = parsing.pieces.first else {
            throw Mistake(offset: offset, message: "'\(name)' is no value")
        }
        switch expression {
        case .variable, .column, .environment: return expression
        case .sequence, .uuid, .randomInt, .admin, .key:
            throw Mistake(
                offset: offset, message: "'\(name)' cannot be compared; use pick to draw")
        }
    }

    // MARK: - Types

    private static func alone(_ value: Value, offset: Int) throws(Mistake) -> FlowCondition.Node {
        switch value {
        case .word(let word): return .word(word)
        case .expression(let expression): return .given(expression)
        case .status:
            throw Mistake(offset: offset, message: "status is a number; write status == 202")
        case .number, .family, .text:
            throw Mistake(
                offset: offset, message: "this holds always or never; compare it with a value")
        }
    }

    private static func compared(
        _ left: Value, _ comparison: FlowCondition.Relation, _ right: Value, offset: Int
    ) throws(Mistake) -> FlowCondition.Node {
        let isEquality = comparison == .equal || comparison == .unequal
        let isEqual = comparison == .equal
        func ordersTexts() throws(Mistake) {
            guard !isEquality else { return }
            throw Mistake(
                offset: offset,
                message: "'\(comparison.rawValue)' compares with a number; texts are == or !=")
        }
        switch (left, right) {
        case (.status, .number(let number)): return .status(comparison, number)
        case (.status, .family(let family)):
            guard isEquality else {
                throw Mistake(
                    offset: offset, message: "a family of statuses is == or !=, as in status == 2xx"
                )
            }
            return .statusIs(family, isMeant: isEqual)
        case (.status, _):
            throw Mistake(offset: offset, message: "status is a number; write status == 202")
        case (.expression(let expression), .number(let number)):
            return .number(expression, comparison, number)
        case (.expression(let expression), .text(let text)):
            try ordersTexts()
            return .text(expression, text, isEqual: isEqual)
        case (.expression(let first), .expression(let second)):
            try ordersTexts()
            return .values(first, second, isEqual: isEqual)
        case (.expression, .family):
            throw Mistake(offset: offset, message: "only status belongs to a family of statuses")
        case (.word(let word), _), (_, .word(let word)):
            throw Mistake(
                offset: offset,
                message:
                    "'\(word.rawValue)' is true or false; write it alone, or not \(word.rawValue)")
        case (_, .status), (_, .expression):
            throw Mistake(offset: offset, message: "write the value first, as in status == 202")
        default:
            throw Mistake(
                offset: offset, message: "this holds always or never; compare with a value")
        }
    }
}
