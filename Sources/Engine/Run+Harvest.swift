import Dispatch
import Measurements
import Primitives
import Transport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Gathering what the lanes saw, once a second; all of it on the control queue.
extension Run {
    /// A second has passed.
    func tick() {
        for (index, lane) in self.lanes.enumerated() where self.openLanes.contains(index) {
            lane.transfers.async { [self] in
                let harvest = lane.harvest()
                guard !harvest.isLast else { return }
                self.control.async { self.received(harvest, lane: index) }
            }
        }
        self.checkLimits()
    }

    /// A lane's seconds arrived.
    func received(_ harvest: Lane.Harvest, lane: Int) {
        var inFlight: Int?
        for second in harvest.seconds {
            self.update { $0.add(second) }
            inFlight = second.populations.reduce(0) { $0 + $1.inFlight }
            self.noteHealth(second, lane: lane, harvest.load)
            if second.populations.contains(where: { $0.completed > 0 }) {
                self.lastCompleted = self.origin + .seconds(Int64(second.second) + 1)
            }
            self.delivered[lane] = max(self.delivered[lane], second.second + 1)
        }
        if !harvest.seconds.isEmpty { self.sink.harvested(harvest.seconds, lane: lane) }
        for problem in harvest.problems {
            self.tell("problem", problem, at: self.clock.now() - self.origin)
        }
        if harvest.isLast {
            self.openLanes.remove(lane)
            inFlight = 0
        }
        if let inFlight { self.noteInFlight(inFlight, lane: lane) }
        self.completeSeconds()
        self.finishIfDone()
    }

    /// Tells the seconds that every lane has delivered.
    func completeSeconds() {
        // A lane that has ended delivers nothing more and holds nobody up.
        let open = self.openLanes.map { self.delivered[$0] }.min()
        let done = open ?? self.delivered.max() ?? 0
        guard done > self.seconds else { return }
        while self.seconds < done {
            let lanes = self.healthOfLanes.removeValue(forKey: self.seconds) ?? [:]
            let sorted = lanes.sorted { $0.key < $1.key }.map(\.value)
            if let sample = self.health?.sample(second: self.seconds, lanes: sorted) {
                self.sink.sampled(sample)
            }
            self.seconds += 1
        }
        self.sink.completed(before: self.seconds)
    }

    private func noteInFlight(_ count: Int, lane: Int) {
        self.inFlightOfLanes[lane] = count
        let sum = self.inFlightOfLanes.values.reduce(0, +)
        self.update { $0.inFlight = sum }
    }

    private func noteHealth(_ second: LaneSecond, lane: Int, _ load: LaneLoad.Taken?) {
        var lag = SparseHistogram()
        for population in second.populations { lag.merge(population.lag) }
        func milliseconds(_ quantile: Double) -> Double? {
            lag.value(atQuantile: quantile).map { Double($0) / 1_000 }
        }
        var health = GeneratorSample.Lane(
            busy: load?.busy ?? 0, longest: load?.longest.milliseconds ?? 0,
            lagP50: milliseconds(0.5), lagP99: milliseconds(0.99))
        health.sendWaits = load?.sendWaits
        self.healthOfLanes[second.second, default: [:]][lane] = health
    }

    private func checkLimits() {
        let now = self.clock.now()
        guard self.stopReason == nil else { return }
        if let limit = self.options.timeLimit, now - self.origin >= limit {
            self.stopNow(.timeLimit)
        } else if let patience = self.options.stopWhenDown, !self.steering.isHeld,
            let last = self.lastCompleted,
            now - last >= patience, self.hasAsked
        {
            self.stopNow(.targetDown)
        }
    }

    /// True when something was sent at all: a quiet plan is no sign of a target that is down.
    private var hasAsked: Bool {
        let progress = self.progress
        return progress.done > 0 || progress.inFlight > 0
    }
}
