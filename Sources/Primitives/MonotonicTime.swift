#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An instant on the machine's monotonic clock; comparable only within one boot of one machine.
package struct MonotonicTime: Sendable, Hashable, Comparable, Codable {
    /// Nanoseconds since an arbitrary, fixed origin.
    package var nanoseconds: Int64

    /// The instant that many nanoseconds after the clock's origin.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Compares two instants.
    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
    /// The instant a span later, saturating.
    package static func + (left: MonotonicTime, right: Nanoseconds) -> MonotonicTime {
        MonotonicTime(nanoseconds: (Nanoseconds(left.nanoseconds) + right).count)
    }
    /// The instant a span earlier, saturating.
    package static func - (left: MonotonicTime, right: Nanoseconds) -> MonotonicTime {
        MonotonicTime(nanoseconds: (Nanoseconds(left.nanoseconds) - right).count)
    }
    /// The span from `right` to `left`.
    package static func - (left: MonotonicTime, right: MonotonicTime) -> Nanoseconds {
        Nanoseconds(left.nanoseconds) - Nanoseconds(right.nanoseconds)
    }
}

/// Tells the time; a parameter wherever time matters, so that tests own it.
package protocol TimeSource: Sendable {
    /// The present instant.
    func now() -> MonotonicTime
}

/// The machine's own monotonic clock (`CLOCK_MONOTONIC`); about 25 ns a reading through the vDSO.
package struct SystemClock: TimeSource {
    /// The machine's clock.
    package init() {}

    /// The present instant.
    package func now() -> MonotonicTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(
            nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
