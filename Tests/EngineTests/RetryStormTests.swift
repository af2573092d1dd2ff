import Foundation
import Measurements
import Planning
import Primitives
import Scenarios
import Testing

@testable import Engine

/// A lane in virtual time before a server with one worker, an unbounded queue and no idea of who
/// still waits: what the two shipped scenarios describe.
private struct SlowServer {
    let serviceTime: Nanoseconds
    let timeout: Nanoseconds
    var state: LaneState
    var free = at(0)
    var attempts = 0
    /// By second of arrival: people who came, and those whose tip got in.
    var came: [Int]
    var served: [Int]
    private var ends = TimerHeap()

    init(_ plan: Plan, serviceTime: Nanoseconds) {
        self.serviceTime = serviceTime
        self.timeout = plan.http.timeout
        let crowds = plan.populations.map { Crowd($0, seed: plan.seed, pool: nil) }
        self.state = LaneState(crowds: crowds, origin: at(0))
        let seconds = Int(plan.duration.seconds) + 60
        self.came = Array(repeating: 0, count: seconds)
        self.served = self.came
    }

    mutating func run() {
        while true {
            let next = [self.state.nextAlarm, self.ends.next].compactMap(\.self).min()
            guard let now = next, !self.state.isFinished else { return }
            var actions: [LaneAction] = []
            if let end = self.ends.popDue(now: now) {
                let isGood = end.detail == 1
                self.state.attemptEnded(
                    seat: Int(end.index),
                    facts: AttemptFacts(
                        outcome: isGood ? .status(201) : .failure(.firstByteTimeout),
                        good: isGood),
                    at: now, into: &actions)
            } else {
                self.state.timerFired(now: now, into: &actions)
            }
            self.perform(actions, now: now)
        }
    }

    private mutating func perform(_ actions: [LaneAction], now: MonotonicTime) {
        for action in actions {
            switch action {
            case .arrived(_, _, let arrival): self.came[self.second(arrival)] += 1
            case .ended(_, _, _, let arrival, .accepted, _, _, _):
                self.served[self.second(arrival)] += 1
            case .start(let seat, _, _, _):
                self.attempts += 1
                self.free = max(self.free, now) + self.serviceTime
                let isGood = self.free <= now + self.timeout
                self.ends.insert(
                    LaneTimer(
                        at: isGood ? self.free : now + self.timeout, kind: .seat,
                        index: Int32(seat), detail: isGood ? 1 : 0))
            case .cancel, .dropped, .ended, .decide, .concluded, .left: break
            }
        }
    }

    private func second(_ at: MonotonicTime) -> Int { Int(at.nanoseconds / 1_000_000_000) }

    /// The share of the people who came in those seconds whose tip got in.
    func success(_ seconds: Range<Int>) -> Double {
        Double(self.served[seconds].reduce(0, +)) / Double(self.came[seconds].reduce(0, +))
    }
}

@Suite struct RetryStormTests {
    private func plan(_ name: String, seed: UInt64) throws -> Plan {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../scenarios").standardizedFileURL.path()
        let file = folder + "/" + name + ".yaml"
        var scenario = try Scenario.decode(
            text: try String(contentsOfFile: file, encoding: .utf8), file: file,
            directory: folder)
        scenario.seed = seed
        return try Plan.make(scenario, materials: DraftMaterials())
    }

    private func server(_ name: String, seed: UInt64, milliseconds: Int64) throws -> SlowServer {
        var server = SlowServer(
            try self.plan(name, seed: seed), serviceTime: .milliseconds(milliseconds))
        server.run()
        return server
    }

    @Test(
        "The storm does not end within five minutes of its cause.",
        arguments: [4, 5, 6, 7] as [UInt64])
    func storm(seed: UInt64) throws {
        let server = try self.server("retry-storm", seed: seed, milliseconds: 50)
        #expect(server.success(0..<38) == 1)
        #expect(server.success(70..<360) < 0.02)
        // Four attempts for each of 16 people a second.
        let people = server.came.reduce(0, +)
        #expect(Double(server.attempts) / Double(people) > 3.3)
        // What waits for a worker holds a descriptor of the server's.
        #expect(server.attempts - 360 * 20 < 15_000)
    }

    @Test(
        "With a budget of 10 % it is over two minutes later, also before a slower server.",
        arguments: [(4, 50), (5, 50), (6, 50), (7, 50), (4, 51), (5, 51)] as [(UInt64, Int64)])
    func budget(seed: UInt64, milliseconds: Int64) throws {
        let server = try self.server("retry-budget", seed: seed, milliseconds: milliseconds)
        #expect(server.success(0..<38) > 0.99)
        #expect(server.success(60..<80) < 0.9)
        #expect(server.success(180..<360) > 0.99)
        let people = server.came.reduce(0, +)
        #expect(Double(server.attempts) / Double(people) < 1.1112)
    }
}
