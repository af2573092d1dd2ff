import CEpoll
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An epoll descriptor with one timerfd in it: all the kernel tells a lane, behind one descriptor.
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
    private let events: UnsafeMutablePointer<epoll_event>
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
        self.events = .allocate(capacity: Self.batchLimit)
        _ = spate_epoll_control(
            self.descriptor, EPOLL_CTL_ADD, self.timer, EPOLLIN.rawValue)
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

    /// Takes what is ready, without waiting.
    mutating func poll() -> Int {
        let count = epoll_wait(self.descriptor, self.events, Int32(Self.batchLimit), 0)
        return max(0, Int(count))
    }

    /// The socket of an event taken by `poll`; nil for the timer, which is then read empty.
    mutating func socket(ofEvent index: Int) -> Int32? {
        let socket = spate_epoll_descriptor(self.events + index)
        if socket != self.timer { return socket }
        var expirations: UInt64 = 0
        _ = read(self.timer, &expirations, 8)
        self.armed = .max
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

    /// Closes both descriptors; to be called once nothing watches them any more.
    func close() {
        Glibc.close(self.timer)
        Glibc.close(self.descriptor)
        self.events.deallocate()
    }
}
