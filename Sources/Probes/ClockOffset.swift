package import Primitives

/// How far another machine's clock is from the run's, by its fastest answer (NTP's rule, RFC 5905).
package struct ClockOffset: Sendable, Hashable {
    /// The other clock less ours.
    package private(set) var offset: Nanoseconds
    /// How wrong that may be, either way: half the shortest round trip and the clock's step.
    package private(set) var error: Nanoseconds

    /// The same machine: no offset, by construction.
    package static let sameHost = ClockOffset(offset: .zero, error: .zero)

    private init(offset: Nanoseconds, error: Nanoseconds) {
        self.offset = offset
        self.error = error
    }

    /// From a first pair of question and answer; nil where the answer came before its question.
    ///
    /// `step` is the precision of the other clock's stamp: a second for an HTTP `Date`, whose
    /// fraction was cut off.
    package init?(
        sent: Nanoseconds, stamped: Nanoseconds, received: Nanoseconds, step: Nanoseconds
    ) {
        guard sent <= received else { return nil }
        let roundTrip = received - sent
        self.offset = stamped + step / 2 - (sent + roundTrip / 2)
        self.error = (roundTrip + step) / 2
    }

    /// The better of two: the one with the smaller error.
    package func improved(with other: ClockOffset) -> ClockOffset {
        other.error < self.error ? other : self
    }
}
