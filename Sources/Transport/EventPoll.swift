import CEpoll
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An epoll descriptor with one timerfd and one bell in it: all the kernel tells a lane, behind one
/// descriptor.
///
/// Confined to its lane's queue.
struct EventPoll {
    /// What to wait for on a socket.
    struct Interest: OptionSet {
        let rawValue: UInt32
        static let read = Interest(rawValue: EPOLLIN.rawValue)
        static let write = Interest(rawValue: EPOLLOUT.rawValue)
    }

    /// Events taken from the kernel at a time.
    static let batchLimit = 64

    let descriptor: Int32
    private let timer: Int32
    /// Wakes whoever waits, from another thread.
    let bell: Bell
    private let bellDescriptor: Int32
    private let events: UnsafeMutablePointer<epoll_event>
    /// What `wait` took that `poll` has not given yet.
    private var pending = 0
    /// True when the last poll took as much as it could: there may be more.
    private(set) var hasMore = false
    /// True once the bell was rung; for the owner to set back.
    var hasRung = false
    /// When the timer will fire; `.max` when it will not.
    private var armed = Int64.max

    init() throws(TransportError) {
        self.descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard self.descriptor >= 0 else {
            throw TransportError(.resource, "no epoll descriptor: \(systemMessage(errno))")
        }
        self.timer = timerfd_create(
            CLOCK_MONOTONIC, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK))
        guard self.timer >= 0 else {
            let message = systemMessage(errno)
            Glibc.close(self.descriptor)
            throw TransportError(.resource, "no timer descriptor: \(message)")
        }
        guard let bell = Bell() else {
            let message = systemMessage(errno)
            Glibc.close(self.timer)
            Glibc.close(self.descriptor)
            throw TransportError(.resource, "no event descriptor: \(message)")
        }
        self.bell = bell
        self.bellDescriptor = bell.number
        self.events = .allocate(capacity: Self.batchLimit)
        for own in [self.timer, self.bellDescriptor] {
            _ = spate_epoll_control(self.descriptor, EPOLL_CTL_ADD, own, EPOLLIN.rawValue)
        }
    }

    /// Waits for events on a socket, whether or not it was registered before.
    ///
    /// The descriptor number of a closed socket comes again at once, and libcurl does not report
    /// every close: what we believe to be registered may be gone, and the other way around.
    func watch(_ socket: Int32, _ interest: Interest, registered: Bool) {
        let first = registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
        if spate_epoll_control(self.descriptor, first, socket, interest.rawValue) == 0 { return }
        let second = registered ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        _ = spate_epoll_control(self.descriptor, second, socket, interest.rawValue)
    }

    /// Stops waiting for a socket; one that is closed already is no error.
    func forget(_ socket: Int32) {
        _ = spate_epoll_control(self.descriptor, EPOLL_CTL_DEL, socket, 0)
    }

    /// Takes what is ready, without waiting; first what `wait` has taken.
    mutating func poll() -> Int {
        var count = self.pending
        self.pending = 0
        if count == 0 {
            count = max(0, Int(epoll_wait(self.descriptor, self.events, Int32(Self.batchLimit), 0)))
        }
        self.hasMore = count == Self.batchLimit
        return count
    }

    /// Waits until something is ready, at most so many nanoseconds; false when nothing is.
    ///
    /// Precise to the thread's timer slack and a thousandth of the time. Where the kernel knows
    /// only milliseconds, a wait of less than one waits for the timer.
    mutating func wait(_ nanoseconds: Int64, until deadline: Int64) -> Bool {
        let limit = Int32(Self.batchLimit)
        var count = spate_epoll_wait(self.descriptor, self.events, limit, nanoseconds)
        if count == -2 || (count == -1 && errno == ENOSYS) {
            self.wake(at: deadline)
            let milliseconds = Int32(clamping: nanoseconds / 1_000_000 + 1)
            count = epoll_wait(self.descriptor, self.events, limit, milliseconds)
        }
        self.pending = max(0, Int(count))
        return self.pending > 0
    }

    /// The socket of an event taken by `poll`; nil for the timer and the bell, which are then read
    /// empty.
    mutating func socket(ofEvent index: Int) -> Int32? {
        let socket = spate_epoll_descriptor(self.events + index)
        if socket != self.timer, socket != self.bellDescriptor { return socket }
        var counter: UInt64 = 0
        _ = read(socket, &counter, 8)
        if socket == self.timer { self.armed = .max } else { self.hasRung = true }
        return nil
    }

    /// The event's flags as epoll gave them.
    func flags(ofEvent index: Int) -> UInt32 {
        spate_epoll_events(self.events + index)
    }

    /// Makes sure of a wake-up at or before `deadline`, in nanoseconds; `.max` for none needed.
    ///
    /// A timer that fires too early costs one wake-up, moving it later costs a system call per
    /// request: so it is only ever moved earlier.
    mutating func wake(at deadline: Int64) {
        guard deadline < self.armed else { return }
        self.armed = deadline
        _ = spate_timer_arm(self.timer, max(1, deadline))
    }

    /// Closes the descriptors; to be called once nothing watches them any more.
    func close() {
        self.bell.close()
        Glibc.close(self.timer)
        Glibc.close(self.descriptor)
        self.events.deallocate()
    }
}
