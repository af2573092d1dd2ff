import CCurl
package import Primitives

/// When a client breaks a transfer off by itself.
package struct HangUp: Sendable, Hashable {
    /// That long after the transfer's start, rounded up to milliseconds; nil for no such time.
    package var time: Nanoseconds?
    /// When that many bytes of the body were handed over; nil for no such number.
    package var bytes: Int64?

    /// Hangs up at whichever comes first.
    package init(time: Nanoseconds? = nil, bytes: Int64? = nil) {
        self.time = time
        self.bytes = bytes
    }
}

extension EasySlot {
    /// How many of the bytes that libcurl has room for may still be handed over; nil when the
    /// client hangs up instead.
    ///
    /// libcurl asks again only when it has sent what it got, so the server gets all of them.
    mutating func roomBeforeHangingUp(_ wanted: Int) -> Int? {
        guard let bytes = self.hangUp?.bytes else { return wanted }
        let left = bytes - self.upload.position
        guard left > 0 else {
            // A body that is over by then was sent whole.
            guard self.upload.remaining > 0 else { return wanted }
            self.hasHungUp = true
            return nil
        }
        return Int(min(Int64(wanted), left))
    }

    /// True when libcurl's deadline was the moment to hang up.
    func hangsUp(withTimeout code: Int32) -> Bool {
        guard let time = self.hangUp?.time, code == Int32(CURLE_OPERATION_TIMEDOUT.rawValue)
        else { return false }
        return self.ended - self.started >= time.count
    }
}
