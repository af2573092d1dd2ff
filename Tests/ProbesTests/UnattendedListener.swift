#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A listening socket on loopback from which nobody takes connections.
final class UnattendedListener {
    struct Failure: Error {
        var call: String
        var code: Int32
    }
    let port: Int
    private let socket: Int32
    private var clients: [Int32] = []
    private var address: sockaddr_in

    init(backlog: Int32) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let results = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                [
                    bind(socket, raw, length), listen(socket, backlog),
                    getsockname(socket, raw, &length),
                ]
            }
        }
        guard results == [0, 0, 0] else { throw Failure(call: "listen", code: errno) }
        self.socket = socket
        self.address = address
        self.port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Connects to it; the kernel answers for whoever is not there.
    func connect() throws {
        let client = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.clients.append(client)
        let done = withUnsafePointer(to: &self.address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard done == 0 else { throw Failure(call: "connect", code: errno) }
    }

    func stop() {
        for client in self.clients { close(client) }
        close(self.socket)
    }
}
