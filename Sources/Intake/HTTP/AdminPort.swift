import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import Primitives

/// Answers everything on the admin port, which only loopback reaches.
struct AdminPort: Sendable {
    /// How long `GET /admin/quiet` waits.
    static let quietPatience = Nanoseconds.seconds(30)

    let services: Services
    let desk: OperatorDesk

    /// Serves one request.
    func respond(_ request: Request, _ writer: consuming ResponseWriter) async throws {
        let answer: Answer
        do {
            answer = try await self.handle(request)
        } catch let refusal as Refusal {
            answer = refusal.answer(retryAfter: nil)
        } catch {
            self.services.log.line("admin: \(error)")
            answer = Answer(500, .object([("error", .string("\(error)"))]))
        }
        try await writer.write(response: answer.head(closing: false), body: answer.body)
    }

    private func handle(_ request: Request) async throws -> Answer {
        let target = (request.head.path ?? "").split(separator: "?", maxSplits: 1)
        let query = target.count == 2 ? String(target[1]) : ""
        switch (request.method.rawValue, target.first ?? "") {
        case ("GET", "/healthz"): return Answer(200, text: "ok\n")
        case ("GET", "/metrics"):
            return Answer(
                200, text: MetricsPage(self.services).text,
                contentType: "text/plain; version=0.0.4; charset=utf-8")
        case ("GET", "/admin/settings"):
            return Answer(200, self.services.shown(self.services.givenSettings))
        case ("PUT", "/admin/settings"): return try await self.putSettings(request)
        case ("GET", "/admin/operator"): return Answer(200, await self.desk.status)
        case ("PUT", "/admin/operator"): return try await self.putOperator(request)
        case ("GET", "/admin/manifest"): return Answer(200, self.services.manifest())
        case ("GET", "/admin/counters"): return Answer(200, self.services.counters.snapshot.json)
        case ("GET", "/admin/quiet"): return try await self.quiet()
        case ("GET", "/admin/store"): return self.listStore()
        case ("DELETE", "/admin/store"):
            let words = query.split(separator: "&").map(String.init)
            let count = words.first { $0.hasPrefix("newest=") }.flatMap { Int($0.dropFirst(7)) }
            return try await self.forget(count)
        case ("POST", "/admin/forget"):
            guard case .integer(let count)? = try await self.json(request)["count"] else {
                return try await self.forget(nil)
            }
            return try await self.forget(count)
        case ("GET", "/admin/reviews"):
            let services = self.services
            return Answer { writer in
                for chunk in services.reviewLines() {
                    try await writer.write(ByteBuffer(string: chunk))
                }
            }
        case ("GET", "/admin/ratings"): return try await self.ratings()
        default: throw Refusal.notFound
        }
    }

    /// The store page's reviews second by second, with the average of all so far.
    private func ratings() async throws -> Answer {
        let seconds = try await self.services.store.ratings()
        return Answer { writer in
            var (count, stars) = (0, 0)
            for second in seconds {
                count += second.count
                stars += second.stars
                let line = JSONValue.object([
                    ("at", .integer(second.at)), ("count", .integer(second.count)),
                    ("stars", .integer(second.stars)),
                    ("average", .number(Double(stars) / Double(count))),
                ])
                try await writer.write(ByteBuffer(string: line.text + "\n"))
            }
        }
    }

    private func json(_ request: Request) async throws -> JSONValue {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: 1_000_000)
        } catch {
            throw Refusal.tooLarge
        }
        guard
            let json = try? JSONDecoder().decode(JSONValue.self, from: Data(body.readableBytesView))
        else {
            throw Refusal.bad("the body is not JSON")
        }
        return json
    }

    private func putSettings(_ request: Request) async throws -> Answer {
        let json = try await self.json(request)
        do throws(SettingsError) {
            let changed = try SettingsTable.apply(json, to: self.services.givenSettings)
            self.services.change(changed)
            return Answer(200, self.services.shown(changed))
        } catch {
            throw Refusal.bad(error.message)
        }
    }

    private func putOperator(_ request: Request) async throws -> Answer {
        let json = try await self.json(request)
        guard let state = json["state"].flatMap({ OperatorState(rawValue: $0.plainText) }) else {
            let words = OperatorState.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal.bad("\"state\" is one of \(words)")
        }
        var span: Nanoseconds?
        switch json["until"] {
        case nil, .null: break
        case .integer(let seconds): span = Nanoseconds.seconds(Int64(seconds))
        case .number(let seconds): span = Nanoseconds(seconds: seconds)
        case .string(let text): span = try? UnitText.duration(text)
        default: break
        }
        let isGiven = json["until"].map { $0 != .null } ?? false
        guard !isGiven || (span.map { $0 > .zero } ?? false) else {
            throw Refusal.bad("\"until\" is a span of story time from now, such as 30m, or null")
        }
        try await self.desk.decide(state, for: span)
        return Answer(200, await self.desk.status)
    }

    private func quiet() async throws -> Answer {
        let end = self.services.clock.now() + AdminPort.quietPatience
        while !self.services.isQuiet {
            guard self.services.clock.now() < end else {
                throw Refusal(
                    status: 503, error: "busy", message: "requests are still in progress")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        return Answer(200, .object([("quiet", .bool(true))]))
    }

    private func listStore() -> Answer {
        let store = self.services.store
        return Answer { writer in
            for listing in IntakeStore.Listing.allCases {
                var last = 0
                while let page = try await store.page(of: listing, after: last) {
                    last = page.last
                    try await writer.write(ByteBuffer(string: page.lines))
                }
            }
        }
    }

    private func forget(_ count: Int?) async throws -> Answer {
        guard let count, count > 0 else {
            throw Refusal.bad("say how many rows: {\"count\": 7}, or ?newest=7")
        }
        let keys = try await self.services.store.forget(newest: count)
        self.services.log.line("admin: forgot \(keys.count) stored rows")
        return Answer(
            200,
            .object([
                ("forgotten", .integer(keys.count)), ("keys", .array(keys.map(JSONValue.string))),
            ]))
    }
}
