import HTTPTypes
import HummingbirdCore
import NIOCore

/// What a request is answered with.
struct Answer: Sendable {
    /// The status code.
    var status: Int
    /// The body's content type.
    var contentType = "application/json"
    /// The body.
    var body: ResponseBody
    /// The body's length; nil when it is streamed.
    var length: Int?
    /// Further headers.
    var headers: [(HTTPField.Name, String)] = []

    /// A short text.
    init(_ status: Int, text: String, contentType: String = "text/plain; charset=utf-8") {
        self.status = status
        self.contentType = contentType
        let buffer = ByteBuffer(string: text)
        self.length = buffer.readableBytes
        self.body = ResponseBody(byteBuffer: buffer)
    }

    /// A JSON value on one line.
    init(_ status: Int, _ json: JSONValue) {
        self.init(status, text: json.text + "\n", contentType: "application/json")
    }

    /// Lines of JSON, streamed.
    init(
        lines: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) {
        self.status = 200
        self.contentType = "application/x-ndjson"
        self.body = ResponseBody { writer in
            try await lines(&writer)
            try await writer.finish(nil)
        }
    }

    /// The head that goes over the wire.
    func head(closing: Bool) -> HTTPResponse {
        var fields = HTTPFields()
        fields[.contentType] = self.contentType
        if let length = self.length { fields[.contentLength] = String(length) }
        if closing { fields[.connection] = "close" }
        for (name, value) in self.headers { fields[name] = value }
        return HTTPResponse(status: .init(code: self.status), headerFields: fields)
    }
}

/// Why a request was not done: a status and a sentence for the client.
struct Refusal: Error, Sendable, Equatable {
    /// The status code.
    var status: Int
    /// A word or two for programs.
    var error: String
    /// A sentence for people.
    var message: String
    /// Whether `Retry-After` belongs on it.
    var isTemporary = false

    static let notFound = Refusal(status: 404, error: "not found", message: "no such thing here")
    static let badIdentifier = Refusal(
        status: 400, error: "bad request", message: "this is not an id of ours")
    static let notMedia = Refusal(
        status: 415, error: "unsupported media",
        message: "the file is neither MP4, QuickTime, WebM, Matroska, JPEG, HEIC, PNG nor WebP")
    static let spoolFull = Refusal(
        status: 507, error: "insufficient storage", message: "the spool is full",
        isTemporary: true)
    static let truncated = Refusal(
        status: 400, error: "bad request", message: "the body ended before its announced length")
    static let tooLarge = Refusal(
        status: 413, error: "too large", message: "the body is larger than this server takes")
    static let textTooLarge = Refusal(
        status: 413, error: "too large", message: "the text is longer than 64 KB")
    static let queueFull = Refusal(
        status: 503, error: "overloaded", message: "too many submissions wait already",
        isTemporary: true)
    static let stopping = Refusal(
        status: 503, error: "stopping", message: "the server is being stopped",
        isTemporary: true)
    static let blocked = Refusal(
        status: 403, error: "validation error", message: "device is blocked")

    /// A request that cannot be understood.
    static func bad(_ message: String) -> Refusal {
        Refusal(status: 400, error: "bad request", message: message)
    }

    /// The answer, with `Retry-After` in whole seconds where it applies.
    func answer(retryAfter: Int?) -> Answer {
        var answer = Answer(
            self.status,
            .object([("error", .string(self.error)), ("message", .string(self.message))]))
        if self.isTemporary, let retryAfter { answer.headers = [(.retryAfter, "\(retryAfter)")] }
        return answer
    }
}
