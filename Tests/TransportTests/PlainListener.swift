import Foundation
import TestSupport

/// A server that answers every request with an empty 200, where `ScriptedServer` cannot listen.
final class PlainListener: Sendable {
    enum Family { case ipv6, unix }

    /// The port; 0 for a Unix socket.
    let port: UInt16
    /// The socket's path; empty for IPv6.
    let path: String
    private let descriptor: Int32
    private let threads = DispatchGroup()

    struct Failure: Error { let code: Int32 }

    init(family: Family) throws {
        let kind = Int32(SOCK_STREAM.rawValue)
        let path = family == .unix ? NSTemporaryDirectory() + "spate-\(UUID().uuidString)" : ""
        let descriptor = socket(family == .ipv6 ? AF_INET6 : AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        var storage = sockaddr_storage()
        var length = socklen_t(0)
        withUnsafeMutableBytes(of: &storage) { bytes in
            switch family {
            case .ipv6:
                var address = sockaddr_in6()
                address.sin6_family = sa_family_t(AF_INET6)
                address.sin6_addr = in6addr_loopback
                bytes.storeBytes(of: address, as: sockaddr_in6.self)
                length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            case .unix:
                bytes.storeBytes(of: sa_family_t(AF_UNIX), as: sa_family_t.self)
                for (index, byte) in path.utf8.enumerated() { bytes[2 + index] = byte }
                length = socklen_t(2 + path.utf8.count + 1)
            }
        }
        let code = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int32 in
                if bind(descriptor, address, length) != 0 { return errno }
                if listen(descriptor, 16) != 0 { return errno }
                length = socklen_t(MemoryLayout<sockaddr_storage>.size)
                return getsockname(descriptor, address, &length) == 0 ? 0 : errno
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw Failure(code: code)
        }
        self.port =
            family == .unix
            ? 0
            : withUnsafeBytes(of: storage) {
                UInt16(bigEndian: $0.load(as: sockaddr_in6.self).sin6_port)
            }
        self.path = path
        self.descriptor = descriptor
        self.threads.enter()
        Thread.detachNewThread { [self] in
            self.acceptAll()
            self.threads.leave()
        }
    }

    func stop() {
        shutdown(self.descriptor, Int32(SHUT_RDWR))
        self.threads.wait()
        close(self.descriptor)
        if !self.path.isEmpty { unlink(self.path) }
    }

    private func acceptAll() {
        while true {
            let connection = accept(self.descriptor, nil, nil)
            guard connection >= 0 else { return }
            self.threads.enter()
            Thread.detachNewThread { [self] in
                Self.answer(connection)
                close(connection)
                self.threads.leave()
            }
        }
    }

    private static func answer(_ connection: Int32) {
        let text = Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)
        var seen: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let got = recv(connection, &chunk, chunk.count, 0)
            guard got > 0 else { return }
            seen += chunk[..<got]
            guard seen.suffix(4) == [13, 10, 13, 10] else { continue }
            seen = []
            _ = send(connection, text, text.count, Int32(MSG_NOSIGNAL))
        }
    }
}
