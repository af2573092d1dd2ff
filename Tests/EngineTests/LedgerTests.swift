import Measurements
import Planning
import Primitives
import Scenarios
import Testing

@testable import Engine

/// Plays a lane in virtual time: transfers end when the seed says, as it says.
private struct Play {
    var state: LaneState
    var random: CounterRandom
    var draws = 0
    var now = at(0)
    var transfers: [(at: MonotonicTime, seat: Int)] = []
    var arrived: Set<Int> = []
    var ended: [Int: IntentEnding] = [:]
    var started = 0
    var completed = 0
    var failed = 0
    var unfinished = 0
    /// The attempts that the ends of intents told of.
    var counted = 0
    var mostInFlight = 0
    var left = 0

    init(seed: UInt64) {
        let random = CounterRandom(seed: seed, population: 0, intent: 0, purpose: .popularity)
        let retry = RetrySpec(
            max: 2, delay: .milliseconds(40), backoff: .exponential, jitter: .full,
            budget: seed % 5 == 0 ? RetryBudgetSpec(RetryBudgetSpec.aws) : nil)
        // Every second course is a journey with everything a flow can have.
        let program =
            seed % 8 < 4
            ? FlowProgram([
                .request(step: 0), .think(.uniform(min: 0, max: 0.3)), .request(step: 1),
            ]) : Flows.everything
        let journey = Journey(
            seed: seed, program: program,
            retries: [retry] + Array(repeating: nil, count: program.visits.count),
            finalStatuses: clientErrors,
            person: seed % 2 == 0
                ? PersonSpec(
                    patience: .uniform(min: 0.1, max: 1),
                    pressAgain: PressAgainSpec(max: 2, after: .uniform(min: 0, max: 0.1)),
                    timeout: .milliseconds(400)) : PersonSpec())
        var at: Int64 = 0
        let arrivals = (0..<60).map { number in
            at += Int64(random.integer(number, in: 0...40))
            return Arrival(number: number, at: .milliseconds(at))
        }
        let source = ArrivalSource.list(ArraySlice(arrivals))
        let attendance: Attendance
        switch seed % 4 {
        case 0: attendance = .open(source, reuse: 1)
        case 1: attendance = .open(source, reuse: 3)
        case 2: attendance = .pooled(source, clients: 6)
        default:
            attendance = .curve(
                ClientCurve(
                    changes: [
                        .init(at: .zero, clients: 5), .init(at: .milliseconds(400), clients: 2),
                        .init(at: .milliseconds(700), clients: 4),
                    ],
                    gracefulRampDown: .milliseconds(30)))
        }
        let crowd = Crowd(
            journey: journey, attendance: attendance, end: .milliseconds(1_300),
            gracefulStop: .milliseconds(200), maxInFlight: 12)
        self.state = LaneState(crowds: [crowd], origin: MonotonicTime(nanoseconds: 0))
        self.random = random
        self.draws = 1_000
    }

    mutating func draw(_ range: ClosedRange<Int>) -> Int {
        self.draws += 1
        return self.random.integer(self.draws, in: range)
    }

    mutating func perform(_ list: [LaneAction]) {
        var actions = list
        var index = 0
        while index < actions.count {
            switch actions[index] {
            case .arrived(_, let number, _):
                #expect(self.arrived.insert(number).inserted)
                self.mostInFlight = max(self.mostInFlight, self.state.inFlight)
            case .dropped(_, let number, _, _):
                #expect(self.ended.updateValue(.dropped, forKey: number) == nil)
            case .ended(_, _, let number, _, let ending, let attempts, _, _):
                self.counted += attempts
                #expect(self.ended.updateValue(ending, forKey: number) == nil)
            case .concluded(_, _, let number, _, let ending, let attempts, _):
                self.counted += attempts
                #expect(self.ended.updateValue(ending, forKey: number) == nil)
            case .left: self.left += 1
            case .decide(let seat, let generation, _):
                self.state.decided(
                    seat: seat, generation: generation, holds: self.draw(0...1) == 0,
                    now: self.now, into: &actions)
            case .start(let seat, _, _, let intended):
                #expect(intended <= self.now)
                if self.draw(0...49) == 0 {
                    self.state.draftFailed(seat: seat, now: self.now, into: &actions)
                } else {
                    self.started += 1
                    let end = self.now + .milliseconds(Int64(self.draw(1...250)))
                    self.transfers.append((end, seat))
                }
            case .cancel(let seat):
                // As the transport: a transfer that is not in progress cannot be cancelled.
                guard self.transfers.contains(where: { $0.seat == seat }) else { break }
                self.transfers.removeAll { $0.seat == seat }
                let isCalledOff = self.state.seats[seat].intent.isCalledOff
                if isCalledOff { self.failed += 1 } else { self.unfinished += 1 }
                self.state.attemptEnded(
                    seat: seat,
                    facts: AttemptFacts(
                        outcome: isCalledOff ? .failure(.abandoned) : .unfinished, good: false),
                    at: self.now, into: &actions)
            }
            index += 1
        }
    }

