import Primitives
import Scenarios

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ClientCurve {
    /// The curve of stages in wall time, with a change wherever the level crosses a whole number.
    ///
    /// Rising, the k-th client comes when the level reaches k; falling, it leaves when the level
    /// has come down to k - 1; each stage ends exactly on its target, as k6's do. The population's
    /// end is no change: `gracefulStop` rules there, not `gracefulRampDown`.
    static func ramping(
        start: Nanoseconds, startClients: Int, stages: [(duration: Nanoseconds, spec: StageSpec)],
        factor: Double, gracefulRampDown: Nanoseconds
    ) -> ClientCurve {
        var level = startClients
        var changes = [Change(at: start, clients: level)]
        var begin = start
        for (duration, spec) in stages {
            let target = scaledClients(Int(spec.target.rounded()), by: factor)
            changes += crossings(
                from: level, to: target, shape: spec.shape, begin: begin, duration: duration)
            level = target
            begin += duration
        }
        return ClientCurve(changes: changes, gracefulRampDown: gracefulRampDown)
    }

    /// A number of clients times `--rate-factor`; what was at least one stays at least one.
    static func scaledClients(_ clients: Int, by factor: Double) -> Int {
        clients == 0 ? 0 : max(1, Int((Double(clients) * factor).rounded()))
    }

    private static func crossings(
        from: Int, to: Int, shape: StageShape, begin: Nanoseconds, duration: Nanoseconds
    ) -> [Change] {
        guard from != to else { return [] }
        guard shape != .step, duration > .zero else { return [Change(at: begin, clients: to)] }
        let direction = to > from ? 1 : -1
        return stride(from: from + direction, through: to, by: direction).map { clients in
            let share =
                clients == to
                ? 1 : shareOfStage(at: Double(clients), Double(from), Double(to), shape)
            return Change(at: begin + duration * min(1, max(0, share)), clients: clients)
        }
    }

    /// The share of a stage after which its level is reached.
    private static func shareOfStage(
        at level: Double, _ from: Double, _ to: Double, _ shape: StageShape
    ) -> Double {
        switch shape {
        case .step: return 0
        case .linear: return (level - from) / (to - from)
        case .smooth: return acos(1 - 2 * (level - from) / (to - from)) / .pi
        case .exponential:
            // A constant factor never leaves zero; half a client is where rounding begins.
            let (low, high) = (max(from, 0.5), max(to, 0.5))
            return log(level / low) / log(high / low)
        }
    }
}
