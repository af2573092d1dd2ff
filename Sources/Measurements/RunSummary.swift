package import Primitives

/// The sums and percentiles of a run that reports print; arithmetic only, no judgement.
package struct RunSummary: Sendable {
    /// How intents ended; the six add up to `intents`.
    package struct Endings: Sendable, Hashable, Codable {
        /// Intents that arrived.
        package var intents = 0
        /// Every step good.
        package var accepted = 0
        /// A final answer said no.
        package var rejected = 0
        /// Patience ran out.
        package var gaveUp = 0
        /// Tries used up.
        package var failed = 0
        /// Never started.
        package var dropped = 0
        /// The run ended first.
        package var unfinished = 0
        /// No intent.
        package init() {}
    }
    /// Sums over the whole run.
    package struct Totals: Sendable, Hashable {
        /// How intents ended.
        package var endings = Endings()
        /// Steps begun.
        package var steps = 0
        /// Attempts started: completed + failed + unfinished.
        package var attempts = 0
        /// A whole response arrived.
        package var attemptsCompleted = 0
        /// It did not.
        package var attemptsFailed = 0
        /// Cut by the end of the run.
        package var attemptsUnfinished = 0
        /// Body bytes sent.
        package var bytesUp: Int64 = 0
        /// Bytes received.
        package var bytesDown: Int64 = 0
        /// No sum.
        package init() {}
    }
    /// Percentiles in milliseconds; nil where the rank falls among attempts without a good answer.
    package struct Percentiles: Sendable, Hashable {
        /// The median.
        package var p50: Double?
        /// The 90th percentile.
        package var p90: Double?
        /// The 99th percentile.
        package var p99: Double?
        /// The 99.9th percentile.
        package var p999: Double?
        /// The longest time among those that have a value.
        package var max: Double?
        /// The longest time seen at all, where `p99` is nil although there are samples.
        package var p99AtLeast: Double?
        /// No percentile.
        package init() {}
    }
    /// One class of traffic.
    package struct ClassSummary: Sendable, Hashable {
        /// How its intents ended.
        package var endings = Endings()
        /// Response times over all attempts that ended; those not good rank slowest.
        package var response = Percentiles()
        /// Response times over completed attempts.
        package var answered = Percentiles()
        /// Service times over completed attempts.
        package var service = Percentiles()
        /// Attempts per step begun; nil without steps.
        package var amplification: Double?
        /// Nothing yet.
        package init() {}
    }
    /// One phase of load; an intent belongs to the phase in which it arrived.
    package struct PhaseSummary: Sendable, Hashable {
        /// The phase.
        package var phase: PhaseFacts
        /// By class; percentiles and amplification are of attempts that ended in the phase.
        package var classes: [TrafficClass: ClassSummary]
        /// Response times of all classes' attempts that ended in the phase.
        package var distribution = LatencyDistribution()
    }
    /// How punctual the generator was, over the whole run, in milliseconds.
    package struct Punctuality: Sendable, Hashable {
        /// Delays of attempts' starts behind their intended instants: every attempt counts.
        package var scheduleDelay = Percentiles()
        /// Lateness of the bare reference thread's ticks, a hundred a second.
        package var reference = Percentiles()
        /// Nothing known.
        package init() {}
    }
    /// One row of the series: a second, or several merged.
    package struct SeriesRow: Sendable, Hashable {
        /// One class in the row.
        package struct ClassRow: Sendable, Hashable {
            /// Intents planned to arrive.
            package var offered = 0
            /// Attempts that ended.
            package var done = 0
            /// Of which good.
            package var good = 0
            /// Intents that arrived in the row, by the seconds' arrival.
            package var arrived = 0
            /// Of which were accepted, whenever that was.
            package var arrivedAccepted = 0
            /// Nothing.
            package init() {}
        }
        /// The row's first second.
        package var t: Int
        /// How many seconds it covers.
        package var width: Int
        /// Intents planned to arrive.
        package var offered = 0
        /// Attempts started.
        package var attempts = 0
        /// Attempts started that were retries.
        package var retries = 0
        /// Attempts that ended with a whole response or a failure.
        package var done = 0
        /// Of which good.
        package var good = 0
        /// Intents dropped.
        package var dropped = 0
        /// Intents between arrival and end at the row's end.
        package var inFlight = 0
        /// Median response time in milliseconds over attempts that ended, not-good ones slowest.
        package var p50: Double?
        /// The 99th percentile of the same.
        package var p99: Double?
        /// Response times over attempts that ended, not-good ones slowest: all percentiles.
        package var response = Percentiles()
        /// Service times over completed attempts.
        package var service = Percentiles()
        /// Attempts that ended, by `Outcome.group`.
        package var outcomes: [String: Int] = [:]
        /// By class.
        package var classes: [TrafficClass: ClassRow] = [:]
        /// The review queue, where the server was sampled.
        package var reviewBacklog: Double?
        /// The oldest unreviewed item's age in seconds.
        package var reviewOldestAge: Double?
        /// Cores used by the generator.
        package var generatorCPU: Double?
        /// The worst of the generator's other figures in the row, by figure; nil without a sample.
        package var generator: GeneratorSample?
        /// p99 of the delay of starts behind the schedule, in milliseconds.
        package var lagP99: Double?
        /// A row in which nothing has happened.
        package init(t: Int, width: Int) {
            self.t = t
            self.width = width
        }
    }
    /// Sums over the whole run.
    package var totals = Totals()
    /// By class; only classes that occur.
    package var classes: [TrafficClass: ClassSummary] = [:]
    /// In order of time.
    package var phases: [PhaseSummary] = []
    /// Attempts that ended, by `Outcome.group`.
    package var outcomes: [String: Int] = [:]
    /// How punctual the generator was.
    package var punctuality = Punctuality()
    /// The names of the populations whose clients wait for an answer before they send again.
    package var closedLoops: [String] = []
    /// What became of the people; nil where only counts are known.
    package var people: PeopleSummary?
    /// Genuine people beside noise, over the run.
    package var crowdingOut: CrowdingOut
    /// At most 1,200 rows; longer runs merge neighbouring seconds.
    package var series: [SeriesRow] = []
    /// How many attempts ended how slowly, over the run.
    package var latencyMap: LatencyMap
    /// Where requests spent their time, over windows.
    package var breakdown: TimeBreakdown

    /// Sums up a record; one pass over its seconds.
    package init(_ record: RunRecord) {
        var summing = RunSumming(record)
        for row in record.seconds { summing.add(row) }
        self.people = record.people.map {
            PeopleSummary($0, phases: record.manifest.phases)
        }
        self.crowdingOut = CrowdingOut(record)
        self.latencyMap = LatencyMap(record)
        self.breakdown = TimeBreakdown(record)
        self.totals = summing.totals
        self.classes = summing.classes()
        self.phases = summing.phaseSummaries()
        self.outcomes = summing.outcomes
        self.punctuality.scheduleDelay = Percentiles(summing.lag)
        self.punctuality.reference = Percentiles(record.reference)
        self.closedLoops = record.manifest.populations.filter(\.isClosedLoop).map(\.name)
        self.series = RunSummary.series(of: record)
    }
}
