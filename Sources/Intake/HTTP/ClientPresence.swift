import NIOCore
import Synchronization

/// Knows which clients have closed their side; Hummingbird itself does not tell a handler.
final class ClientPresence: Sendable {
    private struct Entry {
        var number: Int
        var isGone = false
        var onGone: (@Sendable () -> Void)?
    }

    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])
    private let numbers = Atomic<Int>(0)

    /// Open connections.
    var count: Int { self.entries.withLock(\.count) }

    /// Connections that ever came.
    var total: Int { self.numbers.load(ordering: .relaxed) }

    /// The connection's number, in the order of their coming; 0 when it is gone.
    func number(_ channel: any Channel) -> Int {
        self.entries.withLock { $0[ObjectIdentifier(channel)]?.number ?? 0 }
    }

    /// Whether the client closed its side, or the connection is gone altogether.
    func isGone(_ channel: any Channel) -> Bool {
        self.entries.withLock { $0[ObjectIdentifier(channel)]?.isGone ?? true }
    }

    /// Calls `action` once when the client leaves, at once if it has; nil stops watching.
    func watch(_ channel: any Channel, _ action: (@Sendable () -> Void)?) {
        let isGone = self.entries.withLock { entries in
            let isGone = entries[ObjectIdentifier(channel)]?.isGone ?? true
            if !isGone { entries[ObjectIdentifier(channel)]?.onGone = action }
            return isGone
        }
        if isGone { action?() }
    }

    fileprivate func came(_ channel: any Channel) {
        let number = self.numbers.add(1, ordering: .relaxed).oldValue
        self.entries.withLock { $0[ObjectIdentifier(channel)] = Entry(number: number) }
    }

    fileprivate func closedItsSide(_ channel: any Channel) {
        let action = self.entries.withLock { entries in
            entries[ObjectIdentifier(channel)]?.isGone = true
            return entries[ObjectIdentifier(channel)]?.onGone
        }
        action?()
    }

    fileprivate func left(_ channel: any Channel) {
        self.entries.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }?.onGone?()
    }
}

/// Tells `ClientPresence` what happens to one connection.
final class PresenceHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias InboundOut = NIOAny

    private let presence: ClientPresence

    init(presence: ClientPresence) {
        self.presence = presence
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.presence.came(context.channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.presence.left(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.presence.closedItsSide(context.channel)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            self.presence.closedItsSide(context.channel)
        }
        context.fireUserInboundEventTriggered(event)
    }
}
