package import Primitives

/// A stretch in which the load is taken away on purpose, to see whether the server comes back.
///
/// What stays down below its capacity after the load was gone is kept down by something else than
/// the load; what comes back and stays was kept down by its own clients (research: diagnosis, 3.8).
package struct ReliefSpec: Sendable, Hashable {
    /// The phase's name.
    package var name: String
    /// When it begins, in story time from the run's start.
    package var at: Nanoseconds
    /// How long it lasts, in story time.
    package var duration: Nanoseconds
    /// The share of the arrivals, or of the clients, that still come, 0 to 1.
    package var share: Double
    /// True when apps and people try again as ever; otherwise nobody does in the phase.
    package var retries: Bool
    /// Where it stands in the file.
    package var location: SourceLocation

    /// A relief; a fifth of the load and no retries, unless given otherwise.
    package init(
        name: String = "relief", at: Nanoseconds, duration: Nanoseconds, share: Double = 0.2,
        retries: Bool = false, location: SourceLocation = SourceLocation(line: 1, column: 1)
    ) {
        self.name = name
        self.at = at
        self.duration = duration
        self.share = share
        self.retries = retries
        self.location = location
    }

    /// Where it ends, in story time.
    package var end: Nanoseconds { self.at + self.duration }
}
