import Measurements
import Planning
import Primitives
import Scenarios
import Testing

@testable import Engine

@Suite struct ReliefTests {
    private let failed = AttemptFacts(outcome: .failure(.refused), good: false)

    private func crowd() -> Crowd {
        var journey = Journey(
            program: FlowProgram([.request(step: 0)]),
            retries: [RetrySpec(max: 3, delay: .milliseconds(100))],
            person: PersonSpec(pressAgain: PressAgainSpec(max: 5)))
        journey.quiet = [.seconds(1)..<(.seconds(2))]
        let arrivals = [Arrival(number: 0, at: .zero), Arrival(number: 1, at: .seconds(1))]
        return Crowd(
            journey: journey, attendance: .open(.list(ArraySlice(arrivals)), reuse: 1),
            end: .seconds(3))
    }

    @Test("Who fails in a relief does not try again, neither the app nor the person.")
    func quiet() {
        var state = LaneState(crowds: [self.crowd()], origin: at(0))
        var actions: [LaneAction] = []
        state.timerFired(now: at(0), into: &actions)
        actions = []
        state.attemptEnded(seat: 0, facts: self.failed, at: at(999), into: &actions)
        #expect(actions.isEmpty)
        #expect(state.inFlight == 1)
        state.timerFired(now: at(1_000), into: &actions)
        #expect(state.inFlight == 2)
        actions = []
        state.attemptEnded(seat: 1, facts: self.failed, at: at(1_000), into: &actions)
        #expect(state.inFlight == 1)
        state.timerFired(now: at(1_099), into: &actions)
        // What was going to be tried again before the relief still is, once.
        state.attemptEnded(seat: 0, facts: self.failed, at: at(1_999), into: &actions)
        #expect(state.inFlight == 0)
    }

    @Test("After the relief people try again as ever.")
    func after() {
        var state = LaneState(crowds: [self.crowd()], origin: at(0))
        var actions: [LaneAction] = []
        state.timerFired(now: at(0), into: &actions)
        state.attemptEnded(seat: 0, facts: self.failed, at: at(2_000), into: &actions)
        #expect(state.inFlight >= 1)
        #expect(state.nextAlarm != nil)
    }
}
