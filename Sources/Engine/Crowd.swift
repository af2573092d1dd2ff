import Planning
import Primitives

/// Where a population's arrivals come from.
enum ArrivalSource: Sendable {
    /// The plan's schedule.
    case schedule(ArrivalIterator)
    /// A list in order of time.
    case list(ArraySlice<Arrival>)

    /// The next arrival; nil after the last.
    mutating func next() -> Arrival? {
        switch self {
        case .schedule(var iterator):
            let arrival = iterator.next()
            self = .schedule(iterator)
            return arrival
        case .list(var rest):
            let arrival = rest.popFirst()
            self = .list(rest)
            return arrival
        }
    }
}

/// How a population's clients come into being.
enum Attendance: Sendable {
    /// Open: an arrival gets a new client, or one that has served fewer than `reuse` intents.
    case open(ArrivalSource, reuse: Int)
    /// Open with a fixed number of clients: an arrival takes the idle client used last.
    case pooled(ArrivalSource, clients: Int)
    /// Closed: a number of clients over time.
    case curve(ClientCurve)
    /// Closed: a number of intents per client, or a common pot.
    case iterations(vus: Int, each: Int?, shared: Int?)
}

/// A population as a lane sees it; times are spans from the run's start.
struct Crowd: Sendable {
    /// What each client does.
    var journey: Journey
    /// How clients come.
    var attendance: Attendance
    /// When the population begins.
    var start: Nanoseconds
    /// When no more intents begin.
    var end: Nanoseconds
    /// How long intents may finish after that.
    var gracefulStop: Nanoseconds
    /// The most intents between arrival and end, over all lanes.
    var maxInFlight: Int
    /// Neighbouring places that are one client, whose connections they share.
    var streams = 1

    /// A population of a plan.
    ///
    /// - Parameters:
    ///   - pool: the number of places that open arrivals share; nil for as many as come.
    ///   - streams: how many neighbouring places of a closed or pooled population are one client.
    init(_ plan: PopulationPlan, seed: UInt64, pool: Int?, streams: Int = 1) {
        self.journey = Journey(plan, seed: seed)
        switch plan.load {
        case .open(let schedule):
            let source = ArrivalSource.schedule(ArrivalIterator(schedule))
            if let pool {
                self.attendance = .pooled(source, clients: pool)
            } else {
                self.attendance = .open(source, reuse: plan.reuse)
            }
        case .closed(let curve): self.attendance = .curve(curve)
        case .iterations(let vus, let each, let shared):
            self.attendance = .iterations(vus: vus, each: each, shared: shared)
        }
        self.start = plan.start
        self.end = plan.end
        self.gracefulStop = plan.gracefulStop
        self.maxInFlight = plan.maxInFlight
        self.streams = max(1, streams)
    }

    init(
        journey: Journey, attendance: Attendance, start: Nanoseconds = .zero, end: Nanoseconds,
        gracefulStop: Nanoseconds = .seconds(10), maxInFlight: Int = 10_000, streams: Int = 1
    ) {
        self.journey = journey
        self.attendance = attendance
        self.start = start
        self.end = end
        self.gracefulStop = gracefulStop
        self.maxInFlight = maxInFlight
        self.streams = streams
    }
}

/// A lane's part of a whole that all lanes share: the parts add up to it exactly.
func laneShare(of whole: Int, lane: Int, lanes: Int) -> Int {
    whole / lanes + (lane < whole % lanes ? 1 : 0)
}

/// The same of places, `group` of which stay together; only the last group may be smaller.
func laneShare(of whole: Int, in group: Int, lane: Int, lanes: Int) -> Int {
    let groups = (whole + group - 1) / group
    let missing = groups * group - whole
    let holdsLast = groups > 0 && (groups - 1) % lanes == lane
    return laneShare(of: groups, lane: lane, lanes: lanes) * group - (holdsLast ? missing : 0)
}
