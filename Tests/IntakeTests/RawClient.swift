import Foundation
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An answer as it came over the wire.
struct RawAnswer: Sendable {
    /// The status; 0 when the connection ended without one, -1 when it was refused.
    var status: Int
    /// The header lines.
    var head: String
    /// The body.
    var body: String

    /// A member of a flat JSON body, as text.
    subscript(name: String) -> String? {
        guard
            let object = try? JSONSerialization.jsonObject(with: Data(self.body.utf8)),
            let value = (object as? [String: Any])?[name]
        else { return nil }
        return "\(value)"
    }

    /// The lines of the body.
    var lines: [Substring] { self.body.split(separator: "\n") }
}

/// Speaks HTTP/1.1 byte by byte over a socket of its own, so that it can also speak it badly.
enum RawClient {
    /// What happens after the request was sent.
    enum Manner: Sendable {
        /// Waits for the answer.
        case patient
        /// Closes its sending side first.
        case halfClose
        /// Closes the connection at once.
        case leave
    }

    /// Sends bytes to a loopback port.
    static func send(
        _ bytes: [UInt8], to port: Int, _ manner: Manner = .patient
    ) async -> RawAnswer {
        await withCheckedContinuation { continuation in
            // A thread each: blocking reads must not starve the server under test.
            Thread.detachNewThread {
                continuation.resume(returning: self.exchange(bytes, port, manner))
            }
        }
    }

    /// Sends a request with a body of known length.
    static func send(
        _ method: String, _ path: String, to port: Int, headers: [String] = [],
        body: [UInt8] = [], announced: Int? = nil, _ manner: Manner = .patient
    ) async -> RawAnswer {
        let length = announced ?? body.count
        let head =
            (["\(method) \(path) HTTP/1.1", "Host: x", "Content-Length: \(length)"] + headers)
            .joined(separator: "\r\n") + "\r\n\r\n"
        return await self.send(Array(head.utf8) + body, to: port, manner)
    }

    /// Whether all of these loopback ports refused in one round, within 30 s.
    ///
    /// On a thread of its own: a refusal of a second must not be missed while other tests compute.
    static func wereRefused(_ ports: [Int]) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let clock = SystemClock()
                let end = clock.now() + .seconds(30)
                while clock.now() < end {
                    let answers = ports.map { self.connected($0) }
                    answers.filter { $0 >= 0 }.forEach { close($0) }
                    if answers.allSatisfy({ $0 < 0 }) {
                        continuation.resume(returning: true)
                        return
                    }
                    Thread.sleep(forTimeInterval: 0.005)
                }
                continuation.resume(returning: false)
            }
        }
    }

    private static func exchange(_ bytes: [UInt8], _ port: Int, _ manner: Manner) -> RawAnswer {
        let descriptor = connected(port)
        guard descriptor >= 0 else { return RawAnswer(status: -1, head: "", body: "") }
        defer { close(descriptor) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // A server may answer and close before everything is sent.
            if count <= 0 { break }
            sent += count
        }
        switch manner {
        case .patient: break
        case .halfClose: shutdown(descriptor, Int32(SHUT_WR))
        case .leave: return RawAnswer(status: 0, head: "", body: "")
        }
        return self.receive(descriptor)
    }

    private static func connected(_ port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else {
            close(descriptor)
            return -1
        }
        return descriptor
    }

    private static func receive(_ descriptor: Int32) -> RawAnswer {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { break }
            bytes += buffer[..<count]
            if let answer = self.parse(bytes, isOver: false) { return answer }
        }
        return self.parse(bytes, isOver: true) ?? RawAnswer(status: 0, head: "", body: "")
    }

    private static func parse(_ bytes: [UInt8], isOver: Bool) -> RawAnswer? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let split = text.range(of: "\r\n\r\n") else { return nil }
        let head = String(text[..<split.lowerBound])
        let body = String(text[split.upperBound...])
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let lower = head.lowercased()
        if let range = lower.range(of: "content-length: "),
            let length = Int(lower[range.upperBound...].prefix { $0.isNumber }),
            body.utf8.count >= length
        {
            return RawAnswer(status: status, head: head, body: body)
        }
        if lower.contains("transfer-encoding: chunked"), body.hasSuffix("0\r\n\r\n") {
            return RawAnswer(status: status, head: head, body: unchunked(body))
        }
        return isOver ? RawAnswer(status: status, head: head, body: body) : nil
    }

    private static func unchunked(_ body: String) -> String {
        var rest = Array(body.utf8)[...]
        var result: [UInt8] = []
        while let end = rest.firstIndex(of: 13),
            let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16), size > 0
        {
            result += rest[(end + 2)..<(end + 2 + size)]
            rest = rest[(end + 4 + size)...]
        }
        return String(decoding: result, as: UTF8.self)
    }
}
