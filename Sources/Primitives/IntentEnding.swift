/// How an intent ended; the six add up to the intents.
package enum IntentEnding: String, Sendable, Hashable, Codable, CaseIterable {
    /// Every step was good.
    case accepted
    /// A final answer said no.
    case rejected
    /// The person's patience ran out.
    case gaveUp = "gave_up"
    /// A step's tries were used up.
    case failed
    /// The generator never started it; its own fault, counted by reason.
    case dropped
    /// The run ended first.
    case unfinished
}
