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
    /// The load is taken away on purpose just now: nobody tries again.
    var isRelieved = false
}

/// One intent going through its population's flow: event in, action out.
///
/// No clock, no sockets and no texts: instants come with the events, and what a condition says is
/// asked for. 72 bytes, since thousands of them wait. A branch of a fork is a machine of its own.
struct IntentMachine: Sendable, Hashable {
    /// What the caller has to do.
    enum Action: Sendable, Hashable {
        /// Send an attempt of a step; 0 is its first.
        case start(step: Int, attempt: Int, intendedStart: MonotonicTime)
        /// Report `timerFired` at that instant or later.
        case wait(until: MonotonicTime)
        /// Cancel the attempt in progress and report its end all the same.
        case cancel
        /// Report as `decided` whether the condition with this index holds.
        case decide(Int)
        /// Begin the branches of the fork with this index, and report `joined` when all ended.
        case fork(Int)
        /// Count the intent's end, then call `goOn`: what the person does about it.
        case conclude(IntentEnding)
        /// Nothing more; the intent, or the branch, ended so. After `conclude` it counts no more.
        case end(IntentEnding)
        /// Nothing now; the branches have to end first.
        case stay
    }
    private enum State: UInt8 {
        case new
        case waiting
        case attempting
        case deciding
        case joining
        case concluding
        case ended
    }
    /// The intent's number in its population.
    let intent: Int
    /// The intended start of the present or next attempt.
    private(set) var due = MonotonicTime(nanoseconds: 0)
    private var position: Int32 = 0
    private var tries: Int32 = 0
    /// The turns of the loops around the present instruction, as `FlowProgram` counts them.
    private var turn: UInt16 = 0
    /// The last answer's status; 0 for none.
    private(set) var status: Int16 = 0
    private var state = State.new
    /// How the journey ended; nil while it has not.
    private(set) var ending: IntentEnding?
    /// True once an attempt has been asked for.
    private(set) var hasTried = false
    /// Attempts asked for, over all steps and presses.
    private(set) var attempts: Int32 = 0
    /// The person who waits.
    private(set) var person = PersonState()
    /// True once a stop was requested while an attempt was in progress.
    private(set) var isCut = false
    /// True once a step has failed.
    private(set) var hasFailed = false
    /// True for a branch of a fork.
    private(set) var isBranch = false

    /// An intent that has not begun.
    init(intent: Int) {
        self.intent = intent
    }

    /// The present instruction's index in the program.
    var instruction: Int { Int(self.position) }
    /// The present step's attempt, from 0.
    var attempt: Int { Int(self.tries) }
    /// True while an attempt is in progress.
    var isAttempting: Bool { self.state == .attempting }
    /// True when the client itself has called off the attempt in progress.
    var isCalledOff: Bool { self.person.recall != .none }
    /// True while a condition is asked for.
    var isDeciding: Bool { self.state == .deciding }
    /// True while its branches are under way.
    var isJoining: Bool { self.state == .joining }

    /// True when the intent waits for that instant; a timer for another one is stale.
    func waits(for at: MonotonicTime) -> Bool { self.state == .waiting && self.due == at }

    /// The key of the draws at the present instruction.
    func place(_ journey: borrowing Journey) -> Int {
        journey.program.place(self.instruction, turn: Int(self.turn))
    }

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
    ///
    /// `stay` asks for the branches to be called off.
    mutating func deadlineReached(
        now: MonotonicTime, journey: borrowing Journey
    ) -> Action? {
        let recall = self.person.reached(by: now)
        guard recall != .none, self.state != .ended, !self.isCalledOff, !self.isCut else {
            return nil
        }
        self.person.recall = recall
        if self.state == .attempting { return .cancel }
        if self.state == .joining { return .stay }
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
        self.status = if case .status(let code) = facts.outcome { Int16(clamping: code) } else { 0 }
        if facts.good {
            self.position += 1
            self.tries = 0
            let action = self.proceed(journey)
            switch action {
            case .end, .conclude: return action
            default: break
            }
            guard self.isCalledOff || self.isCut else { return action }
            // Asked for, and not wanted any more.
            if case .start = action { self.attempts -= 1 }
            return self.isCalledOff ? self.leave(journey) : self.end(.unfinished)
        }
        if self.isCalledOff { return self.leave(journey) }
        guard case .request(let step) = journey.program.instructions[self.instruction] else {
            preconditionFailure("an attempt belongs to a request")
        }
        let decision = journey.decision(
            after: facts, step: step, attempt: self.attempt, intent: self.intent,
            instruction: self.place(journey), presses: self.person.presses)
        switch decision {
        case .end(let ending): return self.fail(ending, journey)
        case .pressAgain where !self.mayPress(journey):
            var isFinal = false
            if case .status(let status) = facts.outcome {
                isFinal = journey.finalStatuses.contains { $0.matches(status) }
            }
            return self.fail(isFinal ? .rejected : .failed, journey)
        case .pressAgain, .tryAgain: return self.follow(decision, journey)
        }
    }

