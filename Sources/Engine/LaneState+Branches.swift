import Planning
import Primitives

/// Steps at the same time: an intent's branches, each in a seat of its own.
struct ForkState: Sendable {
    /// The seats of all branches.
    var branches: [Int]
    /// How many have not ended.
    var open: Int
    /// How the first that failed did.
    var failure: IntentEnding?
}

/// Conditions, branches, and what people do after a failure: only flows with them come here.
extension LaneState {
    /// The seat of the intent that a seat belongs to: another one for a branch.
    func root(of seat: Int) -> Int {
        var root = seat
        while self.seats[root].intent.isBranch, let forker = self.forkers[root] { root = forker }
        return root
    }

    /// Whether a condition holds; an answer that comes too late is ignored.
    mutating func decided(
        seat: Int, generation: UInt32, holds: Bool, now: MonotonicTime,
        into actions: inout [LaneAction]
    ) {
        guard self.seats[seat].isOccupied, self.seats[seat].generation == generation,
            self.seats[seat].intent.isDeciding
        else { return }
        let population = self.seats[seat].population
        let action = self.seats[seat].intent.decided(
            holds, journey: self.crowds[population].crowd.journey)
        self.follow(action, seat: seat, now: now, into: &actions)
    }

    /// Begins the branches of a fork; those that end at once may end the fork as well.
    mutating func fork(
        seat: Int, fork: Int, now: MonotonicTime, into actions: inout [LaneAction]
    ) {
        let population = self.seats[seat].population
        var branches: [Int] = []
        for entry in self.crowds[population].crowd.journey.program.forks[fork] {
            let branch = self.makeSeat()
            self.seats[branch].population = population
            self.seats[branch].generation &+= 1
            self.seats[branch].client = nil
            self.seats[branch].owner = nil
            self.seats[branch].isOccupied = true
            self.seats[branch].arrival = self.seats[seat].arrival
            self.seats[branch].intent = self.seats[seat].intent.branch(at: entry)
            self.forkers[branch] = seat
            branches.append(branch)
        }
        self.forks[seat] = ForkState(branches: branches, open: branches.count)
        for branch in branches {
            let action = self.seats[branch].intent.beginBranch(
                journey: self.crowds[population].crowd.journey)
            self.follow(action, seat: branch, now: now, into: &actions)
        }
    }

    /// A branch has ended; with the last of them the intent goes on, or fails as they did.
    mutating func branchEnded(
        seat: Int, ending: IntentEnding, now: MonotonicTime, into actions: inout [LaneAction]
    ) {
        guard let forker = self.forkers.removeValue(forKey: seat) else {
            preconditionFailure("a branch belongs to an intent")
        }
        self.seats[seat].isOccupied = false
        self.freeSeats.append(seat)
        self.seats[forker].intent.learn(from: self.seats[seat].intent)
        self.forks[forker]?.open -= 1
        if ending != .accepted, self.forks[forker]?.failure == nil {
            self.forks[forker]?.failure = ending
        }
        guard let fork = self.forks[forker], fork.open == 0 else { return }
        self.forks[forker] = nil
        let action = self.seats[forker].intent.joined(
            failure: fork.failure, journey: self.crowds[self.seats[forker].population].crowd.journey
        )
        self.follow(action, seat: forker, now: now, into: &actions)
    }

    /// The person leaves: every branch ends, its attempt in progress cancelled.
    mutating func callOffBranches(
        of seat: Int, now: MonotonicTime, into actions: inout [LaneAction]
    ) {
        let recall = self.seats[seat].intent.person.recall
        for branch in self.forks[seat]?.branches ?? [] where self.forkers[branch] == seat {
            let action = self.seats[branch].intent.callOff(recall)
            self.follow(action, seat: branch, now: now, into: &actions)
            if case .stay = action { self.callOffBranches(of: branch, now: now, into: &actions) }
        }
    }

    /// Counts the intent's end and lets its person do what people do then.
    mutating func conclude(
        seat: Int, ending: IntentEnding, now: MonotonicTime, into actions: inout [LaneAction]
    ) {
        let population = self.seats[seat].population
        actions.append(
            .concluded(
                seat: seat, population: population, number: self.seats[seat].intent.intent,
                arrival: self.seats[seat].arrival, ending: ending,
                attempts: Int(self.seats[seat].intent.attempts),
                presses: Int(self.seats[seat].intent.person.presses)))
        let action = self.seats[seat].intent.goOn(
            journey: self.crowds[population].crowd.journey)
        self.follow(action, seat: seat, now: now, into: &actions)
    }
}
