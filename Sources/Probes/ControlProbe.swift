package import Primitives

/// Asks a trivial endpoint beside the load, to see whether the path works at all (gate V5).
package struct ControlProbe: ProbeSource {
    /// Its name in reports.
    package let name = "control"
    private let clock: any TimeSource
    private let ask: @Sendable () async -> Bool

    /// A probe that calls `ask`, which is true for a good answer.
    ///
    /// It must give up well within a second: later answers are left out, and an endpoint that
    /// does not answer is a failure, not a missing sample.
    package init(
        clock: any TimeSource = SystemClock(), ask: @escaping @Sendable () async -> Bool
    ) {
        self.clock = clock
        self.ask = ask
    }

    /// `control.ok` is 1 or 0; `control.ms` is there for good answers only.
    package func read() async -> [String: Double]? {
        let asked = self.clock.now()
        guard await self.ask() else { return ["control.ok": 0] }
        let milliseconds = Double((self.clock.now() - asked).count) / 1e6
        return ["control.ok": 1, "control.ms": milliseconds]
    }
}
