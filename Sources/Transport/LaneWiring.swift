import CCurl
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What libcurl's callbacks need of a lane, at an address that never moves.
///
/// A struct behind a pointer and not the lane itself: a callback then costs no reference counting.
/// Confined to the lane's queue.
struct LaneWiring {
    var poll: EventPoll
    let gate: AddressGate
    let sources: SourceAddresses
    /// True where connections take the source addresses in turn, not clients.
    let rotatesSources: Bool
    /// False when every connection goes to one Unix socket: then they have no addresses to be told
    /// apart by.
    let hasAddresses: Bool
    /// True when transfers are told whether they open an HTTP/2 connection or join one.
    let assignsRoles: Bool
    /// True when answers are looked at for who answered.
    let tracesAnswers: Bool
    var lastConnection: UInt64 = 0
    /// The open connections, by a hash of their four addresses and ports.
    var connections: [UInt64: Connection] = [:]
    /// What the sockets opened here belong to, by descriptor; stale where libcurl did not report
    /// a close, and overwritten when the number comes again.
    var sockets: [OpenSocket] = []
    let maxHeaderBytes: Int64
    let maxBodyBytes: Int64
    /// When links and what they hold back are to be looked at; empty without networks.
    var paces = PaceHeap()
    /// True once a transfer was held back by a link or a rate of its own.
    var hasLinks = false
    /// Uploads that wait for their bucket.
    var awaiting = 0

    struct Connection {
        var number: UInt64
        var peer: PeerAddress
    }

    struct OpenSocket {
        var number: UInt64 = 0
        /// The key in `connections`; 0 until a request travels on it, and after its close.
        var route: UInt64 = 0
        /// When the kernel had connected it, in nanoseconds; 0 when not yet.
        var connected: Int64 = 0
        /// What the kernel tells of it.
        var interest: EventPoll.Interest = []
        /// True while the kernel would tell, but libcurl does not want to hear.
        var isIdle = false
        /// The lane's multi handle that asked for it last.
        var handle: Int32 = 0
        /// The network of the client it belongs to; nil when it has none.
        var link: UnsafeMutablePointer<ClientLink>?
        /// What libcurl wants to hear, where a link may hold it back.
        var wanted: EventPoll.Interest = []
        /// True while the lane itself says when there is room to send.
        var isQuiet = false
    }

    mutating func opened(_ descriptor: Int32) -> UInt64 {
        self.forgetConnection(descriptor)
        let index = Int(descriptor)
        while self.sockets.count <= index { self.sockets.append(OpenSocket()) }
        self.lastConnection += 1
        self.sockets[index] = OpenSocket(number: self.lastConnection)
        return self.lastConnection
    }

    mutating func forgetConnection(_ descriptor: Int32) {
        let index = Int(descriptor)
        guard index < self.sockets.count else { return }
        let socket = self.sockets[index]
        if socket.route != 0, self.connections[socket.route]?.number == socket.number {
            self.connections[socket.route] = nil
        }
        if let link = socket.link { link.pointee.closed(descriptor) }
        self.sockets[index] = OpenSocket(number: socket.number, connected: socket.connected)
    }

    /// Notes that a socket is connected: it became writable, or libcurl waits for an answer on it.
    mutating func noteConnected(_ descriptor: Int32) {
        let index = Int(descriptor)
        guard index < self.sockets.count, self.sockets[index].connected == 0 else { return }
        self.sockets[index].connected = SystemClock().now().nanoseconds
    }

    // MARK: - What the kernel tells

    /// Waits for events on a socket.
    ///
    /// libcurl forgets a socket after each request and asks for it again with the next. For a
    /// connection that has carried a request the kernel keeps it all the same: two system calls
    /// saved of every request. Other sockets, such as those of a name's lookup, are not ours to
    /// close: nothing is believed of them.
    mutating func watch(_ descriptor: Int32, _ interest: EventPoll.Interest, for handle: Int) {
        let index = Int(descriptor)
        while self.sockets.count <= index { self.sockets.append(OpenSocket()) }
        self.sockets[index].isIdle = false
        self.sockets[index].handle = Int32(truncatingIfNeeded: handle)
        var interest = interest
        if let link = self.sockets[index].link {
            self.sockets[index].wanted = interest
            interest = self.allowed(self.sockets[index], link.pointee)
        }
        if self.sockets[index].interest == interest, self.sockets[index].route != 0 { return }
        self.register(descriptor, interest)
    }

