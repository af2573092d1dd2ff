import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite struct FlowCompilingTests {
    private func get(_ url: String) -> StepSpec { .request(Sample.get(url)) }

    private func population(
        _ flow: [StepSpec], onFailure: [StepSpec] = []
    ) throws -> PopulationPlan {
        var spec = Sample.population(Sample.constant(1, seconds: 10), flow: flow)
        spec.onFailure = onFailure
        return try Sample.plan([spec]).populations[0]
    }

    private let received = FlowCondition(
        text: "state == 'received'", root: .text(.variable("state"), "received", isEqual: true))

    @Test("A straight flow is its requests and pauses, and nothing else.")
    func straight() throws {
        let plan = try self.population([self.get("/a"), .think(.fixed(2)), self.get("/b")])
        #expect(plan.instructions == [.request(step: 0), .think(.fixed(2)), .request(step: 1)])
        #expect(plan.program.isStraight)
        #expect(plan.flowLines.isEmpty)
        #expect(plan.longestIntent == 62)
        #expect(plan.requestsPerIntent == 2)
    }

    @Test("Every kind of step becomes exactly these instructions.")
    func listing() throws {
        let plan = try self.population(
            [
                .when(self.received, self.get("/a")),
                .optional(
                    .loop(
                        LoopSpec(
                            [.think(.fixed(1)), self.get("/b")], most: 5,
                            test: .until(self.received), failsAtMost: true))),
                .pick([
                    WaySpec(weight: 1, steps: [self.get("/c")]), WaySpec(weight: 3, steps: []),
                ]),
                .parallel([self.get("/d"), .group([self.get("/e"), self.get("/f")])]),
                .loop(LoopSpec([self.get("/g")], most: 2, test: .whileTrue(self.received))),
            ], onFailure: [self.get("/h")])
        #expect(
            plan.flowLines == [
                " 0  when state == 'received', else 2",
                " 1  GET /a",
                " 2  loop of at most 5",
                " 3  think 1 s",
                " 4  GET /b, failed 10",
                " 5  when state == 'received', else 7",
                " 6  go to 9",
                " 7  next turn 3",
                " 8  failed: all turns are used up, failed 10",
                " 9  loop over",
                "10  pick 25% 11, 75% 13",
                "11  GET /c",
                "12  go to 13",
                "13  at once 14, 16, then 19",
                "14  GET /d",
                "15  branch over",
                "16  GET /e",
                "17  GET /f",
                "18  branch over",
                "19  loop of at most 2",
                "20  when state == 'received', else 23",
                "21  GET /g",
                "22  next turn 20",
                "23  loop over",
                "24  done",
                "25  on failure: GET /h",
            ])
        #expect(plan.program.rescues[4] == FlowRescue(entry: 10, turns: 5))
        #expect(plan.program.visits == [1, 1, 0.25, 1, 1, 1, 1, 0])
        #expect(plan.requestsPerIntent == 7)
        // Eight requests of 30 s and five thoughts of one.
        #expect(plan.longestIntent == 245)
        #expect(plan.steps.allSatisfy { !$0.carriesKey })
    }

    @Test("Nested loops count their turns as one number, and no draw comes twice.")
    func walking() throws {
        let inner = StepSpec.loop(LoopSpec([self.get("/b"), .think(.fixed(1))], most: 3))
        let plan = try self.population([
            self.get("/a"), .loop(LoopSpec([inner], most: 2)), self.get("/c"),
        ])
        var steps: [Int] = []
        var places: [Int] = []
        let random = CounterRandom(seed: 1, population: 0, intent: 0, purpose: .way)
        plan.program.walk(random) { step, place in
            steps.append(step)
            places.append(place)
        }
        #expect(steps == [0, 1, 1, 1, 1, 1, 1, 2])
        #expect(Set(places).count == places.count)
        #expect(plan.program.visits == [1, 6, 1])
        #expect(plan.program.longestThink == 6)
        #expect(plan.requestsPerIntent == 8)
    }

    @Test("A flow that may take more than ten thousand steps is refused.")
    func endless() throws {
        let inner = StepSpec.loop(LoopSpec([self.get("/b"), .think(.fixed(1))], most: 5_000))
        #expect(try self.population([inner]).program.longestThink == 5_000)
        for flow in [
            [inner, self.get("/a")],
            [.loop(LoopSpec([.loop(LoopSpec([inner], most: 1_000))], most: .max))],
            [.loop(LoopSpec([.when(self.received, self.get("/"))], most: 10_001))],
        ] {
            let error = #expect(throws: ScenarioErrors.self) { try self.population(flow) }
            #expect(error?.mistakes.first?.location == SourceLocation(line: 7, column: 3))
            #expect(error?.mistakes.first?.message.contains("the limit is 10000") == true)
        }
    }

    @Test("What people write after a failure does not carry the tip's key.")
    func keys() throws {
        let post = StepSpec.request(Sample.post(body: nil))
        let plan = try self.population([post], onFailure: [post])
        #expect(plan.steps.map(\.carriesKey) == [true, false])
        #expect(plan.writes)
    }

    @Test("Walking draws the ways that the weights say.")
    func ways() throws {
        let program = try self.population([
            .pick([
                WaySpec(weight: 1, steps: [self.get("/a")]),
                WaySpec(weight: 9, steps: [self.get("/b")]),
            ])
        ]).program
        #expect(program.entry(of: 0, draw: 0.099) == 1)
        #expect(program.entry(of: 0, draw: 0.1) == 3)
        #expect(program.entry(of: 0, draw: 0.999_999) == 3)
        var first = 0
        for intent in 0..<10_000 {
            let random = CounterRandom(seed: 3, population: 0, intent: intent, purpose: .way)
            program.walk(random) { step, _ in first += step == 0 ? 1 : 0 }
        }
        // Four standard deviations.
        #expect(abs(first - 1_000) < 120)
    }
}
