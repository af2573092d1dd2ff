import CCurl
import Primitives

/// A pooled easy handle and the transfer it is making, at an address that never moves.
///
/// libcurl's callbacks get a pointer to it, so that neither reference counting nor a lookup is on
/// the path of a byte. Instants are nanoseconds of the monotonic clock, 0 for none. Confined to
/// the lane's queue.
struct EasySlot {
    /// No code of libcurl's.
    static let running: Int32 = -1

    let easy: UnsafeMutableRawPointer
    let wiring: UnsafeMutablePointer<LaneWiring>
    let errorText: UnsafeMutablePointer<CChar>
    init(easy: UnsafeMutableRawPointer, wiring: UnsafeMutablePointer<LaneWiring>) {
        self.easy = easy
        self.wiring = wiring
        self.errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        self.errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    // MARK: What the handle holds from transfer to transfer

    /// The client whose connections the handle uses; -1 for none.
    var client: Int32 = -1
    /// Which of the source addresses is the client's, before the modulus.
    var sourceTurn = 0
    /// Neighbours in the lane's list of idle handles.
    var previousIdle: UnsafeMutablePointer<EasySlot>?
    var nextIdle: UnsafeMutablePointer<EasySlot>?
    /// The request whose method, URL and headers the handle holds; nil when it must be set anew.
    var configured: PreparedRequest?
    var configuredTimeout: Int = -1
    var configuredConnectTimeout: Int = -1
    var configuredLength: Int64 = -1
    /// What the handle was told about HTTP/2 without TLS.
    var h2cRole = H2CRole.opens
    /// True when its buffers, addresses or reuse differ from the lane's.
    var isTuned = false
    /// The upload buffer it was given, in bytes.
    var tunedUploadBuffer = 0
    /// This transfer's own header lines; their last is linked to the prepared list.
    var extraHeaders: UnsafeMutablePointer<curl_slist>?
    var extraHeadersTail: UnsafeMutablePointer<curl_slist>?

    // MARK: The transfer

    var token: UInt64 = 0
    var isActive = false
    var isCancelled = false
    /// libcurl's code once the transfer is over, `running` before.
    var code = EasySlot.running

    var started: Int64 = 0
    var ended: Int64 = 0
    var lookedUp: Int64 = 0
    /// When the last request could begin: connected, and secured if it is https.
    var ready: Int64 = 0
    /// When the first request on the connection opened last could begin.
    var linked: Int64 = 0
    var lastSent: Int64 = 0
    var firstHeader: Int64 = 0

    var socketsOpened = 0
    /// The socket opened last, and whether a request has travelled on it.
    var openedSocket: Int32 = -1
    var isLinked = false
    var connectionNumber: UInt64 = 0
    var requestsBegun = 0
    var socketErrno: Int32 = 0
    var readErrno: Int32 = 0
    var gateRefused = false
    var limitPassed = false
    var bodyUnreadable = false

    /// The role was the wrong one: nothing was sent, and the transfer begins again in the other.
    var hasWrongRole = false
    var roleChanges = 0

    /// True when a link or a rate of its own holds the transfer back.
    var isShaped = false
    /// The network of its client; nil when it has none.
    var link: UnsafeMutablePointer<ClientLink>?
    var pace = TransferPace()

    var needsLookup = false
    var isTLS = false
    var hasBody = false
    var upload = UploadCursor()
    var bytesUp: Int64 = 0

    /// When the client hangs up, and whether it has.
    var hangUp: HangUp?
    var hasHungUp = false

    var keep = ResponseKeep()
    var status = 0
    var isInterim = false
    var headersEnded = true
    var wasRedirected = false
    var headerBytes: Int64 = 0
    var bodyBytes: Int64 = 0
    var retryAfter: Int64 = -1
    var responseHeaders: [(name: String, value: String)] = []
    var responseBody: [UInt8] = []
    var bodyTruncated = false

    /// Where it was connected to, or tried last.
    var peer = PeerAddress()
    /// What of the last response's headers tells who answered.
    var marks = AnswerMarks()
    /// The first bytes of the last response's body.
    var bodyStart = BodyStart()
    /// True once a whole response has arrived and the transfer is over.
    var isAnswered = false

    /// Forgets the last transfer; what the handle holds stays.
    mutating func beginTransfer(token: UInt64, now: Int64, request: borrowing TransferRequest) {
        self.token = token
        self.isActive = true
        self.isCancelled = false
        self.code = EasySlot.running
        self.started = now
        self.ended = 0
        self.lookedUp = 0
        self.ready = 0
        self.linked = 0
        self.lastSent = 0
        self.firstHeader = 0
        self.socketsOpened = 0
        self.openedSocket = -1
        self.isLinked = false
        self.connectionNumber = 0
        self.requestsBegun = 0
        self.socketErrno = 0
        self.readErrno = 0
        self.gateRefused = false
        self.limitPassed = false
        self.bodyUnreadable = false
        self.hasWrongRole = false
        self.roleChanges = 0
        self.bytesUp = 0
        self.hangUp = request.hangUp
        self.hasHungUp = false
        self.keep = request.keep
        self.status = 0
        self.isInterim = false
        self.headersEnded = true
        self.wasRedirected = false
        self.headerBytes = 0
        self.bodyBytes = 0
        self.retryAfter = -1
        self.bodyTruncated = false
        self.peer = PeerAddress()
        self.marks = AnswerMarks()
        self.bodyStart.clear()
        self.isAnswered = false
        self.errorText.pointee = 0
    }

    /// Notes that an address is known and a socket wanted; once per connection, not per address.
    mutating func beginConnection() {
        guard self.lookedUp == 0 || self.linked != 0 else { return }
        self.lookedUp = SystemClock().now().nanoseconds
        self.linked = 0
        self.ready = 0
        self.lastSent = 0
        self.firstHeader = 0
    }

    /// Notes that a request begins: what was measured of one before it (a redirect's) is over.
    mutating func beginRequest() {
        let now = SystemClock().now().nanoseconds
        self.requestsBegun += 1
        self.ready = now
        self.firstHeader = 0
        self.lastSent = !self.hasBody || self.upload.remaining == 0 ? now : 0
    }

    /// The address to connect from, of a family; nil when the lane has none of it.
    ///
    /// A client stays with its address, as a phone does. Where connections are not kept, each
    /// takes the next: few clients may open many, and an address has ports for only so many.
    func source(family: Int32) -> SourceAddress? {
        let wiring = self.wiring
        let turn =
            wiring.pointee.rotatesSources
            ? Int(truncatingIfNeeded: wiring.pointee.lastConnection & 0xffff_ffff)
            : self.sourceTurn
        return wiring.pointee.sources.address(family: family, turn: turn)
    }

    /// Frees this transfer's own header lines, and only those.
    mutating func freeExtraHeaders() {
        guard let first = self.extraHeaders else { return }
        self.extraHeadersTail?.pointee.next = nil
        curl_slist_free_all(first)
        self.extraHeaders = nil
        self.extraHeadersTail = nil
        // The handle still points at what was freed.
        self.configured = nil
    }
}
