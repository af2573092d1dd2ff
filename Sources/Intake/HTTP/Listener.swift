import HummingbirdCore
import Logging
import NIOCore
import Primitives
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Decides whether a listener accepts; one per listener, because connections are counted.
struct AcceptanceGate: AvailableConnectionsDelegate {
    /// The switch shared with whoever closes the listener.
    final class Switch: Sendable {
        private let value = Atomic<Bool>(true)
        /// Whether descriptors are so few that each counts.
        private let countsDescriptors = Atomic<Bool>(false)
        /// How often may still be accepted; negative where nobody counts.
        private let permits = Atomic<Int>(-1)

        /// Whether anything is accepted at all.
        var isOpen: Bool { self.value.load(ordering: .acquiring) }

        /// Whether it may be accepted now; takes a permit where they are counted.
        func takePermit() -> Bool {
            var left = self.permits.load(ordering: .acquiring)
            while left > 0 {
                let (isTaken, present) = self.permits.compareExchange(
                    expected: left, desired: left - 1, ordering: .acquiringAndReleasing)
                if isTaken { return true }
                left = present
            }
            return left < 0
        }

        /// Allows so many more; nil stops counting.
        func permit(_ count: Int?) { self.permits.store(count ?? -1, ordering: .releasing) }

        /// Whether a connection would leave enough descriptors to others.
        var hasDescriptors: Bool {
            !self.countsDescriptors.load(ordering: .acquiring) || DescriptorLimit.hasRoom
        }

        /// Leaves a reserve of descriptors to others from now on, or no longer.
        func countDescriptors(_ isOn: Bool) {
            self.countsDescriptors.store(isOn, ordering: .releasing)
        }

        /// Stops accepting for good.
        func shut() { self.value.store(false, ordering: .releasing) }
    }

    let isOpen: Switch
    let limit: @Sendable () -> Int?
    private var count = 0

    init(isOpen: Switch, limit: @escaping @Sendable () -> Int?) {
        self.isOpen = isOpen
        self.limit = limit
    }

    mutating func connectionOpened() { self.count += 1 }
    mutating func connectionClosed() { self.count -= 1 }
    func isAcceptingNewConnections() -> Bool {
        self.isOpen.isOpen && self.count < (self.limit() ?? .max) && self.isOpen.hasDescriptors
            && self.isOpen.takePermit()
    }
}

