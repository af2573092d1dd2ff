#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The listening socket behind a port, found among this process's descriptors.
///
/// The server's framework does not hand it out, and the kernel takes a new backlog at any time:
/// `listen(2)` on a socket that listens already changes only that.
enum ListeningSocket {
    /// Descriptors that are looked at.
    private static let most: Int32 = 4_096

    /// Sets the backlog of the socket that listens on a port; false when there is none.
    static func setBacklog(_ backlog: Int, port: Int) -> Bool {
        for descriptor in 3..<self.most where self.listens(descriptor, on: port) {
            return listen(descriptor, Int32(clamping: backlog)) == 0
        }
        return false
    }

    private static func listens(_ descriptor: Int32, on port: Int) -> Bool {
        var isListening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0,
            isListening != 0
        else { return false }
        // Port and family lie at the same places for both families of addresses.
        var address = sockaddr_storage()
        size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &size)
            } == 0
                && pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    Int(UInt16(bigEndian: $0.pointee.sin_port)) == port
                }
        }
    }
}
