/// Why a run came to its end.
package enum StopReason: String, Sendable, Hashable {
    /// Everything planned was done.
    case finished
    /// A person asked for it.
    case signal
    /// The longest allowed duration was reached.
    case timeLimit = "time-limit"
    /// A rule with `abortOnFail` was broken.
    case threshold
    /// The journal cannot be written any more.
    case journalFull = "journal-full"
    /// No response was completed for as long as `safety.stopWhenDown` says.
    case targetDown = "target-down"
    /// Something broke in the harness itself.
    case failed
}
