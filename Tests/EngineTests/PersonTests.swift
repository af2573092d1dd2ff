import Measurements
import Planning
import Primitives
import Scenarios
import Testing

@testable import Engine

@Suite struct PersonTests {
    private let good = AttemptFacts(outcome: .status(201), good: true)
    private let broken = AttemptFacts(outcome: .status(503), good: false)
    private let refusal = AttemptFacts(outcome: .status(403), good: false)
    private let hungUp = AttemptFacts(outcome: .failure(.abandoned), good: false)

    private func journey(
        _ person: PersonSpec, retry: RetrySpec? = nil,
        _ instructions: [FlowInstruction] = [.request(step: 0)]
    ) -> Journey {
        Journey(
            population: 1, seed: 2, program: FlowProgram(instructions), retries: [retry, retry],
            finalStatuses: clientErrors, person: person)
    }

    @Test("Patience counts from the arrival; the attempt in progress is called off.")
    func patience() {
        let journey = self.journey(PersonSpec(patience: .fixed(3)))
        var intent = IntentMachine(intent: 1)
        _ = intent.begin(arrival: at(1_000), journey: journey)
        #expect(intent.person.deadline == at(4_000))
        #expect(intent.deadlineReached(now: at(3_999), journey: journey) == nil)
        #expect(intent.deadlineReached(now: at(4_000), journey: journey) == .cancel)
        #expect(intent.isCalledOff)
        #expect(intent.deadlineReached(now: at(4_001), journey: journey) == nil)
        #expect(
            intent.attemptEnded(self.hungUp, at: at(4_001), journey: journey) == .end(.gaveUp))
        #expect(intent.attempts == 1)
    }

    @Test("An answer that was there already is not lost by leaving; what comes after is not sent.")
    func answeredMeanwhile() {
        let person = PersonSpec(patience: .fixed(3))
        let one = self.journey(person)
        var intent = IntentMachine(intent: 1)
        _ = intent.begin(arrival: at(0), journey: one)
        _ = intent.deadlineReached(now: at(3_000), journey: one)
        #expect(intent.attemptEnded(self.good, at: at(3_000), journey: one) == .end(.accepted))

        let two = self.journey(person, [.request(step: 0), .request(step: 1)])
        var halfway = IntentMachine(intent: 1)
        _ = halfway.begin(arrival: at(0), journey: two)
        _ = halfway.deadlineReached(now: at(3_000), journey: two)
        #expect(halfway.attemptEnded(self.good, at: at(3_000), journey: two) == .end(.gaveUp))
        #expect(halfway.attempts == 1)
    }

    @Test("A person who waits for a retry leaves without one.")
    func leavesWhileWaiting() {
        let journey = self.journey(
            PersonSpec(patience: .fixed(3)), retry: RetrySpec(max: 5, delay: .seconds(10)))
        var intent = IntentMachine(intent: 1)
        _ = intent.begin(arrival: at(0), journey: journey)
        #expect(
            intent.attemptEnded(self.broken, at: at(100), journey: journey)
                == .wait(until: at(10_100)))
        #expect(intent.deadlineReached(now: at(3_000), journey: journey) == .end(.gaveUp))
    }

    @Test("Retries of the app and presses of the person multiply.")
    func layersMultiply() {
        for (retries, presses) in [(0, 0), (2, 0), (0, 2), (2, 3), (3, 1)] {
            let person = PersonSpec(
                pressAgain: presses > 0 ? PressAgainSpec(max: presses, after: .fixed(1)) : nil)
            let journey = self.journey(
                person, retry: retries > 0 ? RetrySpec(max: retries, delay: .zero) : nil)
            var intent = IntentMachine(intent: 1)
            var action = intent.begin(arrival: at(0), journey: journey)
            var now = at(0)
            loop: while true {
                switch action {
                case .start: action = intent.attemptEnded(self.broken, at: now, journey: journey)
                case .wait(let until):
                    now = until
                    action = intent.timerFired(journey: journey)
                case .cancel, .end, .decide, .fork, .conclude, .stay: break loop
                }
            }
            #expect(action == .end(.failed))
            #expect(Int(intent.attempts) == (1 + retries) * (1 + presses))
            #expect(Int(intent.person.presses) == presses)
            #expect(now == at(Int64(presses) * 1_000))
        }
    }

    @Test("A press begins the flow anew, or the step that failed.")
    func restarts() {
        for (restart, step) in [(PressAgainSpec.Restart.flow, 0), (.step, 1)] {
            let journey = self.journey(
                PersonSpec(
                    pressAgain: PressAgainSpec(max: 1, after: .fixed(1), restart: restart)),
                [.request(step: 0), .request(step: 1)])
            var intent = IntentMachine(intent: 1)
            _ = intent.begin(arrival: at(0), journey: journey)
            _ = intent.attemptEnded(self.good, at: at(10), journey: journey)
            #expect(
                intent.attemptEnded(self.broken, at: at(20), journey: journey)
                    == .wait(until: at(1_020)))
            #expect(
                intent.timerFired(journey: journey)
                    == .start(step: step, attempt: 0, intendedStart: at(1_020)))
        }
    }

    @Test("Nobody presses again after a final no, unless the scenario names it.")
    func finalAnswers() {
        var press = PressAgainSpec(max: 1, after: .fixed(1))
        var intent = IntentMachine(intent: 1)
        var journey = self.journey(PersonSpec(pressAgain: press))
        _ = intent.begin(arrival: at(0), journey: journey)
        #expect(intent.attemptEnded(self.refusal, at: at(1), journey: journey) == .end(.rejected))

        press.when = [.status(.range(403...403))]
        journey = self.journey(PersonSpec(pressAgain: press))
        intent = IntentMachine(intent: 1)
        _ = intent.begin(arrival: at(0), journey: journey)
        #expect(
            intent.attemptEnded(self.refusal, at: at(1), journey: journey)
                == .wait(until: at(1_001)))
        _ = intent.timerFired(journey: journey)
        #expect(
            intent.attemptEnded(self.refusal, at: at(1_002), journey: journey)
                == .end(.rejected))

        // Another failure than those named.
        intent = IntentMachine(intent: 1)
        _ = intent.begin(arrival: at(0), journey: journey)
        #expect(intent.attemptEnded(self.broken, at: at(1), journey: journey) == .end(.failed))
    }

    @Test("The journey's deadline fails it; a press begins another with its own.")
    func journeyTimeout() {
        var person = PersonSpec(timeout: .seconds(5))
        var journey = self.journey(person)
        var intent = IntentMachine(intent: 1)
        _ = intent.begin(arrival: at(0), journey: journey)
        #expect(intent.deadlineReached(now: at(5_000), journey: journey) == .cancel)
        #expect(
            intent.attemptEnded(self.hungUp, at: at(5_000), journey: journey) == .end(.failed))

        person.pressAgain = PressAgainSpec(max: 1, after: .fixed(2))
        journey = self.journey(person)
        intent = IntentMachine(intent: 1)
        _ = intent.begin(arrival: at(0), journey: journey)
        _ = intent.deadlineReached(now: at(5_000), journey: journey)
        #expect(
            intent.attemptEnded(self.hungUp, at: at(5_000), journey: journey)
                == .wait(until: at(7_000)))
        #expect(!intent.isCalledOff)
        #expect(intent.person.deadline == nil)
        _ = intent.timerFired(journey: journey)
        #expect(intent.person.deadline == at(12_000))
        #expect(intent.deadlineReached(now: at(12_000), journey: journey) == .cancel)
        #expect(
            intent.attemptEnded(self.hungUp, at: at(12_000), journey: journey) == .end(.failed))
    }

    @Test("A journey's deadline in a back-off makes its timer stale.")
    func staleTimer() {
        let person = PersonSpec(
            pressAgain: PressAgainSpec(max: 1, after: .fixed(30)), timeout: .seconds(5))
        let crowd = Crowd(
            journey: self.journey(person, retry: RetrySpec(max: 3, delay: .seconds(10))),
            attendance: .open(.list([Arrival(number: 0, at: .zero)]), reuse: 1), end: .seconds(1),
            gracefulStop: .seconds(900))
        var state = LaneState(crowds: [crowd], origin: at(0))
        var actions: [LaneAction] = []
        state.timerFired(now: at(0), into: &actions)
        state.attemptEnded(seat: 0, facts: self.broken, at: at(1_000), into: &actions)
        actions = []
        // 5 s: the deadline; 11 s: the back-off's stale timer; 35 s: the press.
        state.timerFired(now: at(34_999), into: &actions)
        #expect(actions.isEmpty)
        state.timerFired(now: at(35_000), into: &actions)
        #expect(actions == [.start(seat: 0, step: 0, attempt: 0, intendedStart: at(35_000))])
    }

    @Test("On a lane patience ends an intent at its time, also between two presses.")
    func onALane() {
        let person = PersonSpec(
            patience: .fixed(20), pressAgain: PressAgainSpec(max: 9, after: .fixed(8)),
            timeout: .seconds(5))
        let crowd = Crowd(
            journey: self.journey(person),
            attendance: .open(.list([Arrival(number: 0, at: .zero)]), reuse: 1), end: .seconds(1),
            gracefulStop: .seconds(900))
        var state = LaneState(crowds: [crowd], origin: at(0))
        var log: [(Int64, LaneAction)] = []
        while let alarm = state.nextAlarm, alarm < at(100_000) {
            var actions: [LaneAction] = []
            state.timerFired(now: alarm, into: &actions)
            var index = 0
            while index < actions.count {
                log.append((alarm.nanoseconds / 1_000_000, actions[index]))
                if case .cancel(let seat) = actions[index] {
                    state.attemptEnded(seat: seat, facts: self.hungUp, at: alarm, into: &actions)
                }
                index += 1
            }
            if state.inFlight == 0 { break }
        }
        let start = { (ms: Int64) in
            LaneAction.start(seat: 0, step: 0, attempt: 0, intendedStart: at(ms))
        }
        #expect(
            log.map(\.1) == [
                .arrived(population: 0, number: 0, at: at(0)), start(0), .cancel(seat: 0),
                start(13_000), .cancel(seat: 0),
                .ended(
                    seat: 0, population: 0, number: 0, arrival: at(0), ending: .gaveUp,
                    attempts: 2, presses: 1, retire: true),
            ])
        #expect(log.map(\.0) == [0, 0, 5_000, 13_000, 18_000, 20_000])
    }

    @Test("Patience is drawn from its distribution, once per intent and the same again.")
    func distributions() {
        let uniform = self.journey(PersonSpec(patience: .uniform(min: 10, max: 30)))
        let waits = (0..<4_000).compactMap { uniform.patience(intent: $0)?.seconds }
        #expect(waits.count == 4_000)
        #expect(kolmogorov(waits.map { ($0 - 10) / 20 }) < 1.63)
        let memoryless = self.journey(PersonSpec(patience: .exponential(mean: 20)))
        let shares = (0..<4_000).compactMap { intent in
            memoryless.patience(intent: intent).map { 1 - exponential(-$0.seconds / 20) }
        }
        #expect(kolmogorov(shares) < 1.63)
        #expect(uniform.patience(intent: 7) == uniform.patience(intent: 7))
        #expect(self.journey(PersonSpec()).patience(intent: 7) == nil)
    }

    /// e^x by its series, for small negative x; the tests of this module do without Foundation.
    private func exponential(_ x: Double) -> Double {
        var term = 1.0
        var sum = 1.0
        for n in 1...200 {
            term *= x / 64 / Double(n)
            sum += term
        }
        for _ in 0..<6 { sum *= sum }
        return sum
    }
}
