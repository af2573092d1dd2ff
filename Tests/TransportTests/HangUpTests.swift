import Primitives
import Synchronization
import TestSupport
import Testing
import Transport

@Suite struct HangUpTests {
    @Test("After so many bytes of its body the client is gone, and the server has just those.")
    func bytes() async throws {
        let received = Mutex<[Int]>([])
        try await withLane { connection in
            guard let head = connection.readRequest(body: false) else { return }
            var count = 0
            while connection.read(1_000) != nil { count += 1_000 }
            while connection.read(1) != nil { count += 1 }
            received.withLock { $0.append(count) }
            #expect(head.header("content-length") == "300000")
        } _: { lane, server in
            let client = await lane.makeClient()
            for bytes in [Int64(0), 1, 70_000] {
                var upload = try request(
                    server.url(), method: "PUT", headers: [],
                    body: UploadBody(bytes: Array(repeating: 7, count: 300_000)))
                upload.hangUp = HangUp(bytes: bytes)
                let result = await lane.transfer(upload, client: client)
                #expect(result.failure == .aborted)
                #expect(result.bytesUp == bytes)
                #expect(result.lastSent == nil)
            }
        }
        #expect(received.withLock { $0.sorted() } == [0, 1, 70_000])
    }

    @Test("A body that is over before then is sent whole, and so is that of the next transfer.")
    func shortBody() async throws {
        try await withLane { connection in
            while connection.readRequest() != nil { connection.answer(201) }
        } _: { lane, server in
            let client = await lane.makeClient()
            for hangUp in [HangUp(bytes: 5_001), HangUp(bytes: 5_000), HangUp(), nil] {
                var upload = try request(
                    server.url(), method: "POST", headers: [],
                    body: UploadBody(bytes: Array(repeating: 7, count: 5_000)))
                upload.hangUp = hangUp
                let result = await lane.transfer(upload, client: client)
                #expect(result.failure == nil)
                #expect(result.status == 201)
                #expect(result.bytesUp == 5_000)
            }
        }
    }

    @Test("After a time the client is gone; a deadline before that is a timeout as ever.")
    func time() async throws {
        try await withLane { connection in
            while connection.readRequest() != nil { connection.holdUntilClosed() }
        } _: { lane, server in
            let client = await lane.makeClient()
            var wait = try request(server.url(), method: "GET", headers: [], body: nil)
            wait.hangUp = HangUp(time: .milliseconds(150))
            let gone = await lane.transfer(wait, client: client)
            #expect(gone.failure == .aborted)
            #expect(gone.ended - gone.started >= .milliseconds(150))
            wait.timeout = .milliseconds(100)
            let late = await lane.transfer(wait, client: client)
            #expect(late.failure == .firstByteTimeout)
        }
    }
}
