package import Primitives

/// What to keep of a response beside its measurements; nothing by default.
package struct ResponseKeep: Sendable, Hashable {
    /// True to keep the body's beginning.
    package var body: Bool
    /// The most bytes of a body to keep; what is beyond is counted and dropped.
    package var bodyLimit: Int
    /// True to keep the final response's headers.
    package var headers: Bool

    /// Keeps what is asked for.
    package init(body: Bool = false, bodyLimit: Int = 65_536, headers: Bool = false) {
        self.body = body
        self.bodyLimit = bodyLimit
        self.headers = headers
    }
}

/// One transfer to be made.
package struct TransferRequest: Sendable {
    /// Method, URL and headers, shared by many transfers.
    package var prepared: PreparedRequest
    /// Headers of this transfer only, such as an idempotency key; sent before the prepared ones.
    package var extraHeaders: [(name: String, value: String)]
    /// The body; ignored unless the prepared request has one.
    package var body: UploadBody?
    /// The longest the whole transfer may take, rounded up to milliseconds; `.max` for no limit.
    package var timeout: Nanoseconds
    /// The longest lookup, connect and TLS handshake may take together; rounded up likewise.
    package var connectTimeout: Nanoseconds
    /// What to keep of the response.
    package var keep: ResponseKeep
    /// When to hang up in the middle, if at all.
    package var hangUp: HangUp?
    /// The most bytes of its body per second, beside what the client's network allows; 0 for any.
    package var uploadRate: Int64 = 0

    /// A transfer of a prepared request.
    package init(
        prepared: PreparedRequest,
        extraHeaders: [(name: String, value: String)] = [],
        body: UploadBody? = nil,
        timeout: Nanoseconds = .seconds(30),
        connectTimeout: Nanoseconds = .seconds(10),
        keep: ResponseKeep = ResponseKeep()
    ) {
        self.prepared = prepared
        self.extraHeaders = extraHeaders
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.keep = keep
    }
}
