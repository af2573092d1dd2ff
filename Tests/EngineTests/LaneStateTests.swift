import Measurements
import Planning
import Primitives
import Scenarios
import Testing

@testable import Engine

@Suite struct LaneStateTests {
    private let good = AttemptFacts(outcome: .status(200), good: true)
    private let origin = at(1_000)

    private func journey(_ population: Int = 0) -> Journey {
        Journey(
            population: population, program: FlowProgram([.request(step: 0)]), retries: [nil])
    }

    private func arrivals(_ milliseconds: [Int64]) -> ArrivalSource {
        .list(
            ArraySlice(
                milliseconds.enumerated().map {
                    Arrival(number: $0.offset, at: .milliseconds($0.element))
                }))
    }

    @Test("A late wake-up releases everything due, in order of time, intended starts kept.")
    func lateWakeUp() {
        let first = Crowd(
            journey: self.journey(), attendance: .open(self.arrivals([0, 20, 50]), reuse: 1),
            end: .seconds(1))
        let second = Crowd(
            journey: self.journey(1), attendance: .open(self.arrivals([10]), reuse: 1),
            end: .seconds(1))
        var state = LaneState(crowds: [first, second], origin: self.origin)
        var actions: [LaneAction] = []
        #expect(state.nextAlarm == at(1_000))
        state.timerFired(now: at(1_030), into: &actions)
        #expect(
            actions == [
                .arrived(population: 0, number: 0, at: at(1_000)),
                .start(seat: 0, step: 0, attempt: 0, intendedStart: at(1_000)),
                .arrived(population: 1, number: 0, at: at(1_010)),
                .start(seat: 1, step: 0, attempt: 0, intendedStart: at(1_010)),
                .arrived(population: 0, number: 1, at: at(1_020)),
                .start(seat: 2, step: 0, attempt: 0, intendedStart: at(1_020)),
            ])
        #expect(state.nextAlarm == at(1_050))
    }

    @Test("A wake-up that may do only so much leaves the rest due, in order of time.")
    func partOfWhatIsDue() {
        let crowd = Crowd(
            journey: self.journey(), attendance: .open(self.arrivals([0, 1, 2, 50]), reuse: 1),
            end: .seconds(1))
        var state = LaneState(crowds: [crowd], origin: self.origin)
        var actions: [LaneAction] = []
        state.timerFired(now: at(1_030), atMost: 2, into: &actions)
        #expect(
            actions == [
                .arrived(population: 0, number: 0, at: at(1_000)),
                .start(seat: 0, step: 0, attempt: 0, intendedStart: at(1_000)),
                .arrived(population: 0, number: 1, at: at(1_001)),
                .start(seat: 1, step: 0, attempt: 0, intendedStart: at(1_001)),
            ])
        #expect(state.nextAlarm == at(1_002))
        state.timerFired(now: at(1_030), atMost: 2, into: &actions)
        #expect(actions.count == 6)
        #expect(state.nextAlarm == at(1_050))
    }

    @Test("Beyond the limit in flight an arrival is dropped, with its reason.")
    func limit() {
        let crowd = Crowd(
            journey: self.journey(), attendance: .open(self.arrivals([0, 1]), reuse: 1),
            end: .seconds(1), maxInFlight: 1)
        var state = LaneState(crowds: [crowd], origin: self.origin)
        var actions: [LaneAction] = []
        state.timerFired(now: at(1_001), into: &actions)
        #expect(
            actions.suffix(2) == [
                .arrived(population: 0, number: 1, at: at(1_001)),
                .dropped(population: 0, number: 1, arrival: at(1_001), reason: .inFlightLimit),
            ])
    }

    @Test("A pool's arrival takes the idle client used last; none idle is a drop.")
    func pool() {
        let crowd = Crowd(
            journey: self.journey(),
            attendance: .pooled(self.arrivals([0, 1, 2, 10]), clients: 2), end: .seconds(1))
        var state = LaneState(crowds: [crowd], origin: self.origin)
        var actions: [LaneAction] = []
        state.timerFired(now: at(1_002), into: &actions)
        #expect(
            actions.last
                == .dropped(population: 0, number: 2, arrival: at(1_002), reason: .noIdleClient))
        actions = []
        state.attemptEnded(seat: 1, facts: self.good, at: at(1_003), into: &actions)
        state.attemptEnded(seat: 0, facts: self.good, at: at(1_004), into: &actions)
        actions = []
        state.timerFired(now: at(1_010), into: &actions)
        #expect(
            actions.last == .start(seat: 0, step: 0, attempt: 0, intendedStart: at(1_010)))
    }

    @Test("A client is kept for as many intents as `reuse` says, then it goes.")
    func reuse() {
        let crowd = Crowd(
            journey: self.journey(), attendance: .open(self.arrivals([0, 10, 20]), reuse: 2),
            end: .seconds(1))
        var state = LaneState(crowds: [crowd], origin: self.origin)
        var retired: [Bool] = []
        for moment in [Int64(1_000), 1_010, 1_020] {
            var actions: [LaneAction] = []
            state.timerFired(now: at(moment), into: &actions)
            state.attemptEnded(seat: 0, facts: self.good, at: at(moment + 1), into: &actions)
            for case .ended(_, _, _, _, _, _, _, let retire) in actions { retired.append(retire) }
        }
        #expect(retired == [false, true, false])
    }

    @Test("The lanes' arrivals and limits add up to the whole, each arrival once.")
    func lanesShare() {
        for lanes in 1...4 {
            var numbers: [Int] = []
            for lane in 0..<lanes {
                let crowd = Crowd(
                    journey: self.journey(),
                    attendance: .open(self.arrivals(Array(0..<41)), reuse: 1), end: .seconds(1))
                var state = LaneState(
                    crowds: [crowd], origin: self.origin, lane: lane, lanes: lanes)
                var actions: [LaneAction] = []
                state.timerFired(now: at(2_000), into: &actions)
                for case .arrived(_, let number, _) in actions { numbers.append(number) }
            }
            #expect(numbers.sorted() == Array(0..<41))
            #expect((0..<lanes).reduce(0) { $0 + laneShare(of: 10, lane: $1, lanes: lanes) } == 10)
        }
    }

    @Test("A curve's clients come, stay busy, and are cut when their grace is over.")
    func rampingClients() {
        let curve = ClientCurve(
            changes: [
                .init(at: .zero, clients: 2), .init(at: .milliseconds(100), clients: 1),
            ],
            gracefulRampDown: .milliseconds(50))
        let crowd = Crowd(journey: self.journey(), attendance: .curve(curve), end: .seconds(1))
        var state = LaneState(crowds: [crowd], origin: self.origin)
        var actions: [LaneAction] = []
        state.timerFired(now: at(1_000), into: &actions)
        state.attemptEnded(seat: 0, facts: self.good, at: at(1_040), into: &actions)
        // Client 0's next intent is 0 + 2, since two clients share the numbers.
        #expect(
            actions.suffix(3) == [
                .ended(
                    seat: 0, population: 0, number: 0, arrival: at(1_000), ending: .accepted,
                    attempts: 1, presses: 0, retire: false),
                .arrived(population: 0, number: 2, at: at(1_040)),
                .start(seat: 0, step: 0, attempt: 0, intendedStart: at(1_040)),
            ])
        actions = []
        state.timerFired(now: at(1_149), into: &actions)
        #expect(actions.isEmpty)
        state.timerFired(now: at(1_150), into: &actions)
        #expect(actions == [.cancel(seat: 1)])
    }

    @Test("A common pot is emptied exactly, whatever the number of lanes.")
    func sharedIterations() {
        for lanes in 1...5 {
            var numbers: [Int] = []
            for lane in 0..<lanes {
                let crowd = Crowd(
                    journey: self.journey(),
                    attendance: .iterations(vus: 3, each: nil, shared: 20), end: .seconds(9))
                var state = LaneState(
                    crowds: [crowd], origin: self.origin, lane: lane, lanes: lanes)
                var actions: [LaneAction] = []
                state.timerFired(now: at(1_000), into: &actions)
                var index = 0
                while index < actions.count {
                    if case .arrived(_, let number, _) = actions[index] { numbers.append(number) }
                    if case .start(let seat, _, _, _) = actions[index] {
                        state.attemptEnded(
                            seat: seat, facts: self.good, at: at(1_001), into: &actions)
                    }
                    index += 1
                }
                #expect(state.isFinished)
            }
            #expect(numbers.sorted() == Array(0..<20))
        }
    }

    @Test("A flow that sends nothing does not keep its lane busy for ever.")
    func emptyFlow() {
        let crowd = Crowd(
            journey: Journey(program: FlowProgram([]), retries: []),
            attendance: .curve(
                ClientCurve(changes: [.init(at: .zero, clients: 1)], gracefulRampDown: .zero)),
            end: .seconds(1))
        var state = LaneState(crowds: [crowd], origin: self.origin)
        var actions: [LaneAction] = []
        state.timerFired(now: at(1_000), into: &actions)
        #expect(actions.count == 2)
        #expect(state.nextAlarm == at(1_100))
    }
}
