import Measurements
import Planning
import Primitives
import Scenarios

/// What an attempt's end means for its intent.
struct AttemptFacts: Sendable, Hashable {
    /// What became of the attempt; `unfinished` when the run cut it.
    var outcome: Outcome
    /// Completed, as expected, within the step's deadline.
    var good: Bool
    /// The seconds that a Retry-After header asked to wait; nil without one.
    var retryAfter: Int64?
    /// The app would try again, but its budget is spent.
    var overBudget = false
}

/// One intent going through its population's flow: event in, action out.
///
/// No clock and no sockets: instants come with the events. 72 bytes, since thousands of them wait.
struct IntentMachine: Sendable, Hashable {
    /// What the caller has to do.
    enum Action: Sendable, Hashable {
        /// Send an attempt of a step; 0 is its first.
        case start(step: Int, attempt: Int, intendedStart: MonotonicTime)
        /// Report `timerFired` at that instant or later.
        case wait(until: MonotonicTime)
        /// Cancel the attempt in progress and report its end all the same.
        case cancel
        /// Nothing more; the intent ended so.
        case end(IntentEnding)
    }
    private enum State: UInt8 {
        case new
        case waiting
        case attempting
        case ended
    }
    /// The intent's number in its population.
    let intent: Int
    /// The present instruction's index in the unrolled flow.
    private(set) var instruction = 0
    /// The present step's attempt, from 0.
    private(set) var attempt = 0
    /// The intended start of the present or next attempt.
    private(set) var due = MonotonicTime(nanoseconds: 0)
    /// True once an attempt has been asked for.
    private(set) var hasTried = false
    /// Attempts asked for, over all steps and presses.
    private(set) var attempts: Int32 = 0
    /// The person who waits.
    private(set) var person = PersonState()
    private var state = State.new
    /// True once a stop was requested while an attempt was in progress.
    private(set) var isCut = false

    /// An intent that has not begun.
    init(intent: Int) {
        self.intent = intent
    }

    /// True while an attempt is in progress.
    var isAttempting: Bool { self.state == .attempting }
    /// True when the client itself has called off the attempt in progress.
    var isCalledOff: Bool { self.person.recall != .none }

    /// True when the intent waits for that instant; a timer for another one is stale.
    func waits(for at: MonotonicTime) -> Bool { self.state == .waiting && self.due == at }

    /// The intent arrived.
    mutating func begin(arrival: MonotonicTime, journey: borrowing Journey) -> Action {
        precondition(self.state == .new, "an intent begins once")
        self.due = arrival
        self.person = PersonState(journey, intent: self.intent, arrival: arrival)
        return self.proceed(journey)
    }

    /// The wait is over.
    mutating func timerFired(journey: borrowing Journey) -> Action {
        precondition(self.state == .waiting, "only a waiting intent has a timer")
        if self.person.isPressing { self.press(journey) }
        return self.proceed(journey)
    }

    /// A deadline of the person's or the journey's has come; nil when it was moved meanwhile.
    mutating func deadlineReached(
        now: MonotonicTime, journey: borrowing Journey
    ) -> Action? {
        let recall = self.person.reached(by: now)
        guard recall != .none, self.state != .ended, !self.isCalledOff, !self.isCut else {
            return nil
        }
        self.person.recall = recall
        if self.state == .attempting { return .cancel }
        self.due = self.person.deadline ?? now
        return self.leave(journey)
    }

    /// The attempt in progress ended at that instant.
    mutating func attemptEnded(
        _ facts: AttemptFacts, at end: MonotonicTime, journey: borrowing Journey
    ) -> Action {
        precondition(self.state == .attempting, "no attempt is in progress")
        if facts.outcome == .unfinished { return self.end(.unfinished) }
        self.due = end
        if facts.good {
            self.instruction += 1
            self.attempt = 0
            let action = self.proceed(journey)
            if case .end = action { return action }
            guard self.isCalledOff || self.isCut else { return action }
            // Asked for, and not wanted any more.
            if case .start = action { self.attempts -= 1 }
            return self.isCalledOff ? self.leave(journey) : self.end(.unfinished)
        }
        if self.isCalledOff { return self.leave(journey) }
        guard case .request(let step) = journey.instructions[self.instruction] else {
            preconditionFailure("an attempt belongs to a request")
        }
        let decision = journey.decision(
            after: facts, step: step, attempt: self.attempt, intent: self.intent,
            instruction: self.instruction, presses: self.person.presses)
        return self.follow(decision, journey)
    }

    /// The attempt asked for could not be drafted; nothing was sent.
    mutating func draftFailed() -> Action {
        precondition(self.state == .attempting, "a draft belongs to an attempt")
        self.attempts -= 1
        return self.end(.failed)
    }

    /// The run ends now; an attempt in progress is cancelled and its end awaited.
    mutating func stopRequested() -> Action {
        precondition(self.state != .ended, "the intent has ended")
        guard self.state == .attempting else { return self.end(.unfinished) }
        self.isCut = true
        return .cancel
    }

    private mutating func follow(
        _ decision: RetryDecision, _ journey: borrowing Journey
    ) -> Action {
        if case .end(let ending) = decision { return self.end(ending) }
        guard !self.isCut else { return self.end(.unfinished) }
        switch decision {
        case .tryAgain(let wait):
            self.attempt += 1
            self.due = self.due + wait
            guard wait > .zero else { return self.proceed(journey) }
        case .pressAgain(let wait):
            self.person.told()
            self.due = self.due + wait
        case .end: break
        }
        self.state = .waiting
        return .wait(until: self.due)
    }

    /// The person presses again: the flow, or its failed step, begins anew.
    private mutating func press(_ journey: borrowing Journey) {
        self.person.isPressing = false
        self.person.presses += 1
        self.person.begin(journey, at: self.due)
        self.attempt = 0
        if journey.person.pressAgain?.restart == .flow { self.instruction = 0 }
    }

    /// The person leaves, or the app tells them that it took too long.
    private mutating func leave(_ journey: borrowing Journey) -> Action {
        guard self.person.recall == .timeout else { return self.end(.gaveUp) }
        return self.follow(
            journey.decision(
                failed: .failure(.abandoned), intent: self.intent,
                presses: self.person.presses), journey)
    }

    /// Goes on to the next request; a pause on the way becomes a wait.
    private mutating func proceed(_ journey: borrowing Journey) -> Action {
        while self.instruction < journey.instructions.count {
            switch journey.instructions[self.instruction] {
            case .request(let step):
                self.state = .attempting
                self.hasTried = true
                self.attempts += 1
                return .start(step: step, attempt: self.attempt, intendedStart: self.due)
            case .think(let distribution):
                let pause = journey.think(
                    distribution, intent: self.intent, instruction: self.instruction)
                self.instruction += 1
                guard pause > .zero else { continue }
                self.due = self.due + pause
                self.state = .waiting
                return .wait(until: self.due)
            }
        }
        return self.end(.accepted)
    }

    private mutating func end(_ ending: IntentEnding) -> Action {
        self.state = .ended
        return .end(ending)
    }
}
