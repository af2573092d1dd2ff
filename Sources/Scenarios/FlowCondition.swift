package import Primitives

/// What `when`, `while` and `until` ask: `status == 202`, `state != 'received' and not failed`.
///
/// A value is the last answer's status, a word, or a value that templates know too (captured,
/// a variable, a feeder's column); one that was never captured is an empty text. There is no
/// arithmetic and no function on purpose: what a person does next hangs on what they were told.
package struct FlowCondition: Sendable, Hashable {
    /// What a journey came to so far.
    package enum Word: String, Sendable, Hashable, CaseIterable {
        /// A step of the journey has failed: an optional one, or the one that ended it.
        case failed
        /// The journey ended with a final refusal; only after a failure.
        case rejected
        /// The journey ended because patience ran out; only after a failure.
        case gaveUp = "gave_up"
    }
    /// How two values are compared.
    package enum Relation: String, Sendable, Hashable, CaseIterable {
        /// They are the same.
        case equal = "=="
        /// They differ.
        case unequal = "!="
        /// Less.
        case less = "<"
        /// At most.
        case atMost = "<="
        /// More.
        case greater = ">"
        /// At least.
        case atLeast = ">="

        /// True when this order of two numbers is meant.
        package func holds(_ left: Double, _ right: Double) -> Bool {
            switch self {
            case .equal: left == right
            case .unequal: left != right
            case .less: left < right
            case .atMost: left <= right
            case .greater: left > right
            case .atLeast: left >= right
            }
        }
    }
    /// A part of the condition.
    package indirect enum Node: Sendable, Hashable {
        /// Both hold.
        case and(Node, Node)
        /// At least one holds.
        case or(Node, Node)
        /// It does not hold.
        case not(Node)
        /// What the journey came to.
        case word(Word)
        /// The value is there: neither empty nor `false` nor `0`.
        case given(Template.Expression)
        /// The last status belongs to a set, or does not.
        case statusIs(StatusPattern, isMeant: Bool)
        /// The last status beside a number.
        case status(Relation, Double)
        /// A value as a number beside a number; false, but for `!=`, when it is none.
        case number(Template.Expression, Relation, Double)
        /// A value as a text beside a text.
        case text(Template.Expression, String, isEqual: Bool)
        /// Two values as texts.
        case values(Template.Expression, Template.Expression, isEqual: Bool)
    }
    /// What is known when it is asked.
    package struct Facts: Sendable {
        /// The last answer's status; 0 when there was none, or none arrived whole.
        package var status: Int
        /// True once a step of the journey has failed.
        package var hasFailed: Bool
        /// How the journey ended; nil while it has not.
        package var ending: IntentEnding?

        /// Facts.
        package init(status: Int = 0, hasFailed: Bool = false, ending: IntentEnding? = nil) {
            self.status = status
            self.hasFailed = hasFailed
            self.ending = ending
        }
    }

    /// The condition as its author wrote it.
    package var text: String
    /// What it means.
    package var root: Node
    /// Where it stands in the file.
    package var location: SourceLocation

    /// A condition.
    package init(
        text: String, root: Node, location: SourceLocation = SourceLocation(line: 1, column: 1)
    ) {
        self.text = text
        self.root = root
        self.location = location
    }

    /// Whether it holds; `value` gives what an expression stands for, nil where it is unknown.
    package func holds(
        _ facts: Facts, value: (Template.Expression) -> String?
    ) -> Bool {
        FlowCondition.holds(self.root, facts, value)
    }

    private static func holds(
        _ node: Node, _ facts: Facts, _ value: (Template.Expression) -> String?
    ) -> Bool {
        switch node {
        case .and(let left, let right):
            return self.holds(left, facts, value) && self.holds(right, facts, value)
        case .or(let left, let right):
            return self.holds(left, facts, value) || self.holds(right, facts, value)
        case .not(let inner): return !self.holds(inner, facts, value)
        case .word(.failed): return facts.hasFailed
        case .word(.rejected): return facts.ending == .rejected
        case .word(.gaveUp): return facts.ending == .gaveUp
        case .given(let expression):
            return !["", "false", "0"].contains(value(expression) ?? "")
        case .statusIs(let pattern, let isMeant):
            return pattern.matches(facts.status) == isMeant
        case .status(let comparison, let limit):
            return comparison.holds(Double(facts.status), limit)
        case .number(let expression, let comparison, let limit):
            guard let number = Double(value(expression) ?? "") else {
                return comparison == .unequal
            }
            return comparison.holds(number, limit)
        case .text(let expression, let text, let isEqual):
            return ((value(expression) ?? "") == text) == isEqual
        case .values(let left, let right, let isEqual):
            return ((value(left) ?? "") == (value(right) ?? "")) == isEqual
        }
    }

    /// What it names besides the status and the words.
    package var expressions: [Template.Expression] { FlowCondition.expressions(self.root) }

    private static func expressions(_ node: Node) -> [Template.Expression] {
        switch node {
        case .and(let left, let right), .or(let left, let right):
            self.expressions(left) + self.expressions(right)
        case .not(let inner): self.expressions(inner)
        case .word, .statusIs, .status: []
        case .given(let expression), .number(let expression, _, _), .text(let expression, _, _):
            [expression]
        case .values(let left, let right, _): [left, right]
        }
    }
}