    /// The attempt asked for could not be drafted; nothing was sent.
    mutating func draftFailed(journey: borrowing Journey) -> Action {
        precondition(self.state == .attempting, "a draft belongs to an attempt")
        self.attempts -= 1
        return self.fail(.failed, journey)
    }

    /// The condition asked for holds, or does not.
    mutating func decided(_ holds: Bool, journey: borrowing Journey) -> Action {
        guard case .test(_, let otherwise) = journey.program.instructions[self.instruction],
            self.state == .deciding
        else { preconditionFailure("no condition was asked for") }
        self.position = holds ? self.position + 1 : Int32(otherwise)
        return self.proceed(journey)
    }

    /// The run ends now; an attempt in progress is cancelled and its end awaited.
    mutating func stopRequested() -> Action {
        precondition(self.state != .ended, "the intent has ended")
        switch self.state {
        case .attempting:
            self.isCut = true
            return .cancel
        case .joining:
            self.isCut = true
            return .stay
        case .new, .waiting, .deciding, .concluding, .ended: return self.end(.unfinished)
        }
    }

    /// Nobody presses again for what may fail, for one branch, or after the end.
    private func mayPress(_ journey: borrowing Journey) -> Bool {
        !self.isBranch && self.ending == nil && journey.program.rescues[self.instruction] == nil
    }

