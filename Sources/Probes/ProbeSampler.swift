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
    private let clock: any TimeSource
    private let queue = DispatchQueue(label: "spate.probes")
    private var timer: (any DispatchSourceTimer)?
    private var turns: ProbeTurns
    private var origin = MonotonicTime(nanoseconds: 0)

    /// A sampler that hands each sample on, on a queue of its own.
    package init(
        sources: [any ProbeSource], clock: any TimeSource = SystemClock(),
        deliver: @escaping @Sendable (ServerSample) -> Void
    ) {
        self.sources = sources
        self.clock = clock
        self.deliver = deliver
        self.turns = ProbeTurns(sources: sources.count)
    }

    /// Begins sampling on the run's seconds.
    package func begin(origin: MonotonicTime) {
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
    package func end() {
        self.queue.sync {
            self.timer?.cancel()
            self.timer = nil
        }
    }

    private func tick() {
        // By the clock, not by counting: Dispatch joins ticks that a pause of the machine missed.
        let elapsed = max(0, (self.clock.now() - self.origin).count)
        let second = Int((elapsed + 50_000_000) / 1_000_000_000)
        guard second > self.turns.second else { return }
        for index in self.turns.begin(second: second) {
            let source = self.sources[index]
            Task { [self] in
                let values = await source.read()
                self.queue.async { self.answered(index, values) }
            }
        }
    }

    private func answered(_ index: Int, _ values: [String: Double]?) {
        let second = self.turns.end(source: index)
        guard let second, let values, self.timer != nil else { return }
        self.deliver(ServerSample(second: second, values: values))
    }
}
