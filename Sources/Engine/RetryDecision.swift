import Measurements
import Primitives
import Scenarios

/// What follows an attempt that ended badly.
enum RetryDecision: Sendable, Hashable {
    /// The app tries the step again by itself, after a wait.
    case tryAgain(wait: Nanoseconds)
    /// The app tells the person, who presses again after a wait.
    case pressAgain(wait: Nanoseconds)
    /// The intent ends.
    case end(IntentEnding)
}

extension Journey {
    /// The policy by which an attempt is worth repeating; nil when it is not.
    ///
    /// A condition that names a final status asks for it on purpose (polling for a 404 to vanish),
    /// so retries come before the final answer.
    func retry(step: Int, attempt: Int, after outcome: Outcome) -> RetrySpec? {
        guard let retry = self.retries[step], attempt < retry.max,
            retry.when.contains(where: { $0.matches(outcome) })
        else { return nil }
        return retry
    }

    /// What follows an attempt that ended badly: first the app's own retries, then the person.
    ///
    /// - Parameters:
    ///   - attempt: the attempt's number in its step, from 0.
    ///   - presses: how often the person has pressed again so far.
    func decision(
        after facts: AttemptFacts, step: Int, attempt: Int, intent: Int, instruction: Int,
        presses: UInt8
    ) -> RetryDecision {
        if !facts.overBudget, !facts.isRelieved,
            let retry = self.retry(step: step, attempt: attempt, after: facts.outcome)
        {
            var wait = self.backOff(
                retry, retry: attempt + 1, intent: intent, instruction: instruction,
                press: Int(presses))
            if retry.honorsRetryAfter, let seconds = facts.retryAfter {
                wait = max(wait, min(.seconds(seconds), retry.maxRetryAfter))
            }
            return .tryAgain(wait: wait)
        }
        return self.decision(
            failed: facts.outcome, intent: intent, presses: presses,
            mayPress: !facts.isRelieved)
    }

    /// What follows when the app has no tries left, or its journey's deadline ran out.
    func decision(
        failed outcome: Outcome, intent: Int, presses: UInt8, mayPress: Bool = true
    ) -> RetryDecision {
        var isFinal = false
        if case .status(let status) = outcome {
            isFinal = self.finalStatuses.contains { $0.matches(status) }
        }
        if mayPress, let again = self.person.pressAgain, Int(presses) < again.max,
            again.when?.contains(where: { $0.matches(outcome) }) ?? !isFinal
        {
            return .pressAgain(
                wait: self.pause(before: Int(presses) + 1, again.after, intent: intent))
        }
        return .end(isFinal ? .rejected : .failed)
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
        case (.connect, .failure(let failure)): failure.isBeforeConnection
        case (.aborted, .failure(let failure)): failure == .aborted
        case (.reset, .failure(let failure)):
            switch failure {
            case .resetInConnect, .sendReset, .receiveReset, .emptyReply: true
            default: false
            }
        default: false
        }
    }
}
