import Planning
import Primitives
import Testing

@testable import Engine

@Suite("Several requests of one client at a time")
struct StreamsTests {
    private let journey = Journey(
        population: 0, program: FlowProgram([.request(step: 0)]), retries: [nil])
    private let origin = at(1_000)

    /// The owners of the seats that started something, by lane.
    private func owners(_ crowd: Crowd, lanes: Int) -> [[Int?]] {
        (0..<lanes).map { lane in
            var state = LaneState(crowds: [crowd], origin: self.origin, lane: lane, lanes: lanes)
            var actions: [LaneAction] = []
            state.timerFired(now: at(1_100), into: &actions)
            return actions.compactMap { action -> Int?? in
                guard case .start(let seat, _, _, _) = action else { return nil }
                return .some(state.seats[seat].owner)
            }
        }
    }

    @Test("Neighbouring places of a closed population are one client.")
    func closed() {
        let crowd = Crowd(
            journey: self.journey, attendance: .iterations(vus: 6, each: nil, shared: 100),
            end: .seconds(1), streams: 3)
        #expect(self.owners(crowd, lanes: 1) == [[0, 0, 0, 1, 1, 1]])
    }

    @Test("All places of a client are on one lane, and no place is lost.")
    func lanes() {
        let crowd = Crowd(
            journey: self.journey, attendance: .iterations(vus: 12, each: nil, shared: 100),
            end: .seconds(1), streams: 4)
        #expect(
            self.owners(crowd, lanes: 2) == [[0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0]])
        #expect(self.owners(crowd, lanes: 5).map(\.count) == [4, 4, 4, 0, 0])
    }

    @Test("Without streams every place has connections of its own.")
    func alone() {
        let crowd = Crowd(
            journey: self.journey, attendance: .iterations(vus: 2, each: nil, shared: 100),
            end: .seconds(1))
        #expect(self.owners(crowd, lanes: 1) == [[nil, nil]])
    }

    @Test("A pool fills one client's streams before it begins the next client.")
    func pool() {
        let arrivals = (0..<5).map { Arrival(number: $0, at: .milliseconds(Int64($0))) }
        let crowd = Crowd(
            journey: self.journey, attendance: .pooled(.list(arrivals[...]), clients: 4),
            end: .seconds(1), streams: 2)
        #expect(self.owners(crowd, lanes: 1) == [[0, 0, 1, 1]])
    }

    @Test("Lanes share places by whole clients, and all of them.")
    func shares() {
        for whole in 0..<40 {
            for group in 1...5 {
                for lanes in 1...4 {
                    let parts = (0..<lanes).map {
                        laneShare(of: whole, in: group, lane: $0, lanes: lanes)
                    }
                    #expect(parts.reduce(0, +) == whole)
                    #expect(parts.count { $0 % group != 0 } <= 1)
                }
            }
        }
    }
}
