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
}

/// One intent going through its population's flow: event in, action out.
///
/// No clock and no sockets: instants come with the events. 40 bytes, since thousands of them wait.
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
    private var state = State.new
    /// True once a stop was requested while an attempt was in progress.
    private(set) var isCut = false

    /// An intent that has not begun.
    init(intent: Int) {
        self.intent = intent
    }

    /// True while an attempt is in progress.
    var isAttempting: Bool { self.state == .attempting }

    /// The intent arrived.
    mutating func begin(arrival: MonotonicTime, journey: borrowing Journey) -> Action {
        precondition(self.state == .new, "an intent begins once")
        self.due = arrival
        return self.proceed(journey)
    }

    /// The wait is over.
    mutating func timerFired(journey: borrowing Journey) -> Action {
        precondition(self.state == .waiting, "only a waiting intent has a timer")
        return self.proceed(journey)
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
            return self.isCut ? self.end(.unfinished) : action
        }
        guard case .request(let step) = journey.instructions[self.instruction] else {
            preconditionFailure("an attempt belongs to a request")
        }
        // A condition that names a final status asks for it on purpose (polling for a 404 to
        // vanish), so retries come before the final answer.
        if let retry = journey.retries[step], self.attempt < retry.max,
            retry.when.contains(where: { $0.matches(facts.outcome) })
        {
            return self.isCut ? self.end(.unfinished) : self.tryAgain(retry, journey)
        }
        if case .status(let status) = facts.outcome,
            journey.finalStatuses.contains(where: { $0.matches(status) })
        {
            return self.end(.rejected)
        }
        return self.end(.failed)
    }

    /// The attempt asked for could not be drafted; nothing was sent.
    mutating func draftFailed() -> Action {
        precondition(self.state == .attempting, "a draft belongs to an attempt")
        return self.end(.failed)
    }

    /// The run ends now; an attempt in progress is cancelled and its end awaited.
    mutating func stopRequested() -> Action {
        precondition(self.state != .ended, "the intent has ended")
        guard self.state == .attempting else { return self.end(.unfinished) }
        self.isCut = true
        return .cancel
    }

    private mutating func tryAgain(_ retry: RetrySpec, _ journey: borrowing Journey) -> Action {
        self.attempt += 1
        let delay = journey.backOff(
            retry, retry: self.attempt, intent: self.intent, instruction: self.instruction)
        self.due = self.due + delay
        guard delay > .zero else { return self.proceed(journey) }
        self.state = .waiting
        return .wait(until: self.due)
    }

    /// Goes on to the next request; a pause on the way becomes a wait.
    private mutating func proceed(_ journey: borrowing Journey) -> Action {
        while self.instruction < journey.instructions.count {
            switch journey.instructions[self.instruction] {
            case .request(let step):
                self.state = .attempting
                self.hasTried = true
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

extension RetrySpec.Condition {
    /// True when an attempt that ended so is worth repeating.
    func matches(_ outcome: Outcome) -> Bool {
        switch (self, outcome) {
        case (.status(let pattern), .status(let status)): pattern.matches(status)
        case (.error, .failure): true
        case (.timeout, .failure(let failure)): failure.isTimeout
        case (.refused, .failure(let failure)): failure == .refused
        case (.reset, .failure(let failure)):
            switch failure {
            case .resetInConnect, .sendReset, .receiveReset, .emptyReply: true
            default: false
            }
        default: false
        }
    }
}
