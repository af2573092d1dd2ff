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
    /// How many attempts of its kind in its second the row stands for; 1 until rows are chosen.
    package var weight = 1.0
    /// Who sent and answered it; known of listed attempts only.
    package var trace = AttemptTrace()

    /// A sample; the engine fills every member but the trace.
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
    /// What it took; nil for a dropped intent, and in files of an older Spate.
    package var effort: IntentEffort?
    /// The intended arrival, microseconds from the run's start.
    package var arrived: Int64
    /// The end, microseconds from the run's start.
    package var ended: Int64

    /// An end.
    package init(
        population: Int, number: Int, ending: IntentEnding, arrived: Int64, ended: Int64,
        effort: IntentEffort? = nil
    ) {
        self.population = population
        self.number = number
        self.ending = ending
        self.effort = effort
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
    /// The attempts to be listed, each with its weight.
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
    private let keepsIntents: Bool
    /// The seconds that ended and were not harvested yet.
    private var closed: [LaneSecond] = []
    /// The first second that was not opened yet; no second is left out and none comes twice.
    private var unopened = 0
    /// When the present second ends, in nanoseconds; `.min` while none is open.
    private var end = Int64.min

    // The present second.
    private var tallies: ContiguousArray<PopulationTally>
    private var attempts: AttemptReservoir
    private var intentEnds: [IntentEnd] = []
    private var inFlight: ContiguousArray<Int>

    /// A recorder whose second 0 begins at `origin`.
    ///
    /// - Parameters:
    ///   - sampleLimit: attempts listed per second and lane: a quarter as many of each kind of
    ///     good ones, half as many of each other kind; 0 for none, `.max` for every one.
    ///   - samplingSeed: the lane's number, so that lanes draw independently.
    ///   - keepsIntents: false to leave out the list of ended intents, 40 bytes each; they are
    ///     counted all the same.
    package init(
        origin: MonotonicTime, populations: Int, sampleLimit: Int = 40, samplingSeed: Int = 0,
        keepsIntents: Bool = true
    ) {
        self.origin = origin
        self.attempts = AttemptReservoir(
            populations: populations, limit: sampleLimit, seed: UInt64(samplingSeed))
        self.keepsIntents = keepsIntents
        self.tallies = ContiguousArray(repeating: PopulationTally(), count: populations)
        self.inFlight = ContiguousArray(repeating: 0, count: populations)
    }

    /// An intent's arrival; called once per intent when it is released, dropped ones included.
    ///
    /// Counted in the present second: the planned one may have been harvested already.
    package mutating func arrived(population: Int, at arrival: MonotonicTime, now: MonotonicTime) {
        self.advance(to: now)
        self.tallies[population].counts.offered += 1
        self.inFlight[population] += 1
    }

    /// A step began.
    package mutating func stepBegan(population: Int, now: MonotonicTime) {
        self.advance(to: now)
        self.tallies[population].counts.stepsBegun += 1
    }

    /// An attempt was handed to libcurl, that long after its intended start.
    package mutating func attemptStarted(
        population: Int, isRetry: Bool, lag: Nanoseconds, now: MonotonicTime
    ) {
        self.advance(to: now)
        self.tallies[population].counts.attemptsStarted += 1
        if isRetry { self.tallies[population].counts.retriesStarted += 1 }
        self.tallies[population].counts.lag.record(lag.microseconds)
    }

    /// An attempt ended.
    ///
    /// - Parameter complete: called at once if the attempt comes to be listed, which few are where
    ///   there are many: what costs more than a little is found out there.
    package mutating func attemptEnded(
        _ sample: borrowing AttemptSample, now: MonotonicTime,
        complete: (inout AttemptTrace) -> Void = { _ in }
    ) {
        self.advance(to: now)
        let kind = self.tallies[sample.population].attemptEnded(sample)
        self.attempts.add(sample, kind: kind, complete: complete)
    }

    /// An intent ended; every intent that arrived ends exactly once.
    package mutating func intentEnded(
        population: Int, number: Int, arrival: MonotonicTime, ending: IntentEnding,
        effort: IntentEffort? = nil, drop: DropReason? = nil, now: MonotonicTime
    ) {
        self.advance(to: now)
        let arrived = (arrival - self.origin).microseconds
        let ended = (now - self.origin).microseconds
        self.tallies[population].intentEnded(ending, drop: drop, arrived: arrived, ended: ended)
        self.inFlight[population] -= 1
        guard self.keepsIntents else { return }
        self.intentEnds.append(
            IntentEnd(
                population: population, number: number, ending: ending, arrived: arrived,
                ended: ended, effort: effort))
    }

    /// Takes out every second that ended before `now`; on the lane's queue, once a second.
    ///
    /// A second is complete when the clock has left it, because every count is stamped with the
    /// lane's present time on the lane's own queue.
    package mutating func harvest(now: MonotonicTime) -> [LaneSecond] {
        self.advance(to: now)
        defer { self.closed = [] }
        return self.closed
    }

    /// Takes out everything, the present second included; after the last event.
    package mutating func harvestAll(now: MonotonicTime) -> [LaneSecond] {
        self.advance(to: now)
        self.close()
        defer { self.closed = [] }
        return self.closed
    }

    /// Makes the second of `now` the present one; closes the seconds before it.
    ///
    /// Late stamps count into the present second; the clock is monotonic, so none are early.
    @inline(__always)
    private mutating func advance(to now: MonotonicTime) {
        if now.nanoseconds >= self.end { self.turn(to: now) }
    }

    @inline(never)
    private mutating func turn(to now: MonotonicTime) {
        if self.end != .min { self.close() }
        let second = Int((now - self.origin).count / 1_000_000_000)
        // Seconds in which nothing happened are rows too: their in-flight is a fact.
        while self.unopened < second {
            self.unopened += 1
            self.close()
        }
        self.unopened += 1
        self.end = (self.origin + .seconds(Int64(self.unopened))).nanoseconds
    }

    /// Puts the present second, the one before the first unopened, among those to be harvested.
    private mutating func close() {
        var populations: [PopulationSecond] = []
        for index in self.tallies.indices {
            populations.append(self.tallies[index].finished(inFlight: self.inFlight[index]))
            self.tallies[index] = PopulationTally()
        }
        self.closed.append(
            LaneSecond(
                second: self.unopened - 1, populations: populations,
                attempts: self.attempts.take(), intentEnds: self.intentEnds))
        self.intentEnds = []
        self.end = .min
    }
}
