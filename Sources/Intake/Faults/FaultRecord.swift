import Primitives

/// An instant as the truth names it.
struct FaultInstant: Sendable, Equatable {
    /// UTC, RFC 3339.
    var at: String
    /// Seconds of wall time since the first request.
    var seconds: Double

    /// The instant as JSON.
    var json: JSONValue {
        .object([("at", .string(self.at)), ("t", .number(self.seconds))])
    }

    /// Reads `json` back; nil when it is none.
    init?(_ json: JSONValue?) {
        guard case .string(let at)? = json?["at"], let seconds = json?["t"]?.numeric else {
            return nil
        }
        self.init(at: at, seconds: seconds)
    }

    /// An instant.
    init(at: String, seconds: Double) {
        self.at = at
        self.seconds = seconds
    }
}

/// What really became of one fault.
struct FaultRecord: Sendable, Equatable {
    /// Something that happened again and again while the fault was on: a stop, a death.
    struct Occurrence: Sendable, Equatable {
        /// When it began.
        var began: FaultInstant
        /// When it was over; nil while it is not.
        var ended: FaultInstant?
    }

    /// The most occurrences that are remembered.
    static let mostOccurrences = 1_000

    /// When the schedule asked for it.
    var triggered: FaultInstant?
    /// When it was in force.
    var began: FaultInstant?
    /// When it was no longer in force.
    var ended: FaultInstant?
    /// Requests and bytes that had come when it was asked for.
    var atTrigger: (requests: Int, bytes: Int)?
    /// What the server could do a second before; nil when that was never measured.
    var capacityBefore: Double?
    /// What it could do a second while the fault was on; nil when that was never measured.
    var capacityDuring: Double?
    /// Why it could not be injected.
    var failure: String?
    /// What happened again and again.
    var occurrences: [Occurrence] = []

    static func == (left: FaultRecord, right: FaultRecord) -> Bool { left.json == right.json }

    /// The record as JSON.
    var json: JSONValue {
        .object([
            ("triggered", self.triggered?.json ?? .null),
            ("began", self.began?.json ?? .null),
            ("ended", self.ended?.json ?? .null),
            (
                "at_trigger",
                self.atTrigger.map {
                    .object([("requests", .integer($0.requests)), ("bytes", .integer($0.bytes))])
                } ?? .null
            ),
            ("capacity_before", self.capacityBefore.map(JSONValue.number) ?? .null),
            ("capacity_during", self.capacityDuring.map(JSONValue.number) ?? .null),
            ("failure", self.failure.map(JSONValue.string) ?? .null),
            (
                "occurrences",
                .array(
                    self.occurrences.map {
                        .object([
                            ("began", $0.began.json), ("ended", $0.ended?.json ?? .null),
                        ])
                    })
            ),
        ])
    }

    /// A fault that has not been asked for.
    init() {}

    /// Reads `json` back; what is missing is nil.
    init(_ json: JSONValue) {
        self.triggered = FaultInstant(json["triggered"])
        self.began = FaultInstant(json["began"])
        self.ended = FaultInstant(json["ended"])
        if let requests = json["at_trigger"]?["requests"]?.numeric,
            let bytes = json["at_trigger"]?["bytes"]?.numeric
        {
            self.atTrigger = (Int(requests), Int(bytes))
        }
        self.capacityBefore = json["capacity_before"]?.numeric
        self.capacityDuring = json["capacity_during"]?.numeric
        if case .string(let failure)? = json["failure"] { self.failure = failure }
        if case .array(let items)? = json["occurrences"] {
            self.occurrences = items.compactMap { item in
                FaultInstant(item["began"]).map {
                    Occurrence(began: $0, ended: FaultInstant(item["ended"]))
                }
            }
        }
    }
}

extension JSONValue {
    /// The number, whole or not; nil for anything else.
    var numeric: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