    /// Tells the kernel what to tell of a socket; nothing makes it forget the socket, whose end it
    /// would report again and again.
    mutating func register(_ descriptor: Int32, _ interest: EventPoll.Interest) {
        guard !interest.isEmpty else { return self.forget(descriptor) }
        let index = Int(descriptor)
        let isRegistered = !self.sockets[index].interest.isEmpty
        self.poll.watch(descriptor, interest, registered: isRegistered)
        self.sockets[index].interest = interest
    }

    /// Waits no longer, until the next request.
    mutating func rest(_ descriptor: Int32) {
        let index = Int(descriptor)
        if index < self.sockets.count, self.sockets[index].route != 0 {
            self.sockets[index].isIdle = true
            self.sockets[index].isQuiet = false
        } else {
            self.forget(descriptor)
        }
    }

    /// Connections that wait for room to send.
    ///
    /// Counted over all sockets, some 10 us a thousand: for a look once a second.
    var sendWaits: Int {
        self.sockets.count {
            $0.connected != 0 && !$0.isIdle && $0.interest.contains(.write)
        }
    }

    /// The multi handle that wants to hear of an event; nil when none does: a connection at rest
    /// has ended, and the kernel would tell so again and again.
    mutating func listener(_ descriptor: Int32) -> Int? {
        let index = Int(descriptor)
        guard index < self.sockets.count else { return nil }
        if !self.sockets[index].isIdle { return Int(self.sockets[index].handle) }
        self.forget(descriptor)
        return nil
    }

    private mutating func forget(_ descriptor: Int32) {
        self.poll.forget(descriptor)
        let index = Int(descriptor)
        if index < self.sockets.count { self.sockets[index].interest = [] }
    }

    // MARK: - Connections

    /// When the connection of that number was established; 0 when it was not, or is unknown.
    func connected(_ descriptor: Int32, number: UInt64) -> Int64 {
        let index = Int(descriptor)
        guard index >= 0, index < self.sockets.count else { return 0 }
        return self.sockets[index].number == number ? self.sockets[index].connected : 0
    }
}

// MARK: - Callbacks about sockets

/// CURLOPT_OPENSOCKETFUNCTION: the one gate that nothing passes, and the only place that knows
/// why a socket could not be had.
let openSocketCallback: curl_opensocket_callback = { data, _, address in
    guard let data, let address else { return CURL_SOCKET_BAD }
    let slot = data.assumingMemoryBound(to: EasySlot.self)
    let wiring = slot.pointee.wiring
    if wiring.pointee.assignsRoles, slot.pointee.refusesToOpen() { return CURL_SOCKET_BAD }
    slot.pointee.beginConnection()
    let length = Int(address.pointee.addrlen)
    let (allowed, peer) = withUnsafePointer(to: &address.pointee.addr) {
        (wiring.pointee.gate.allows($0, length: length), PeerAddress($0, length: length))
    }
    slot.pointee.gateRefused = !allowed
    guard allowed else { return CURL_SOCKET_BAD }
    slot.pointee.peer = peer
    let descriptor = socket(
        address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
        address.pointee.protocol)
    guard descriptor >= 0 else {
        slot.pointee.socketErrno = errno
        return CURL_SOCKET_BAD
    }
    if !wiring.pointee.sources.isEmpty, wiring.pointee.hasAddresses {
        let source = slot.pointee.source(family: address.pointee.family)
        guard let source, source.bind(descriptor) else {
            // A source that has gone is our own fault, whatever the number; so is having none of
            // the target's family, unless an address of another family was tried before.
            if source != nil || slot.pointee.socketsOpened == 0 {
                slot.pointee.socketErrno = EADDRNOTAVAIL
            }
            close(descriptor)
            return CURL_SOCKET_BAD
        }
    }
    slot.pointee.socketErrno = 0
    slot.pointee.socketsOpened += 1
    slot.pointee.openedSocket = descriptor
    slot.pointee.isLinked = false
    slot.pointee.connectionNumber = wiring.pointee.opened(descriptor)
    if let link = slot.pointee.link { wiring.pointee.attach(descriptor, to: link) }
    return descriptor
}

/// CURLOPT_CLOSESOCKETFUNCTION; belongs to the lane, because a socket outlives its transfer.
let closeSocketCallback: curl_closesocket_callback = { data, descriptor in
    if let data {
        data.assumingMemoryBound(to: LaneWiring.self).pointee.forgetConnection(descriptor)
    }
    return close(descriptor)
}
