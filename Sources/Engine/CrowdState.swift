import Planning
import Primitives

/// A population's progress on one lane.
struct CrowdState: Sendable {
    /// A client of a closed executor.
    struct Client: Sendable {
        /// The client's number in its population, over all lanes.
        var number: Int
        /// Its seat, for the whole run; nil before its first intent.
        var seat: Int?
        /// Intents it has begun.
        var begun = 0
        /// True while it has an intent in flight, or a pause between two.
        var isBusy = false
    }
    /// What was planned.
    let crowd: Crowd
    /// When no more intents begin, and when the last of them is cut.
    var end: MonotonicTime
    var deadline: MonotonicTime
    /// True once no more intents begin.
    var isClosed = false
    /// True once the intents in flight have been cut.
    var isCut = false
    /// How fast the plan is played; an operator may change that.
    var pace = PlanPace.planned
    /// Intents between arrival and end.
    var inFlight = 0
    /// What its clients may still spend on retries.
    var budgets: RetryBudgets

    // Open executors.
    var source: ArrivalSource?
    var next: Arrival?
    /// The instant of the next arrival; nil without one.
    var nextAt: MonotonicTime?
    /// This lane's share of `maxInFlight`.
    var limit: Int
    /// Clients without an intent; the last used is the last.
    var idleSeats: [Int] = []
    /// Places still to be made in a pool; nil when every arrival may have one.
    var poolLeft: Int?
    /// Places made in a pool.
    var admitted = 0

    // Closed executors.
    var clients: [Client] = []
    /// Clients wanted now, over all lanes.
    var wanted = 0
    /// The next change of the curve.
    var change = 0
    /// Intents left in this lane's part of the common pot; nil without one.
    var pot: Int?
    /// Intents taken from the pot.
    var taken = 0
    /// How far apart the numbers of one client's intents are.
    var stride = 1
    /// The lanes that have a part in this population.
    let lanes: Int
    let lane: Int

    init(_ crowd: Crowd, origin: MonotonicTime, lane: Int, lanes: Int) {
        self.crowd = crowd
        self.end = origin + crowd.end
        self.deadline = origin + crowd.end + crowd.gracefulStop
        self.limit = laneShare(of: crowd.maxInFlight, lane: lane, lanes: lanes)
        self.lane = lane
        var sharing = lanes
        var total = 0
        switch crowd.attendance {
        case .open(let source, _): self.source = source
        case .pooled(let source, let clients):
            self.source = source
            self.poolLeft = laneShare(of: clients, in: crowd.streams, lane: lane, lanes: lanes)
        case .curve(let curve): total = curve.peak
        case .iterations(let vus, _, let shared):
            total = vus
            // A lane without clients must not hold a part of the pot.
            sharing = max(1, min(lanes, (vus + crowd.streams - 1) / crowd.streams))
            if let shared {
                self.pot = lane < sharing ? laneShare(of: shared, lane: lane, lanes: sharing) : 0
            }
        }
        self.lanes = sharing
        self.budgets = RetryBudgets(crowd.journey, lanes: sharing)
        self.stride = max(1, total)
        if lane < sharing {
            // All places of one client are on one lane.
            let streams = crowd.streams
            let first = lane * streams
            for start in Swift.stride(from: first, to: max(first, total), by: sharing * streams) {
                for number in start..<min(total, start + streams) {
                    self.clients.append(Client(number: number))
                }
            }
        }
        self.advance(origin: origin)
    }

    /// Goes to the next arrival that belongs to this lane.
    mutating func advance(origin: MonotonicTime) {
        while let arrival = self.source?.next() {
            // Arrivals go round the lanes by number, so that lanes never shift the plan.
            guard arrival.number % self.lanes == self.lane else { continue }
            self.next = arrival
            self.nextAt = self.pace.time(of: arrival.at).map { origin + $0 }
            return
        }
        self.source = nil
        self.next = nil
        self.nextAt = nil
    }

    /// The index on this lane of the client whose connections a place uses; nil when the place has
    /// some of its own.
    func owner(ofPlace place: Int) -> Int? {
        self.crowd.streams > 1 ? place / self.crowd.streams : nil
    }

    /// True when a client of a closed executor may have an intent.
    func isWanted(_ client: Int) -> Bool {
        !self.isClosed && self.clients[client].number < self.wanted
    }

    /// True when a client that has served so many intents leaves.
    func retires(uses: Int) -> Bool {
        if case .open(_, let reuse) = self.crowd.attendance { return uses >= reuse }
        return false
    }

    /// True when nothing can happen any more.
    var isFinished: Bool {
        guard self.inFlight == 0, self.next == nil else { return false }
        if self.isClosed { return true }
        guard case .iterations(_, let each, _) = self.crowd.attendance else { return false }
        if let pot { return pot == 0 && self.change > 0 }
        return self.clients.allSatisfy { !$0.isBusy && $0.begun >= (each ?? 0) }
    }
}
