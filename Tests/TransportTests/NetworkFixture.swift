import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Transport

/// What a server saw and when, by the clock of the tests.
final class ServerLog: Sendable {
    struct Entry: Sendable {
        var at: MonotonicTime
        var what: String
        var bytes: Int
    }
    private let entries = Mutex<[Entry]>([])

    func note(_ what: String, _ bytes: Int = 0) {
        let entry = Entry(at: SystemClock().now(), what: what, bytes: bytes)
        self.entries.withLock { $0.append(entry) }
    }

    var all: [Entry] { self.entries.withLock { $0 } }

    func first(_ what: String) -> MonotonicTime? { self.all.first { $0.what == what }?.at }

    func last(_ what: String) -> MonotonicTime? { self.all.last { $0.what == what }?.at }
}

/// A network on which something happens at given times, from draws that do not matter.
func interruptions(
    stallEvery: Double? = nil, stallFor: Double = 0, disconnectEvery: Double? = nil
) -> NetworkInterruptions {
    NetworkInterruptions(
        stalls: stallEvery.map {
            NetworkInterruptions.Stalls(every: .drawn(.fixed($0)), length: .fixed(stallFor))
        }, disconnects: disconnectEvery.map { .drawn(.fixed($0)) },
        random: CounterRandom(seed: 1, population: 0, intent: 0, purpose: .network))
}

/// What the suites about networks share.
protocol NetworkFixture {}

extension NetworkFixture {
    /// Reads a request's head, then its body piece by piece, noting each; then answers.
    func reading(
        _ log: ServerLog, length: Int, answer: String = "ok"
    ) -> @Sendable (ScriptedConnection) -> Void {
        { connection in
            log.note("accepted")
            while connection.readRequest(body: false) != nil {
                log.note("head")
                var left = length
                while left > 0 {
                    let piece = min(1_000, left)
                    guard connection.read(piece) != nil else {
                        log.note("lost", length - left)
                        return
                    }
                    left -= piece
                    log.note("body", length - left)
                }
                log.note("answering")
                connection.answer(body: answer)
            }
            log.note("closed")
        }
    }

    func network(_ change: (inout ClientNetwork) -> Void) -> ClientNetwork {
        var network = ClientNetwork()
        change(&network)
        return network
    }

    func client(_ lane: LaneHarness, _ network: ClientNetwork) async -> ClientHandle {
        await lane.onQueue { lane.lane.makeClient(network: network) }
    }

    func upload(_ server: ScriptedServer, _ count: Int) throws -> TransferRequest {
        try request(
            server.url(), method: "POST",
            body: UploadBody(bytes: [UInt8](repeating: 7, count: count)))
    }
}
