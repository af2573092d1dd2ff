import Primitives
import Testing

@testable import Scenarios

@Suite struct ConditionTests {
    private let scope: TemplateScope = {
        var scope = TemplateScope()
        scope.variables = ["state", "left", "id"]
        scope.feeders = ["phones": .some(["area"])]
        return scope
    }()

    private func holds(
        _ text: String, _ facts: FlowCondition.Facts = FlowCondition.Facts(status: 202),
        _ values: [String: String] = [:]
    ) throws -> Bool {
        let condition = FlowCondition(
            text: text, root: try ConditionParsing.parse(text, scope: self.scope))
        return condition.holds(facts) { expression in
            switch expression {
            case .variable(let name): values[name]
            case .column(let feeder, let name): values["\(feeder).\(name)"]
            default: nil
            }
        }
    }

    @Test(
        "Conditions hold as they read.",
        arguments: [
            ("status == 202", true), ("status != 202", false), ("status == 2xx", true),
            ("status != 2xx", false), ("status >= 300", false), ("status < 300", true),
            ("state == 'received'", true), ("state != \"received\"", false),
            ("state != 'lost' and status == 202", true), ("state == 'lost' or status == 2xx", true),
            ("not state == 'lost'", true), ("!(state == 'lost' || status == 500)", true),
            ("state", true), ("id", false), ("not id", true), ("id == ''", true),
            ("left > 2", true), ("left <= 2.5", false), ("left == 3", true), ("left != 3", false),
            ("state > 2", false), ("state != 2", true), ("id < 1", false),
            ("phones.area == 'out'", true), ("state == phones.area", false),
            ("state == 'lost' and status == 202 or left == 3", true),
            ("state == 'lost' && (status == 202 || left == 3)", false), ("failed", false),
            ("  not\tfailed ", true), ("rejected or gave_up", false),
            ("not not status == 202", true),
        ])
    func holding(text: String, expected: Bool) throws {
        let values = ["state": "received", "left": "3", "phones.area": "out"]
        let facts = FlowCondition.Facts(status: 202)
        #expect(try self.holds(text, facts, values) == expected, "\(text)")
    }

    @Test("The words tell how a journey ended.")
    func words() throws {
        for (ending, text) in [
            (IntentEnding.rejected, "rejected"), (.gaveUp, "gave_up"),
        ] {
            let facts = FlowCondition.Facts(hasFailed: true, ending: ending)
            #expect(try self.holds("\(text) and failed", facts))
            let other = FlowCondition.Facts(hasFailed: true, ending: .failed)
            #expect(try !self.holds(text, other))
            #expect(try self.holds("failed and not \(text)", other))
        }
        #expect(try self.holds("status == 0", FlowCondition.Facts()), "no answer has no status")
    }

    @Test(
        "What cannot be understood is told at its place.",
        arguments: [
            ("", 0, "a value is missing here; write for example status == 202"),
            ("status", 0, "status is a number; write status == 202"),
            ("status == 'x'", 7, "status is a number; write status == 202"),
            ("status = 202", 7, "'=' means nothing here; write =="),
            ("status == 20x", 10, "'20x' is not a number"),
            ("status < 2xx", 7, "a family of statuses is == or !=, as in status == 2xx"),
            ("202 == status", 4, "write the value first, as in status == 202"),
            ("state == 2xx", 6, "only status belongs to a family of statuses"),
            ("state < 'b'", 6, "'<' compares with a number; texts are == or !="),
            ("state == 'b", 9, "this text is never closed by '"),
            ("sate == 'b'", 0, "unknown variable 'sate'; did you mean 'state'?"),
            ("stats == 200", 0, "unknown word 'stats'; did you mean 'status'?"),
            ("state 'b'", 6, "'b' is too much; join with 'and' or 'or'"),
            ("(state == 'b'", 13, "a ')' is missing here"),
            ("state == 'b' and", 16, "a value is missing here; write for example status == 202"),
            ("and state", 0, "a value is missing here, not 'and'; write for example status == 202"),
            ("failed == 1", 7, "'failed' is true or false; write it alone, or not failed"),
            ("1", 0, "this holds always or never; compare it with a value"),
            ("'a' == 'a'", 4, "this holds always or never; compare with a value"),
            ("phones.zip", 0, "'phones' has no column 'zip'; its columns are: area"),
            ("$seq == 1", 0, "'$seq' cannot be compared; use pick to draw"),
            ("state ? 1", 6, "'?' means nothing here"),
        ])
    func mistakes(text: String, offset: Int, message: String) {
        #expect(throws: ConditionParsing.Mistake(offset: offset, message: message)) {
            try ConditionParsing.parse(text, scope: self.scope)
        }
    }

    @Test("Nesting is bounded, so that no text can exhaust the stack.")
    func deep() {
        for opening in ["(", "not ", "!"] {
            let text = String(repeating: opening, count: 20_000) + "failed"
            #expect(throws: ConditionParsing.Mistake.self) {
                try ConditionParsing.parse(text, scope: self.scope)
            }
        }
    }

    @Test("What a condition names is known, for the checks of feeders and environment.")
    func expressions() throws {
        let root = try ConditionParsing.parse(
            "state == 'x' and (left > 3 or not phones.area) and id != state and status == 1",
            scope: self.scope)
        #expect(
            FlowCondition(text: "", root: root).expressions == [
                .variable("state"), .variable("left"), .column(feeder: "phones", name: "area"),
                .variable("id"), .variable("state"),
            ])
    }
}
