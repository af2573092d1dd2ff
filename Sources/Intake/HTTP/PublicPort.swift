import HTTPTypes
import HummingbirdCore
import NIOCore
import Primitives

/// Answers everything on the public port.
struct PublicPort: Sendable {
    /// After an early answer, more outstanding body than this closes the connection.
    static let drainLimit = 262_144
    /// How long an early answer may travel before its connection is closed.
    static let linger = TimeAmount.milliseconds(250)

    let services: Services

    /// Serves one request from its head to its answer.
    func respond(
        _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
        let path = (request.head.path ?? "").prefix { $0 != "?" }
        let (route, id) = Route.of(method: request.method.rawValue, path: path)
        // Before the settings are looked at: a fault that this request sets off is for it, too.
        if route.isLoad { self.services.requestCame() }
        let exchange = Exchange(
            request: request, channel: channel, route: route, id: id, services: self.services)
        self.services.counters.count {
            $0.received += 1
            $0.inProgress += 1
        }
        defer { self.services.counters.count { $0.inProgress -= 1 } }
        var answer = self.early(exchange)
        if answer == nil {
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            answer = await self.handled(exchange)
        }
        guard let answer else {
            channel.close(promise: nil)
            return
        }
        try await self.write(answer, for: exchange, writer)
    }

    /// The answer that needs neither body nor worker, if there is one.
    private func early(_ exchange: Exchange) -> Answer? {
        let settings = exchange.settings
        switch exchange.route.isStorePage ? .open : self.services.operatorState {
        case .open: break
        case .page, .listenerOff:
            return Answer(
                self.services.operatorStatus ?? 503, text: OperatorState.pageText,
                contentType: "text/html; charset=utf-8")
        case .routeOff:
            var refusal = Refusal.notFound
            refusal.status = self.services.operatorStatus ?? refusal.status
            return refusal.answer(retryAfter: nil)
        }
        do throws(Refusal) {
            if let announced = exchange.announced, announced > settings.bodyLimit.count {
                throw Refusal.tooLarge
            }
            if ![.health, .metrics].contains(exchange.route), !exchange.route.isStorePage {
                try self.limit(exchange)
            }
            if exchange.route.needsWorker, let above = settings.shed.above,
                self.services.workers.load.depth > above
            {
                self.services.counters.count { $0.shed += 1 }
                throw Refusal(
                    status: settings.shed.status, error: "overloaded",
                    message: "submissions are being shed", isTemporary: true)
            }
            return nil
        } catch {
            return self.refused(error, exchange)
        }
    }

    private func limit(_ exchange: Exchange) throws(Refusal) {
        let settings = exchange.settings
        guard let rate = settings.limiterRate else { return }
        let client: String
        if settings.limiter.key == "address" {
            client = exchange.channel.remoteAddress?.ipAddress ?? ""
        } else {
            client =
                HTTPField.Name(settings.limiter.key).flatMap { exchange.request.headers[$0] } ?? ""
        }
        let admits = self.services.limiter.admits(
            client, perSecond: rate, burst: settings.limiter.burst, at: self.services.clock.now())
        guard admits else {
            self.services.counters.count { $0.limited += 1 }
            throw Refusal(
                status: settings.limiter.status, error: "too many requests",
                message: "this client sends too often", isTemporary: true)
        }
    }

    /// Handles the request; nil when it is not answered: its client left and the work was dropped,
    /// or a fault has it so.
    private func handled(_ exchange: Exchange) async -> Answer? {
        do {
            guard exchange.settings.abandoned == .drop else {
                return self.services.afterHandling(try await self.handle(exchange), exchange)
            }
            let task = Task { try await self.handle(exchange) }
            self.services.presence.watch(exchange.channel) { task.cancel() }
            defer { self.services.presence.watch(exchange.channel, nil) }
            return self.services.afterHandling(try await task.value, exchange)
        } catch let refusal as Refusal {
            if refusal == .truncated { self.services.counters.count { $0.truncated += 1 } }
            return self.refused(refusal, exchange)
        } catch is CancellationError {
            self.services.counters.count { $0.abandonedDropped += 1 }
            return nil
        } catch is Unanswered {
            return nil
        } catch let error as SpoolError where error.isFull {
            self.services.log.line("spool: errno \(error.code)")
            return self.refused(self.services.noRoom, exchange)
        } catch let error where IntakeStore.isFull(error) {
            self.services.log.line("store: \(error)")
            return self.refused(self.services.noRoom, exchange)
        } catch {
            self.services.log.line("\(exchange.route.rawValue): \(error)")
            return self.refused(
                Refusal(status: 500, error: "internal error", message: "this is our fault"),
                exchange)
        }
    }

    private func handle(_ exchange: Exchange) async throws -> Answer {
        if exchange.route.isLoad { try await self.services.beforeHandling(exchange) }
        return switch exchange.route {
        case .postTip: try await self.postTip(exchange)
        case .putMedia: try await self.putMedia(exchange)
        case .getTip: try await self.getTip(exchange)
        case .getApp: self.getApp()
        case .postDevice: try await self.postDevice(exchange)
        case .postReview: try await self.postReview(exchange)
        case .getReviews: try await self.getReviews()
        case .health: Answer(200, text: "ok\n")
        case .metrics:
            Answer(
                200, text: MetricsPage(self.services).text,
                contentType: "text/plain; version=0.0.4; charset=utf-8")
        case .other: throw Refusal.notFound
        }
    }

    private func refused(_ refusal: Refusal, _ exchange: Exchange) -> Answer {
        self.services.counters.count {
            if exchange.route.needsWorker { $0.refused += 1 }
            if refusal == .queueFull { $0.queueFull += 1 }
            if refusal == .blocked { $0.blocked += 1 }
        }
        let seconds = exchange.settings.retryAfter.map { Int($0.seconds.rounded(.up)) }
        return refusal.answer(retryAfter: seconds)
    }

    private func write(
        _ answer: Answer, for exchange: Exchange, _ writer: consuming ResponseWriter
    ) async throws {
        let (route, status) = (exchange.route, answer.status)
        let wasGone = self.services.presence.isGone(exchange.channel)
        self.services.counters.count {
            $0.answered[route, default: [:]][status, default: 0] += 1
            if wasGone, route.needsWorker, status < 300 { $0.abandonedDone += 1 }
        }
        // Hummingbird swallows the rest of a refused body; a large rest is cut off instead, after
        // a moment in which the client can read why.
        let isClosing = exchange.outstanding.map { $0 > PublicPort.drainLimit } ?? true
        do {
            try await writer.write(response: answer.head(closing: isClosing), body: answer.body)
            self.services.counters.count { $0.sent[route, default: [:]][status, default: 0] += 1 }
        } catch {
            self.services.counters.count { $0.unsent += 1 }
            throw error
        }
        if isClosing {
            let channel = exchange.channel
            channel.eventLoop.scheduleTask(in: PublicPort.linger) { channel.close(promise: nil) }
        }
    }
}
