import Primitives
import Scenarios

/// Turns a population's steps into its program.
struct FlowCompiling {
    private(set) var program = FlowProgram([])
    private(set) var steps: [StepPlan] = []
    private let http: HTTPDefaults
    private let retry: RetrySpec?
    private let scale: StoryScale
    private var captured: Set<String> = []
    /// The product of the turns of all loops around each instruction.
    private var radices: [Int] = []
    /// Instructions whose failure leads somewhere already, or nowhere outside their branch.
    private var settled: Set<Int> = []

    /// The most steps an intent may take; far above any person's journey.
    static let limit = 10_000

    /// Where a step stands: inside which loops, and how often it is done.
    private struct Place {
        var radix = 1
        /// How often on average, and how often at most.
        var visits = 1.0
        var mostVisits = 1.0
        /// How many turns its loops can take at most.
        var turns = 1.0
        var isAfter = false
    }

    init(http: HTTPDefaults, retry: RetrySpec?, scale: StoryScale) {
        self.http = http
        self.retry = retry
        self.scale = scale
    }

    mutating func compile(_ population: PopulationSpec, _ mistakes: inout MistakeList) {
        let size = FlowCompiling.size(population.flow + population.onFailure)
        guard size <= FlowCompiling.limit else {
            mistakes.add(
                "the flow of '\(population.name)' may take \(size) steps; the limit is "
                    + "\(FlowCompiling.limit), so lower the counts of its loops",
                at: population.location)
            return
        }
        self.captured = Set(population.requests.flatMap(\.captures).map(\.name))
        self.append(population.flow, Place())
        guard !population.onFailure.isEmpty else { return }
        self.emit(.finish, Place())
        self.program.aftermath = self.next
        self.append(population.onFailure, Place(visits: 0, isAfter: true))
    }

    /// How many steps a flow may take, saturating.
    private static func size(_ flow: [StepSpec]) -> Int {
        flow.reduce(0) { sum, step in
            var add = 1
            if case .loop(let loop) = step {
                let (product, overflow) = size(loop.steps)
                    .multipliedReportingOverflow(by: max(1, loop.most))
                add = overflow ? .max : max(product, loop.most)
            } else if !step.inner.isEmpty {
                add = size(step.inner)
            }
            let (total, overflow) = sum.addingReportingOverflow(add)
            return overflow ? .max : total
        }
    }

    // MARK: - Emitting

    private var next: Int { self.program.instructions.count }

    private mutating func emit(_ instruction: FlowInstruction, _ place: Place) {
        self.program.instructions.append(instruction)
        self.radices.append(place.radix)
    }

    private mutating func append(_ flow: [StepSpec], _ place: Place) {
        for step in flow { self.append(step, place) }
    }

    private mutating func append(_ step: StepSpec, _ place: Place) {
        switch step {
        case .request(let request): self.append(request, place)
        case .think(let time):
            let wall = self.scale.think(time)
            self.program.longestThink += wall.mean * place.turns
            self.emit(.think(wall), place)
        case .loop(let loop): self.append(loop, place)
        case .pick(let ways): self.append(ways, place)
        case .parallel(let branches): self.append(branches: branches, place)
        case .group(let steps): self.append(steps, place)
        case .when(let condition, let inner):
            let test = self.emitTest(condition, place)
            self.append(inner, place)
            self.aim(test, at: self.next)
        case .optional(let inner):
            let first = self.next
            self.append(inner, place)
            self.rescue(first..<self.next, place)
        }
    }

    private mutating func append(_ request: RequestSpec, _ place: Place) {
        let index = self.steps.count
        self.emit(.request(step: index), place)
        self.program.visits.append(place.visits)
        self.program.mostVisits.append(place.mostVisits)
        // The intent's key is the tip's, not that of what people write about it afterwards.
        self.steps.append(
            StepPlan.make(
                request, index: index, http: self.http, retry: self.retry,
                captured: self.captured, carriesKey: request.method.writes && !place.isAfter))
    }

