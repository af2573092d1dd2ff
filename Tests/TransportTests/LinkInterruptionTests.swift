import Primitives
import TestSupport
import Testing

@testable import Transport

@Suite("Interruptions of a client's network")
struct LinkInterruptionTests: NetworkFixture {
    @Test("In a stall nothing moves, in no direction; then it goes on.")
    func stall() async throws {
        let log = ServerLog()
        let count = 40_000
        try await withLane(script: self.reading(log, length: count)) { lane, server in
            let before = SystemClock().now()
            let client = await self.client(
                lane,
                self.network {
                    $0.uplink = 100_000
                    $0.interruptions = interruptions(stallEvery: 0.2, stallFor: 2)
                })
            let after = SystemClock().now()
            let result = await lane.transfer(try self.upload(server, count), client: client)
            #expect(result.status == 200)
            #expect(result.ended - before >= .milliseconds(2_200))
            // What came before the stall may be read a little later.
            let begin = after + .milliseconds(700)
            let end = before + .milliseconds(2_190)
            let inside = log.all.filter { $0.what == "body" && $0.at > begin && $0.at < end }
            #expect(inside.isEmpty, "\(inside.count) pieces arrived in the stall")
        }
    }

    @Test("A request that begins in a stall waits for its end.")
    func stalledRequest() async throws {
        let log = ServerLog()
        try await withLane { connection in
            while connection.readRequest() != nil {
                log.note("head")
                connection.answer()
            }
        } _: { lane, server in
            let made = SystemClock().now()
            let network = self.network {
                $0.interruptions = interruptions(stallEvery: 0.05, stallFor: 1)
            }
            let client = await self.client(lane, network)
            await lane.alarm(at: made + .milliseconds(200))
            let result = await lane.transfer(try request(server.url()), client: client)
            #expect(result.status == 200)
            let arrived = try #require(log.first("head"))
            #expect(arrived - made >= .milliseconds(1_050))
        }
    }

    @Test("A disconnect amid an upload ends it at its time, and the server sees the end.")
    func disconnect() async throws {
        let log = ServerLog()
        let count = 200_000
        try await withLane(script: self.reading(log, length: count)) { lane, server in
            let before = SystemClock().now()
            let client = await self.client(
                lane,
                self.network {
                    $0.uplink = 100_000
                    $0.interruptions = interruptions(disconnectEvery: 0.4)
                })
            let result = await lane.transfer(try self.upload(server, count), client: client)
            #expect(result.failure == .networkLost)
            #expect(result.curlCode == 0 && !result.cancelled)
            let taken = (result.ended - before).seconds
            #expect(taken >= 0.4, "\(taken) s")
            // The phone connects again, and gets further only as its network lets it.
            let again = await lane.transfer(
                try request(server.url(), timeout: .milliseconds(200)), client: client)
            #expect(again.failure != nil || again.status == 200)
            #expect(server.accepted == 2)
        }
        let lost = try #require(log.all.first { $0.what == "lost" })
        #expect(lost.bytes < count)
    }

    @Test("An idle connection is lost as well: the next request opens another.")
    func idleDisconnect() async throws {
        let log = ServerLog()
        try await withLane(script: self.reading(log, length: 0)) { lane, server in
            let client = await self.client(
                lane, self.network { $0.interruptions = interruptions(disconnectEvery: 1) })
            let first = await lane.transfer(try request(server.url()), client: client)
            #expect(first.status == 200)
            while log.first("closed") == nil { try await Task.sleep(for: .milliseconds(10)) }
            // Where the machine is slow the next loss may come first.
            var second = await lane.transfer(try request(server.url()), client: client)
            for _ in 0..<5 where second.failure == .networkLost {
                second = await lane.transfer(try request(server.url()), client: client)
            }
            #expect(second.status == 200 && !second.connectionReused)
            #expect(server.accepted >= 2)
        }
    }
}
