package import Primitives

/// One attempt that ended, as the engine saw it.
package struct AttemptSample: Sendable {
    /// The population's index.
    package var population: Int
    /// The intent's number in its population.
    package var intent: Int
    /// The step's index in the flow.
    package var step: Int
    /// 0 for the step's first attempt, then 1, 2 and so on: retries.
    package var attempt: Int
    /// What became of it.
    package var outcome: Outcome
    /// Completed, as expected, within the step's deadline.
    package var good: Bool
    /// The arrival, or the end of what went before plus planned think or back-off.
    package var intendedStart: MonotonicTime
    /// When the transfer was really started.
    package var started: MonotonicTime
    /// When it ended.
    package var ended: MonotonicTime
    /// Parts that ran.
    package var timings: RequestTimings
    /// Body bytes sent.
    package var bytesUp: Int64
    /// Bytes received.
    package var bytesDown: Int64
    /// True when the attempt opened a connection.
    package var openedConnection: Bool
    /// libcurl's own code; 0 when fine.
    package var curlCode: Int32
    /// The errno kept beside it; 0 when none.
    package var osErrno: Int32

    /// A sample; the engine fills every member.
    package init(
        population: Int, intent: Int, step: Int, attempt: Int, outcome: Outcome, good: Bool,
        intendedStart: MonotonicTime, started: MonotonicTime, ended: MonotonicTime,
        timings: RequestTimings = [], bytesUp: Int64 = 0,
        bytesDown: Int64 = 0, openedConnection: Bool = false, curlCode: Int32 = 0,
        osErrno: Int32 = 0
    ) {
        self.population = population
        self.intent = intent
        self.step = step
        self.attempt = attempt
        self.outcome = outcome
        self.good = good
        self.intendedStart = intendedStart
        self.started = started
        self.ended = ended
        self.timings = timings
        self.bytesUp = bytesUp
        self.bytesDown = bytesDown
        self.openedConnection = openedConnection
        self.curlCode = curlCode
        self.osErrno = osErrno
    }
}

/// One intent's end, for the reconciliation.
package struct IntentEnd: Sendable, Hashable {
    /// The population's index.
    package var population: Int
    /// The intent's number in its population.
    package var number: Int
    /// How it ended.
    package var ending: IntentEnding
    /// The intended arrival, microseconds from the run's start.
    package var arrived: Int64
    /// The end, microseconds from the run's start.
    package var ended: Int64

    /// An end.
    package init(
        population: Int, number: Int, ending: IntentEnding, arrived: Int64, ended: Int64
    ) {
        self.population = population
        self.number = number
        self.ending = ending
        self.arrived = arrived
        self.ended = ended
    }
}

/// What a lane gathered for one second, ready to be merged off the lane.
package struct LaneSecond: Sendable {
    /// The second from the run's start.
    package var second: Int
    /// By population index.
    package var populations: [PopulationSecond]
    /// The sampled attempts.
    package var attempts: [AttemptSample]
    /// Every intent that ended.
    package var intentEnds: [IntentEnd]

    /// A second.
    package init(
        second: Int, populations: [PopulationSecond], attempts: [AttemptSample],
        intentEnds: [IntentEnd]
    ) {
        self.second = second
        self.populations = populations
        self.attempts = attempts
        self.intentEnds = intentEnds
    }
}

