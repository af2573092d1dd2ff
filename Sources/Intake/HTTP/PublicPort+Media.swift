import HTTPTypes
import HummingbirdCore
import Primitives

extension PublicPort {
    /// `PUT /v1/tips/{id}/media`, streamed; with the setting `resumable` in several goes.
    func putMedia(_ exchange: Exchange) async throws -> Answer {
        guard Route.isIdentifier(exchange.id) else { throw Refusal.badIdentifier }
        guard try await self.services.store.hasTip(exchange.id) else { throw Refusal.notFound }
        let name = Exchange.newIdentifier()
        let limit = exchange.settings.spoolLimit
        guard exchange.settings.resumable,
            let field = exchange.request.headers[.contentRange]
        else {
            let media = IncomingMedia(spool: self.services.spool, name: name, limit: limit)
            return try await self.receive(media, length: nil, exchange)
        }
        switch ContentRange(field) {
        case nil: throw Refusal.bad("a Content-Range is bytes FIRST-LAST/LENGTH or bytes */LENGTH")
        case .question: return self.progress(exchange)
        case .part(let first, _, let length):
            // What is not the continuation of what is here is told what is.
            guard first == self.services.partials.bytes(of: exchange.id) else {
                return self.progress(exchange)
            }
            let media =
                self.services.partials.take(exchange.id)
                ?? IncomingMedia(spool: self.services.spool, name: name, limit: limit)
            return try await self.receive(media, length: length, exchange)
        }
    }

    /// How much of a file is there, in Google's words: 308, `Range: bytes=0-LAST`.
    private func progress(_ exchange: Exchange) -> Answer {
        var answer = Answer(308, text: "")
        let bytes = self.services.partials.bytes(of: exchange.id)
        if bytes > 0 { answer.headers = [(.range, "bytes=0-\(bytes - 1)")] }
        return answer
    }

    /// Receives what there is of a file from here on; what breaks off is kept if it may go on.
    private func receive(
        _ media: IncomingMedia, length: Int?, _ exchange: Exchange
    ) async throws -> Answer {
        var isKept = false
        let limit = Int(exchange.settings.bodyLimit.count)
        return try await self.worked(exchange) {
            if !isKept { await media.discard() }
        } receive: {
            do {
                try await exchange.readBody(
                    limit: limit - media.bytes, { try media.append($0) }, settle: media.settle)
            } catch let refusal as Refusal
                where refusal == .truncated && exchange.settings.resumable && media.bytes > 0
            {
                isKept = true
                await self.services.partials.keep(media, of: exchange.id)
                throw refusal
            }
            guard length == nil || length == media.bytes else {
                throw Refusal.bad("the file ended before its Content-Range")
            }
            try media.close()
        } store: {
            try await self.store(media, exchange)
        }
    }

    private func store(_ media: IncomingMedia, _ exchange: Exchange) async throws -> Answer {
        let file = try await media.finish(durable: exchange.settings.durability == .full)
        let commit = try await self.services.store.commitMedia(file, tip: exchange.id)
        let receipt: [(String, JSONValue)] = [
            ("id", .string(exchange.id)), ("bytes", .integer(file.bytes)),
            ("sha256", .string(file.sha256)),
        ]
        switch commit {
        case .new(let completed, let key, let priority):
            if completed { self.services.accepted(key: key, priority: priority) }
            return Answer(201, .object(receipt))
        case .known:
            self.services.counters.count { $0.duplicates += 1 }
            await media.discard()
            return Answer(200, .object(receipt))
        case .full:
            throw Refusal(
                status: 409, error: "conflict", message: "this tip has all the media it declared")
        case .noTip:
            throw Refusal.notFound
        }
    }
}
