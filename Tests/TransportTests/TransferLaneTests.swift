import Foundation
import Primitives
import Synchronization
import TestSupport
import Testing
import Transport

@Suite struct TransferLaneTests {
    @Test("Status, body, headers and Retry-After arrive.")
    func response() async throws {
        try await withLane { connection in
            _ = connection.readRequest()
            connection.answer(
                503, headers: ["Retry-After:  17 ", "X-Empty:", "Via: a"], body: "sorry")
        } _: { lane, server in
            let result = await lane.transfer(
                try request(
                    server.url(), keep: ResponseKeep(body: true, bodyLimit: 4, headers: true)),
                client: await lane.makeClient())
            #expect(result.failure == nil)
            #expect(result.status == 503)
            #expect(result.retryAfter == 17)
            #expect(result.responseBody == Array("sorr".utf8))
            #expect(result.bodyTruncated)
            #expect(
                result.responseHeaders.map { "\($0.name)=\($0.value)" } == [
                    "Content-Length=5", "Retry-After=17", "X-Empty=", "Via=a",
                ])
        }
    }

    @Test("Nothing is kept that was not asked for, and the next result is clean.")
    func nothingKept() async throws {
        try await withLane(script: answering("hello")) { lane, server in
            let client = await lane.makeClient()
            let kept = await lane.transfer(
                try request(server.url(), keep: ResponseKeep(body: true, headers: true)),
                client: client)
            #expect(kept.responseBody.count == 5 && kept.responseHeaders.count == 1)
            let plain = await lane.transfer(
                try request(server.url(), keep: ResponseKeep()), client: client)
            #expect(plain.responseBody.isEmpty && plain.responseHeaders.isEmpty)
            #expect(plain.bytesDown == kept.bytesDown)
            let again = await lane.transfer(
                try request(server.url(), keep: ResponseKeep(body: true)), client: client)
            #expect(again.responseBody == Array("hello".utf8))
        }
    }

    @Test("The instants of a first transfer are in order; a reused connection has no phases.")
    func instants() async throws {
        try await withLane(script: answering()) { lane, server in
            let client = await lane.makeClient()
            let before = SystemClock().now()
            let first = await lane.transfer(try request(server.url()), client: client)
            let order = [
                before, first.started, try #require(first.lookedUp), try #require(first.connected),
                try #require(first.lastSent), try #require(first.firstHeader), first.ended,
                SystemClock().now(),
            ]
            #expect(order == order.sorted())
            #expect(!first.connectionReused && first.secured == nil)
            let second = await lane.transfer(try request(server.url()), client: client)
            #expect(second.connectionReused)
            #expect(second.lookedUp == nil && second.connected == nil && second.secured == nil)
            #expect(second.lastSent != nil && second.firstHeader != nil)
            #expect(second.connectionNumber == first.connectionNumber)
        }
    }

    @Test("An upload answered late was sent long before its first header.")
    func lateAnswer() async throws {
        let received = Latch()
        let release = Latch()
        try await withLane { connection in
            guard let request = connection.readRequest() else { return }
            received.open()
            release.wait()
            connection.answer(201, body: "\(request.body.count)")
        } _: { lane, server in
            let body = UploadBody(bytes: [UInt8](repeating: 1, count: 300_000))
            let token = await lane.start(
                try request(server.url(), method: "POST", body: body),
                client: await lane.makeClient())
            await Task.detached { received.wait() }.value
            let allReceived = SystemClock().now()
            release.open()
            let result = await lane.result(of: token)
            #expect(result.status == 201)
            #expect(result.responseBody == Array("300000".utf8))
            #expect(result.bytesUp == 300_000)
            let lastSent = try #require(result.lastSent)
            let firstHeader = try #require(result.firstHeader)
            #expect(lastSent < allReceived && allReceived < firstHeader)
        }
    }

    @Test("No connection ever serves two clients, and numbers name connections.")
    func ownership() async throws {
        let owners = Mutex<[Int: Set<String>]>([:])
        let clients = 6
        try await withLane { connection in
            while let request = connection.readRequest() {
                owners.withLock { _ = $0[connection.number, default: []].insert(request.path) }
                connection.answer(body: "\(connection.number)")
            }
        } _: { lane, server in
            var handles: [ClientHandle] = []
            for _ in 0..<clients { handles.append(await lane.makeClient()) }
            var numbers: [String: Set<UInt64>] = [:]
            // Two at a time, so that every handle moves from client to client.
            for round in 0..<60 {
                let first = round % clients
                let second = (round * 5 + 1) % clients
                var tokens: [UInt64] = []
                for index in Set([first, second]) {
                    let url = server.url("/client/\(index)")
                    tokens.append(await lane.start(try request(url), client: handles[index]))
                }
                for token in tokens {
                    let result = await lane.result(of: token)
                    #expect(result.failure == nil)
                    let server = String(decoding: result.responseBody, as: UTF8.self)
                    numbers[server, default: []].insert(result.connectionNumber)
                }
            }
            let seen = owners.withLock { $0 }
            #expect(seen.count == clients)
            #expect(seen.values.allSatisfy { $0.count == 1 })
            #expect(numbers.count == clients)
            #expect(numbers.values.allSatisfy { $0.count == 1 && !$0.contains(0) })
            #expect(Set(numbers.values.flatMap { $0 }).count == clients)
        }
    }

    @Test("Cookies stay with their client and go with it.")
    func cookies() async throws {
        try await withLane { connection in
            while let request = connection.readRequest() {
                connection.answer(
                    headers: ["Set-Cookie: who=\(connection.number)"],
                    body: request.header("cookie") ?? "none")
            }
        } _: { lane, server in
            func body(_ client: ClientHandle) async throws -> String {
                let result = await lane.transfer(try request(server.url()), client: client)
                return String(decoding: result.responseBody, as: UTF8.self)
            }
            let one = await lane.makeClient()
            let two = await lane.makeClient()
            var bodies: [String] = []
            for client in [one, two, one, two] { bodies.append(try await body(client)) }
            #expect(bodies == ["none", "none", "who=1", "who=2"])
            await lane.retire(one)
            let three = await lane.makeClient()
            let fresh = try await body(three)
            #expect(fresh == "none")
        }
    }

    @Test("A cancelled transfer ends as cancelled, and its client goes on.")
    func cancel() async throws {
        let arrived = Latch()
        try await withLane { connection in
            while let request = connection.readRequest() {
                if request.path == "/never" {
                    arrived.open()
                    connection.holdUntilClosed()
                } else {
                    connection.answer()
                }
            }
        } _: { lane, server in
            let client = await lane.makeClient()
            let token = await lane.start(try request(server.url("/never")), client: client)
            await Task.detached { arrived.wait() }.value
            await lane.onQueue { lane.lane.cancel(token: token) }
            let result = await lane.result(of: token)
            #expect(result.cancelled && result.failure == nil)
            #expect(result.lastSent != nil && result.firstHeader == nil)
            let next = await lane.transfer(try request(server.url()), client: client)
            #expect(next.failure == nil && !next.cancelled)
            #expect(next.connectionNumber != result.connectionNumber)
            // Unknown and twice is harmless.
            await lane.onQueue { lane.lane.cancel(token: token) }
            #expect(await lane.onQueue { lane.lane.inProgress } == 0)
        }
    }

    @Test("Transfers that end together end once each, also when one's word cancels the others.")
    func cancelledByAnother() async throws {
        try await withLane(script: answering()) { lane, server in
            let get = try request(server.url())
            let tokens = await lane.onQueue {
                let tokens = (0..<20).map { _ in
                    lane.startHere(get, client: lane.lane.makeClient())
                }
                lane.onEnd = { _, _ in
                    for token in tokens { lane.lane.cancel(token: token) }
                }
                return tokens
            }
            for token in tokens {
                let result = await lane.result(of: token)
                #expect(result.failure == nil && (result.cancelled || result.status == 200))
            }
            await lane.alarm(at: SystemClock().now())
            let events = await lane.onQueue {
                lane.onEnd = nil
                return lane.events
            }
            for token in tokens { #expect(events.count { $0 == .ended(token) } == 1) }
            #expect(await lane.onQueue { lane.lane.inProgress } == 0)
        }
    }

    @Test("A transfer cancelled before anything happened still ends, not from within the call.")
    func cancelAtOnce() async throws {
        try await withLane(script: answering()) { lane, server in
            let client = await lane.makeClient()
            let transfer = try request(server.url())
            let (token, before) = await lane.onQueue {
                let token = lane.startHere(transfer, client: client)
                lane.lane.cancel(token: token)
                return (token, lane.events.contains(.ended(token)))
            }
            #expect(!before)
            #expect(await lane.result(of: token).cancelled)
        }
    }

    @Test("The alarm fires once, not before its time, also when it is in the past.")
    func alarm() async throws {
        try await withLane(script: nil) { lane, _ in
            let at = SystemClock().now() + .milliseconds(20)
            await lane.alarm(at: at)
            #expect(SystemClock().now() >= at)
            await lane.alarm(at: SystemClock().now() - .seconds(1))
            let far = SystemClock().now() + .seconds(3600)
            await lane.onQueue { lane.lane.setAlarm(far) }
            await lane.alarm(at: SystemClock().now() + .milliseconds(1))
            await lane.onQueue {
                lane.lane.setAlarm(SystemClock().now())
                lane.lane.setAlarm(nil)
            }
            let last = await lane.onQueue { lane.events }
            #expect(last.filter { $0 == .alarm }.count == 3)
        }
    }

    @Test("Each wake-up ends with one word about it, after its endings and alarms.")
    func batches() async throws {
        try await withLane(script: answering()) { lane, server in
            let client = await lane.makeClient()
            let transfer = try request(server.url())
            await lane.onQueue {
                // Starts made by an alarm, as the engine makes them.
                lane.onAlarm = { for _ in 0..<5 { _ = lane.startHere(transfer, client: client) } }
            }
            await lane.alarm(at: SystemClock().now())
            for token in 1...5 { _ = await lane.result(of: UInt64(token)) }
            let events = await lane.onQueue {
                lane.onAlarm = nil
                return lane.events
            }
            // Work on the queue wakes the lane as well, and is followed by a word of its own.
            #expect(events.first { $0 != .batch } == .alarm)
            #expect(events.last == .batch)
            let ended = events.compactMap { event -> UInt64? in
                if case .ended(let token) = event { return token }
                return nil
            }
            #expect(ended.sorted() == [1, 2, 3, 4, 5])
        }
    }

    @Test("A lane that was never activated can be shut down, as can one in full swing.")
    func shutdown() async throws {
        let idle = try TransferLane(label: "test.idle", options: LaneOptions())
        await withCheckedContinuation { continuation in
            idle.async { idle.shutdown { continuation.resume() } }
        }
        try await withLane {
            $0.holdUntilClosed()
        } _: { lane, server in
            for _ in 0..<5 {
                _ = await lane.start(try request(server.url()), client: await lane.makeClient())
            }
            await lane.shutdown()
            #expect(await lane.onQueue { lane.events.allSatisfy { $0 == .batch } })
        }
    }
}
