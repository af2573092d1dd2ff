import Measurements
import Planning
import Primitives
import Scenarios
import Testing

@testable import Engine

@Suite struct BranchTests {
    private let good = AttemptFacts(outcome: .status(200), good: true)
    private let refused = AttemptFacts(outcome: .status(403), good: false)

    /// A lane with one person who arrives at once.
    private func lane(
        _ flow: [StepSpec], onFailure: [StepSpec] = []
    ) throws -> (LaneState, [LaneAction]) {
        let program = try Flows.program(flow, onFailure: onFailure)
        let journey = Journey(
            program: program, retries: Array(repeating: nil, count: program.visits.count),
            finalStatuses: clientErrors)
        let crowd = Crowd(
            journey: journey,
            attendance: .open(.list([Arrival(number: 0, at: .zero)]), reuse: 1), end: .seconds(9))
        var state = LaneState(crowds: [crowd], origin: at(0))
        var actions: [LaneAction] = []
        state.timerFired(now: at(0), into: &actions)
        return (state, actions)
    }

    private func starts(_ actions: [LaneAction]) -> [Int: Int] {
        actions.reduce(into: [:]) { seats, action in
            if case .start(let seat, let step, _, _) = action { seats[step] = seat }
        }
    }

    @Test("Branches begin together; the flow goes on when the last has ended.")
    func join() throws {
        var (state, actions) = try self.lane([
            .parallel([Flows.get("a"), .group([Flows.get("b"), Flows.get("c")])]), Flows.get("d"),
        ])
        let first = self.starts(actions)
        #expect(first.keys.sorted() == [0, 1])
        #expect(state.inFlight == 1)
        #expect(first.values.allSatisfy { state.root(of: $0) == 0 })
        actions = []
        let branch = try #require(first[0])
        state.attemptEnded(seat: branch, facts: self.good, at: at(30), into: &actions)
        #expect(actions.isEmpty)
        let other = try #require(first[1])
        state.attemptEnded(seat: other, facts: self.good, at: at(20), into: &actions)
        #expect(actions == [.start(seat: other, step: 2, attempt: 0, intendedStart: at(20))])
        actions = []
        state.attemptEnded(seat: other, facts: self.good, at: at(25), into: &actions)
        // The later of the two ends, though it was told first.
        #expect(actions == [.start(seat: 0, step: 3, attempt: 0, intendedStart: at(30))])
        actions = []
        state.attemptEnded(seat: 0, facts: self.good, at: at(40), into: &actions)
        #expect(
            actions == [
                .ended(
                    seat: 0, population: 0, number: 0, arrival: at(0), ending: .accepted,
                    attempts: 4, presses: 0,
                    retire: true)
            ])
        #expect(state.forks.isEmpty && state.forkers.isEmpty)
        #expect(Set(state.freeSeats) == [0, branch, other])
    }

    @Test("A branch that fails lets the others end, and fails the journey as it did.")
    func failure() throws {
        var (state, actions) = try self.lane(
            [.parallel([Flows.get("a"), Flows.get("b")]), Flows.get("c")],
            onFailure: [Flows.get("d")])
        let seats = self.starts(actions)
        actions = []
        state.attemptEnded(
            seat: try #require(seats[0]), facts: self.refused, at: at(10), into: &actions)
        #expect(actions.isEmpty)
        state.attemptEnded(
            seat: try #require(seats[1]), facts: self.good, at: at(20), into: &actions)
        #expect(
            actions == [
                .concluded(
                    seat: 0, population: 0, number: 0, arrival: at(0), ending: .rejected,
                    attempts: 2, presses: 0),
                .start(seat: 0, step: 3, attempt: 0, intendedStart: at(20)),
            ])
        #expect(state.inFlight == 1)
        actions = []
        state.attemptEnded(seat: 0, facts: self.refused, at: at(30), into: &actions)
        #expect(actions == [.left(seat: 0, retire: true)])
        #expect(state.inFlight == 0)
    }

    @Test("Optional steps at the same time may fail.")
    func optionalBranches() throws {
        var (state, actions) = try self.lane([
            .optional(.parallel([Flows.get("a"), Flows.get("b")])),
            .parallel([.optional(Flows.get("c")), Flows.get("d")]),
        ])
        for (step, facts) in [(0, self.refused), (1, self.good)] {
            let seat = try #require(self.starts(actions)[step])
            state.attemptEnded(seat: seat, facts: facts, at: at(10), into: &actions)
        }
        for (step, facts) in [(2, self.refused), (3, self.good)] {
            let seat = try #require(self.starts(actions)[step])
            state.attemptEnded(seat: seat, facts: facts, at: at(20), into: &actions)
        }
        #expect(
            actions.last
                == .ended(
                    seat: 0, population: 0, number: 0, arrival: at(0), ending: .accepted,
                    attempts: 4, presses: 0,
                    retire: true))
    }

    @Test("The end of the run cancels every branch, and the intent is unfinished, once.")
    func cut() throws {
        var (state, actions) = try self.lane([
            .parallel([Flows.get("a"), .group([.think(.fixed(1)), Flows.get("b")])])
        ])
        let seat = try #require(self.starts(actions)[0])
        actions = []
        state.cut(now: at(10), into: &actions)
        #expect(actions == [.cancel(seat: seat)])
        actions = []
        state.attemptEnded(
            seat: seat, facts: AttemptFacts(outcome: .unfinished, good: false), at: at(11),
            into: &actions)
        #expect(
            actions == [
                .ended(
                    seat: 0, population: 0, number: 0, arrival: at(0), ending: .unfinished,
                    attempts: 1, presses: 0,
                    retire: true)
            ])
        #expect(state.isFinished)
    }

    @Test("An answer about a condition that comes after the end is ignored.")
    func lateDecision() throws {
        var (state, actions) = try self.lane([
            .when(Flows.received, Flows.get("a")), Flows.get("b"),
        ])
        guard case .decide(let seat, let generation, 0)? = actions.last else {
            Issue.record("nothing was asked")
            return
        }
        actions = []
        state.cut(now: at(1), into: &actions)
        #expect(actions.count == 1)
        state.decided(seat: seat, generation: generation, holds: true, now: at(1), into: &actions)
        #expect(actions.count == 1)
    }
}
