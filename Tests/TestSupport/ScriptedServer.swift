import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A server on 127.0.0.1 that does to each connection what a test's script says: answer, wait
/// until told, reset, close early, send nonsense.
///
/// One thread per connection, so that a script reads like a story; for tests only.
package final class ScriptedServer: Sendable {
    private struct State {
        var descriptors: [Int: Int32] = [:]
        var accepted = 0
        var peers: [String] = []
        var isStopping = false
    }

    /// The port the kernel chose.
    package let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())
    private let threads = DispatchGroup()

    /// Why a server could not be started.
    package struct StartFailure: Error {
        /// The call that failed.
        package let call: String
        /// Its error number.
        package let code: Int32
    }

    /// Starts a server.
    ///
    /// `script` runs on a thread of its own for each connection, which is closed when it returns.
    /// Without a script nothing is ever accepted.
    package init(
        backlog: Int32 = 128, script: (@Sendable (ScriptedConnection) -> Void)?
    ) throws(StartFailure) {
        let listener = socket(AF_INET, Int32(1), 0)
        guard listener >= 0 else { throw StartFailure(call: "socket", code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> Int32 in
                if bind(listener, generic, length) != 0 { return errno }
                if listen(listener, backlog) != 0 { return errno }
                return getsockname(listener, generic, &length) == 0 ? 0 : errno
            }
        }
        guard code == 0 else {
            close(listener)
            throw StartFailure(call: "bind or listen", code: code)
        }
        self.listener = listener
        self.port = UInt16(bigEndian: address.sin_port)
        guard let script else { return }
        self.threads.enter()
        Thread.detachNewThread { [self] in
            self.acceptAll(script)
            self.threads.leave()
        }
    }

    /// The URL of a path on this server.
    package func url(_ path: String = "/", scheme: String = "http") -> String {
        "\(scheme)://127.0.0.1:\(self.port)\(path)"
    }

    /// How many connections were accepted so far.
    package var accepted: Int { self.state.withLock { $0.accepted } }

    /// The addresses that connections came from, in the order of acceptance.
    package var peers: [String] { self.state.withLock { $0.peers } }

    /// How many connections are open on the server's side.
    package var open: Int { self.state.withLock { $0.descriptors.count } }

    /// Ends all connections and scripts, and waits for their threads.
    package func stop() {
        self.state.withLock { state in
            state.isStopping = true
            for descriptor in state.descriptors.values {
                shutdown(descriptor, Int32(SHUT_RDWR))
            }
        }
        shutdown(self.listener, Int32(SHUT_RDWR))
        self.threads.wait()
        close(self.listener)
    }

    private func acceptAll(_ script: @escaping @Sendable (ScriptedConnection) -> Void) {
        while true {
            var peer = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let descriptor = withUnsafeMutablePointer(to: &peer) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    accept(self.listener, $0, &length)
                }
            }
            let number32 = UInt32(bigEndian: peer.sin_addr.s_addr)
            let name = [24, 16, 8, 0].map { "\(number32 >> $0 & 255)" }.joined(separator: ".")
            if descriptor < 0, errno == EINTR || errno == ECONNABORTED { continue }
            guard descriptor >= 0 else { return }
            let number = self.state.withLock { state -> Int? in
                if state.isStopping { return nil }
                state.accepted += 1
                state.peers.append(name)
                state.descriptors[state.accepted] = descriptor
                return state.accepted
            }
            guard let number else {
                close(descriptor)
                return
            }
            self.threads.enter()
            Thread.detachNewThread { [self] in
                let connection = ScriptedConnection(descriptor: descriptor, number: number)
                script(connection)
                // Under the lock, so that `stop` never shuts a number down that came again.
                self.state.withLock { state in
                    state.descriptors[number] = nil
                    close(descriptor)
                }
                self.threads.leave()
            }
        }
    }
}

/// Something a script waits for until the test says so.
package final class Latch: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    /// A closed latch.
    package init() {}

    /// Lets all who wait, now or later, pass.
    package func open() { self.semaphore.signal() }

    /// Waits until it is open; gives up after 20 s, so that a failed test still ends.
    package func wait() {
        if self.semaphore.wait(timeout: .now() + 20) == .success { self.semaphore.signal() }
    }
}
