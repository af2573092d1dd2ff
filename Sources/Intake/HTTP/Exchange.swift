import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import Primitives
import Synchronization

/// One request on the public port, as its handlers see it.
final class Exchange: Sendable {
    let request: Request
    let channel: any Channel
    let route: Route
    let id: String
    let settings: IntakeSettings
    let services: Services
    private let received = Atomic<Int>(0)
    private let isWhole = Atomic<Bool>(false)

    init(
        request: Request, channel: any Channel, route: Route, id: String?, services: Services
    ) {
        self.request = request
        self.channel = channel
        self.route = route
        self.id = id ?? ""
        self.services = services
        self.settings = services.settings
    }

    /// The announced length of the body; nil when it comes in chunks.
    var announced: Int? { self.request.headers[.contentLength].flatMap(Int.init) }

    /// Bytes that may still come; nil when nobody knows.
    var outstanding: Int? {
        if self.isWhole.load(ordering: .relaxed) { return 0 }
        if let announced = self.announced {
            return max(0, announced - self.received.load(ordering: .relaxed))
        }
        return self.request.headers[.transferEncoding] == nil ? 0 : nil
    }

    /// The sender's idempotency key, or one made here.
    ///
    /// - Throws: `Refusal` for a key that is empty or longer than 200 bytes.
    func idempotencyKey() throws(Refusal) -> String {
        guard let name = HTTPField.Name("Idempotency-Key"),
            let key = self.request.headers[name]
        else { return "made-" + Exchange.newIdentifier() }
        guard !key.isEmpty, key.utf8.count <= 200 else {
            throw Refusal.bad("an idempotency key has 1 to 200 bytes")
        }
        return key
    }

    /// What the input is known by: the idempotency key, the id in the path, or the connection.
    var identity: String {
        if let name = HTTPField.Name("Idempotency-Key"), let key = self.request.headers[name] {
            return key
        }
        return self.id.isEmpty ? "\(self.services.presence.number(self.channel))" : self.id
    }

    /// A new id: 32 hexadecimal digits in five groups.
    static func newIdentifier() -> String { UUID().uuidString.lowercased() }

    /// Reads the body to its end.
    ///
    /// - Throws: `Refusal` 413 beyond the limit and 400 when it ends early; what `piece` throws.
    func readBody(
        limit: Int, _ piece: (UnsafeRawBufferPointer) throws -> Void,
        settle: () async throws -> Void = {}
    ) async throws {
        var total = 0
        var pieces = self.request.body.makeAsyncIterator()
        while let buffer = try await self.next(&pieces) {
            total += buffer.readableBytes
            try await self.services.bodyCame(buffer.readableBytes)
            self.received.store(total, ordering: .relaxed)
            guard total <= limit else { throw Refusal.tooLarge }
            try buffer.withUnsafeReadableBytes(piece)
            try await settle()
        }
        self.services.counters.count { $0.bodyBytes += total }
        if let announced = self.announced, total < announced { throw Refusal.truncated }
        self.isWhole.store(true, ordering: .relaxed)
    }

    /// Reads a JSON body.
    ///
    /// - Throws: `Refusal` as `readBody`, and 400 when it is not the JSON expected.
    func readJSON(limit: Int) async throws -> JSONValue {
        var bytes: [UInt8] = []
        try await self.readBody(limit: min(limit, Int(self.settings.bodyLimit.count))) {
            bytes.append(contentsOf: $0)
        }
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        } catch {
            throw Refusal.bad("the body is not JSON")
        }
    }

    private func next(_ pieces: inout RequestBody.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await pieces.next()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Refusal.truncated
        }
    }
}
