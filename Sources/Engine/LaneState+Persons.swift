import Measurements
import Planning
import Primitives
import Scenarios

/// People who lose patience, and what their apps may spend on retries.
extension LaneState {
    /// Sets a timer for the next deadline of the person in a seat, if there is one.
    ///
    /// A deadline that moves later finds its old timer, which then is set anew.
    mutating func armDeadline(seat: Int) {
        guard let deadline = self.seats[seat].intent.person.deadline else { return }
        self.timers.insert(
            LaneTimer(
                at: deadline, kind: .deadline, index: Int32(seat),
                detail: self.seats[seat].generation))
    }

    /// A deadline's timer fired for the intent that is still in the seat.
    mutating func deadlineReached(
        seat: Int, timer: LaneTimer, now: MonotonicTime, into actions: inout [LaneAction]
    ) {
        let population = self.seats[seat].population
        let action = self.seats[seat].intent.deadlineReached(
            now: now, journey: self.crowds[population].crowd.journey)
        if let action {
            self.follow(action, seat: seat, now: now, into: &actions)
            if case .stay = action { self.callOffBranches(of: seat, now: now, into: &actions) }
        }
        // Somebody who is about to press again still loses patience.
        guard self.isCurrent(seat, timer.detail), !self.seats[seat].intent.isCalledOff,
            let next = self.seats[seat].intent.person.deadline, next > timer.at
        else { return }
        self.armDeadline(seat: seat)
    }

    /// Counts a first try towards its client's budget.
    mutating func noteRequest(step: Int, seat: Int, at now: MonotonicTime) {
        let population = self.seats[seat].population
        guard !self.crowds[population].budgets.isEmpty else { return }
        self.crowds[population].budgets.requestBegan(step: step, seat: seat, at: now)
    }

    /// Notes that an attempt ended while nobody tries again.
    func settleRelief(
        _ facts: AttemptFacts, seat: Int, at end: MonotonicTime
    ) -> AttemptFacts {
        let population = self.seats[seat].population
        guard !self.crowds[population].crowd.journey.quiet.isEmpty, !facts.good else {
            return facts
        }
        let since = self.crowds[population].pace.plan(at: end - self.origin)
        var facts = facts
        facts.isRelieved = self.crowds[population].crowd.journey.quiet.contains {
            $0.contains(since)
        }
        return facts
    }

    /// Pays for the retry that an attempt's end leads to, or notes that the budget is spent.
    mutating func settleBudget(
        _ facts: AttemptFacts, seat: Int, at end: MonotonicTime
    ) -> AttemptFacts {
        let population = self.seats[seat].population
        guard !self.crowds[population].budgets.isEmpty, facts.outcome != .unfinished,
            !facts.isRelieved,
            !self.seats[seat].intent.isCalledOff
        else { return facts }
        let intent = self.seats[seat].intent
        let client = self.root(of: seat)
        let journey = self.crowds[population].crowd.journey
        guard case .request(let step) = journey.program.instructions[intent.instruction] else {
            return facts
        }
        if facts.good {
            self.crowds[population].budgets.succeeded(step: step, seat: client)
            return facts
        }
        guard journey.retry(step: step, attempt: intent.attempt, after: facts.outcome) != nil
        else { return facts }
        var facts = facts
        var isTimeout = false
        if case .failure(let failure) = facts.outcome { isTimeout = failure.isTimeout }
        facts.overBudget = !self.crowds[population].budgets.allowsRetry(
            step: step, seat: client, afterTimeout: isTimeout, at: end)
        return facts
    }

    /// Forgets what an intent's retries have cost; the client's budget goes with the client.
    mutating func closeBudgets(seat: Int, retires: Bool) {
        let population = self.seats[seat].population
        guard !self.crowds[population].budgets.isEmpty else { return }
        self.crowds[population].budgets.ended(seat: seat, retires: retires)
    }
}
