package import Planning
package import Primitives
package import Scenarios

/// A one-shot measurement of one constant request: `spate hit`.
///
/// It becomes a scenario and a plan like any other, so that there is one engine.
package struct HitSpec: Sendable {
    /// What is sent as the body.
    package enum Body: Sendable {
        /// These characters.
        case text(String)
        /// A file, streamed.
        case file(FileFacts)
        /// A form as browsers send it; values as they are, files streamed.
        case multipart([(name: String, part: Part)])
    }
    /// A field of a multipart form.
    package enum Part: Sendable {
        /// A plain value.
        case value(String)
        /// A file.
        case file(FileFacts)
    }
    /// The absolute URL.
    package var url: String
    /// Clients, each with connections of its own.
    package var clients: Int
    /// Requests that each client has in flight at one time.
    package var streams = 1
    /// How long; nil until `requests` are done.
    package var duration: Nanoseconds?
    /// How many requests; nil as many as fit.
    package var requests: Int?
    /// Requests per second, whatever the answers; nil sends the next when the last has ended.
    package var rate: Rate?
    /// The method.
    package var method: HTTPMethod
    /// Header fields.
    package var headers: [(name: String, value: String)] = []
    /// The body.
    package var body: Body?
    /// A request's deadline.
    package var timeout: Nanoseconds
    /// How requests travel; `timeout` stands above.
    package var http = HTTPDefaults()
    /// The longest a number of requests may take where no duration is given.
    package static let longest = Nanoseconds.seconds(86_400)

    /// A measurement of `url`; ten seconds with one client unless changed.
    package init(
        url: String, clients: Int = 1, duration: Nanoseconds? = .seconds(10),
        requests: Int? = nil, rate: Rate? = nil, method: HTTPMethod = .get,
        timeout: Nanoseconds = .seconds(30)
    ) {
        self.url = url
        self.clients = clients
        self.duration = duration
        self.requests = requests
        self.rate = rate
        self.method = method
        self.timeout = timeout
    }

    /// An open loop's clients serve the whole measurement: the most that a scenario can say.
    package static let reuse = 1_000_000

    /// The equivalent scenario.
    package var scenario: Scenario {
        var http = self.http
        http.timeout = self.timeout
        var request = RequestSpec(
            method: self.method, url: Template(literal: self.url), name: "hit",
            headers: self.headers.map {
                HeaderSpec(name: $0.name, value: Template(literal: $0.value))
            })
        request.body = self.bodySpec
        let population = PopulationSpec(
            name: "hit", trafficClass: .probe, load: self.load, gracefulStop: self.grace,
            maxInFlight: max(self.places, 1), reuse: self.rate == nil ? 1 : HitSpec.reuse,
            flow: [.request(request)])
        return Scenario(
            name: "hit", target: .url(self.url), http: http, populations: [population])
    }

    /// The plan of the equivalent scenario.
    ///
    /// - Throws: `ScenarioErrors` for numbers that make no plan.
    package func plan() throws(ScenarioErrors) -> Plan {
        var files: [String: FileFacts] = [:]
        switch self.body {
        case .file(let facts): files[facts.path] = facts
        case .multipart(let fields):
            for field in fields {
                if case .file(let facts) = field.part { files[facts.path] = facts }
            }
        default: break
        }
        return try Plan.make(self.scenario, materials: DraftMaterials(files: files))
    }

    /// Requests in flight at one time, at most.
    package var places: Int { self.clients * max(1, self.streams) }

    /// How long requests are begun, at the longest: an open loop of so many has all begun earlier.
    package var length: Nanoseconds {
        let longest = self.duration ?? HitSpec.longest
        guard let requests, let rate, rate.perSecond > 0 else { return longest }
        return min(longest, Nanoseconds(seconds: Double(requests) / rate.perSecond))
    }

    /// How long requests may take that are in flight at the end.
    ///
    /// A measurement of so long ends on time, as hey's and wrk's do: they are unfinished. One of so
    /// many requests ends with the last of them, at their own deadline at the latest.
    private var grace: Nanoseconds {
        guard self.duration == nil, self.rate != nil else { return .zero }
        return self.timeout + .seconds(1)
    }

    private var load: LoadSpec {
        if let rate {
            return .constantArrivalRate(rate: rate, duration: self.length, spacing: .uniform)
        }
        guard let requests else {
            return .constantVUs(vus: self.places, duration: self.length)
        }
        return .sharedIterations(
            vus: min(self.places, max(1, requests)), iterations: requests,
            maxDuration: self.length)
    }

    private var bodySpec: BodySpec? {
        switch self.body {
        case nil: nil
        case .text(let text): .text(Template(literal: text))
        case .file(let facts): .part(PartSpec(content: .files([facts.path])))
        case .multipart(let fields):
            .multipart(
                fields.map { field in
                    switch field.part {
                    case .value(let value):
                        MultipartField(
                            name: field.name, content: .value(Template(literal: value)))
                    case .file(let facts):
                        MultipartField(
                            name: field.name,
                            content: .part(
                                PartSpec(
                                    content: .files([facts.path]),
                                    fileName: facts.path.split(separator: "/").last.map(
                                        String.init))))
                    }
                })
        }
    }
}
