package import Primitives

/// Asks a trivial endpoint beside the load, to see whether the path works at all (gate V5).
package struct ControlProbe: ProbeSource {
    /// Its name in reports.
    package let name = "control"
    /// Whether it answered, and how soon.
    package let figures: Set<String> = ["control.ok", "control.ms"]
    private let clock: any TimeSource
    private let ask: @Sendable () async -> Bool
    private let finish: @Sendable () async -> Void

    /// A probe that calls `ask`, which is true for a good answer, and `finish` at the end.
    ///
    /// It must give up well within a second: later answers are left out, and an endpoint that
    /// does not answer is a failure, not a missing sample.
    package init(
        clock: any TimeSource = SystemClock(), finish: @escaping @Sendable () async -> Void = {},
        ask: @escaping @Sendable () async -> Bool
    ) {
        self.clock = clock
        self.ask = ask
        self.finish = finish
    }

    /// `control.ok` is 1 or 0; `control.ms` is there for good answers only.
    package func read() async -> ProbeReading {
        let asked = self.clock.now()
        guard await self.ask() else { return ProbeReading(["control.ok": 0]) }
        let milliseconds = Double((self.clock.now() - asked).count) / 1e6
        return ProbeReading(["control.ok": 1, "control.ms": milliseconds])
    }

    /// Ends the way it is asked.
    package func close() async { await self.finish() }
}
