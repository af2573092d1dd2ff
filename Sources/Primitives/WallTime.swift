#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A point in civil time, to the millisecond; for stamps people read, never for measuring.
package struct WallTime: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var milliseconds: Int64

    /// The point that many milliseconds after 1970-01-01T00:00:00Z.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The present, from the machine's civil clock.
    package static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(
            milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Compares two points.
    package static func < (left: WallTime, right: WallTime) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// UTC in RFC 3339 with milliseconds, such as `2020-05-31T05:48:00.000Z`.
    package var iso8601: String {
        let part = self.components()
        let fraction = self.milliseconds - self.wholeSeconds * 1_000
        return "\(padded(part.year, 4))-\(padded(part.month, 2))-\(padded(part.day, 2))"
            + "T\(padded(part.hour, 2)):\(padded(part.minute, 2)):\(padded(part.second, 2))"
            + ".\(padded(Int(fraction), 3))Z"
    }

    /// UTC as a name for a directory, such as `20200531T054800Z`.
    package var stamp: String {
        let part = self.components()
        return "\(padded(part.year, 4))\(padded(part.month, 2))\(padded(part.day, 2))"
            + "T\(padded(part.hour, 2))\(padded(part.minute, 2))\(padded(part.second, 2))Z"
    }

    /// Rounded down, so that times before 1970 keep a positive fraction.
    private var wholeSeconds: Int64 {
        let (quotient, remainder) = self.milliseconds.quotientAndRemainder(dividingBy: 1_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private struct Components {
        var year: Int
        var month: Int
        var day: Int
        var hour: Int
        var minute: Int
        var second: Int
    }

    private func components() -> Components {
        var seconds = time_t(self.wholeSeconds)
        var fields = tm()
        gmtime_r(&seconds, &fields)
        return Components(
            year: Int(fields.tm_year) + 1900, month: Int(fields.tm_mon) + 1,
            day: Int(fields.tm_mday), hour: Int(fields.tm_hour), minute: Int(fields.tm_min),
            second: Int(fields.tm_sec))
    }
}

private func padded(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