/// A port that can be switched off and on again while connections keep coming.
actor Listener {
    private struct Live {
        var server: Server<HTTP1Channel>
        var channel: any Channel
        var isOpen: AcceptanceGate.Switch
    }

    private let host: String
    private var port: Int
    private let backlog: Int
    private let group: any EventLoopGroup
    private let presence: ClientPresence?
    private let limit: @Sendable () -> Int?
    private let responder: HTTPChannelHandler.Responder
    private var live: Live?
    private var pacing: Task<Void, Never>?

    /// A port that is not open yet; 0 takes a free one at the first `open` and keeps it.
    init(
        host: String, port: Int, backlog: Int, group: any EventLoopGroup,
        presence: ClientPresence? = nil, limit: @escaping @Sendable () -> Int? = { nil },
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.host = host
        self.port = port
        self.backlog = backlog
        self.group = group
        self.presence = presence
        self.limit = limit
        self.responder = responder
    }

    /// Listens, unless it does already, and returns the port.
    ///
    /// - Throws: the error of `bind`.
    func open() async throws -> Int {
        if self.live != nil { return self.port }
        let isOpen = AcceptanceGate.Switch()
        var quiet = Logger(label: "hummingbird")
        quiet.logLevel = .critical
        let (channels, running) = AsyncStream<any Channel>.makeStream()
        let presence = self.presence
        let server = Server(
            childChannelSetup: HTTP1Channel(
                responder: self.responder,
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: presence.map { [PresenceHandler(presence: $0)] }
                        ?? [],
                    idleTimeout: .seconds(60))),
            configuration: ServerConfiguration(
                address: .hostname(self.host, port: self.port), backlog: self.backlog,
                availableConnectionsDelegate: AcceptanceGate(isOpen: isOpen, limit: self.limit)),
            onServerRunning: { running.yield($0) },
            eventLoopGroup: self.group, logger: quiet)
        let run = Task {
            defer { running.finish() }
            try await server.run()
        }
        var iterator = channels.makeAsyncIterator()
        guard let channel = await iterator.next() else {
            try await run.value
            throw ChannelError.alreadyClosed
        }
        self.live = Live(server: server, channel: channel, isOpen: isOpen)
        self.port = channel.localAddress?.port ?? self.port
        return self.port
    }

    /// Stops listening, so that connections are refused; requests in progress are still answered.
    ///
    /// Closing a listener with an accept in flight kills the process (swift-nio#2813). So nothing
    /// may be accepted any more first: the gate shuts, a connection of our own uses up the accept
    /// that is already armed, and 200 ms let its set-up end.
    func close() async {
        guard let live = self.live else { return }
        self.pacing?.cancel()
        self.live = nil
        live.isOpen.shut()
        Listener.poke(host: self.host, port: self.port)
        try? await Task.sleep(for: .milliseconds(200))
        Task { try? await live.server.shutdownGracefully() }
        try? await live.channel.closeFuture.get()
    }

    /// Accepts so many connections a second from now on, 0 for none, nil for as many as come; what
    /// is not accepted waits in the kernel's backlog.
    func pace(_ rate: Double?) async {
        self.pacing?.cancel()
        self.pacing = nil
        guard let live = self.live else { return }
        guard let rate else {
            live.isOpen.permit(nil)
            try? await live.channel.setOption(
                ChannelOptions.maxMessagesPerRead, value: Listener.messagesPerRead
            ).get()
            live.channel.read()
            return
        }
        // A hundred turns a second at most, each of as many connections as that takes.
        let perTurn = max(1, UInt((rate / 100).rounded(.up)))
        live.isOpen.permit(0)
        try? await live.channel.setOption(
            ChannelOptions.maxMessagesPerRead, value: perTurn
        ).get()
        // The accept that is armed already takes one more: it shall be ours.
        Listener.poke(host: self.host, port: self.port)
        guard rate > 0 else { return }
        let turn = Nanoseconds(seconds: Double(perTurn) / rate)
        self.pacing = Task {
            while (try? await Task.sleep(for: .nanoseconds(turn.count), tolerance: .zero)) != nil {
                live.isOpen.permit(1)
                live.channel.read()
            }
        }
    }

    /// Accepts while descriptors are left, and looks again every second where there are none, as
    /// servers do whose `accept` fails with EMFILE; false for as before.
    func mindDescriptors(_ isOn: Bool) async {
        self.pacing?.cancel()
        self.pacing = nil
        guard let live = self.live else { return }
        live.isOpen.countDescriptors(isOn)
        await self.acceptSingly(isOn)
        guard isOn else { return }
        self.pacing = Task {
            while (try? await Task.sleep(for: .seconds(1))) != nil { live.channel.read() }
        }
    }

    /// Accepts one connection at a time, so that a limit holds exactly; false for a few in one go.
    func acceptSingly(_ isOn: Bool) async {
        guard let live = self.live else { return }
        try? await live.channel.setOption(
            ChannelOptions.maxMessagesPerRead, value: isOn ? 1 : Listener.messagesPerRead
        ).get()
        live.channel.read()
    }

    /// Changes the backlog of the socket that listens; false when it was not found.
    func setBacklog(_ backlog: Int) -> Bool {
        ListeningSocket.setBacklog(backlog, port: self.port)
    }

    /// What NIO accepts in one go unless it is told otherwise.
    private static let messagesPerRead: UInt = 4

    /// Opens a connection and closes it.
    private static func poke(host: String, port: Int) {
        guard let address = try? SocketAddress.makeAddressResolvingHost(host, port: port) else {
            return
        }
        address.withSockAddr { pointer, size in
            #if canImport(Darwin)
                let kind = SOCK_STREAM
            #else
                let kind = Int32(SOCK_STREAM.rawValue)
            #endif
            let descriptor = socket(Int32(pointer.pointee.sa_family), kind, 0)
            guard descriptor >= 0 else { return }
            // Never waits: the listener may be gone already, or its backlog full.
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = connect(descriptor, pointer, socklen_t(size))
            _ = closeSocket(descriptor)
        }
    }
}

/// `close(2)`, where a member of the same name would hide it.
private func closeSocket(_ descriptor: Int32) -> Int32 { close(descriptor) }
