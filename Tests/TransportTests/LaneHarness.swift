import Dispatch
import Primitives
import TestSupport
import Transport

/// A lane whose transfers can be awaited.
///
/// Unchecked: all state is confined to the lane's queue.
final class LaneHarness: TransferLaneDelegate, @unchecked Sendable {
    enum Event: Equatable {
        case alarm
        case ended(UInt64)
        case batch
    }

    let lane: TransferLane
    private var nextToken: UInt64 = 1
    private var waiting: [UInt64: CheckedContinuation<TransferResult, Never>] = [:]
    private var results: [UInt64: TransferResult] = [:]
    private var alarmWaiter: CheckedContinuation<Void, Never>?
    private(set) var events: [Event] = []
    /// Called on the queue for each ending, before anybody who awaits it.
    var onEnd: ((UInt64, TransferResult) -> Void)?
    /// Called on the queue when the alarm fires.
    var onAlarm: (() -> Void)?

    init(_ options: LaneOptions) throws(TransportError) {
        self.lane = try TransferLane(label: "test.lane", options: options)
        self.lane.delegate = self
        self.lane.queue.sync { self.lane.activate() }
    }

    func alarmFired(now: MonotonicTime) {
        self.lane.assertOnQueue()
        self.events.append(.alarm)
        self.onAlarm?()
        self.alarmWaiter?.resume()
        self.alarmWaiter = nil
    }

    func transferEnded(token: UInt64, result: TransferResult) {
        self.lane.assertOnQueue()
        self.events.append(.ended(token))
        self.onEnd?(token, result)
        if let waiter = self.waiting.removeValue(forKey: token) {
            waiter.resume(returning: result)
        } else {
            self.results[token] = result
        }
    }

    func batchEnded(now: MonotonicTime) {
        self.lane.assertOnQueue()
        self.events.append(.batch)
    }

    /// Runs work on the queue and awaits it.
    func onQueue<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            self.lane.async { continuation.resume(returning: work()) }
        }
    }

    func makeClient() async -> ClientHandle {
        await self.onQueue { self.lane.makeClient() }
    }

    func retire(_ client: ClientHandle) async {
        await self.onQueue { self.lane.retire(client) }
    }

    /// Starts a transfer; on the queue.
    func startHere(_ request: TransferRequest, client: ClientHandle) -> UInt64 {
        let token = self.nextToken
        self.nextToken += 1
        self.lane.start(request, client: client, token: token)
        return token
    }

    func start(_ request: TransferRequest, client: ClientHandle) async -> UInt64 {
        await self.onQueue { self.startHere(request, client: client) }
    }

    func result(of token: UInt64) async -> TransferResult {
        await withCheckedContinuation { continuation in
            self.lane.async {
                if let result = self.results.removeValue(forKey: token) {
                    continuation.resume(returning: result)
                } else {
                    self.waiting[token] = continuation
                }
            }
        }
    }

    func transfer(_ request: TransferRequest, client: ClientHandle) async -> TransferResult {
        await self.result(of: await self.start(request, client: client))
    }

    /// Sets the alarm and awaits it.
    func alarm(at: MonotonicTime) async {
        await withCheckedContinuation { continuation in
            self.lane.async {
                self.alarmWaiter = continuation
                self.lane.setAlarm(at)
            }
        }
    }

    /// Shuts the lane down and awaits the close of its last descriptor.
    func shutdown() async {
        await withCheckedContinuation { continuation in
            self.lane.async {
                self.lane.shutdown { continuation.resume() }
            }
        }
    }
}

/// Runs a test with a lane and a server, and takes both down however it ends.
func withLane(
    _ options: LaneOptions = LaneOptions(), backlog: Int32 = 128,
    script: (@Sendable (ScriptedConnection) -> Void)?,
    _ body: (LaneHarness, ScriptedServer) async throws -> Void
) async throws {
    let server = try ScriptedServer(backlog: backlog, script: script)
    let harness: LaneHarness
    do {
        harness = try LaneHarness(options)
    } catch {
        server.stop()
        throw error
    }
    let outcome: Result<Void, any Error>
    do {
        try await body(harness, server)
        outcome = .success(())
    } catch {
        outcome = .failure(error)
    }
    await harness.shutdown()
    server.stop()
    try outcome.get()
}

/// A request that fails the test rather than hanging it.
func request(
    _ url: String, method: String = "GET", headers: [(name: String, value: String)] = [],
    body: UploadBody? = nil, timeout: Nanoseconds = .seconds(10),
    connectTimeout: Nanoseconds = .seconds(10), keep: ResponseKeep = ResponseKeep(body: true)
) throws -> TransferRequest {
    let prepared = try PreparedRequest(
        method: method, url: url, headers: headers, hasBody: body != nil)
    return TransferRequest(
        prepared: prepared, body: body, timeout: timeout, connectTimeout: connectTimeout,
        keep: keep)
}

/// Answers every request on a connection with 200 and `body`.
func answering(_ body: String = "ok") -> @Sendable (ScriptedConnection) -> Void {
    { connection in
        while connection.readRequest() != nil { connection.answer(body: body) }
    }
}
