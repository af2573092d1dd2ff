import Dispatch
package import Measurements
package import Primitives

/// Reads every source once a second, off the load's lanes, each apart from the others.
///
/// An answer that comes after its second is left out: that second has no sample of the source,
/// which is a fact too. Several samples may tell of the same second, one for each source.
package final class ProbeSampler: @unchecked Sendable {
    // `@unchecked`: what can change is touched on the queue only.
    private let sources: [any ProbeSource]
    private let deliver: @Sendable (ServerSample) -> Void
    private let tell: @Sendable (RunEvent) -> Void
    private let clock: any TimeSource
    private let queue = DispatchQueue(label: "spate.probes")
    private var timer: (any DispatchSourceTimer)?
    private var turns: ProbeTurns
    private var tallies: [ProbeTallying]
    private var origin = MonotonicTime(nanoseconds: 0)

    /// A sampler that hands samples and warnings on, on a queue of its own.
    ///
    /// A source's warning is told once, however often it is repeated.
    package init(
        sources: [any ProbeSource], clock: any TimeSource = SystemClock(),
        deliver: @escaping @Sendable (ServerSample) -> Void,
        tell: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) {
        self.sources = sources
        self.clock = clock
        self.deliver = deliver
        self.tell = tell
        self.turns = ProbeTurns(sources: sources.count)
        self.tallies = sources.map { ProbeTallying(name: $0.name) }
    }

    /// Begins sampling on the run's seconds.
    package func begin(origin: MonotonicTime) {
        guard !self.sources.isEmpty else { return }
        let delay = max(Nanoseconds.zero, origin - self.clock.now())
        let deadline = DispatchTime.now() + .nanoseconds(Int(delay.count))
        self.queue.async { [self] in
            self.origin = origin
            let timer = DispatchSource.makeTimerSource(queue: self.queue)
            timer.setEventHandler { [self] in self.tick() }
            timer.schedule(deadline: deadline, repeating: 1, leeway: .milliseconds(1))
            self.timer = timer
            timer.activate()
        }
    }

    /// Stops sampling; what is under way is not delivered any more.
    ///
    /// - Returns: how well each source could be read.
    package func end() async -> [ProbeTally] {
        let tallies = self.queue.sync {
            self.timer?.cancel()
            self.timer = nil
            return self.tallies.map(\.tally)
        }
        for source in self.sources { await source.close() }
        return tallies
    }

    private func tick() {
        // By the clock, not by counting: Dispatch joins ticks that a pause of the machine missed.
        let elapsed = max(0, (self.clock.now() - self.origin).count)
        let second = Int((elapsed + 50_000_000) / 1_000_000_000)
        guard second > self.turns.second else { return }
        for index in self.turns.begin(second: second) {
            let source = self.sources[index]
            Task { [self] in
                let reading = await source.read()
                let read = self.clock.now()
                self.queue.async { self.answered(index, reading, at: read) }
            }
        }
    }

    private func answered(_ index: Int, _ reading: ProbeReading, at read: MonotonicTime) {
        let due = self.turns.end(source: index)
        guard self.timer != nil else { return }
        let delay = due.map { read - (self.origin + .seconds(Int64($0))) }
        if let warning = self.tallies[index].add(reading, delay: delay) {
            let seconds = max(0, (read - self.origin).seconds)
            self.tell(
                RunEvent(t: seconds, kind: "problem", label: "probe \(warning)"))
        }
        guard let due, !reading.values.isEmpty else { return }
        self.deliver(ServerSample(second: due, values: reading.values))
    }
}