    mutating func endTransfer(seat: Int) {
        let facts: AttemptFacts
        switch self.draw(0...9) {
        case 0: facts = AttemptFacts(outcome: .failure(.receiveReset), good: false)
        case 1: facts = AttemptFacts(outcome: .status(503), good: false)
        case 2: facts = AttemptFacts(outcome: .status(403), good: false)
        default: facts = AttemptFacts(outcome: .status(200), good: true)
        }
        if case .failure = facts.outcome { self.failed += 1 } else { self.completed += 1 }
        var actions: [LaneAction] = []
        self.state.attemptEnded(seat: seat, facts: facts, at: self.now, into: &actions)
        self.perform(actions)
    }

    /// One step of virtual time; false when nothing is left.
    mutating func step() -> Bool {
        let transfer = self.transfers.indices.min {
            self.transfers[$0].at < self.transfers[$1].at
        }
        let alarm = self.state.nextAlarm
        if let transfer, alarm.map({ self.transfers[transfer].at <= $0 }) ?? true {
            let (end, seat) = self.transfers.remove(at: transfer)
            self.now = max(self.now, end)
            self.endTransfer(seat: seat)
            return true
        }
        guard let alarm else { return false }
        // Wake-ups come late.
        self.now = max(self.now, alarm) + .milliseconds(Int64(self.draw(0...3)))
        var actions: [LaneAction] = []
        self.state.timerFired(now: self.now, into: &actions)
        self.perform(actions)
        return true
    }
}

@Suite struct LedgerTests {
    @Test("Under 1,000 random courses every intent ends once and every attempt is accounted for.")
    func identities() {
        var endings: [IntentEnding: Int] = [:]
        var left = 0
        for seed in 0..<1_000 {
            var play = Play(seed: UInt64(seed))
            // Every third course is stopped, every sixth cut as well.
            let stopAt = seed % 3 == 0 ? at(Int64(play.draw(0...1_300))) : at(10_000)
            let cutAt = seed % 6 == 0 ? stopAt + .milliseconds(20) : at(10_000)
            var isStopped = false
            var isCut = false
            var steps = 0
            while !play.state.isFinished, steps < 10_000, play.step() {
                steps += 1
                if play.now >= stopAt, !isStopped {
                    isStopped = true
                    play.state.stop(now: play.now)
                }
                if play.now >= cutAt, !isCut {
                    isCut = true
                    var actions: [LaneAction] = []
                    play.state.cut(now: play.now, into: &actions)
                    play.perform(actions)
                }
            }
            #expect(play.state.isFinished, "seed \(seed)")
            #expect(play.transfers.isEmpty, "seed \(seed)")
            #expect(play.state.inFlight == 0, "seed \(seed)")
            #expect(Set(play.ended.keys) == play.arrived, "seed \(seed)")
            #expect(
                play.started == play.completed + play.failed + play.unfinished, "seed \(seed)")
            // What is done after a failure belongs to no intent's demand.
            if seed % 8 < 4 {
                #expect(play.counted == play.started, "seed \(seed)")
            } else {
                #expect(play.counted <= play.started, "seed \(seed)")
            }
            #expect(play.mostInFlight <= 12, "seed \(seed)")
            #expect(play.state.forks.isEmpty && play.state.forkers.isEmpty, "seed \(seed)")
            left += play.left
            if seed % 4 < 3, !isStopped { #expect(play.arrived.count == 60, "seed \(seed)") }
            for (_, ending) in play.ended { endings[ending, default: 0] += 1 }
        }
        #expect(left > 1_000, "people did something about their failure")
        // The courses reach every ending, or the test would prove little.
        for ending in IntentEnding.allCases {
            #expect(endings[ending, default: 0] > 100, "\(ending)")
        }
    }
}
