import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite struct FeederLimitsTests {
    private let names = FeederRows(
        columns: ["name"], rows: (0..<5).map { ["n\($0)"] }, order: .once)

    private var step: StepSpec {
        let template = Template(pieces: [.expression(.column(feeder: "names", name: "name"))])
        return .request(Sample.post(body: .text(template)))
    }

    private func scenario(_ populations: [PopulationSpec]) -> Scenario {
        var scenario = Sample.scenario(populations)
        scenario.feeders = [
            FeederSpec(
                name: "names", source: .inline(rows: []), order: .once,
                location: SourceLocation(line: 3, column: 3))
        ]
        return scenario
    }

    private func plan(_ populations: [PopulationSpec]) throws -> Plan {
        try Plan.make(
            self.scenario(populations), materials: DraftMaterials(feeders: ["names": self.names]))
    }

    @Test("Each row is for one intent; the next has none, and the message says so.")
    func runsDry() throws {
        let plan = try self.plan([
            Sample.population(Sample.constant(1, seconds: 7), flow: [self.step])
        ])
        let drafter = RequestDrafter(
            plan: plan, runID: "r", baseURL: "http://localhost", adminURL: nil)
        var texts: [String] = []
        for intent in 0..<5 {
            let draft = try drafter.draft(
                plan.populations[0].steps[0],
                context: DraftContext(population: 0, intent: intent, instruction: 0))
            texts.append(Sample.text(draft.body))
        }
        #expect(texts == ["n0", "n1", "n2", "n3", "n4"])
        let error = #expect(throws: DraftError.self) {
            try drafter.draft(
                plan.populations[0].steps[0],
                context: DraftContext(population: 0, intent: 5, instruction: 0))
        }
        #expect(
            error?.message == "the feeder 'names' has run dry: each of its 5 rows is used once")
    }

    @Test("A plan with more intents than rows is warned about, one with as many is not.")
    func warnings() throws {
        let open = { (seconds: Int64) in
            Sample.population(Sample.constant(1, seconds: seconds), flow: [self.step])
        }
        #expect(try self.plan([open(5)]).feederWarnings.isEmpty)
        #expect(
            try self.plan([open(7)]).feederWarnings == [
                "the feeder 'names' has 5 rows for one use each and people about 7 intents: "
                    + "2 of them will find none and fail"
            ])
        let closed = Sample.population(
            .constantVUs(vus: 1, duration: .seconds(20)), flow: [self.step])
        #expect(try self.plan([closed]).feederWarnings.count == 1)
        #expect(try self.plan([open(7)]).outline().warnings.contains { $0.contains("'names'") })
    }

    @Test("Two populations cannot share rows of single use.")
    func shared() throws {
        let two = [
            Sample.population("one", Sample.constant(1, seconds: 1), flow: [self.step]),
            Sample.population("two", Sample.constant(1, seconds: 1), flow: [self.step]),
        ]
        let error = #expect(throws: ScenarioErrors.self) { try self.plan(two) }
        #expect(
            error?.mistakes.map(\.message) == [
                "'two' and 'one' both use the feeder 'names', whose rows are for one use; "
                    + "give each a feeder of its own"
            ])
    }

    @Test("A JSON array of plain values is a feeder with the column value.")
    func plainValues() throws {
        let table = try JSONTable(Array(#"["a", 2, null, true, 1.5]"#.utf8))
        #expect(table.columns == ["value"])
        #expect(table.rows == [["a"], ["2"], [""], ["true"], ["1.5"]])
    }
}
