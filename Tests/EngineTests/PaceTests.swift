import Measurements
import Planning
import Primitives
import Scenarios
import Testing

@testable import Engine

/// An operator holds a lane's arrivals or changes their rate.
@Suite struct PaceTests {
    private let good = AttemptFacts(outcome: .status(200), good: true)
    private let origin = at(1_000)

    private func crowd(_ attendance: Attendance, end: Nanoseconds = .seconds(1)) -> Crowd {
        Crowd(
            journey: Journey(program: FlowProgram([.request(step: 0)]), retries: [nil]),
            attendance: attendance, end: end)
    }

    private func open(_ milliseconds: [Int64]) -> Attendance {
        let arrivals = milliseconds.enumerated().map {
            Arrival(number: $0.offset, at: .milliseconds($0.element))
        }
        return .open(.list(ArraySlice(arrivals)), reuse: 1)
    }

    private func starts(_ actions: [LaneAction]) -> [MonotonicTime] {
        actions.compactMap { action in
            if case .start(_, _, _, let intended) = action { intended } else { nil }
        }
    }

    private func pace(_ speed: Double, from pace: PlanPace = .planned, at ms: Int64) -> PlanPace {
        pace.changed(to: speed, at: .milliseconds(ms))
    }

    @Test("Held arrivals do not come, are not dropped, and come that much later, on time.")
    func hold() {
        var state = LaneState(crowds: [self.crowd(self.open([0, 20, 50]))], origin: self.origin)
        var actions: [LaneAction] = []
        state.timerFired(now: at(1_000), into: &actions)
        let hold = self.pace(0, at: 10)
        state.play(at: hold, now: at(1_010), into: &actions)
        state.attemptEnded(seat: 0, facts: self.good, at: at(1_015), into: &actions)
        #expect(state.crowds[0].nextAt == nil)
        // Beyond the planned end and its grace: nothing happens, nothing is over.
        state.timerFired(now: at(15_000), into: &actions)
        #expect(self.starts(actions) == [at(1_000)])
        #expect(!state.isFinished && !state.crowds[0].isClosed)
        state.play(at: self.pace(1, from: hold, at: 20_010), now: at(21_010), into: &actions)
        #expect(state.nextAlarm == at(21_020))
        state.timerFired(now: at(21_060), into: &actions)
        #expect(self.starts(actions) == [at(1_000), at(21_020), at(21_050)])
        #expect(
            !actions.contains { if case .dropped = $0 { true } else { false } },
            "a held arrival is a later arrival")
        for seat in state.seats.indices where state.seats[seat].isOccupied {
            state.attemptEnded(seat: seat, facts: self.good, at: at(21_070), into: &actions)
        }
        state.timerFired(now: at(22_000), into: &actions)
        #expect(state.isFinished, "the end came 20 s later, too")
    }

    @Test("At twice the rate the arrivals left come at half the distance, all of them.")
    func rate() {
        var state = LaneState(
            crowds: [self.crowd(self.open([0, 20, 40, 60]))], origin: self.origin)
        var actions: [LaneAction] = []
        state.timerFired(now: at(1_000), into: &actions)
        state.play(at: self.pace(2, at: 10), now: at(1_010), into: &actions)
        state.timerFired(now: at(1_100), into: &actions)
        #expect(self.starts(actions) == [at(1_000), at(1_015), at(1_025), at(1_035)])
        #expect(state.crowds[0].end == at(1_505))
    }

    @Test("Clients of a closed loop end what they do, rest while held, and go on together.")
    func closed() {
        let curve = ClientCurve(
            changes: [.init(at: .zero, clients: 2), .init(at: .milliseconds(500), clients: 0)],
            gracefulRampDown: .seconds(1))
        var state = LaneState(crowds: [self.crowd(.curve(curve))], origin: self.origin)
        var actions: [LaneAction] = []
        state.timerFired(now: at(1_000), into: &actions)
        let hold = self.pace(0, at: 100)
        state.play(at: hold, now: at(1_100), into: &actions)
        for seat in [0, 1] {
            state.attemptEnded(seat: seat, facts: self.good, at: at(1_150), into: &actions)
        }
        #expect(state.inFlight == 0)
        actions = []
        // The curve's own change to no clients is held, too.
        state.timerFired(now: at(1_600), into: &actions)
        #expect(actions.isEmpty && state.crowds[0].wanted == 2)
        state.play(at: self.pace(1, from: hold, at: 2_100), now: at(3_100), into: &actions)
        #expect(self.starts(actions) == [at(3_100), at(3_100)])
        for seat in [0, 1] {
            state.attemptEnded(seat: seat, facts: self.good, at: at(3_200), into: &actions)
        }
        state.timerFired(now: at(3_499), into: &actions)
        #expect(state.crowds[0].wanted == 2)
        state.timerFired(now: at(3_500), into: &actions)
        #expect(state.crowds[0].wanted == 0)
    }

    @Test("Clients with so many intents each that were to begin later begin that much later.")
    func iterations() {
        var crowd = self.crowd(.iterations(vus: 1, each: 1, shared: nil), end: .seconds(9))
        crowd.start = .milliseconds(200)
        var state = LaneState(crowds: [crowd], origin: self.origin)
        var actions: [LaneAction] = []
        let hold = self.pace(0, at: 100)
        state.play(at: hold, now: at(1_100), into: &actions)
        state.timerFired(now: at(1_300), into: &actions)
        #expect(actions.isEmpty)
        state.play(at: self.pace(1, from: hold, at: 1_100), now: at(2_100), into: &actions)
        #expect(actions.isEmpty)
        state.timerFired(now: at(2_200), into: &actions)
        #expect(self.starts(actions) == [at(2_200)])
    }

    @Test("A stop while arrivals are held ends the lane as ever.")
    func stop() {
        var state = LaneState(crowds: [self.crowd(self.open([0, 20]))], origin: self.origin)
        var actions: [LaneAction] = []
        state.timerFired(now: at(1_000), into: &actions)
        state.play(at: self.pace(0, at: 10), now: at(1_010), into: &actions)
        state.stop(now: at(1_015))
        #expect(!state.isFinished)
        #expect(state.crowds[0].deadline == at(11_015), "the grace counts from the stop")
        state.timerFired(now: at(11_015), into: &actions)
        #expect(actions.contains(.cancel(seat: 0)))
    }
}
