package import Primitives

/// A request's method.
package enum HTTPMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// Read.
    case get = "GET"
    /// Submit.
    case post = "POST"
    /// Store.
    case put = "PUT"
    /// Change.
    case patch = "PATCH"
    /// Remove.
    case delete = "DELETE"
    /// Read the headers only.
    case head = "HEAD"

    /// True when the request asks the server to keep something: such flows are reconciled.
    package var writes: Bool {
        switch self {
        case .post, .put, .patch: true
        case .get, .head, .delete: false
        }
    }
}

/// A request, its templates unexpanded.
package struct RequestSpec: Sendable {
    /// The method.
    package var method: HTTPMethod
    /// Absolute, or a path joined to the target's base URL.
    package var url: Template
    /// The step's name in metrics and reports; `METHOD path` when absent.
    package var name: String
    /// Header fields, in order.
    package var headers: [HeaderSpec]
    /// The body.
    package var body: BodySpec?
    /// The attempt's deadline; the scenario's `http.timeout` when nil.
    package var timeout: Nanoseconds?
    /// Retries of this step; the population's when nil.
    package var retry: RetrySpec?
    /// When the client hangs up in the middle of an attempt, if it does.
    package var abortAfter: AbortRule?
    /// An upload that was interrupted asks how much has arrived, and sends the rest.
    package var resumes = false
    /// Values taken from the response.
    package var captures: [CaptureSpec]
    /// What makes an answer good.
    package var expect: ExpectSpec
    /// How fast its body is sent at most, in bytes per second; nil for the phone's own pace.
    package var uploadRate: Distribution?
    /// Where it stands in the file.
    package var location: SourceLocation

    /// A request.
    package init(
        method: HTTPMethod, url: Template, name: String, headers: [HeaderSpec] = [],
        body: BodySpec? = nil, timeout: Nanoseconds? = nil, retry: RetrySpec? = nil,
        captures: [CaptureSpec] = [], expect: ExpectSpec = ExpectSpec(),
        location: SourceLocation = SourceLocation(line: 1, column: 1)
    ) {
        self.method = method
        self.url = url
        self.name = name
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.retry = retry
        self.captures = captures
        self.expect = expect
        self.location = location
    }
}

/// A header field.
package struct HeaderSpec: Sendable, Hashable {
    /// The field's name.
    package var name: String
    /// Its value.
    package var value: Template

    /// A header field.
    package init(name: String, value: Template) {
        self.name = name
        self.value = value
    }
}

/// What makes an answer good; all given conditions must hold.
package struct ExpectSpec: Sendable, Hashable {
    /// The statuses wanted; the scenario's `http.success` when nil.
    package var statuses: [StatusPattern]?
    /// The step's deadline on its response time; a later answer is completed but not good.
    package var maxDuration: Nanoseconds?
    /// A text the body must contain.
    package var bodyContains: String?

    /// Conditions, all absent unless given.
    package init(
        statuses: [StatusPattern]? = nil, maxDuration: Nanoseconds? = nil,
        bodyContains: String? = nil
    ) {
        self.statuses = statuses
        self.maxDuration = maxDuration
        self.bodyContains = bodyContains
    }
}

/// A value taken from a response into a variable of the client.
package struct CaptureSpec: Sendable, Hashable {
    /// Where in the response it stands.
    package enum Source: Sendable, Hashable {
        /// A path into a JSON body, such as `$.id` or `$.items[0].name`.
        case json(path: String)
        /// A header field.
        case header(name: String)
        /// The first group of a regular expression's first match in the body.
        case regex(pattern: String)
    }
    /// The variable's name.
    package var name: String
    /// Where the value stands.
    package var source: Source
    /// What the variable is when nothing stands there; nil: then the answer is not good.
    package var fallback: String?

    /// A capture.
    package init(name: String, source: Source, fallback: String? = nil) {
        self.name = name
        self.source = source
        self.fallback = fallback
    }

    /// Where it looks, as a scenario writes it.
    package var place: String {
        switch self.source {
        case .json(let path): path
        case .header(let name): "header \(name)"
        case .regex(let pattern): "/\(pattern)/"
        }
    }
}

