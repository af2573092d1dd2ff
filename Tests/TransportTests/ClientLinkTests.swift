import Primitives
import TestSupport
import Testing

@testable import Transport

@Suite("A client's network")
struct ClientLinkTests: NetworkFixture {
    @Test("An upload takes its size by its rate, and never runs ahead of it.")
    func uplink() async throws {
        let log = ServerLog()
        let count = 60_000
        try await withLane(script: self.reading(log, length: count)) { lane, server in
            let client = await self.client(lane, self.network { $0.uplink = 100_000 })
            let result = await lane.transfer(try self.upload(server, count), client: client)
            #expect(result.status == 200 && result.bytesUp == Int64(count))
            let began = result.started
            let pieces = log.all.filter { $0.what == "body" }
            for piece in pieces {
                // What the bucket held when the client was a little older than its request.
                let allowed = (piece.at - began).seconds * 100_000 + 5_001
                #expect(Double(piece.bytes) <= allowed)
            }
            let taken = (result.ended - began).seconds
            #expect(taken >= 0.55 && taken < 5.2, "\(taken) s")
            // Twelve chunks of 50 ms, not one: the bytes come all along.
            #expect(Set(pieces.map { $0.at.nanoseconds / 25_000_000 }).count >= 6)
        }
    }

    @Test("A slow upload sends less than a packet at a time and keeps its rate.")
    func slowUplink() async throws {
        let log = ServerLog()
        try await withLane(script: self.reading(log, length: 4_000)) { lane, server in
            let client = await self.client(lane, self.network { $0.uplink = 8_000 })
            let result = await lane.transfer(try self.upload(server, 4_000), client: client)
            #expect(result.status == 200)
            let taken = (result.ended - result.started).seconds
            #expect(taken >= 0.45 && taken < 5, "\(taken) s")
        }
    }

    @Test("Two transfers of a client share its rate.")
    func shared() async throws {
        let log = ServerLog()
        try await withLane(script: self.reading(log, length: 25_000)) { lane, server in
            let client = await self.client(lane, self.network { $0.uplink = 100_000 })
            let one = await lane.start(try self.upload(server, 25_000), client: client)
            let two = await lane.start(try self.upload(server, 25_000), client: client)
            let results = [await lane.result(of: one), await lane.result(of: two)]
            #expect(results.allSatisfy { $0.status == 200 })
            let end = results.map(\.ended).max() ?? results[0].ended
            let taken = (end - results[0].started).seconds
            #expect(taken >= 0.45 && taken < 5, "\(taken) s")
        }
    }

    @Test("A request's own rate holds without a network, and with one the lower counts.")
    func ownRate() async throws {
        let log = ServerLog()
        try await withLane(script: self.reading(log, length: 20_000)) { lane, server in
            var upload = try self.upload(server, 20_000)
            upload.uploadRate = 50_000
            let plain = await lane.makeClient()
            let result = await lane.transfer(upload, client: plain)
            #expect(result.status == 200)
            let taken = (result.ended - result.started).seconds
            #expect(taken >= 0.4 && taken < 5, "\(taken) s")
            let fast = await self.client(lane, self.network { $0.uplink = 10_000_000 })
            let second = await lane.transfer(upload, client: fast)
            #expect((second.ended - second.started).seconds >= 0.39)
            // The handle is a plain one again.
            upload.uploadRate = 0
            let free = await lane.transfer(upload, client: plain)
            #expect(free.status == 200 && (free.ended - free.started).seconds < 0.4)
        }
    }

    @Test("A response takes its size by its rate.")
    func downlink() async throws {
        let log = ServerLog()
        let answer = String(repeating: "x", count: 60_000)
        try await withLane(script: self.reading(log, length: 0, answer: answer)) { lane, server in
            let client = await self.client(lane, self.network { $0.downlink = 100_000 })
            let result = await lane.transfer(try request(server.url()), client: client)
            #expect(result.status == 200 && result.responseBody.count == 60_000)
            let taken = (result.ended - result.started).seconds
            #expect(taken >= 0.55 && taken < 5.2, "\(taken) s")
        }
    }

    @Test("The server is held back as well: it cannot hand over what the phone has not received.")
    func downlinkHoldsServer() async throws {
        let log = ServerLog()
        let bytes = [UInt8](repeating: 7, count: 1_000_000)
        try await withLane { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\n\r\n")
            connection.limitSendBuffer(16_384)
            connection.send(bytes)
            log.note("handed")
        } _: { lane, server in
            let client = await self.client(lane, self.network { $0.downlink = 1_000_000 })
            let result = await lane.transfer(
                try request(server.url(), keep: ResponseKeep()), client: client)
            #expect(result.status == 200)
            let handed = try #require(log.first("handed"))
            // All but what both kernels' buffers hold.
            #expect((handed - result.started).seconds >= 0.6)
        }
    }