    private mutating func follow(
        _ decision: RetryDecision, _ journey: borrowing Journey
    ) -> Action {
        if case .end(let ending) = decision { return self.conclude(ending, journey) }
        guard !self.isCut else { return self.end(.unfinished) }
        switch decision {
        case .tryAgain(let wait):
            self.tries += 1
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
        self.tries = 0
        guard journey.person.pressAgain?.restart == .flow else { return }
        self.position = 0
        self.turn = 0
    }

    /// The person leaves, or the app tells them that it took too long.
    private mutating func leave(_ journey: borrowing Journey) -> Action {
        self.hasFailed = true
        guard !self.isBranch else { return self.end(.gaveUp) }
        guard self.person.recall == .timeout else { return self.conclude(.gaveUp, journey) }
        return self.follow(
            journey.decision(
                failed: .failure(.abandoned), intent: self.intent,
                presses: self.person.presses), journey)
    }

    /// A step failed for good: to where that is allowed for, or to the journey's end.
    private mutating func fail(_ ending: IntentEnding, _ journey: borrowing Journey) -> Action {
        self.hasFailed = true
        self.tries = 0
        if let rescue = journey.program.rescues[self.instruction] {
            guard !self.isCut else { return self.end(.unfinished) }
            self.position = Int32(rescue.entry)
            self.turn /= UInt16(rescue.turns)
            return self.proceed(journey)
        }
        return self.conclude(ending, journey)
    }

    /// The journey is over: its end, or what the person does about it first.
    private mutating func conclude(_ ending: IntentEnding, _ journey: borrowing Journey) -> Action {
        let isLast = self.isBranch || self.isCut || self.ending != nil
        guard !isLast, journey.program.aftermath != nil else { return self.end(ending) }
        self.ending = ending
        self.state = .concluding
        // Nobody waits for anything any more.
        let presses = self.person.presses
        self.person = PersonState()
        self.person.presses = presses
        return .conclude(ending)
    }

    /// Goes on to the next request; a pause on the way becomes a wait.
    private mutating func proceed(_ journey: borrowing Journey) -> Action {
        while self.instruction < journey.program.instructions.count {
            switch journey.program.instructions[self.instruction] {
            case .request(let step):
                self.state = .attempting
                self.hasTried = true
                self.attempts += 1
                return .start(step: step, attempt: self.attempt, intendedStart: self.due)
            case .think(let distribution):
                let pause = journey.think(
                    distribution, intent: self.intent, instruction: self.place(journey))
                self.position += 1
                guard pause > .zero else { continue }
                self.due = self.due + pause
                self.state = .waiting
                return .wait(until: self.due)
            case .jump(let target): self.position = Int32(target)
            case .test(let condition, _):
                self.state = .deciding
                return .decide(condition)
            case .pick(let pick):
                self.position = Int32(
                    journey.entry(of: pick, intent: self.intent, place: self.place(journey)))
            case .fork(let fork, _):
                self.state = .joining
                return .fork(fork)
            case .enterLoop(let turns):
                self.turn *= UInt16(turns)
                self.position += 1
            case .nextTurn(let turns, let from, _):
                if self.turn % UInt16(turns) + 1 < UInt16(turns) {
                    self.turn += 1
                    self.position = Int32(from)
                } else {
                    self.position += 1
                }
            case .leaveLoop(let turns):
                self.turn /= UInt16(turns)
                self.position += 1
            case .fail: return self.fail(.failed, journey)
            case .join, .finish: return self.end(.accepted)
            }
        }
        return self.end(.accepted)
    }

    private mutating func end(_ ending: IntentEnding) -> Action {
        self.state = .ended
        return .end(ending)
    }
}

// MARK: - Branches, and what comes after a failure
extension IntentMachine {
    /// A branch of this intent's fork, to be begun with `beginBranch`.
    func branch(at entry: Int) -> IntentMachine {
        precondition(self.state == .joining, "branches belong to a fork")
        var branch = self
        branch.position = Int32(entry)
        branch.state = .new
        branch.isBranch = true
        branch.attempts = 0
        return branch
    }

    /// The intent's person leaves: the branch ends.
    mutating func callOff(_ recall: PersonState.Recall) -> Action {
        guard self.state != .ended, !self.isCut, !self.isCalledOff else { return .stay }
        self.person.recall = recall
        switch self.state {
        case .attempting: return .cancel
        case .joining: return .stay
        default: return self.end(.gaveUp)
        }
    }

    /// The branch begins; its first request is due when the fork was reached.
    mutating func beginBranch(journey: borrowing Journey) -> Action {
        precondition(self.state == .new && self.isBranch, "a branch begins once")
        return self.proceed(journey)
    }

    /// A branch ended; what it came to is what the intent knows afterwards.
    mutating func learn(from branch: borrowing IntentMachine) {
        precondition(self.state == .joining, "branches belong to a fork")
        self.due = max(self.due, branch.due)
        self.status = branch.status
        self.attempts += branch.attempts
        if branch.hasTried { self.hasTried = true }
        if branch.hasFailed { self.hasFailed = true }
    }

    /// All branches ended; `failure` is how the first that failed did.
    mutating func joined(failure: IntentEnding?, journey: borrowing Journey) -> Action {
        guard case .fork(_, let join) = journey.program.instructions[self.instruction],
            self.state == .joining
        else { preconditionFailure("there was no fork") }
        if self.isCut || failure == .unfinished { return self.end(.unfinished) }
        if self.isCalledOff { return self.leave(journey) }
        if let failure { return self.fail(failure, journey) }
        self.position = Int32(join)
        return self.proceed(journey)
    }

    /// The end was counted: the person does what people do then.
    mutating func goOn(journey: borrowing Journey) -> Action {
        guard let aftermath = journey.program.aftermath, self.state == .concluding else {
            preconditionFailure("only a failed journey has an aftermath")
        }
        self.position = Int32(aftermath)
        self.turn = 0
        return self.proceed(journey)
    }
}
