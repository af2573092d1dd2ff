import Dispatch
package import Primitives
package import Transport

/// Asks single questions over HTTP, off the load's lanes: consent, admin calls, sampling.
///
/// One lane of its own, so that its waiting never delays an arrival. Every call is bounded by a
/// timeout; an answer of any status is an answer.
package final class ControlClient: TransferLaneDelegate, @unchecked Sendable {
    /// An answer.
    package struct Answer: Sendable {
        /// The status.
        package var status: Int
        /// The body, up to the limit asked for.
        package var body: [UInt8]
        /// True when the body was longer than that.
        package var isTruncated: Bool
        /// What its `Date` header names, in seconds since 1970; nil without one.
        package var date: Int64?
    }

    // `@unchecked`: every stored property below is touched on the lane's queue only; the entry
    // points hop onto it first.
    private let lane: TransferLane
    private var waiting: [UInt64: CheckedContinuation<TransferResult?, Never>] = [:]
    private var clients: [UInt64: ClientHandle] = [:]
    private var nextToken: UInt64 = 1
    private var isShutDown = false

    /// A client that may connect to what the gate allows.
    ///
    /// - Throws: `TransportError` when the lane cannot be made.
    package convenience init(gate: AddressGate) throws(TransportError) {
        var options = LaneOptions()
        options.allowedAddresses = gate
        try self.init(options: options)
    }

    /// A client that connects as the options say.
    ///
    /// - Throws: `TransportError` when the lane cannot be made.
    package init(options: LaneOptions) throws(TransportError) {
        self.lane = try TransferLane(label: "spate.control", options: options)
        self.lane.delegate = self
        self.lane.queue.sync { self.lane.activate() }
    }

    /// Sends one request and waits for its end.
    ///
    /// - Throws: `TargetError` with code `control` when no whole response arrived.
    package func send(
        _ method: String, _ url: String, json: String? = nil,
        timeout: Nanoseconds = .seconds(10), bodyLimit: Int = 1 << 20
    ) async throws(TargetError) -> Answer {
        let prepared: PreparedRequest
        do {
            let headers = json == nil ? [] : [(name: "Content-Type", value: "application/json")]
            prepared = try PreparedRequest(
                method: method, url: url, headers: headers, hasBody: json != nil)
        } catch {
            throw TargetError(.badURL, error.message)
        }
        let body = json.map { UploadBody(segments: [.bytes(Array($0.utf8))]) }
        let request = TransferRequest(
            prepared: prepared, body: body, timeout: timeout, connectTimeout: timeout,
            keep: ResponseKeep(body: true, bodyLimit: bodyLimit, headers: true))
        let result = await withCheckedContinuation { continuation in
            self.lane.async { self.begin(request, continuation) }
        }
        guard let result else {
            throw TargetError(.control, "\(method) \(url): not asked any more")
        }
        if let failure = result.failure {
            throw TargetError(.control, "\(method) \(url): \(failure.rawValue)")
        }
        let date = result.responseHeaders.last { $0.name.lowercased() == "date" }
        return Answer(
            status: result.status, body: result.responseBody, isTruncated: result.bodyTruncated,
            date: date.flatMap { httpDate($0.value) })
    }

    /// Ends the client; questions under way, and later ones, throw.
    package func shutdown() async {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            self.lane.async {
                self.isShutDown = true
                self.lane.shutdown()
                // The lane forgets its transfers in silence; whoever waits must not wait for ever.
                for continuation in self.waiting.values { continuation.resume(returning: nil) }
                self.waiting = [:]
                self.clients = [:]
                done.resume()
            }
        }
    }

    private func begin(
        _ request: TransferRequest, _ continuation: CheckedContinuation<TransferResult?, Never>
    ) {
        // A sampler's question may be on its way while the run is being closed.
        guard !self.isShutDown else {
            continuation.resume(returning: nil)
            return
        }
        let token = self.nextToken
        self.nextToken += 1
        let client = self.lane.makeClient()
        self.waiting[token] = continuation
        self.clients[token] = client
        self.lane.start(request, client: client, token: token)
    }

    package func alarmFired(now: MonotonicTime) {}

    package func transferEnded(token: UInt64, result: TransferResult) {
        if let client = self.clients.removeValue(forKey: token) { self.lane.retire(client) }
        self.waiting.removeValue(forKey: token)?.resume(returning: result)
    }

    package func batchEnded(now: MonotonicTime) {}
}
