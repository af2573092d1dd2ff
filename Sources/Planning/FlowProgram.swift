package import Primitives
package import Scenarios

/// One thing a client does, or what decides what it does next.
///
/// What is larger than a distribution stands in the program's tables.
package enum FlowInstruction: Sendable, Hashable {
    /// Sends the step with this index and waits for its end, retries included.
    case request(step: Int)
    /// Waits that many seconds of wall time.
    case think(Distribution)
    /// Goes on here when the condition with this index holds, otherwise there.
    case test(condition: Int, otherwise: Int)
    /// Goes on there.
    case jump(to: Int)
    /// Goes on at one of the ways of the pick with this index.
    case pick(Int)
    /// Goes on at all entries of the fork with this index at the same time, then at `join`.
    case fork(Int, join: Int)
    /// The end of a fork's branch.
    case join
    /// The first turn of a loop of at most so many begins.
    case enterLoop(turns: Int)
    /// Another turn begins there, unless all have been; `isAsked`: a condition ends it, too.
    case nextTurn(of: Int, from: Int, isAsked: Bool)
    /// A loop is over.
    case leaveLoop(turns: Int)
    /// The journey has failed, though every answer was good.
    case fail
    /// The journey is over; what follows is for those that failed.
    case finish
}

/// One way of a pick.
package struct FlowWay: Sendable, Hashable {
    /// Its share of all ways and those before it, up to 1.
    package var upTo: Double
    /// Where it begins.
    package var entry: Int

    /// A way.
    package init(upTo: Double, entry: Int) {
        self.upTo = upTo
        self.entry = entry
    }
}

/// Where a failure leads instead of to the journey's end.
package struct FlowRescue: Sendable, Hashable {
    /// Where the client goes on.
    package var entry: Int
    /// What the number of turns is divided by: the loops that are left on the way.
    package var turns: Int

    /// A rescue.
    package init(entry: Int, turns: Int) {
        self.entry = entry
        self.turns = turns
    }
}

/// A population's flow as a small program: what each client does, in order, with jumps.
///
/// It always ends: every loop has a most number of turns, and every other jump goes forward. The
/// turns of nested loops are one number in mixed radix (entering multiplies by the loop's most,
/// leaving divides by it), so that a client needs no more than two numbers to know its place.
package struct FlowProgram: Sendable, Hashable {
    /// What is done; the flow begins at 0.
    package var instructions: [FlowInstruction]
    /// What `test` asks.
    package var conditions: [FlowCondition] = []
    /// The ways of each `pick`.
    package var picks: [[FlowWay]] = []
    /// Where the branches of each `fork` begin.
    package var forks: [[Int]] = []
    /// Where failures at an instruction lead; those not listed end the journey, or the branch.
    package var rescues: [Int: FlowRescue] = [:]
    /// Where those go on whose journey did not succeed; nil: they leave.
    package var aftermath: Int?
    /// How often an intent that meets only good answers sends each step, on average.
    ///
    /// Conditions are taken to hold and loops with one to turn once.
    package var visits: [Double] = []
    /// The same if it takes every way of every pick and fails at the end.
    package var mostVisits: [Double] = []
    /// The longest an intent thinks, on average of each pause, in seconds.
    package var longestThink = 0.0

    /// A straight flow of these instructions.
    package init(_ instructions: [FlowInstruction]) {
        self.instructions = instructions
        for instruction in instructions {
            switch instruction {
            case .request(let step):
                while self.visits.count <= step { self.visits.append(0) }
                self.visits[step] += 1
            case .think(let time): self.longestThink += time.mean
            default: break
            }
        }
        self.mostVisits = self.visits
    }

    /// Requests of one intent that meets only good answers, on average.
    package var meanRequests: Double { self.visits.reduce(0, +) }

    /// True when nothing decides about the way.
    package var isStraight: Bool {
        self.instructions.allSatisfy {
            switch $0 {
            case .request, .think: true
            default: false
            }
        }
    }

    /// Where an intent goes on at a pick, for a draw from [0, 1).
    package func entry(of pick: Int, draw: Double) -> Int {
        let ways = self.picks[pick]
        return (ways.first { draw < $0.upTo } ?? ways[ways.count - 1]).entry
    }

    /// The key of the draws at an instruction in a turn: no two of an intent have the same.
    package func place(_ instruction: Int, turn: Int) -> Int {
        instruction + turn * self.instructions.count
    }
}

// MARK: - Walking it without a server

extension FlowProgram {
    /// The requests of an intent that meets only good answers, each with its place.
    ///
    /// Picks are drawn as the engine draws them; conditions hold, loops with one turn once.
    package func walk(_ random: CounterRandom, visit: (_ step: Int, _ place: Int) -> Void) {
        self.walk(from: 0, turn: 0, random, visit)
    }

    private func walk(
        from entry: Int, turn entryTurn: Int, _ random: CounterRandom,
        _ visit: (_ step: Int, _ place: Int) -> Void
    ) {
        var (index, turn) = (entry, entryTurn)
        while index < self.instructions.count {
            let place = self.place(index, turn: turn)
            switch self.instructions[index] {
            case .request(let step):
                visit(step, place)
                index += 1
            case .think, .test, .fail: index += 1
            case .jump(let target): index = target
            case .pick(let pick): index = self.entry(of: pick, draw: random.uniform(place))
            case .fork(let fork, let join):
                for branch in self.forks[fork] {
                    self.walk(from: branch, turn: turn, random, visit)
                }
                index = join
            case .enterLoop(let turns):
                turn *= turns
                index += 1
            case .nextTurn(let turns, let from, let isAsked):
                if !isAsked, turn % turns + 1 < turns {
                    turn += 1
                    index = from
                } else {
                    index += 1
                }
            case .leaveLoop(let turns):
                turn /= turns
                index += 1
            case .join, .finish: return
            }
        }
    }
}

extension PopulationPlan {
    /// The program's instructions.
    package var instructions: [FlowInstruction] { self.program.instructions }
}