    /// Failures in a range go on behind it, unless they lead somewhere already.
    private mutating func rescue(_ range: Range<Int>, _ place: Place) {
        for index in range where !self.settled.contains(index) {
            switch self.program.instructions[index] {
            case .request, .fork, .fail:
                self.program.rescues[index] = FlowRescue(
                    entry: range.upperBound, turns: self.radices[index] / place.radix)
                self.settled.insert(index)
            default: break
            }
        }
    }

    /// Emits a test whose other way is not known yet; its index.
    private mutating func emitTest(_ condition: FlowCondition, _ place: Place) -> Int {
        self.program.conditions.append(condition)
        self.emit(.test(condition: self.program.conditions.count - 1, otherwise: 0), place)
        return self.next - 1
    }

    /// Tells a test or a jump where it leads.
    private mutating func aim(_ index: Int, at target: Int) {
        switch self.program.instructions[index] {
        case .test(let condition, _):
            self.program.instructions[index] = .test(condition: condition, otherwise: target)
        case .jump: self.program.instructions[index] = .jump(to: target)
        case .fork(let fork, _): self.program.instructions[index] = .fork(fork, join: target)
        default: preconditionFailure("only tests, jumps and forks lead elsewhere")
        }
    }
}

// MARK: - What holds several steps
extension FlowCompiling {
    /// A loop: enter, a turn, the question whether there is another, leave.
    private mutating func append(_ loop: LoopSpec, _ place: Place) {
        let most = max(1, loop.most)
        var inside = place
        inside.radix *= most
        inside.turns *= Double(most)
        if loop.test == nil {
            inside.visits *= Double(most)
            inside.mostVisits *= Double(most)
        }
        self.emit(.enterLoop(turns: most), place)
        let first = self.next
        // Tests and jumps that lead out of the loop.
        var exits: [Int] = []
        if case .whileTrue(let condition)? = loop.test {
            exits.append(self.emitTest(condition, inside))
        }
        self.append(loop.steps, inside)
        if case .until(let condition)? = loop.test {
            let test = self.emitTest(condition, inside)
            exits.append(self.next)
            self.emit(.jump(to: 0), inside)
            self.aim(test, at: self.next)
        }
        self.emit(.nextTurn(of: most, from: first, isAsked: loop.test != nil), inside)
        if loop.failsAtMost {
            if case .whileTrue(let condition)? = loop.test {
                exits.append(self.emitTest(condition, inside))
            }
            self.emit(.fail, inside)
        }
        for exit in exits { self.aim(exit, at: self.next) }
        self.emit(.leaveLoop(turns: most), inside)
    }

    /// A pick: every way but the last ends with a jump behind them.
    private mutating func append(_ ways: [WaySpec], _ place: Place) {
        let total = ways.reduce(0) { $0 + $1.weight }
        let pick = self.program.picks.count
        self.program.picks.append([])
        self.emit(.pick(pick), place)
        var exits: [Int] = []
        var sum = 0.0
        for (index, way) in ways.enumerated() {
            sum += way.weight
            let upTo = index == ways.count - 1 ? 1 : sum / total
            self.program.picks[pick].append(FlowWay(upTo: upTo, entry: self.next))
            var inside = place
            inside.visits *= way.weight / total
            self.append(way.steps, inside)
            guard index < ways.count - 1 else { break }
            exits.append(self.next)
            self.emit(.jump(to: 0), place)
        }
        for exit in exits { self.aim(exit, at: self.next) }
    }

    /// A fork: its branches one behind the other, each ended by a join.
    private mutating func append(branches: [StepSpec], _ place: Place) {
        let fork = self.program.forks.count
        self.program.forks.append([])
        let start = self.next
        self.emit(.fork(fork, join: 0), place)
        for branch in branches {
            let first = self.next
            self.program.forks[fork].append(first)
            self.append(branch, place)
            self.emit(.join, place)
            // A failure ends the branch; what becomes of the rest is the fork's own matter.
            self.settled.formUnion(first..<self.next)
        }
        self.aim(start, at: self.next)
    }
}
