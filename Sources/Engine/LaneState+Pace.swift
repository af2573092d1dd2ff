import Planning
import Primitives

/// An operator holds arrivals or changes their rate: what was planned comes at other times.
extension LaneState {
    /// Plays the rest of the plan at another pace; called on every lane with the same one.
    ///
    /// Arrivals keep their numbers and their order. Populations whose arrivals have ended already
    /// keep the end of their grace.
    mutating func play(at pace: PlanPace, now: MonotonicTime, into actions: inout [LaneAction]) {
        for index in self.crowds.indices {
            let wasHeld = self.crowds[index].pace.speed == 0
            self.crowds[index].pace = pace
            guard !self.crowds[index].isClosed else { continue }
            self.crowds[index].nextAt = self.crowds[index].next.flatMap {
                self.time($0.at, of: index)
            }
            self.moveEnd(index)
            self.moveChanges(index)
            if wasHeld, pace.speed > 0 { self.resumeClients(index, now: now, into: &actions) }
        }
    }

    /// When a moment of the plan comes for a population; nil while its arrivals are held.
    func time(_ plan: Nanoseconds, of index: Int) -> MonotonicTime? {
        self.crowds[index].pace.time(of: plan).map { self.origin + $0 }
    }

    private mutating func moveEnd(_ index: Int) {
        let crowd = self.crowds[index].crowd
        guard let end = self.time(crowd.end, of: index) else {
            // Whatever timer is set finds that its time has not come.
            self.crowds[index].end = MonotonicTime(nanoseconds: .max)
            self.crowds[index].deadline = MonotonicTime(nanoseconds: .max)
            return
        }
        self.crowds[index].end = end
        self.crowds[index].deadline = end + crowd.gracefulStop
        self.setPopulationTimer(index, at: end)
        self.setPopulationTimer(index, at: end + crowd.gracefulStop)
    }

    private mutating func moveChanges(_ index: Int) {
        switch self.crowds[index].crowd.attendance {
        case .open, .pooled: return
        case .curve(let curve):
            for change in curve.changes.dropFirst(self.crowds[index].change) {
                guard let at = self.time(change.at, of: index) else { return }
                self.setPopulationTimer(index, at: at)
            }
        case .iterations:
            guard self.crowds[index].change == 0,
                let at = self.time(self.crowds[index].crowd.start, of: index)
            else { return }
            self.setPopulationTimer(index, at: at)
        }
    }

    /// Clients that rested while arrivals were held go on.
    private mutating func resumeClients(
        _ index: Int, now: MonotonicTime, into actions: inout [LaneAction]
    ) {
        for client in self.crowds[index].clients.indices {
            self.beginClient(index, client: client, at: now, into: &actions)
        }
    }
}
