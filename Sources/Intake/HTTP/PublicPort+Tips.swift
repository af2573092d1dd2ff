import HTTPTypes
import HummingbirdCore
import Primitives

extension PublicPort {
    /// The longest text of a tip, in bytes.
    static let textLimit = 65_536
    /// A JSON body with the longest text, every byte of it escaped.
    static let jsonLimit = 6 * textLimit + 4_096

    /// `POST /v1/tips`, as JSON or as a browser's form.
    func postTip(_ exchange: Exchange) async throws -> Answer {
        let key = try exchange.idempotencyKey()
        let contentType = HeaderParameters(exchange.request.headers[.contentType] ?? "")
        let isForm = contentType.value == "multipart/form-data"
        let boundary = contentType["boundary"] ?? ""
        guard !isForm || (!boundary.isEmpty && boundary.utf8.count <= 200) else {
            throw Refusal.bad("multipart/form-data without a boundary")
        }
        let form = TipForm(
            key: key, spool: self.services.spool, spoolLimit: exchange.settings.spoolLimit,
            boundary: isForm ? boundary : nil)
        return try await self.worked(exchange, discard: form.discard) {
            if isForm {
                try await exchange.readBody(
                    limit: Int(exchange.settings.bodyLimit.count), form.feed, settle: form.settle)
                try form.finish()
            } else {
                try form.take(await exchange.readJSON(limit: PublicPort.jsonLimit))
            }
            try self.checkDevice(form.tip.device, exchange)
        } store: {
            try await self.store(form, exchange)
        }
    }

    /// Receives, waits for a worker, does the unit of work and stores; the order is a setting.
    func worked(
        _ exchange: Exchange, discard: () async -> Void, receive: () async throws -> Void,
        store: () async throws -> Answer
    ) async throws -> Answer {
        var holdsWorker = false
        do {
            if exchange.settings.admission == .beforeBody {
                try await self.takeWorker()
                holdsWorker = true
                try await receive()
            } else {
                try await receive()
                try await self.takeWorker()
                holdsWorker = true
            }
            let (settings, isForgotten) = try await self.services.beforeWork(exchange)
            try await self.services.work.perform(settings)
            let answer: Answer
            if isForgotten {
                await discard()
                answer = Answer(201, .object([("id", .string(Exchange.newIdentifier()))]))
            } else {
                answer = try await store()
            }
            self.services.workers.release(completed: true)
            return answer
        } catch {
            if holdsWorker { self.services.workers.release(completed: false) }
            await discard()
            throw error
        }
    }

    private func takeWorker() async throws {
        switch await self.services.workers.acquire() {
        case .granted: return
        case .refused: throw Refusal.queueFull
        case .closed: throw Refusal.stopping
        case .left: throw CancellationError()
        }
    }

    private func checkDevice(_ device: String?, _ exchange: Exchange) throws(Refusal) {
        if let device, exchange.settings.blocks(device: device) { throw Refusal.blocked }
    }

    private func store(_ form: TipForm, _ exchange: Exchange) async throws -> Answer {
        var files: [SpooledMedia] = []
        for media in form.media {
            files.append(try await media.finish(durable: exchange.settings.durability == .full))
        }
        // The same file twice in one form is one file.
        var digests: Set<String> = []
        let distinct = files.filter { digests.insert($0.sha256).inserted }
        let commit = try await self.services.store.commitTip(
            form.tip, id: Exchange.newIdentifier(), media: distinct)
        switch commit {
        case .new(let id, let isComplete):
            for media in form.media where !distinct.contains(where: { $0.name == media.name }) {
                await media.discard()
            }
            if isComplete {
                self.services.accepted(key: form.tip.key, priority: form.tip.priority)
            }
            return Answer(201, .object([("id", .string(id))]))
        case .known(let id):
            self.services.counters.count { $0.duplicates += 1 }
            await form.discard()
            return Answer(200, .object([("id", .string(id))]))
        }
    }
}
