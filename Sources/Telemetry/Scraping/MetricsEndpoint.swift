import Foundation
import Measurements
import Primitives
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Answers `GET /metrics` from a thread of its own, one connection at a time.
///
/// Whoever is slow to ask loses his connection after two seconds, whoever is slow to read after
/// five, so nobody keeps others waiting for long; scrapers come once in many seconds.
package final class MetricsEndpoint: Sendable {
    private static let askingPatience = Nanoseconds.seconds(2)
    private static let readingPatience = Nanoseconds.seconds(5)
    /// Where it listens, with the port that the kernel chose.
    package let listening: ListenAddress
    private let descriptor: Int32
    private let page = Mutex<(@Sendable () -> [UInt8])?>(nil)
    private let isStopped = Mutex(false)
    private let clock = SystemClock()

    /// Listens, and answers with an empty page until there is one.
    ///
    /// - Throws: `.cannotBind` with the system's reason.
    package init(_ address: ListenAddress) throws(TelemetryError) {
        (self.descriptor, self.listening) = try Self.listen(address)
        let thread = Thread { self.serve() }
        thread.name = "spate.metrics"
        thread.start()
    }

    /// Sets what is answered; called on the endpoint's thread for each scrape.
    package func show(_ page: @escaping @Sendable () -> [UInt8]) {
        self.page.withLock { $0 = page }
    }

    /// Accepts nobody any more.
    package func stop() {
        self.isStopped.withLock { $0 = true }
        // Wakes `accept`; the thread then closes the descriptor.
        shutdown(self.descriptor, Int32(SHUT_RDWR))
    }

    private static func listen(
        _ address: ListenAddress
    ) throws(TelemetryError) -> (Int32, ListenAddress) {
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        let descriptor = socket(
            family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Self.refused(address, errno) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var storage = sockaddr_storage()
        let length = Self.fill(&storage, address)
        var bound = length
        let code = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> Int32 in
                if bind(descriptor, generic, length) != 0 { return errno }
                if Glibc.listen(descriptor, 16) != 0 { return errno }
                return getsockname(descriptor, generic, &bound) == 0 ? 0 : errno
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw Self.refused(address, code)
        }
        var listening = address
        // In both families the port stands behind the family's two bytes.
        listening.port = withUnsafeBytes(of: &storage) {
            UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        }
        return (descriptor, listening)
    }

    private static func fill(
        _ storage: inout sockaddr_storage, _ address: ListenAddress
    ) -> socklen_t {
        withUnsafeMutableBytes(of: &storage) { bytes in
            if address.isIPv6 {
                var six = sockaddr_in6()
                six.sin6_family = sa_family_t(AF_INET6)
                six.sin6_port = address.port.bigEndian
                inet_pton(AF_INET6, address.address, &six.sin6_addr)
                bytes.storeBytes(of: six, as: sockaddr_in6.self)
                return socklen_t(MemoryLayout<sockaddr_in6>.size)
            }
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = address.port.bigEndian
            inet_pton(AF_INET, address.address, &four.sin_addr)
            bytes.storeBytes(of: four, as: sockaddr_in.self)
            return socklen_t(MemoryLayout<sockaddr_in>.size)
        }
    }

    private static func refused(_ address: ListenAddress, _ code: Int32) -> TelemetryError {
        TelemetryError(
            .cannotBind,
            "--serve-metrics: \(address.authority): \(String(cString: strerror(code)))",
            hint: "another port, or 0 for any that is free")
    }

    // MARK: - On the thread

    private func serve() {
        ThreadPriority.stepBack()
        while true {
            let connection = accept(self.descriptor, nil, nil)
            if connection < 0 {
                let code = errno
                if self.isStopped.withLock({ $0 }) { break }
                if code == EINTR || code == ECONNABORTED { continue }
                // No descriptor is free: those of the load come first. Ask again when one may be.
                if code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM {
                    poll(nil, 0, 200)
                    continue
                }
                break
            }
            self.serve(connection)
            close(connection)
        }
        close(self.descriptor)
    }

    private func serve(_ connection: Int32) {
        let deadline = self.clock.now() + Self.askingPatience
        var head: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1_024)
        while !ScrapeRequest.isWhole(head) {
            guard head.count < ScrapeRequest.limit,
                self.wait(connection, Int16(POLLIN), until: deadline)
            else { return }
            let count = recv(connection, &chunk, chunk.count, Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return }
            head += chunk[..<count]
        }
        let answer = ScrapeRequest.answer(head) { self.page.withLock { $0 }?() ?? [] }
        var sent = 0
        let end = self.clock.now() + Self.readingPatience
        while sent < answer.count, self.wait(connection, Int16(POLLOUT), until: end) {
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
            let count = answer[sent...].withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, flags)
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return }
            sent += count
        }
        // Closed before the peer has read it all, the connection could be reset under the answer.
        shutdown(connection, Int32(SHUT_WR))
        while self.wait(connection, Int16(POLLIN), until: end) {
            if recv(connection, &chunk, chunk.count, Int32(MSG_DONTWAIT)) <= 0 { break }
        }
    }

    /// False when nothing has come by then.
    private func wait(_ connection: Int32, _ events: Int16, until: MonotonicTime) -> Bool {
        while true {
            let left = (until - self.clock.now()).count / 1_000_000
            guard left > 0 else { return false }
            var entry = pollfd(fd: connection, events: events, revents: 0)
            let count = poll(&entry, 1, Int32(left))
            if count > 0 { return true }
            if count == 0 || errno != EINTR { return false }
        }
    }
}
