package import Measurements
import Planning
package import Primitives
import Scenarios
import Synchronization
package import Transport

/// What a `hit` measured, over all of it.
package struct HitTotals: Sendable {
    /// All seconds merged.
    package var counts = PopulationSecond()
    /// The samples of the generator's health.
    package var generator: [GeneratorSample] = []
    /// How late the bare reference thread woke, in microseconds.
    package var reference = SparseHistogram()
    /// What each second says of the generator itself.
    package var seconds: [GeneratorSecond] = []
    /// Problems and stops, as they were told.
    package var events: [RunEvent] = []
    /// From the start to the end of the drain.
    package var duration = Nanoseconds.zero
    /// CPU time of the process meanwhile, in seconds.
    package var cpuSeconds = 0.0
    /// Why it ended.
    package var stopped = StopReason.finished

    /// Attempts that ended with a whole response, whatever its status.
    package var completed: Int { self.counts.completed }
    /// Attempts that ended without one.
    package var failed: Int {
        self.counts.attempts.reduce(0) { sum, entry in
            if case .failure = entry.key.outcome { sum + entry.value } else { sum }
        }
    }
    /// Attempts cut by the end.
    package var unfinished: Int {
        self.counts.attempts.reduce(0) { sum, entry in
            entry.key.outcome == .unfinished ? sum + entry.value : sum
        }
    }
    /// Arrivals for which no client was idle.
    package var dropped: Int { self.counts.drops.values.reduce(0, +) }
    /// Completed responses per second of the run.
    package var requestsPerSecond: Double {
        self.duration > .zero ? Double(self.completed) / self.duration.seconds : 0
    }

    /// The response time at a quantile in milliseconds over completed attempts; nil without any.
    package func answered(atQuantile quantile: Double) -> Double? {
        self.counts.answered.value(atQuantile: quantile).map { Double($0) / 1_000 }
    }
}

/// Runs a `HitSpec` on the engine and adds up what it saw; no journal.
package final class HitRun: Sendable {
    private let run: Run
    private let totals: HitSink

    /// Prepares the measurement.
    ///
    /// - Parameters:
    ///   - spec: what to send, and how often.
    ///   - lanes: their number; nil for one, or more where an open loop's rate asks for them.
    ///   - configure: changes the lanes' options: allowed addresses, pinned names, versions.
    /// - Throws: `ScenarioErrors` for numbers that make no plan, `EngineError` for files that
    ///   cannot be opened.
    package init(
        _ spec: HitSpec, runID: String, lanes: Int? = nil, configure: (inout LaneOptions) -> Void
    ) throws {
        var options = RunOptions(
            plan: try spec.plan(), runID: runID, baseURL: spec.url)
        options.lanes = lanes.map { max(1, min($0, spec.clients)) }
        options.pool = spec.rate == nil ? nil : spec.places
        options.streams = max(1, spec.streams)
        options.laneOptions.maxStreamsPerConnection = max(100, spec.streams)
        options.laneOptions.uploadBufferSize = uploadBuffer(clients: spec.places)
        options.laneOptions.receiveBufferSize = receiveBuffer(clients: spec.places)
        configure(&options.laneOptions)
        options.sampleLimit = 0
        options.keepsIntents = false
        self.totals = HitSink()
        self.run = try Run(options: options, sink: self.totals)
    }

    /// Begins; returns at once.
    ///
    /// - Throws: `EngineError` when the machine refuses descriptors or threads.
    package func start() throws(EngineError) {
        self.totals.startCPU()
        try self.run.start()
    }

    /// Ends at once: a measurement has nothing to drain.
    package func stop(_ reason: StopReason) {
        self.run.stop(reason)
        self.run.stop(reason)
    }

    /// A cheap picture of the present, at most a second old.
    package var progress: RunProgress { self.run.progress }

    /// Waits for the end.
    package func waitUntilFinished() async -> HitTotals {
        let outcome = await self.run.waitUntilFinished()
        return self.totals.finished(outcome)
    }
}

private final class HitSink: RunSink {
    private struct State {
        var totals = HitTotals()
        var merger: SecondMerger?
        var cpu = Int64(0)

        mutating func add(_ merged: [SecondMerger.Merged]) {
            for second in merged {
                for population in second.row.populations {
                    self.totals.counts.merge(population)
                }
                self.totals.seconds.append(GeneratorSecond(second.row))
            }
        }
    }
    private let state = Mutex(State())

    func startCPU() {
        self.state.withLock { $0.cpu = GeneratorHealth.processCPU() }
    }

    func began(origin: MonotonicTime, at wall: WallTime, lanes: Int) {
        self.state.withLock { $0.merger = SecondMerger(lanes: lanes, populations: 1) }
    }

    func harvested(_ seconds: [LaneSecond], lane: Int) {
        self.state.withLock { state in
            state.add(state.merger?.deliver(lane: lane, seconds) ?? [])
        }
    }

    func completed(before second: Int) {}

    func sampled(_ sample: GeneratorSample) {
        self.state.withLock { state in
            var sample = sample
            for late in sample.reference ?? [] { state.totals.reference.record(late) }
            sample.reference = nil
            state.totals.generator.append(sample)
        }
    }

    func happened(_ event: RunEvent) {
        self.state.withLock { state in
            if state.totals.events.count < 100 { state.totals.events.append(event) }
        }
    }

    func finished(_ outcome: RunOutcome) -> HitTotals {
        self.state.withLock { state in
            state.add(state.merger?.finishAll() ?? [])
            state.totals.duration = outcome.duration
            state.totals.stopped = outcome.stopped
            let used = GeneratorHealth.processCPU() - state.cpu
            state.totals.cpuSeconds = Double(used) / 1e9
            return state.totals
        }
    }
}
