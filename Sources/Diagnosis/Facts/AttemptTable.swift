import Measurements
import Primitives

/// One listed attempt, as small as 200,000 of them should be.
///
/// Texts are numbers here: who answered, and with what, matters only as the same or another.
struct Attempt: Sendable {
    /// Seconds of the run.
    var started: Double
    var ended: Double
    /// True for the requests that share the server's bottleneck.
    var isLoaded: Bool
    var outcome: Outcome
    var isGood: Bool
    /// How many attempts it stands for.
    var weight: Double
    /// Milliseconds from its start to its end.
    var service: Double
    /// True when its connection had served before; nil when unknown.
    var isReused: Bool?
    /// Numbers of its connection, peer, client, answerer and answer.
    var connection: Int32?
    var address: Int32?
    var client: Int64?
    var fingerprint: Int32?
    var body: Int32?
    /// Bytes of its body, sent or not, and those sent.
    var size: Int64?
    var bytesUp: Int64
    // Milliseconds; not a number where a part did not run. Six optionals would be twice as large.
    fileprivate var spans: (Float, Float, Float, Float, Float, Float)

    /// The span of a part in milliseconds; nil where it did not run.
    func span(_ part: RequestTiming) -> Double? {
        let value =
            switch part {
            case .lookup: self.spans.0
            case .connect: self.spans.1
            case .tls: self.spans.2
            case .send: self.spans.3
            case .wait: self.spans.4
            case .receive: self.spans.5
            }
        return value.isNaN ? nil : Double(value)
    }

    /// The status answered; nil without a whole answer.
    var status: Int? {
        if case .status(let code) = self.outcome { code } else { nil }
    }

    /// The way in which it failed; nil with a whole answer.
    var failure: FailureClass? {
        if case .failure(let failure) = self.outcome { failure } else { nil }
    }

    /// True when the server turned it away by a status, whatever the reason.
    var isRefusal: Bool {
        guard let status = self.status, !self.isGood else { return false }
        return status >= 400
    }
}

/// The listed attempts that judge the server, in the order of their starts.
struct AttemptTable: Sendable {
    /// All of them.
    let rows: [Attempt]

    /// Takes a record's list; costs one pass and a sort.
    init(_ lines: [AttemptLine], loaded: Set<RunFacts.StepID>) {
        var addresses: [String: Int32] = [:]
        var fingerprints: [String: Int32] = [:]
        var bodies: [String: Int32] = [:]
        var rows: [Attempt] = []
        rows.reserveCapacity(lines.count)
        for line in lines {
            guard let outcome = Outcome(name: line.outcome), outcome.judgesServer else { continue }
            let step = RunFacts.StepID(population: line.population, step: line.step)
            let connection = line.connection.map { Int32(truncatingIfNeeded: $0) }
            let address = AttemptTable.number(line.address, in: &addresses)
            let fingerprint = AttemptTable.number(line.fingerprint, in: &fingerprints)
            let body = AttemptTable.number(line.body, in: &bodies)
            rows.append(
                Attempt(
                    started: line.started, ended: line.t, isLoaded: loaded.contains(step),
                    outcome: outcome, isGood: line.good, weight: line.weight,
                    service: line.service, isReused: line.reused, connection: connection,
                    address: address, client: AttemptTable.client(line),
                    fingerprint: fingerprint, body: body, size: line.size,
                    bytesUp: line.bytesUp, spans: AttemptTable.spans(line.timings)))
        }
        self.rows = rows.sorted { $0.started < $1.started }
    }

    /// The number of a text, in order of appearance; nil for none.
    private static func number(_ text: String?, in seen: inout [String: Int32]) -> Int32? {
        guard let text else { return nil }
        if let known = seen[text] { return known }
        let next = Int32(seen.count)
        seen[text] = next
        return next
    }

    /// Clients are numbered within their population: both in one number.
    private static func client(_ line: AttemptLine) -> Int64? {
        guard let number = line.client else { return nil }
        let population = Int64(line.population) << 40
        return population + Int64(number)
    }

    private static func spans(
        _ timings: [String: Double]
    ) -> (Float, Float, Float, Float, Float, Float) {
        func span(_ part: RequestTiming) -> Float {
            guard let value = timings[part.rawValue] else { return .nan }
            return Float(value)
        }
        return (
            span(.lookup), span(.connect), span(.tls), span(.send), span(.wait), span(.receive)
        )
    }

    /// The attempts that started in a stretch of seconds.
    func started(in range: Range<Int>) -> ArraySlice<Attempt> {
        let first = self.place(of: Double(range.lowerBound))
        return self.rows[first..<max(first, self.place(of: Double(range.upperBound)))]
    }

    /// The attempts that ended in a stretch of seconds, in the order of their starts.
    func ended(in range: Range<Int>) -> [Attempt] {
        let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
        return self.rows.filter { $0.ended >= low && $0.ended < high }
    }

    /// The first place whose start is not before a moment.
    private func place(of moment: Double) -> Int {
        var low = 0
        var high = self.rows.count
        while low < high {
            let middle = (low + high) / 2
            if self.rows[middle].started < moment { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Sequence<Attempt> {
    /// How many attempts these rows stand for.
    var weight: Double { self.reduce(0) { $0 + $1.weight } }
}

/// A share of weights, and how many rows it rests on.
struct WeightedShare: Sendable {
    private(set) var part = 0.0
    private(set) var whole = 0.0
    private(set) var n = 0

    /// Counts a row.
    mutating func add(_ weight: Double, isPart: Bool) {
        self.whole += weight
        if isPart { self.part += weight }
        self.n += 1
    }

    /// Part over whole; 0 for nothing.
    var share: Double { self.whole > 0 ? self.part / self.whole : 0 }
}

/// The smallest value that at least a share of the weights does not exceed; nil for no values.
func weightedQuantile(_ values: [(value: Double, weight: Double)], _ share: Double) -> Double? {
    let total = values.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return nil }
    var seen = 0.0
    for (value, weight) in values.sorted(by: { $0.value < $1.value }) {
        seen += weight
        if seen >= share * total { return value }
    }
    return values.map(\.value).max()
}
