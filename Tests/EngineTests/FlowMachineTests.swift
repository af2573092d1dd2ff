import Measurements
import Planning
import Primitives
import Scenarios
import Testing

@testable import Engine

/// Plays one intent with a server and conditions that answer as told.
private struct Tale {
    var machine = IntentMachine(intent: 3)
    let journey: Journey
    /// The names of what was sent, in order; what was asked and told stands between.
    var told: [String] = []
    var now = at(0)
    private let names: [String]

    init(_ program: FlowProgram, names: [String], retries: [RetrySpec?] = []) {
        let none: [RetrySpec?] = Array(repeating: nil, count: names.count)
        self.journey = Journey(
            population: 1, seed: 5, program: program, retries: retries.isEmpty ? none : retries,
            finalStatuses: clientErrors)
        self.names = names
    }

    /// Plays to the end; a negative status is a connection that was refused.
    mutating func play(
        answers: (String) -> Int = { _ in 200 }, holds: (Int) -> Bool = { _ in true }
    ) -> IntentEnding? {
        var action = self.machine.begin(arrival: self.now, journey: self.journey)
        for _ in 0..<10_000 {
            switch action {
            case .start(let step, _, _):
                self.told.append(self.names[step])
                self.now = self.now + .milliseconds(10)
                let status = answers(self.names[step])
                let outcome: Outcome = status < 0 ? .failure(.refused) : .status(status)
                action = self.machine.attemptEnded(
                    AttemptFacts(outcome: outcome, good: (200...299).contains(status)),
                    at: self.now, journey: self.journey)
            case .wait(let until):
                self.now = until
                action = self.machine.timerFired(journey: self.journey)
            case .decide(let condition):
                action = self.machine.decided(holds(condition), journey: self.journey)
            case .conclude(let ending):
                self.told.append("\(ending.rawValue)!")
                action = self.machine.goOn(journey: self.journey)
            case .end(let ending): return ending
            case .cancel, .fork, .stay: return nil
            }
        }
        return nil
    }
}

@Suite struct FlowMachineTests {
    private func names(_ flow: [StepSpec]) -> [String] { flow.requests.map(\.name) }

    private func tale(_ flow: [StepSpec], onFailure: [StepSpec] = []) throws -> Tale {
        Tale(
            try Flows.program(flow, onFailure: onFailure),
            names: self.names(flow) + self.names(onFailure))
    }

    @Test("A waiting intent stays as small as it was: 72 bytes.")
    func size() {
        #expect(MemoryLayout<IntentMachine>.stride <= 72)
    }

    @Test("A step is left out when its condition does not hold, and only then.")
    func when() throws {
        let flow = [
            Flows.get("a"), .when(Flows.received, Flows.get("b")), Flows.get("c"),
        ]
        var with = try self.tale(flow)
        #expect(with.play() == .accepted)
        #expect(with.told == ["a", "b", "c"])
        var without = try self.tale(flow)
        #expect(without.play(holds: { _ in false }) == .accepted)
        #expect(without.told == ["a", "c"])
    }

    @Test("A loop turns as often as it says; inner loops each time anew.")
    func loops() throws {
        let inner = StepSpec.loop(LoopSpec([Flows.get("b")], most: 3))
        var tale = try self.tale([
            .loop(LoopSpec([Flows.get("a"), inner], most: 2)), Flows.get("c"),
        ])
        #expect(tale.play() == .accepted)
        #expect(tale.told == ["a", "b", "b", "b", "a", "b", "b", "b", "c"])
    }

    @Test("until asks after each turn, while before; using up max is a failure, count is not.")
    func conditionalLoops() throws {
        // Kind, the turn after which the loop is over, expected turns, expected ending.
        let cases: [(LoopSpec.Test, failsAtMost: Bool, over: Int, turns: Int, IntentEnding)] = [
            (.until(Flows.received), true, 1, 1, .accepted),
            (.until(Flows.received), true, 3, 3, .accepted),
            (.until(Flows.received), true, 4, 4, .accepted),
            (.until(Flows.received), true, 5, 4, .failed),
            (.until(Flows.received), false, 5, 4, .accepted),
            (.whileTrue(Flows.received), true, 0, 0, .accepted),
            (.whileTrue(Flows.received), true, 2, 2, .accepted),
            (.whileTrue(Flows.received), true, 4, 4, .accepted),
            (.whileTrue(Flows.received), true, 5, 4, .failed),
            (.whileTrue(Flows.received), false, 5, 4, .accepted),
        ]
        for (test, failsAtMost, over, turns, ending) in cases {
            var tale = try self.tale([
                .loop(
                    LoopSpec([Flows.get("a")], most: 4, test: test, failsAtMost: failsAtMost)),
                Flows.get("b"),
            ])
            var asked = 0
            let isUntil = if case .until = test { true } else { false }
            let ended = tale.play(holds: { _ in
                defer { asked += 1 }
                return isUntil ? asked + 1 >= over : asked < over
            })
            #expect(ended == ending, "\(test) \(over)")
            #expect(tale.told.filter { $0 == "a" }.count == turns, "\(test) \(over)")
            #expect(tale.told.contains("b") == (ending == .accepted))
        }
    }