    @Test("A round trip comes before a connection, and one more belongs to each request.")
    func roundTrip() async throws {
        let log = ServerLog()
        try await withLane(script: self.reading(log, length: 0)) { lane, server in
            let trip = Nanoseconds.milliseconds(100)
            let client = await self.client(lane, self.network { $0.roundTrip = trip })
            let first = await lane.transfer(try request(server.url()), client: client)
            let arrived = try #require(log.first("accepted"))
            #expect(arrived - first.started >= .milliseconds(150))
            #expect(first.ended - first.started >= .milliseconds(200))
            let connected = try #require(first.connected), lookedUp = try #require(first.lookedUp)
            #expect(connected - lookedUp >= .milliseconds(100), "a lookup knows no round trip")
            #expect(connected - first.started >= .milliseconds(100))
            let sent = try #require(first.lastSent), header = try #require(first.firstHeader)
            #expect(header - sent >= .milliseconds(100), "the wait holds the round trip")
            #expect(first.ended >= header)
            let second = await lane.transfer(try request(server.url()), client: client)
            #expect(second.connectionReused)
            #expect(second.ended - second.started >= .milliseconds(100))
            let again = try #require(log.last("head"))
            #expect(again - second.started >= .milliseconds(50))
            #expect(server.accepted == 1)
        }
    }

    @Test("A network that is slower than the deadline times out at the deadline.")
    func deadlines() async throws {
        let log = ServerLog()
        try await withLane(script: self.reading(log, length: 0)) { lane, server in
            let slow = await self.client(lane, self.network { $0.roundTrip = .seconds(1) })
            let unconnected = await lane.transfer(
                try request(server.url(), connectTimeout: .milliseconds(200)), client: slow)
            #expect(unconnected.failure == .connectTimeout)
            #expect(unconnected.ended - unconnected.started == .milliseconds(200))
            #expect(server.accepted == 0)
            let unanswered = await lane.transfer(
                try request(server.url(), timeout: .milliseconds(1_800)), client: slow)
            #expect(unanswered.failure?.isTimeout == true)
            let taken = unanswered.ended - unanswered.started
            #expect(taken >= .milliseconds(1_799) && taken < .seconds(5))
        }
    }

    @Test("A new connection for each request, and addresses of one family.")
    func connections() async throws {
        try await withLane(script: answering()) { lane, server in
            let fresh = await self.client(lane, self.network { $0.keepsConnections = false })
            for _ in 0..<3 {
                #expect(await lane.transfer(try request(server.url()), client: fresh).status == 200)
            }
            #expect(server.accepted == 3)
            let kept = await lane.makeClient()
            for _ in 0..<2 { _ = await lane.transfer(try request(server.url()), client: kept) }
            #expect(server.accepted == 4, "the handle keeps connections again")
            let six = await self.client(lane, self.network { $0.family = .ipv6 })
            let result = await lane.transfer(
                try request("http://localhost:\(server.port)/"), client: six)
            #expect(result.failure != nil, "nothing listens on ::1")
            #expect(server.accepted == 4)
        }
    }

    @Test("A transfer that is cancelled on its way there or back ends at once.")
    func cancels() async throws {
        let log = ServerLog()
        try await withLane(script: self.reading(log, length: 0)) { lane, server in
            for isHeld in [false, true] {
                // A byte a second: the answer's few are on their way for a minute.
                let network = self.network {
                    if isHeld { $0.downlink = 1 } else { $0.roundTrip = .seconds(60) }
                }
                let client = await self.client(lane, network)
                let token = await lane.start(
                    try request(server.url(), timeout: .max, connectTimeout: .max),
                    client: client)
                if isHeld {
                    while log.first("answering") == nil {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                }
                await lane.onQueue { lane.lane.cancel(token: token) }
                let result = await lane.result(of: token)
                #expect(result.cancelled && result.failure == nil)
                await lane.retire(client)
            }
        }
    }

    @Test("Many clients of all rates, retired and replaced, each keep their own.")
    func many() async throws {
        let log = ServerLog()
        try await withLane(script: self.reading(log, length: 5_000)) { lane, server in
            for _ in 0..<2 {
                var tokens: [(token: UInt64, rate: Int64, client: ClientHandle)] = []
                for index in 0..<30 {
                    let rate: Int64 = [10_000, 50_000, 1_000_000][index % 3]
                    let client = await self.client(lane, self.network { $0.uplink = rate })
                    let token = await lane.start(try self.upload(server, 5_000), client: client)
                    tokens.append((token, rate, client))
                }
                for (token, rate, client) in tokens {
                    let result = await lane.result(of: token)
                    #expect(result.status == 200)
                    // A bucket that is older than its request holds 50 ms.
                    let least = 5_000 / Double(rate) - 0.05
                    #expect((result.ended - result.started).seconds >= least)
                    await lane.retire(client)
                }
            }
        }
    }

    @Test("Shutting a lane down amid everything leaves nothing behind.")
    func shutdown() async throws {
        let log = ServerLog()
        try await withLane(script: self.reading(log, length: 1_000_000)) { lane, server in
            for trip in [Nanoseconds.zero, .seconds(3)] {
                let client = await self.client(
                    lane,
                    self.network {
                        $0.uplink = 20_000
                        $0.roundTrip = trip
                        $0.interruptions = interruptions(stallEvery: 0.05, stallFor: 0.05)
                    })
                _ = await lane.start(try self.upload(server, 1_000_000), client: client)
            }
            while log.first("body") == nil { try await Task.sleep(for: .milliseconds(5)) }
        }
    }
}
