#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How many descriptors this process may open (`RLIMIT_NOFILE`).
package enum DescriptorLimit {
    /// Raises the limit as far as it goes: a flooded server needs a descriptor per client.
    package static func raise() {
        guard var limit = self.current else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(self.resource, &limit)
    }

    /// The soft limit; nil when the kernel does not tell.
    static var soft: Int? { self.current.map { Int(clamping: $0.rlim_cur) } }

    /// Sets the soft limit; false when the kernel refuses.
    static func set(_ count: Int) -> Bool {
        guard var limit = self.current else { return false }
        limit.rlim_cur = min(rlim_t(clamping: count), limit.rlim_max)
        return setrlimit(self.resource, &limit) == 0
    }

    /// The limit at which so many more descriptors can be opened than are open now.
    ///
    /// The kernel gives the lowest free number and refuses those from the limit up.
    static func limit(leaving spare: Int) -> Int {
        var (free, number) = (0, 0)
        while true {
            if fcntl(Int32(number), F_GETFD) < 0 {
                if free == spare { return number }
                free += 1
            }
            number += 1
        }
    }

    /// How many descriptors the acceptor leaves to everybody else.
    ///
    /// The runtime dies without any: libdispatch reads `/proc` once a second, and traps where it
    /// cannot open it (`_dispatch_workq_count_runnable_workers`).
    static let reserve = 8

    /// Whether more than the reserve can still be opened.
    static var hasRoom: Bool {
        guard let soft = self.soft else { return true }
        // The kernel gives the lowest free number first, so that the free ones are at the top.
        var (free, number) = (0, soft - 1)
        while number >= 0 {
            if fcntl(Int32(clamping: number), F_GETFD) < 0 {
                free += 1
                if free > self.reserve { return true }
            }
            number -= 1
        }
        return false
    }

    private static var current: rlimit? {
        var limit = rlimit()
        return getrlimit(self.resource, &limit) == 0 ? limit : nil
    }

    #if canImport(Glibc)
        private static var resource: __rlimit_resource_t {
            __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        }
    #else
        private static var resource: Int32 { RLIMIT_NOFILE }
    #endif
}
