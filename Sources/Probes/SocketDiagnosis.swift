#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Asks the kernel for listening sockets by netlink's sock_diag(7), which also tells their room.
enum SocketDiagnosis {
    private static let header = 16
    private static let answer = 72

    /// The message that asks for the listening TCP sockets of a port; family is AF_INET or
    /// AF_INET6.
    ///
    /// nlmsghdr, then inet_diag_req_v2, as in linux/netlink.h and linux/inet_diag.h.
    static func request(family: UInt8, port: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: header + 56)
        // Netlink speaks in the machine's own order, ports in the network's.
        func put(_ value: some FixedWidthInteger, at place: Int) {
            withUnsafeBytes(of: value) { raw in
                bytes.replaceSubrange(place..<place + raw.count, with: raw)
            }
        }
        put(UInt32(bytes.count), at: 0)
        put(UInt16(20), at: 4)  // SOCK_DIAG_BY_FAMILY
        put(UInt16(0x301), at: 6)  // REQUEST, ROOT, MATCH
        put(UInt32(1), at: 8)
        bytes[header] = family
        bytes[header + 1] = 6  // TCP
        put(UInt32(1 << 10), at: header + 4)  // LISTEN
        bytes[header + 8] = UInt8(port >> 8 & 0xFF)
        bytes[header + 9] = UInt8(port & 0xFF)
        return bytes
    }

    /// The sockets in a part of the kernel's answer, and whether it was the last.
    static func parse(_ bytes: [UInt8]) -> (listeners: [ProcText.Listener], isLast: Bool) {
        var found: [ProcText.Listener] = []
        func number(_ place: Int) -> Int {
            bytes[place..<place + 4].withUnsafeBytes { Int($0.loadUnaligned(as: UInt32.self)) }
        }
        var place = 0
        while place + header <= bytes.count {
            let length = number(place)
            let kind = bytes[place + 4..<place + 6].withUnsafeBytes {
                $0.loadUnaligned(as: UInt16.self)
            }
            // DONE and ERROR end it; a length that cannot be does, too.
            guard kind == 20, length >= header + answer, place + length <= bytes.count else {
                return (found, true)
            }
            let body = place + header
            if bytes[body + 1] == 10 {
                found.append(
                    ProcText.Listener(
                        port: Int(bytes[body + 4]) << 8 | Int(bytes[body + 5]),
                        waiting: number(body + 56), room: number(body + 60),
                        inode: number(body + 68)))
            }
            place += (length + 3) & ~3
        }
        return (found, false)
    }

    /// The listening sockets of a port in this process's network; empty when nobody answers.
    static func listeners(port: Int) -> [ProcText.Listener] {
        [UInt8(AF_INET), UInt8(AF_INET6)].flatMap { self.ask(self.request(family: $0, port: port)) }
    }

    private static func ask(_ request: [UInt8]) -> [ProcText.Listener] {
        // AF_NETLINK, SOCK_RAW with CLOEXEC, NETLINK_SOCK_DIAG.
        let descriptor = socket(16, 3 | 0o2000000, 4)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        // The kernel answers at once; a bound all the same.
        var patience = timeval(tv_sec: 0, tv_usec: 200_000)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard send(descriptor, request, request.count, 0) == request.count else { return [] }
        var found: [ProcText.Listener] = []
        var buffer = [UInt8](repeating: 0, count: 32_768)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return found }
            let part = self.parse(Array(buffer.prefix(count)))
            found += part.listeners
            if part.isLast { return found }
        }
    }
}