/// A lane's own counts, confined to the lane's queue; nothing is shared on the hot path.
///
/// Memory is that of the seconds not yet harvested: two, when harvested once a second. Every second
/// from 0 on comes out exactly once, empty ones included.
package struct LaneRecorder {
    private let origin: MonotonicTime
    private let populations: Int
    private var seconds: [LaneSecond] = []
    private var inFlight: [Int]
    private let sampleLimit: Int
    /// The first second that was not opened yet; no second is left out and none comes twice.
    private var unopened = 0

    /// A recorder whose second 0 begins at `origin`.
    ///
    /// - Parameter sampleLimit: sampled attempts kept per second and lane; failures come first.
    package init(origin: MonotonicTime, populations: Int, sampleLimit: Int = 40) {
        self.origin = origin
        self.populations = populations
        self.inFlight = Array(repeating: 0, count: populations)
        self.sampleLimit = sampleLimit
    }

    /// An intent's arrival; called once per intent when it is released, dropped ones included.
    ///
    /// Counted in the present second: the planned one may have been harvested already.
    package mutating func arrived(population: Int, at arrival: MonotonicTime, now: MonotonicTime) {
        let slot = self.slot(at: now)
        self.seconds[slot].populations[population].offered += 1
        self.inFlight[population] += 1
    }

    /// A step began.
    package mutating func stepBegan(population: Int, now: MonotonicTime) {
        let slot = self.slot(at: now)
        self.seconds[slot].populations[population].stepsBegun += 1
    }

    /// An attempt was handed to libcurl, that long after its intended start.
    package mutating func attemptStarted(
        population: Int, isRetry: Bool, lag: Nanoseconds, now: MonotonicTime
    ) {
        let slot = self.slot(at: now)
        self.seconds[slot].populations[population].attemptsStarted += 1
        if isRetry { self.seconds[slot].populations[population].retriesStarted += 1 }
        self.seconds[slot].populations[population].lag.record(lag.microseconds)
    }

    /// An attempt ended.
    package mutating func attemptEnded(_ sample: AttemptSample, now: MonotonicTime) {
        let slot = self.slot(at: now)
        let seen = self.seconds[slot].populations[sample.population].count(sample)
        // Rare failures matter more than the thousandth success: keep the first of each kind,
        // all failures until the limit, and a thin share of the rest.
        let kept = self.seconds[slot].attempts.count
        let limit = sample.good ? self.sampleLimit / 4 : self.sampleLimit
        if kept < limit || seen == 1 { self.seconds[slot].attempts.append(sample) }
    }

    /// An intent ended; every intent that arrived ends exactly once.
    package mutating func intentEnded(
        population: Int, number: Int, arrival: MonotonicTime, ending: IntentEnding,
        drop: DropReason? = nil, now: MonotonicTime
    ) {
        let slot = self.slot(at: now)
        let arrived = (arrival - self.origin).microseconds
        let ended = (now - self.origin).microseconds
        let key = PopulationSecond.IntentKey(
            arrivalSecond: Int(max(0, arrived) / 1_000_000), ending: ending)
        self.seconds[slot].populations[population].intents[key, default: 0] += 1
        if let drop { self.seconds[slot].populations[population].drops[drop, default: 0] += 1 }
        if ending == .accepted {
            self.seconds[slot].populations[population].intentTimes.record(ended - arrived)
        }
        self.seconds[slot].intentEnds.append(
            IntentEnd(
                population: population, number: number, ending: ending, arrived: arrived,
                ended: ended))
        self.inFlight[population] -= 1
    }

    /// Takes out every second that ended before `now`; on the lane's queue, once a second.
    ///
    /// A second is complete when the clock has left it, because every count is stamped with the
    /// lane's present time on the lane's own queue.
    package mutating func harvest(now: MonotonicTime) -> [LaneSecond] {
        let present = self.slot(at: now)
        let done = Array(self.seconds[..<present])
        self.seconds.removeFirst(present)
        return done
    }

    /// Takes out everything, the present second included; after the last event.
    package mutating func harvestAll(now: MonotonicTime) -> [LaneSecond] {
        _ = self.slot(at: now)
        for index in 0..<self.populations {
            self.seconds[self.seconds.count - 1].populations[index].inFlight = self.inFlight[index]
        }
        defer { self.seconds = [] }
        return self.seconds
    }

    /// The index of the present second's counts; closes the seconds before it.
    private mutating func slot(at now: MonotonicTime) -> Int {
        let second = max(0, Int((now - self.origin).count / 1_000_000_000))
        if second >= self.unopened || self.seconds.isEmpty {
            let end = self.seconds.count - 1
            if end >= 0 {
                for index in 0..<self.populations {
                    self.seconds[end].populations[index].inFlight = self.inFlight[index]
                }
            }
            // Seconds in which nothing happened are rows too: their in-flight is a fact.
            for gap in self.unopened...max(second, self.unopened) { self.append(gap) }
        }
        // Late stamps count into the present second; the clock is monotonic, so none are early.
        return self.seconds.count - 1
    }

    private mutating func append(_ second: Int) {
        var blank = PopulationSecond()
        var populations: [PopulationSecond] = []
        for index in 0..<self.populations {
            blank.inFlight = self.inFlight[index]
            populations.append(blank)
        }
        self.unopened = second + 1
        self.seconds.append(
            LaneSecond(second: second, populations: populations, attempts: [], intentEnds: []))
    }
}

extension PopulationSecond {
    /// Counts one ended attempt; returns how many of its kind there are now.
    mutating func count(_ sample: AttemptSample) -> Int {
        let key = AttemptKey(step: sample.step, outcome: sample.outcome, good: sample.good)
        let seen = self.attempts[key, default: 0] + 1
        self.attempts[key] = seen
        self.bytesUp += sample.bytesUp
        self.bytesDown += sample.bytesDown
        if sample.openedConnection { self.connectionsOpened += 1 }
        let response = (sample.ended - sample.intendedStart).microseconds
        if sample.good {
            self.good.record(response)
        } else if sample.outcome != .unfinished {
            self.notGood.record(response)
        }
        if case .status = sample.outcome {
            self.answered.record(response)
            self.service.record((sample.ended - sample.started).microseconds)
        }
        for timing in sample.timings {
            self.timings[timing.part, default: SparseHistogram()].record(timing.span.microseconds)
        }
        return seen
    }
}
