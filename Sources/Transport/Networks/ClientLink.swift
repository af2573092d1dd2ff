import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The network of one simulated client while it exists, at an address that never moves.
///
/// Instants are nanoseconds of the monotonic clock. Confined to the lane's queue.
struct ClientLink {
    /// A socket of the client's, as long as it is open.
    struct Socket {
        var descriptor: Int32
        /// The kernel's own number, so that a descriptor that came again is not mistaken for it.
        var node: UInt64
    }

    let network: ClientNetwork
    let roundTrip: Int64
    /// The client's beginning: what is planned counts from there.
    let since: Int64
    var up: TokenBucket?
    var down: TokenBucket?
    /// When the link is to be looked at; `.max` for not.
    var due = Int64.max
    /// When it may receive on; `.max` unless it has received too much.
    var receivesAt = Int64.max
    private var events: NetworkInterruptions.Events?
    private(set) var eventAt = Int64.max
    private(set) var event = NetworkInterruptions.Event.stallEnded
    var isStalled = false
    /// True once a response came over HTTP/2 or later: one connection serves many requests.
    var isMultiplexed = false
    var sockets: [Socket] = []
    /// The client's transfers, from their start to their delivery.
    var transfers: [UnsafeMutablePointer<EasySlot>] = []

    init(_ network: ClientNetwork, since: Int64, now: Int64) {
        self.network = network
        self.roundTrip = max(0, network.roundTrip.count)
        self.since = since
        self.up = network.uplink.map { TokenBucket(rate: $0, at: now) }
        self.down = network.downlink.map { TokenBucket(rate: $0, at: now) }
        self.events = network.interruptions?.events()
        self.advanceEvent()
        // What was planned for the time before the first request has happened to nobody.
        while self.eventAt <= now, self.event != .stallBegan { self.advanceEvent() }
    }

    /// Half of the round trip: what a byte needs from one end to the other.
    var oneWay: Int64 { self.roundTrip / 2 }

    /// True while bytes may be taken from the kernel.
    var isReceiving: Bool { !self.isStalled && self.receivesAt == .max }

    /// Goes to the next planned event.
    mutating func advanceEvent() {
        guard let next = self.events?.next() else {
            self.eventAt = .max
            return
        }
        self.eventAt = (Nanoseconds(self.since) + next.at).count
        self.event = next.event
    }

    /// The instant of the next thing to do.
    var next: Int64 { self.isStalled ? self.eventAt : min(self.eventAt, self.receivesAt) }

    /// How long to wait before a request leaves: its way to the server, and the handshakes before.
    ///
    /// TCP takes a round trip; TLS 1.3 one more, TLS 1.2 two (RFC 8446, 2; RFC 5246, 7.3).
    func delay(opens: Bool, tlsTrips: Int64) -> (handshake: Int64, way: Int64) {
        (opens ? self.roundTrip * (1 + tlsTrips) : 0, self.oneWay)
    }

    /// True when a request begun now finds no open connection free.
    func needsConnection(inProgress: Int) -> Bool {
        guard self.network.keepsConnections else { return true }
        return self.isMultiplexed ? self.sockets.isEmpty : self.sockets.count <= inProgress
    }

    /// The buffers its sockets get: what is on the way at its rate, or a chunk, at least 16 KB; 0
    /// for the kernel's choice.
    ///
    /// The kernel would swallow 4 MB of every upload on loopback, and answer for a phone that has
    /// sent nothing yet.
    func socketBuffer(of rate: Int64?) -> Int32 {
        guard let rate else { return 0 }
        let onTheWay = Double(rate) * Double(max(self.roundTrip, TokenBucket.depth)) / 1e9
        return Int32(min(max(16_384, onTheWay), 4_194_304))
    }

    /// Notes a socket that was opened for the client.
    mutating func opened(_ descriptor: Int32) {
        self.closed(descriptor)
        guard let node = ClientLink.node(descriptor) else { return }
        self.sockets.append(Socket(descriptor: descriptor, node: node))
    }

    /// Notes that a socket is no longer the client's.
    mutating func closed(_ descriptor: Int32) {
        self.sockets.removeAll { $0.descriptor == descriptor }
    }

    /// Ends the connections that are still there; libcurl notices when it wants to use them.
    mutating func breakConnections() {
        for socket in self.sockets where ClientLink.node(socket.descriptor) == socket.node {
            shutdown(socket.descriptor, Int32(SHUT_RDWR))
        }
        self.sockets.removeAll()
    }

    private static func node(_ descriptor: Int32) -> UInt64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return UInt64(status.st_ino)
    }

    /// Lets no time count in which nothing could move.
    mutating func skip(to now: Int64) {
        self.up?.skip(to: now)
        self.down?.skip(to: now)
    }

    /// Fills both buckets.
    mutating func advance(to now: Int64) {
        guard !self.isStalled else { return }
        self.up?.advance(to: now)
        self.down?.advance(to: now)
    }

    /// When all that has been sent and received is through the link.
    func settled(from now: Int64) -> Int64 {
        let up = self.up.map { $0.level < 0 ? $0.instant(of: 0) : now } ?? now
        let down = self.down.map { $0.level < 0 ? $0.instant(of: 0) : now } ?? now
        return max(now, up, down)
    }
}
