package import Primitives

/// What a labelled event means.
package enum EventKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// What sets the trouble off.
    case trigger
    /// What people notice.
    case symptom
    /// What is done against it.
    case mitigation
    /// What makes it whole again.
    case recovery
    /// Anything else.
    case info
}

/// An event drawn into every chart; with a request it also does something.
package struct TimelineEvent: Sendable {
    /// When, in story time from the run's start.
    package var at: Nanoseconds
    /// One line for charts and tables.
    package var label: String
    /// What it means.
    package var kind: EventKind
    /// A request sent then, outside every population.
    package var request: RequestSpec?
    /// Where it stands in the file.
    package var location: SourceLocation

    /// An event.
    package init(
        at: Nanoseconds, label: String, kind: EventKind = .info, request: RequestSpec? = nil,
        location: SourceLocation = SourceLocation(line: 1, column: 1)
    ) {
        self.at = at
        self.label = label
        self.kind = kind
        self.request = request
        self.location = location
    }
}
