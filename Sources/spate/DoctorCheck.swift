/// One thing `doctor` looked at, and what it thinks of it.
struct DoctorCheck: Encodable {
    /// What it thinks.
    enum State: String, Encodable, Comparable {
        /// Good enough for thousands of clients.
        case fine = "ok"
        /// Good enough for small runs, or worth knowing.
        case warning = "warn"
        /// Runs on this machine would be invalid.
        case failing = "fail"

        private var rank: Int {
            switch self {
            case .fine: 0
            case .warning: 1
            case .failing: 2
            }
        }

        static func < (left: State, right: State) -> Bool { left.rank < right.rank }
    }
    /// A name for machines, such as `local_ports`.
    var id: String
    /// A name for people.
    var title: String
    /// What it thinks.
    var state: State
    /// What was found.
    var value: String
    /// Ways to mend it, to be tried in this order.
    var remedies: [String]

    /// A check's result; remedies are kept only where something is to be mended.
    init(
        _ id: String, _ title: String, _ value: String, _ state: State = .fine,
        remedies: [String] = []
    ) {
        self.id = id
        self.title = title
        self.value = value
        self.state = state
        self.remedies = state == .fine ? [] : remedies
    }

    /// A figure that should be high: failing below one bound, a warning below the other.
    static func state<Figure: Comparable>(
        _ figure: Figure, failsBelow low: Figure, warnsBelow high: Figure
    ) -> State {
        figure < low ? .failing : figure < high ? .warning : .fine
    }
}