/// A request's body.
package enum BodySpec: Sendable {
    /// A JSON document; templates may stand in its strings. Kept as text with templates.
    case json(Template)
    /// `application/x-www-form-urlencoded` fields.
    case form([FormField])
    /// Text as it is.
    case text(Template)
    /// One part as the whole body.
    case part(PartSpec)
    /// `multipart/form-data`, as browsers send it.
    case multipart([MultipartField])
}

/// A field of a form.
package struct FormField: Sendable, Hashable {
    /// The field's name.
    package var name: String
    /// Its value.
    package var value: Template

    /// A field.
    package init(name: String, value: Template) {
        self.name = name
        self.value = value
    }
}

/// A field of a multipart body.
package struct MultipartField: Sendable {
    /// What the field holds.
    package enum Content: Sendable {
        /// A plain value.
        case value(Template)
        /// A file or generated content.
        case part(PartSpec)
    }
    /// The field's name.
    package var name: String
    /// What it holds.
    package var content: Content

    /// A field.
    package init(name: String, content: Content) {
        self.name = name
        self.content = content
    }
}

/// What a generated body looks like; each begins as the container it claims to be.
package enum GeneratedKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// An ISO base media file: `ftyp`, then `mdat`.
    case mp4
    /// A QuickTime film, as iPhones make them: `ftyp`, `wide`, then `mdat`.
    case mov
    /// WebM, as browsers record it: an EBML header, a segment.
    case webm
    /// A JPEG: SOI and a JFIF header, EOI at the end.
    case jpeg
    /// HEIF with HEVC, as iPhones make pictures: `ftyp`, then `mdat`.
    case heic
    /// A PNG, as screenshots are: signature, IHDR, one IDAT, IEND.
    case png
    /// WebP: RIFF with one VP8 chunk.
    case webp
    /// Random bytes.
    case random
    /// Words.
    case text
}

/// Defaults of every request.
package struct HTTPDefaults: Sendable, Hashable {
    /// Which HTTP version is asked for.
    package enum Version: String, Sendable, Hashable, Codable, CaseIterable {
        /// What the server prefers, by ALPN; HTTP/1.1 on plain connections.
        case auto
        /// HTTP/1.1.
        case http1 = "1.1"
        /// HTTP/2 by ALPN.
        case http2 = "2"
        /// HTTP/2 without asking.
        case http2PriorKnowledge = "2-prior-knowledge"
        /// HTTP/3, or an older version where it cannot be had; where libcurl was built with it.
        case http3 = "3"
    }
    /// An attempt's deadline, lookup and connect included.
    package var timeout: Nanoseconds = .seconds(30)
    /// The deadline for lookup, connect and TLS together.
    package var connectTimeout: Nanoseconds = .seconds(10)
    /// Header fields of every request.
    package var headers: [HeaderSpec] = []
    /// Statuses that count as good where a step says nothing.
    package var success: [StatusPattern] = [.range(200...399)]
    /// The most redirects followed; each hop belongs to the attempt.
    package var followRedirects: Int = 0
    /// Keep a client's connection between its requests.
    package var reuseConnections: Bool = true
    /// Certificates, versions and sessions of https; paths as the file has them.
    package var tls = TLSSettings()
    /// What opens the client's own key; a plan has it in `tls`.
    package var keyPassword: Template?
    /// Where connections go instead of where a URL says.
    package var route = ConnectionRoute()
    /// How long the address of a name is remembered; nil: the target is looked up once.
    package var lookupLifetime: Nanoseconds?
    /// Which HTTP version is asked for.
    package var version: Version = .auto
    /// Send `Expect: 100-continue` before bodies.
    package var expect100: Bool = false
    /// Send `traceparent` with every request, so that a server's traces can be found.
    package var tracing: Bool = false

    /// The documented defaults.
    package init() {}

    /// Accept any certificate; written into the report.
    package var insecure: Bool { self.tls.insecure }
    /// The files that have to be there before a run.
    package var files: [String] {
        [self.tls.caFile, self.tls.certificate, self.tls.key].compactMap(\.self)
    }
}
