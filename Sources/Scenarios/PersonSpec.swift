package import Primitives

/// The person who holds the phone: how long they wait, and what they do when told of a failure.
package struct PersonSpec: Sendable, Hashable {
    /// How long a person waits from the intent's arrival on, in seconds; nil for ever.
    ///
    /// Story time in a scenario, wall time in a plan. When it is over the attempt in progress is
    /// cancelled and the intent has given up.
    package var patience: Distribution?
    /// Whether the person presses again; nil when not.
    package var pressAgain: PressAgainSpec?
    /// How long one way through the flow may take before the app calls it failed, in wall time.
    package var timeout: Nanoseconds?
    /// Where `patience` stands in the file.
    package var patienceLocation = SourceLocation(line: 1, column: 1)
    /// Where `timeout` stands in the file.
    package var timeoutLocation = SourceLocation(line: 1, column: 1)

    /// A person; one who waits for ever and presses once, unless given otherwise.
    package init(
        patience: Distribution? = nil, pressAgain: PressAgainSpec? = nil,
        timeout: Nanoseconds? = nil
    ) {
        self.patience = patience
        self.pressAgain = pressAgain
        self.timeout = timeout
    }
}

/// What a person does when the app has told them of a failure: a layer above the app's retries.
///
/// With R retries of the app and P presses of the person a server that always fails sees
/// (1 + R) x (1 + P) attempts.
package struct PressAgainSpec: Sendable, Hashable {
    /// Where the person begins again.
    package enum Restart: String, Sendable, Hashable, Codable, CaseIterable {
        /// At the flow's beginning.
        case flow
        /// At the step that failed.
        case step
    }
    /// How often at most.
    package var max: Int
    /// How long after being told, in seconds.
    package var after: Distribution
    /// After what; nil for every failure but a final answer.
    package var when: [RetrySpec.Condition]?
    /// Where to begin again.
    package var restart: Restart

    /// A person who presses again.
    package init(
        max: Int, after: Distribution = .fixed(2), when: [RetrySpec.Condition]? = nil,
        restart: Restart = .flow
    ) {
        self.max = max
        self.after = after
        self.when = when
        self.restart = restart
    }
}

/// When a client hangs up in the middle of an attempt.
package enum AbortRule: Sendable, Hashable {
    /// That long after the attempt's start, in wall time.
    case time(Nanoseconds)
    /// When that many bytes of its body have been handed over.
    case bytes(ByteCount)
}
