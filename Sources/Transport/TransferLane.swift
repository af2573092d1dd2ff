import CCurl
package import Dispatch
package import Primitives

/// What a lane tells its owner; always on the lane's queue, never from within a call to the lane.
package protocol TransferLaneDelegate: AnyObject {
    /// The alarm's time has come; it is disarmed now.
    func alarmFired(now: MonotonicTime)
    /// A transfer ended, or could not even be started.
    func transferEnded(token: UInt64, result: TransferResult)
    /// All completions and the alarm of one wake-up were delivered.
    func batchEnded(now: MonotonicTime)
}

/// Non-blocking HTTP transfers: one serial queue, libcurl multi handles, one epoll descriptor
/// watched by one dispatch source.
///
/// A source per socket would cost a hop through Dispatch per event; here a wake-up takes many
/// events. All but `init`, `queue` and `async` must be called on the queue.
///
/// Unchecked Sendable: all state is confined to `queue`, and each entry checks that.
package final class TransferLane: @unchecked Sendable {
    /// The lane's own serial queue.
    package let queue: DispatchQueue
    /// Hears what happens; to be set before `activate`.
    package weak var delegate: (any TransferLaneDelegate)?

    let options: LaneOptions
    let wiring: UnsafeMutablePointer<LaneWiring>
    let source: any DispatchSourceRead
    /// Calls the lane back from the kernel when other work waits for its queue.
    let bell: Bell
    let routeLists: RouteLists
    let pinnedNames: Set<String>

    // One queue owns what follows: the run-time's checks for overlapping access would find
    // nothing, and cost a hundred instructions each.

    /// Made as clients come; a client's is `index / MultiHandle.clientsEach`.
    @exclusivity(unchecked) var multis: [UnsafeMutablePointer<MultiHandle>] = []
    /// Every handle ever made; their number is the highest number of transfers at one time.
    var slots: [UnsafeMutablePointer<EasySlot>] = []
    @exclusivity(unchecked) var idle = IdleHandles()
    @exclusivity(unchecked) var active: [UInt64: UnsafeMutablePointer<EasySlot>] = [:]
    /// Transfers that are over, cancelled and unstartable ones included, not yet delivered.
    @exclusivity(unchecked) var over: [UnsafeMutablePointer<EasySlot>] = []
    /// Those being delivered; kept for its storage.
    @exclusivity(unchecked) var delivering: [UnsafeMutablePointer<EasySlot>] = []
    /// The one whose end the delegate is being told; nil at all other times.
    @exclusivity(unchecked) var delivered: UnsafeMutablePointer<EasySlot>?
    @exclusivity(unchecked) var clients: [Client] = []
    var freeClients: [Int32] = []
    /// Every link ever made, and those without a client.
    var links: [UnsafeMutablePointer<ClientLink>] = []
    var freeLinks: [UnsafeMutablePointer<ClientLink>] = []
    @exclusivity(unchecked) var alarm = Int64.max
    @exclusivity(unchecked) var isServing = false
    @exclusivity(unchecked) var isKicked = false
    /// What the wake-ups took since the last look.
    @exclusivity(unchecked) var load = LaneLoad(since: SystemClock().now().nanoseconds)
    var isActivated = false
    @exclusivity(unchecked) var isShutDown = false

    /// A simulated client: its pool, and the handle that is bound to it.
    struct Client {
        var generation: Int32 = 0
        var isLive = false
        var inProgress: Int32 = 0
        var share: UnsafeMutableRawPointer?
        /// True when it may have a connection of HTTP/2 without TLS; see `H2CRole`.
        var hasH2C = false
        /// The handle that served the client last and is idle; saves binding another.
        var handle: UnsafeMutablePointer<EasySlot>?
        /// Its network; nil when it has none.
        var link: UnsafeMutablePointer<ClientLink>?
    }

    /// Makes a lane; nothing happens before `activate`.
    ///
    /// - Throws: `.resource` without descriptors or memory, `.address` and `.option` for options
    ///   that libcurl will not understand, `.unsupported` for what this libcurl cannot do.
    package init(label: String, options: LaneOptions) throws(TransportError) {
        TransportSetup.global()
        let sources = try SourceAddresses(options.sourceAddresses)
        for entry in options.resolve where entry.split(separator: ":").count < 3 {
            throw TransportError(.option, "'\(entry)' is not host:port:address")
        }
        try options.checkSupport(by: .current)
        let poll = try EventPoll()
        self.bell = poll.bell
        self.queue = DispatchQueue(label: label, qos: .userInitiated)
        self.options = options
        self.routeLists = RouteLists(options)
        self.pinnedNames = Set(
            options.resolve.compactMap { $0.split(separator: ":").first.map { $0.lowercased() } })
        self.wiring = .allocate(capacity: 1)
        self.wiring.initialize(
            to: LaneWiring(
                poll: poll, gate: options.allowedAddresses, sources: sources,
                rotatesSources: !options.reuseConnections,
                hasAddresses: options.unixSocket == nil,
                assignsRoles: options.httpVersion == .http2PriorKnowledge && H2CRole.isNeeded,
                tracesAnswers: options.tracesAnswers,
                maxHeaderBytes: options.maxHeaderBytes, maxBodyBytes: options.maxBodyBytes))
        self.source = DispatchSource.makeReadSource(
            fileDescriptor: poll.descriptor, queue: self.queue)
        self.source.setEventHandler { [unowned self] in self.serve() }
    }

    deinit {
        precondition(self.isShutDown, "a lane must be shut down on its queue before it goes")
    }

    /// Begins to listen to the kernel.
    package func activate() {
        self.assertOnQueue()
        precondition(!self.isActivated && !self.isShutDown, "a lane is activated once")
        self.isActivated = true
        self.source.activate()
    }

    /// Sets the one alarm, replacing the one before; nil disarms it, a past instant fires soon.
    package func setAlarm(_ at: MonotonicTime?) {
        self.assertOnQueue()
        self.alarm = at?.nanoseconds ?? .max
        // Inside a wake-up the timer is set once, at its end.
        if !self.isServing { self.wiring.pointee.poll.wake(at: self.alarm) }
    }

    /// The number of transfers started and not yet delivered.
    package var inProgress: Int {
        self.assertOnQueue()
        return self.active.count
    }

    /// How busy the lane was since the call before, or since it was made.
    package func takeLoad() -> LaneLoad.Taken {
        self.assertOnQueue()
        return self.load.take(
            at: SystemClock().now().nanoseconds, sendWaits: self.wiring.pointee.sendWaits)
    }

    /// Runs work on the queue, later.
    package func async(_ work: @escaping @Sendable () -> Void) {
        self.queue.async(execute: work)
        self.bell.ring()
    }

    /// Stops the process when it is not on the lane's queue.
    package func assertOnQueue() {
        dispatchPrecondition(condition: .onQueue(self.queue))
    }

    /// Makes sure of a wake-up soon, for work that no socket and no timer announces.
    func kick() {
        guard !self.isServing, !self.isKicked else { return }
        self.isKicked = true
        self.queue.async { [self] in
            self.isKicked = false
            if !self.isShutDown { self.serve() }
        }
    }
}