    @Test("An optional step's failure is forgiven, also deep inside; what follows is done.")
    func optional() throws {
        let nested = StepSpec.optional(
            .loop(
                LoopSpec(
                    [.loop(LoopSpec([Flows.get("a"), Flows.get("b")], most: 3))], most: 2)))
        var tale = try self.tale([
            nested, .loop(LoopSpec([Flows.get("c")], most: 2)), .optional(Flows.get("d")),
            Flows.get("e"),
        ])
        var sent = 0
        let ending = tale.play(answers: { name in
            if name == "b" { sent += 1 }
            return name == "b" && sent == 2 || name == "d" ? 500 : 200
        })
        #expect(ending == .accepted)
        #expect(tale.told == ["a", "b", "a", "b", "c", "c", "d", "e"])
        #expect(tale.machine.hasFailed)
        #expect(tale.machine.status == 200)
        var rejected = try self.tale([.optional(Flows.get("a")), Flows.get("b")])
        #expect(rejected.play(answers: { $0 == "a" ? 403 : -1 }) == .failed)
        #expect(rejected.machine.status == 0)
    }

    @Test("What people do after a failure changes nothing about how their journey ended.")
    func aftermath() throws {
        let after = [
            Flows.when("failed", .word(.failed), Flows.get("review")), Flows.get("rest"),
        ]
        for (status, ending) in [(403, "rejected!"), (503, "failed!"), (-1, "failed!")] {
            var tale = try self.tale([Flows.get("a"), Flows.get("b")], onFailure: after)
            _ = tale.play(answers: { $0 == "a" ? status : 200 })
            #expect(tale.told == ["a", ending, "review", "rest"])
            let told = tale.machine.ending.map { $0.rawValue + "!" }
            #expect(told == ending)
        }
        var failing = try self.tale([Flows.get("a")], onFailure: after)
        _ = failing.play(answers: { _ in 500 })
        #expect(failing.told == ["a", "failed!", "review"])
        #expect(failing.machine.ending == .failed)
        var fine = try self.tale([Flows.get("a"), Flows.get("b")], onFailure: after)
        #expect(fine.play() == .accepted)
        #expect(fine.told == ["a", "b"])
    }

    @Test("A stop during what follows a failure ends it without counting it twice.")
    func cutAftermath() throws {
        let program = try Flows.program([Flows.get("a")], onFailure: [Flows.get("b")])
        let journey = Journey(program: program, retries: [nil, nil])
        var machine = IntentMachine(intent: 0)
        _ = machine.begin(arrival: at(0), journey: journey)
        let bad = AttemptFacts(outcome: .status(500), good: false)
        #expect(machine.attemptEnded(bad, at: at(1), journey: journey) == .conclude(.failed))
        #expect(
            machine.goOn(journey: journey) == .start(step: 1, attempt: 0, intendedStart: at(1)))
        #expect(machine.stopRequested() == .cancel)
        #expect(machine.ending == .failed)
        let cut = AttemptFacts(outcome: .unfinished, good: false)
        #expect(machine.attemptEnded(cut, at: at(2), journey: journey) == .end(.unfinished))
    }

    @Test("A cut intent that fails begins nothing after it.")
    func cutBeforeAftermath() throws {
        let program = try Flows.program([Flows.get("a")], onFailure: [Flows.get("b")])
        let journey = Journey(program: program, retries: [nil, nil])
        var machine = IntentMachine(intent: 0)
        _ = machine.begin(arrival: at(0), journey: journey)
        #expect(machine.stopRequested() == .cancel)
        let bad = AttemptFacts(outcome: .status(500), good: false)
        #expect(machine.attemptEnded(bad, at: at(1), journey: journey) == .end(.failed))
    }

    @Test("The ways of a pick are taken as their weights say, the same ones for the same seed.")
    func pick() throws {
        let flow: [StepSpec] = [
            .pick([
                WaySpec(weight: 1, steps: [Flows.get("a")]), WaySpec(weight: 3, steps: []),
                WaySpec(weight: 6, steps: [Flows.get("b"), Flows.get("c")]),
            ])
        ]
        let program = try Flows.program(flow)
        var counts: [String: Int] = [:]
        for intent in 0..<20_000 {
            let journey = Journey(seed: 9, program: program, retries: [nil, nil, nil])
            var machine = IntentMachine(intent: intent)
            let first = machine.begin(arrival: at(0), journey: journey)
            var again = IntentMachine(intent: intent)
            #expect(again.begin(arrival: at(0), journey: journey) == first)
            switch first {
            case .start(let step, _, _): counts[step == 0 ? "a" : "b", default: 0] += 1
            default: counts["nothing", default: 0] += 1
            }
        }
        // Four standard deviations of a binomial count are below 280.
        #expect(abs(counts["a", default: 0] - 2_000) < 280)
        #expect(abs(counts["nothing", default: 0] - 6_000) < 280)
        #expect(abs(counts["b", default: 0] - 12_000) < 280)
    }

    @Test("Each turn of a loop thinks for a time of its own, the same for the same seed.")
    func drawsDiffer() throws {
        let flow: [StepSpec] = [
            .loop(
                LoopSpec(
                    [.loop(LoopSpec([.think(.uniform(min: 1, max: 2)), Flows.get("a")], most: 5))],
                    most: 4))
        ]
        var times: [[Nanoseconds]] = []
        for _ in 0..<2 {
            let journey = Journey(program: try Flows.program(flow), retries: [nil])
            var machine = IntentMachine(intent: 1)
            var action = machine.begin(arrival: at(0), journey: journey)
            var pauses: [Nanoseconds] = []
            var now = at(0)
            while true {
                if case .wait(let until) = action {
                    pauses.append(until - now)
                    now = until
                    action = machine.timerFired(journey: journey)
                } else if case .start = action {
                    let good = AttemptFacts(outcome: .status(200), good: true)
                    action = machine.attemptEnded(good, at: now, journey: journey)
                } else {
                    break
                }
            }
            times.append(pauses)
        }
        #expect(times[0].count == 20)
        #expect(Set(times[0]).count == 20)
        #expect(times[0] == times[1])
    }
}
