/// Handles without a transfer, the longest idle first: a linked list through the slots themselves.
///
/// The oldest is taken first, so that a busy client finds the handle that is bound to it.
struct IdleHandles {
    private var oldest: UnsafeMutablePointer<EasySlot>?
    private var newest: UnsafeMutablePointer<EasySlot>?

    mutating func append(_ slot: UnsafeMutablePointer<EasySlot>) {
        slot.pointee.previousIdle = self.newest
        slot.pointee.nextIdle = nil
        if let newest = self.newest {
            newest.pointee.nextIdle = slot
        } else {
            self.oldest = slot
        }
        self.newest = slot
    }

    mutating func remove(_ slot: UnsafeMutablePointer<EasySlot>) {
        let previous = slot.pointee.previousIdle
        let next = slot.pointee.nextIdle
        if let previous { previous.pointee.nextIdle = next } else { self.oldest = next }
        if let next { next.pointee.previousIdle = previous } else { self.newest = previous }
        slot.pointee.previousIdle = nil
        slot.pointee.nextIdle = nil
    }

    mutating func takeOldest() -> UnsafeMutablePointer<EasySlot>? {
        guard let slot = self.oldest else { return nil }
        self.remove(slot)
        return slot
    }
}
