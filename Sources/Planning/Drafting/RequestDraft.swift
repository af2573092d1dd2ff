package import Primitives
package import Scenarios

/// What drafting needs besides the flow: loaded before planning, never afterwards.
package struct DraftMaterials: Sendable {
    /// Variables, expanded; secret ones included.
    package var variables: [String: String]
    /// The environment's values that templates name.
    package var environment: [String: String]
    /// The rows of each feeder, by name.
    package var feeders: [String: FeederRows]
    /// The sizes of the files that bodies send, by path as written in the scenario.
    package var files: [String: FileFacts]
    /// The times of recorded arrivals, by where they stand.
    package var traces: [TraceSpec.Source: TraceTimes]
    /// Recorded sizes and times, by where they stand.
    package var recorded: [RecordedValues: WeightedValues]

    /// Materials.
    package init(
        variables: [String: String] = [:], environment: [String: String] = [:],
        feeders: [String: FeederRows] = [:], files: [String: FileFacts] = [:],
        traces: [TraceSpec.Source: TraceTimes] = [:],
        recorded: [RecordedValues: WeightedValues] = [:]
    ) {
        self.variables = variables
        self.environment = environment
        self.feeders = feeders
        self.files = files
        self.traces = traces
        self.recorded = recorded
    }
}

/// A file a body sends.
package struct FileFacts: Sendable, Hashable {
    /// The path to open.
    package var path: String
    /// Its size when the plan was made.
    package var size: Int64

    /// A file.
    package init(path: String, size: Int64) {
        self.path = path
        self.size = size
    }
}

/// The rows of a feeder.
package struct FeederRows: Sendable, Hashable {
    /// The columns' names.
    package var columns: [String]
    /// The rows; each as long as `columns`.
    package var rows: [[String]]
    /// The order in which intents take rows.
    package var order: FeederSpec.Order

    /// Rows.
    package init(columns: [String], rows: [[String]], order: FeederSpec.Order) {
        self.columns = columns
        self.rows = rows
        self.order = order
    }
}

/// Who asks for a draft: the key of every draw, and what the client has learnt so far.
package struct DraftContext: Sendable {
    /// The population's index.
    package var population: Int
    /// The intent's number.
    package var intent: Int
    /// The instruction's place in its turn (`FlowProgram.place`): a step in a loop draws anew.
    package var instruction: Int
    /// Captured values, by name.
    package var captures: [String: String]

    /// A context.
    package init(
        population: Int, intent: Int, instruction: Int, captures: [String: String] = [:]
    ) {
        self.population = population
        self.intent = intent
        self.instruction = instruction
        self.captures = captures
    }
}

/// A request ready to be sent.
package struct RequestDraft: Sendable {
    /// The method.
    package var method: HTTPMethod
    /// The absolute URL.
    package var url: String
    /// Header fields in order; the idempotency key and the content type included.
    package var headers: [(name: String, value: String)]
    /// The body; nil for none.
    package var body: DraftBody?
}

/// A body as pieces; its memory does not depend on its size.
package struct DraftBody: Sendable, Hashable {
    /// A piece of a body.
    package enum Segment: Sendable, Hashable {
        /// Bytes of its own.
        case bytes([UInt8])
        /// A range of a file.
        case file(path: String, offset: Int64, length: Int64)
        /// Bytes of the plan's shared block, repeated cyclically from an offset.
        case block(offset: Int, length: Int64)

        /// The piece's length in bytes.
        package var length: Int64 {
            switch self {
            case .bytes(let bytes): Int64(bytes.count)
            case .file(_, _, let length), .block(_, let length): length
            }
        }
    }
    /// The pieces, in order.
    package var segments: [Segment]
    /// The bytes after which the client hangs up; nil for a whole upload.
    package var sends: Int64?

    /// A body.
    package init(segments: [Segment], sends: Int64? = nil) {
        self.segments = segments
        self.sends = sends
    }

    /// The length in bytes that is announced.
    package var length: Int64 { self.segments.reduce(0) { $0 + $1.length } }
}

/// Why a request could not be drafted; ends the intent as failed, counted by reason.
package struct DraftError: Error, Sendable, Hashable {
    /// One sentence.
    package var message: String

    /// An error with that sentence.
    package init(_ message: String) {
        self.message = message
    }
}
