/// How a link holds back one transfer; nothing of it is used without a network.
///
/// Instants are nanoseconds of the monotonic clock. On loopback there is no way between phone and
/// server, so the lane keeps the server's time: a request leaves the machine when it would arrive,
/// and its answer is told when it would arrive at the phone. What the phone saw follows from that
/// by one subtraction (`EasySlot.shift`).
struct TransferPace {
    /// Where the transfer is.
    enum Phase: UInt8 {
        /// Not held back.
        case none
        /// On its way to the server.
        case delayed
        /// In libcurl's hands.
        case running
        /// Over, its answer on the way to the phone.
        case held
    }
    var phase = Phase.none
    /// When it is to be looked at; `.max` for not.
    var due = Int64.max
    /// The request's own rate, beside the link's.
    var rate: TokenBucket?
    /// The socket that libcurl uses for it; -1 for none.
    var socket: Int32 = -1
    /// What its handshakes and its way to the server took.
    var handshake: Int64 = 0
    var way: Int64 = 0
    /// The round trips of TLS among the handshakes.
    var tls: Int64 = 0
    /// When it must be over, and when its connection must be there.
    var deadline = Int64.max
    var connectDeadline = Int64.max
    /// How its end is told once it has arrived.
    var heldCode: Int32 = 0
    /// How long its answer is on the way, and when it arrives.
    var heldFor: Int64 = 0
    var endsAt: Int64 = 0
    /// True while it waits for its bucket.
    var isAwaiting = false
    /// True while libcurl was told to wait with sending.
    var isSendPaused = false
    /// True while it was told to wait with receiving.
    var isReceivePaused = false
    /// True where its socket serves it alone: then the lane tells libcurl when to send.
    var isAlone = false
    /// True once the request's head was taken from the bucket.
    var hasChargedHead = false
    /// True when the phone lost its network.
    var isLost = false
}
