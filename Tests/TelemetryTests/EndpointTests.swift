import Foundation
import Measurements
import Primitives
import Testing
import Transport

@testable import Telemetry

@Suite("/metrics", .timeLimit(.minutes(1)))
struct EndpointTests {
    private static func answer(_ head: String) -> String {
        String(
            decoding: ScrapeRequest.answer(Array(head.utf8)) { Array("page\n".utf8) },
            as: UTF8.self)
    }

    @Test("A request is answered by its line.")
    func answers() {
        let page = Self.answer("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(
            page == "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                + "Content-Length: 5\r\nConnection: close\r\n\r\npage\n")
        #expect(Self.answer("GET /metrics?x=1 HTTP/1.0\r\n\r\n").hasSuffix("page\n"))
        #expect(Self.answer("HEAD /metrics HTTP/1.1\r\n\r\n").hasSuffix("\r\n\r\n"))
        #expect(Self.answer("GET / HTTP/1.1\r\n\r\n").hasPrefix("HTTP/1.1 404 "))
        #expect(Self.answer("POST /metrics HTTP/1.1\r\n\r\n").hasPrefix("HTTP/1.1 405 "))
        #expect(Self.answer("nonsense\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
        #expect(!ScrapeRequest.isWhole(Array("GET / HTTP/1.1\r\n".utf8)))
        #expect(ScrapeRequest.isWhole(Array("GET / HTTP/1.1\r\n\r\n".utf8)))
    }

    /// The whole answer to a scrape.
    private static func get(port: UInt16) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(code == 0)
        let request = Array("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        try #require(send(descriptor, request, request.count, 0) == request.count)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("A page over a real socket, empty before the run and whole in it.")
    func serves() async throws {
        let endpoint = try MetricsEndpoint(ListenAddress("0"))
        defer { endpoint.stop() }
        #expect(endpoint.listening.port != 0)
        let hub = try TelemetryHub(destinations: [], endpoint: endpoint, version: "1")
        let empty = try Self.get(port: endpoint.listening.port)
        #expect(empty.contains("Content-Length: 0\r\n"))
        hub.begin(FrameSamples.run)
        for second in 0..<20 { hub.take([FrameSamples.second(second)]) }
        _ = await hub.finish()
        let page = try Self.get(port: endpoint.listening.port)
        let labels = #"{class="genuine",scenario="people",test="Tips",testid="tips-1"}"#
        #expect(page.contains("spate_intents_offered_total\(labels) 100\n"))
        #expect(page.contains("spate_http_req_response_time_p99\(labels) +Inf\n"))
        #expect(page.contains("k6_http_req_duration_p99\(labels) 0.002\n"))
    }

    @Test("A port that is taken is told before the run, with a way out.")
    func taken() throws {
        let first = try MetricsEndpoint(ListenAddress("0"))
        defer { first.stop() }
        do throws(TelemetryError) {
            _ = try MetricsEndpoint(first.listening)
            Issue.record("two on one port")
        } catch {
            #expect(error.code == .cannotBind)
            #expect(error.message.contains("127.0.0.1:\(first.listening.port)"))
            #expect(error.hint != nil)
        }
    }
}
