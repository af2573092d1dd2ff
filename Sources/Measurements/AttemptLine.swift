import Primitives

/// One attempt that was listed: a line of `attempts.ndjson`.
///
/// Instants are wall seconds from the run's start, to the nanosecond.
package struct AttemptLine: Sendable, Codable, Hashable {
    /// The attempt's end.
    package var t: Double
    /// The population's index.
    package var population: Int
    /// The intent's number.
    package var intent: Int
    /// The idempotency key that all attempts of the intent carry; nil when nobody could tell.
    package var key: String?
    /// The step's index.
    package var step: Int
    /// 0 for the first attempt.
    package var attempt: Int
    /// The outcome's name.
    package var outcome: String
    /// Whether it was good.
    package var good: Bool
    /// How many attempts of this population, step, outcome and goodness, in the same second and
    /// lane, the row stands for; 1 where every attempt is listed.
    package var weight: Double
    /// When the plan wanted it to start.
    package var intended: Double
    /// When it started.
    package var started: Double
    /// Response time in milliseconds: from `intended` to `t`.
    package var response: Double
    /// Service time in milliseconds: from `started` to `t`.
    package var service: Double
    /// Parts in milliseconds, by name.
    package var timings: [String: Double]
    /// Body bytes sent.
    package var bytesUp: Int64
    /// Bytes received, headers included.
    package var bytesDown: Int64
    /// libcurl's own code.
    package var curlCode: Int32
    /// The errno kept beside it.
    package var osErrno: Int32
    /// True when the connection had served before; nil when unknown.
    package var reused: Bool?
    /// The connection's number in the run; nil when there was none.
    package var connection: Int?
    /// The peer as `ip:port`; nil when there was none.
    package var address: String?
    /// The simulated client's number in its population.
    package var client: Int?
    /// The whole request body's size, sent or not.
    package var size: Int64?
    /// FNV-1a 64 of what tells one answerer from another, in 16 hex digits.
    package var fingerprint: String?
    /// FNV-1a 64 over the first 4 KiB of the answer's body, in 16 hex digits.
    package var body: String?
    /// Seconds of `Retry-After`.
    package var retryAfter: Int64?
    /// The trace's id, 32 hex digits; nil where no `traceparent` was sent.
    package var trace: String?
    /// The span's id, 16 hex digits: the attempt's own.
    package var span: String?

    /// A line; what may be unknown is, unless it is set afterwards.
    package init(
        t: Double, population: Int, intent: Int, key: String? = nil, step: Int, attempt: Int,
        outcome: String, good: Bool, weight: Double, intended: Double, started: Double,
        response: Double, service: Double, timings: [String: Double], bytesUp: Int64,
        bytesDown: Int64, curlCode: Int32, osErrno: Int32
    ) {
        self.t = t
        self.population = population
        self.intent = intent
        self.key = key
        self.step = step
        self.attempt = attempt
        self.outcome = outcome
        self.good = good
        self.weight = weight
        self.intended = intended
        self.started = started
        self.response = response
        self.service = service
        self.timings = timings
        self.bytesUp = bytesUp
        self.bytesDown = bytesDown
        self.curlCode = curlCode
        self.osErrno = osErrno
    }
}

extension AttemptLine {
    init(_ sample: AttemptSample, origin: MonotonicTime, key: String?) {
        var timings: [String: Double] = [:]
        for timing in sample.timings {
            timings[timing.part.rawValue] = timing.span.milliseconds
        }
        self.init(
            t: (sample.ended - origin).seconds, population: sample.population,
            intent: sample.intent, key: key, step: sample.step, attempt: sample.attempt,
            outcome: sample.outcome.name, good: sample.good, weight: sample.weight,
            intended: (sample.intendedStart - origin).seconds,
            started: (sample.started - origin).seconds,
            response: (sample.ended - sample.intendedStart).milliseconds,
            service: (sample.ended - sample.started).milliseconds, timings: timings,
            bytesUp: sample.bytesUp, bytesDown: sample.bytesDown, curlCode: sample.curlCode,
            osErrno: sample.osErrno)
        self.set(sample.trace)
    }

    /// Appends the line and its newline.
    ///
    /// By hand, since every attempt of a run may be listed: a general encoder costs ten times as
    /// much. All texts are names of ours, digits and addresses, which need no escapes.
    func append(to bytes: inout [UInt8]) {
        var text = "{\"t\":\(self.t),\"population\":\(self.population),\"intent\":\(self.intent)"
        if let key = self.key { text += ",\"key\":\"\(key)\"" }
        text += ",\"step\":\(self.step),\"attempt\":\(self.attempt),\"outcome\":\""
        text += self.outcome
        text += "\",\"good\":\(self.good),\"weight\":\(self.weight),\"intended\":\(self.intended)"
        text += ",\"started\":\(self.started),\"response\":\(self.response)"
        text += ",\"service\":\(self.service),\"timings\":{"
        var isFirst = true
        for part in RequestTiming.allCases {
            guard let span = self.timings[part.rawValue] else { continue }
            text += isFirst ? "\"" : ",\""
            text += part.rawValue
            text += "\":\(span)"
            isFirst = false
        }
        text += "},\"bytesUp\":\(self.bytesUp),\"bytesDown\":\(self.bytesDown)"
        text += ",\"curlCode\":\(self.curlCode),\"osErrno\":\(self.osErrno)"
        text += self.traceText
        text += "}\n"
        bytes.append(contentsOf: text.utf8)
    }
}
