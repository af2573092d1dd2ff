import Dispatch
import Measurements
import Planning
import Primitives
import Scenarios
import Synchronization
import Transport

/// Executes a plan once: starts its lanes, gathers what they saw, lets them drain, stops.
///
/// Unchecked Sendable: what changes is confined to the control queue, or behind the mutex.
package final class Run: @unchecked Sendable {
    private struct Shared {
        var progress = RunProgress()
        var origin: MonotonicTime?
        var outcome: RunOutcome?
        var waiting: [CheckedContinuation<RunOutcome, Never>] = []
    }
    let control = DispatchQueue(label: "spate.run", qos: .userInitiated)
    let options: RunOptions
    let plan: Plan
    let sink: any RunSink
    let clock = SystemClock()
    private let materials: RequestMaterials
    private let shared = Mutex(Shared())

    // Confined to the control queue.
    var origin = MonotonicTime(nanoseconds: 0)
    var lanes: [Lane] = []
    var openLanes: Set<Int> = []
    /// By second, then by lane; those not told yet.
    var healthOfLanes: [Int: [Int: GeneratorSample.Lane]] = [:]
    var inFlightOfLanes: [Int: Int] = [:]
    var delivered: [Int] = []
    var seconds = 0
    var lastCompleted: MonotonicTime?
    var health: GeneratorHealth?
    var timeline: RunTimeline?
    var steering: OperatorSteering
    private var isTimelineOpen = false
    private var ticker: (any DispatchSourceTimer)?
    var stopReason: StopReason?
    private var isCut = false

    /// Prepares everything that can fail before the first request.
    ///
    /// - Throws: `EngineError` for files that cannot be opened and captures that make no sense.
    package init(options: RunOptions, sink: any RunSink) throws(EngineError) {
        TransportSetup.global()
        self.options = options
        self.plan = options.plan
        self.sink = sink
        let peak = options.plan.peakRequestRate
        self.steering = OperatorSteering(
            headroom: peak > 0 ? options.plan.safety.maxRate.map { $0 / peak } : nil)
        self.materials = try RequestMaterials(
            plan: options.plan, runID: options.runID, baseURL: options.baseURL,
            adminURL: options.adminURL)
    }

    /// How many lanes the run uses.
    package var laneCount: Int {
        if let lanes = self.options.lanes { return max(1, lanes) }
        return self.plan.laneCount(cores: AvailableCores.count())
    }

    /// A cheap picture of the present, at most a second old.
    package var progress: RunProgress {
        self.shared.withLock { shared in
            var progress = shared.progress
            if let origin = shared.origin { progress.t = (self.clock.now() - origin).seconds }
            return progress
        }
    }

    /// Begins and returns at once.
    ///
    /// To be called once.
    ///
    /// - Throws: `EngineError` when the machine refuses descriptors or threads.
    package func start() throws(EngineError) {
        let origin = self.clock.now() + self.options.leadTime
        let wall = WallTime(
            milliseconds: WallTime.now().milliseconds
                + self.options.leadTime.count / 1_000_000)
        let lanes = try self.makeLanes(origin: origin)
        let count = lanes.count
        let health: GeneratorHealth
        let timeline: RunTimeline
        do {
            health = try GeneratorHealth(origin: origin)
            timeline = try self.makeTimeline(origin: origin)
        } catch {
            Run.abandon(lanes)
            throw error
        }
        self.shared.withLock { $0.origin = origin }
        self.control.async {
            precondition(self.lanes.isEmpty, "a run starts once")
            self.origin = origin
            self.lanes = lanes
            self.openLanes = Set(lanes.indices)
            self.delivered = Array(repeating: 0, count: count)
            self.health = health
            self.timeline = timeline
            self.isTimelineOpen = true
            self.lastCompleted = origin
            self.sink.began(origin: origin, at: wall, lanes: count)
            self.tell("started", "\(count == 1 ? "1 lane" : "\(count) lanes")", at: .zero)
            timeline.begin()
            for lane in lanes { lane.transfers.async { lane.begin() } }
            self.startTicker()
        }
    }

    /// Asks for the end: the first time no intent begins any more and those in flight may finish
    /// within their population's grace, the second time everything ends at once.
    package func stop(_ reason: StopReason) {
        self.control.async { self.stopNow(reason) }
    }

    /// Ends the run as the first `stop` does, and says why; nothing when it is ending already.
    ///
    /// - Parameters:
    ///   - detail: what is told of it in the timeline.
    ///   - accepted: called on the control queue when this was what ended the run.
    package func end(
        _ reason: StopReason, detail: String, accepted: @escaping @Sendable () -> Void
    ) {
        self.control.async {
            guard self.stopReason == nil, !self.openLanes.isEmpty else { return }
            accepted()
            self.stopNow(reason, detail: detail)
        }
    }

    /// Waits until everything has ended and was delivered to the sink.
    package func waitUntilFinished() async -> RunOutcome {
        await withCheckedContinuation { continuation in
            let outcome = self.shared.withLock { shared in
                if shared.outcome == nil { shared.waiting.append(continuation) }
                return shared.outcome
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }

    private func makeLanes(origin: MonotonicTime) throws(EngineError) -> [Lane] {
        let count = self.laneCount
        let crowds = self.plan.populations.map {
            Crowd(
                $0, seed: self.plan.seed, pool: self.options.pool, streams: self.options.streams)
        }
        var lanes: [Lane] = []
        for index in 0..<count {
            do {
                lanes.append(
                    try Lane(
                        label: "spate.lane.\(index)", plan: self.plan,
                        options: self.options.laneOptions,
                        state: LaneState(
                            crowds: crowds, origin: origin, lane: index, lanes: count),
                        materials: self.materials, sampleLimit: self.options.sampleLimit,
                        keepsIntents: self.options.keepsIntents
                    ) { [self] harvest in
                        self.control.async { self.received(harvest, lane: index) }
                    })
            } catch {
                Run.abandon(lanes)
                throw error
            }
        }
        return lanes
    }

    private func makeTimeline(origin: MonotonicTime) throws(EngineError) -> RunTimeline {
        try RunTimeline(
            events: self.plan.timeline, options: self.options.controlOptions,
            materials: self.materials, origin: origin,
            happened: { [self] event in
                self.control.async { self.sink.happened(event) }
            },
            ended: { [self] in self.control.async { self.timelineEnded() } })
    }

    /// Lanes hold descriptors, which only their own queue may close.
    private static func abandon(_ lanes: [Lane]) {
        for lane in lanes { lane.transfers.async { lane.transfers.shutdown() } }
    }

    // MARK: - On the control queue

    func update(_ change: (inout RunProgress) -> Void) {
        self.shared.withLock { change(&$0.progress) }
    }

    func stopNow(_ reason: StopReason, detail: String? = nil) {
        guard !self.openLanes.isEmpty else { return }
        let why = detail ?? reason.rawValue
        let at = self.clock.now() - self.origin
        if self.stopReason == nil {
            self.stopReason = reason
            self.update { $0.isDraining = true }
            self.tell("stop", "\(why): no intent begins any more", at: at)
            self.timeline?.stop()
            for lane in self.lanes { lane.transfers.async { lane.stop() } }
        } else if !self.isCut {
            self.isCut = true
            self.tell("stop", "\(why): everything in flight is cut", at: at)
            for lane in self.lanes { lane.transfers.async { lane.cut() } }
        }
    }

    func tell(_ kind: String, _ label: String, at: Nanoseconds) {
        self.sink.happened(RunEvent(t: at.seconds, kind: kind, label: label))
    }

    private func startTicker() {
        let ticker = DispatchSource.makeTimerSource(flags: .strict, queue: self.control)
        // Shortly after each full second, when all of it has happened.
        let first = self.origin - self.clock.now() + .milliseconds(1_010)
        ticker.schedule(
            deadline: .now() + .nanoseconds(Int(first.count)), repeating: .seconds(1),
            leeway: .milliseconds(1))
        ticker.setEventHandler { [unowned self] in self.tick() }
        ticker.activate()
        self.ticker = ticker
    }

    private func timelineEnded() {
        self.isTimelineOpen = false
        self.finishIfDone()
    }

    func finishIfDone() {
        guard self.openLanes.isEmpty, !self.isTimelineOpen, let ticker = self.ticker else {
            return
        }
        ticker.cancel()
        self.ticker = nil
        self.completeSeconds()
        let duration = self.clock.now() - self.origin
        // The lanes hold on to the run for their last word.
        self.lanes = []
        self.timeline = nil
        self.health = nil
        let outcome = RunOutcome(
            stopped: self.stopReason ?? .finished, duration: duration, wasCut: self.isCut)
        self.tell("finished", outcome.stopped.rawValue, at: duration)
        let waiting = self.shared.withLock { shared in
            shared.outcome = outcome
            defer { shared.waiting = [] }
            return shared.waiting
        }
        for continuation in waiting { continuation.resume(returning: outcome) }
    }
}
