import Measurements
import Planning
import Primitives
import Scenarios
import Testing

@testable import Engine

/// Milliseconds on a clock that starts at zero.
func at(_ milliseconds: Int64) -> MonotonicTime {
    MonotonicTime(nanoseconds: milliseconds * 1_000_000)
}

let clientErrors: [StatusPattern] = [
    .range(400...407), .range(409...424), .range(426...428), .range(430...499),
]

@Suite struct IntentMachineTests {
    private let good = AttemptFacts(outcome: .status(201), good: true)

    private func journey(
        _ instructions: [FlowInstruction] = [.request(step: 0)], retry: RetrySpec? = nil
    ) -> Journey {
        Journey(
            population: 3, seed: 7, program: FlowProgram(instructions),
            retries: [retry, retry],
            finalStatuses: clientErrors)
    }

    private func status(_ code: Int) -> AttemptFacts {
        AttemptFacts(outcome: .status(code), good: false)
    }

    @Test("An intent of two requests starts the second when the first has ended.")
    func twoRequests() {
        let journey = self.journey([.request(step: 0), .request(step: 1)])
        var intent = IntentMachine(intent: 1)
        #expect(
            intent.begin(arrival: at(10), journey: journey)
                == .start(step: 0, attempt: 0, intendedStart: at(10)))
        #expect(
            intent.attemptEnded(self.good, at: at(15), journey: journey)
                == .start(step: 1, attempt: 0, intendedStart: at(15)))
        #expect(
            intent.attemptEnded(self.good, at: at(25), journey: journey) == .end(.accepted))
    }

    @Test("A think time moves the intended start, however late the timer fires.")
    func thinkTime() {
        let journey = self.journey([
            .request(step: 0), .think(.fixed(2)), .think(.fixed(0)), .request(step: 1),
        ])
        var intent = IntentMachine(intent: 1)
        _ = intent.begin(arrival: at(0), journey: journey)
        #expect(
            intent.attemptEnded(self.good, at: at(5), journey: journey) == .wait(until: at(2_005)))
        #expect(
            intent.timerFired(journey: journey)
                == .start(step: 1, attempt: 0, intendedStart: at(2_005)))
    }

    @Test("An intent whose flow begins with a pause counts from its arrival.")
    func pauseFirst() {
        let journey = self.journey([.think(.fixed(1)), .request(step: 0)])
        var intent = IntentMachine(intent: 1)
        #expect(intent.begin(arrival: at(10), journey: journey) == .wait(until: at(1_010)))
    }

    @Test("Retries grow by powers of two and end as failed when they are used up.")
    func exponentialRetries() {
        let journey = self.journey(
            retry: RetrySpec(max: 3, delay: .milliseconds(100), backoff: .exponential))
        var intent = IntentMachine(intent: 1)
        _ = intent.begin(arrival: at(0), journey: journey)
        var end: Int64 = 0
        for (attempt, delay) in [(1, Int64(100)), (2, 200), (3, 400)] {
            end += 10
            #expect(
                intent.attemptEnded(self.status(503), at: at(end), journey: journey)
                    == .wait(until: at(end + delay)))
            end += delay
            #expect(
                intent.timerFired(journey: journey)
                    == .start(step: 0, attempt: attempt, intendedStart: at(end)))
        }
        #expect(
            intent.attemptEnded(self.status(503), at: at(end + 10), journey: journey)
                == .end(.failed))
    }

    @Test("Jitter is drawn from the seed, the population, the intent and the attempt.")
    func jitter() {
        let full = RetrySpec(max: 9, delay: .seconds(1), jitter: .full)
        let equal = RetrySpec(max: 9, delay: .seconds(1), jitter: .equal)
        let journey = self.journey()
        var distinct: Set<Nanoseconds> = []
        for retry in 1...100 {
            let wide = journey.backOff(full, retry: retry, intent: 4, instruction: 0)
            let narrow = journey.backOff(equal, retry: retry, intent: 4, instruction: 0)
            #expect(wide >= .zero && wide < .seconds(1))
            #expect(narrow >= .milliseconds(500) && narrow < .seconds(1))
            #expect(wide == journey.backOff(full, retry: retry, intent: 4, instruction: 0))
            distinct.insert(wide)
        }
        #expect(distinct.count == 100)
    }

    @Test("A final answer rejects; other bad answers without retries fail.")
    func finalAnswers() {
        // Status, ending.
        let table: [(Int, IntentEnding)] = [
            (400, .rejected), (403, .rejected), (413, .rejected), (408, .failed), (425, .failed),
            (429, .failed), (500, .failed), (503, .failed), (302, .failed),
        ]
        for (code, ending) in table {
            var intent = IntentMachine(intent: 1)
            _ = intent.begin(arrival: at(0), journey: self.journey())
            #expect(
                intent.attemptEnded(self.status(code), at: at(1), journey: self.journey())
                    == .end(ending), "status \(code)")
        }
    }

    @Test("Each retry condition matches its own failures only.")
    func conditions() {
        let timeout = Outcome.failure(.firstByteTimeout)
        let reset = Outcome.failure(.receiveReset)
        let refused = Outcome.failure(.refused)
        let table: [(RetrySpec.Condition, [Outcome])] = [
            (.timeout, [timeout]), (.refused, [refused]), (.reset, [reset]),
            (.error, [timeout, reset, refused]), (.status(.range(500...599)), [.status(503)]),
        ]
        for (condition, matching) in table {
            for outcome in [timeout, reset, refused, .status(503), .status(404)] {
                #expect(condition.matches(outcome) == matching.contains(outcome))
            }
        }
    }

    @Test("A stop ends a waiting intent at once and lets an attempt in progress report first.")
    func stop() {
        let journey = self.journey([.request(step: 0), .think(.fixed(1)), .request(step: 1)])
        var waiting = IntentMachine(intent: 1)
        _ = waiting.begin(arrival: at(0), journey: journey)
        _ = waiting.attemptEnded(self.good, at: at(1), journey: journey)
        #expect(waiting.stopRequested() == .end(.unfinished))

        var cut = IntentMachine(intent: 2)
        _ = cut.begin(arrival: at(0), journey: journey)
        #expect(cut.stopRequested() == .cancel)
        let facts = AttemptFacts(outcome: .unfinished, good: false)
        #expect(cut.attemptEnded(facts, at: at(1), journey: journey) == .end(.unfinished))

        // The answer was already there when the stop came.
        var answered = IntentMachine(intent: 3)
        _ = answered.begin(arrival: at(0), journey: self.journey())
        #expect(answered.stopRequested() == .cancel)
        #expect(
            answered.attemptEnded(self.good, at: at(1), journey: self.journey())
                == .end(.accepted))
        var halfway = IntentMachine(intent: 4)
        _ = halfway.begin(arrival: at(0), journey: journey)
        #expect(halfway.stopRequested() == .cancel)
        #expect(
            halfway.attemptEnded(self.good, at: at(1), journey: journey) == .end(.unfinished))
    }

    @Test("A request that cannot be drafted fails its intent without an attempt.")
    func draftFails() {
        var intent = IntentMachine(intent: 1)
        _ = intent.begin(arrival: at(0), journey: self.journey())
        #expect(intent.draftFailed(journey: self.journey()) == .end(.failed))
    }
}
