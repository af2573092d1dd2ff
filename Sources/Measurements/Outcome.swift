package import Primitives

/// What became of an attempt; the key of every count.
package enum Outcome: Sendable, Hashable {
    /// A whole response arrived, with this status.
    case status(Int)
    /// No whole response arrived.
    case failure(FailureClass)
    /// The run ended first.
    case unfinished

    /// The name in files and reports: `201`, `connect_timeout`, `unfinished`.
    package var name: String {
        switch self {
        case .status(let code): String(code)
        case .failure(let failure): failure.rawValue
        case .unfinished: "unfinished"
        }
    }

    /// The name in charts and in `outcomes` of the report.
    ///
    /// Informational, successful and redirecting statuses are grouped as `2xx`; each error status
    /// stands for itself, because 429, 503 and 507 tell different stories.
    package var group: String {
        if case .status(let code) = self, code < 400 { return "\(code / 100)xx" }
        return self.name
    }

    /// The outcome of that name; nil when there is none.
    package init?(name: String) {
        if let code = Int(name), (100...999).contains(code) {
            self = .status(code)
        } else if name == "unfinished" {
            self = .unfinished
        } else if let failure = FailureClass(rawValue: name) {
            self = .failure(failure)
        } else {
            return nil
        }
    }
}

/// Why an intent was never started; the generator's own fault, by reason.
package enum DropReason: String, Sendable, Hashable, Codable, CaseIterable {
    /// `maxInFlight` intents were between arrival and end.
    case inFlightLimit = "in_flight_limit"
    /// No idle client (`hit -q`).
    case noIdleClient = "no_idle_client"
    /// The run stopped before the arrival could be released.
    case stopped
}
