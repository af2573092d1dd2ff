import CCurl
import Primitives

/// How a link lets an answer through, and what the phone saw of it.
extension EasySlot {
    /// True while the link is closed: libcurl keeps the piece and offers it again.
    ///
    /// The kernel is not asked then either, but libcurl reads on as long as a fast server fills
    /// the socket, up to a hundred pieces for one event.
    static func mustWait(_ slot: UnsafeMutablePointer<EasySlot>) -> Bool {
        guard let link = slot.pointee.link, link.pointee.receivesAt != .max else { return false }
        slot.pointee.pace.isReceivePaused = true
        return true
    }

    /// Notes bytes that were received; closes the link for as long as they take.
    static func downloaded(_ slot: UnsafeMutablePointer<EasySlot>, _ bytes: Int) {
        guard let link = slot.pointee.link, link.pointee.down != nil else { return }
        link.pointee.advance(to: SystemClock().now().nanoseconds)
        link.pointee.down?.take(bytes)
        guard let down = link.pointee.down, down.level < 0 else { return }
        let wasOpen = link.pointee.receivesAt == .max
        link.pointee.receivesAt = down.instant(of: 0)
        guard wasOpen else { return }
        link.pointee.down?.waiting = 1
        slot.pointee.wiring.pointee.look(link)
        slot.pointee.wiring.pointee.refresh(link)
    }

    /// From the lane's instants to the phone's: what it did happened one way earlier than it
    /// arrived, and what it saw one way later than it was sent.
    func shift(_ result: inout TransferResult) {
        let way = Nanoseconds(self.pace.way)
        result.ready = result.ready.map { $0 - way }
        result.lastSent = result.lastSent.map { $0 - way }
        result.secured = result.secured.map { $0 - way }
        result.connected = result.connected.map { $0 - way - Nanoseconds(self.pace.tls) }
        result.lookedUp = result.lookedUp.map { $0 - way - Nanoseconds(self.pace.handshake) }
        result.firstHeader = result.firstHeader.map { min($0 + way, result.ended) }
    }
}
