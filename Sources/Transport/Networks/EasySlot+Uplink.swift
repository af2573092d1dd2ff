import CCurl
import Primitives

/// How a link lets a body through.
extension EasySlot {
    /// The least to send at a time, while a link's share of time is not more: a small packet.
    static let leastChunk = 512
    /// What one chunk costs the lane: with more uploads at one time each sends more, less often.
    ///
    /// 400 uploads send twenty times a second each, 8,000 once in 0.6 s: so a lane makes 13,000
    /// sends a second at most, whatever the number.
    static let chunkNanoseconds: Int64 = 75_000

    /// How much of a body libcurl may have now, at most `limit`; 0 when it has to wait.
    static func uplinkRoom(_ slot: UnsafeMutablePointer<EasySlot>, limit: Int) -> Int {
        let remaining = slot.pointee.upload.remaining
        if remaining == 0 { return limit }
        if let link = slot.pointee.link, link.pointee.isStalled { return EasySlot.pause(slot) }
        let now = SystemClock().now().nanoseconds
        guard slot.pointee.isLimited else { return limit }
        slot.pointee.chargeHead()
        let room = Int(min(Int64(limit), remaining))
        let wanted = min(slot.pointee.usefulChunk, room)
        let (available, at) = slot.pointee.allowance(of: wanted, now: now)
        guard available >= wanted else {
            EasySlot.waitForBucket(slot, until: at)
            return EasySlot.pause(slot)
        }
        return min(room, available)
    }

    /// Takes what libcurl was given from the buckets, and sees to the next chunk.
    static func uploaded(_ slot: UnsafeMutablePointer<EasySlot>, _ bytes: Int) {
        guard slot.pointee.isLimited else { return }
        slot.pointee.link?.pointee.up?.take(bytes)
        slot.pointee.pace.rate?.take(bytes)
        let remaining = slot.pointee.upload.remaining
        let socket = slot.pointee.pace.socket
        guard remaining > 0 else {
            // libcurl sees to the end by itself.
            slot.pointee.setAwaiting(false)
            if slot.pointee.pace.isAlone { slot.pointee.wiring.pointee.setQuiet(socket, false) }
            return
        }
        let wanted = slot.pointee.nextChunk
        let now = SystemClock().now().nanoseconds
        EasySlot.waitForBucket(slot, until: slot.pointee.allowance(of: wanted, now: now).at)
        if slot.pointee.pace.isAlone { slot.pointee.wiring.pointee.setQuiet(socket, true) }
    }

    /// What waiting for a bucket is rounded up to, so that one wake-up serves many uploads.
    ///
    /// Nothing is lost by it: a bucket that is waited for goes on filling. One wake-up for each of
    /// 13,000 sends a second took more than the sends.
    private static let longestGrid: Int64 = 4_000_000

    /// How long chunks are at least: 50 ms of the rate, or more where many send.
    private var grain: Int64 {
        max(TokenBucket.depth, Int64(self.wiring.pointee.awaiting) * EasySlot.chunkNanoseconds)
    }

    /// True when a bucket limits what it sends.
    var isLimited: Bool { self.pace.rate != nil || self.link?.pointee.up != nil }

    /// The bytes worth a send: 50 ms of the rate, or more where many send.
    var usefulChunk: Int {
        let grain = self.grain
        let link = self.link?.pointee.up?.bytes(in: grain) ?? .max
        let own = self.pace.rate?.bytes(in: grain) ?? .max
        return max(EasySlot.leastChunk, min(link, own))
    }

    /// What the next send should be: useful, and no more than is left or fits.
    var nextChunk: Int {
        Int(min(Int64(min(self.usefulChunk, self.tunedUploadBuffer)), self.upload.remaining))
    }

    /// What may pass now, and when so much may.
    mutating func allowance(of bytes: Int, now: Int64) -> (available: Int, at: Int64) {
        var available = Int.max
        var at = now
        if let link = self.link, link.pointee.up != nil {
            link.pointee.advance(to: now)
            if let up = link.pointee.up {
                available = up.available
                at = max(at, up.instant(of: bytes))
            }
        }
        self.pace.rate?.advance(to: now)
        if let rate = self.pace.rate {
            available = min(available, rate.available)
            at = max(at, rate.instant(of: bytes))
        }
        return (available, at)
    }

    /// Notes whether it waits for its bucket.
    mutating func setAwaiting(_ value: Bool) {
        guard self.pace.isAwaiting != value else { return }
        self.pace.isAwaiting = value
        let change: Int32 = value ? 1 : -1
        self.link?.pointee.up?.waiting += change
        self.pace.rate?.waiting += change
        self.wiring.pointee.awaiting += Int(change)
    }

    /// Takes the request's head, which libcurl has sent by itself, from the link's bucket.
    mutating func chargeHead() {
        guard !self.pace.hasChargedHead else { return }
        self.pace.hasChargedHead = true
        guard let link = self.link else { return }
        var size = 0
        spate_easy_get_long(self.easy, CURLINFO_REQUEST_SIZE, &size)
        link.pointee.up?.take(max(0, size))
    }

    /// Looks at it again at an instant.
    static func look(_ slot: UnsafeMutablePointer<EasySlot>, at: Int64) {
        slot.pointee.pace.due = at
        slot.pointee.wiring.pointee.paces.insert(.transfer(slot), at: at)
    }

    /// Looks at it again when its bucket has filled, together with others.
    static func lookAgain(_ slot: UnsafeMutablePointer<EasySlot>, at: Int64) {
        guard at < .max - EasySlot.longestGrid else { return EasySlot.look(slot, at: at) }
        let grid = min(EasySlot.longestGrid, slot.pointee.grain / 32)
        EasySlot.look(slot, at: (at + grid - 1) / grid * grid)
    }

    private static func waitForBucket(
        _ slot: UnsafeMutablePointer<EasySlot>, until at: Int64
    ) {
        slot.pointee.setAwaiting(true)
        EasySlot.lookAgain(slot, at: at)
    }

    private static func pause(_ slot: UnsafeMutablePointer<EasySlot>) -> Int {
        slot.pointee.pace.isSendPaused = true
        return 0
    }
}
