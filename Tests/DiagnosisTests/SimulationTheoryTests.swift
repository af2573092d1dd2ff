import Measurements
import Primitives
import TestSupport
import Testing

@Suite("The simulated queue obeys queueing theory")
struct SimulationTheoryTests {
    /// One population and a server, without faults.
    private func simulation(
        rate: Double, seconds: Int, gaps: Distribution = .exponential(mean: 1)
    ) -> Simulation {
        var crowd = SimulatedCrowd("all", .genuine, .constant(rate, seconds: Double(seconds)))
        crowd.gaps = gaps
        crowd.timeout = 1_000
        crowd.connectTimeout = 1_000
        crowd.body = .fixed(100)
        var simulation = Simulation()
        simulation.crowds = [crowd]
        simulation.seconds = seconds
        simulation.listed = 1_000_000
        return simulation
    }

    /// What a request costs beside its work: looking up, connecting, sending, answering.
    private let overhead = 0.000_25 + 0.000_3 + 0.000_05 + 0.000_3

    /// Erlang's C formula: the share of arrivals that wait.
    private func erlangC(_ servers: Int, _ load: Double) -> Double {
        let blocked = self.erlangB(servers, load)
        let use = load / Double(servers)
        return blocked / (1 - use * (1 - blocked))
    }

    /// Erlang's B formula, by its recursion: the share of arrivals that are lost.
    private func erlangB(_ servers: Int, _ load: Double) -> Double {
        (1...servers).reduce(1.0) { blocked, n in load * blocked / (Double(n) + load * blocked) }
    }

    private func meanResponse(_ record: RunRecord) throws -> Double {
        let lines = record.attempts.filter(\.good)
        try #require(!lines.isEmpty)
        return lines.reduce(0) { $0 + $1.response } / Double(lines.count) / 1_000
    }

    @Test(
        "Waits of M/M/c are those of Erlang's formula.",
        arguments: [(1, 0.5, 0.05), (2, 0.6, 0.06), (8, 0.7, 0.2)])
    func waits(servers: Int, use: Double, tolerance: Double) throws {
        let mean = 0.020
        let rate = use * Double(servers) / mean
        var simulation = self.simulation(rate: rate, seconds: Int(60_000 / rate))
        simulation.server.workers = servers
        simulation.server.service = .exponential(mean: mean)
        let record = simulation.outcome().record
        let expected =
            self.erlangC(servers, rate * mean) * mean / (Double(servers) * (1 - use))
        let measured = try self.meanResponse(record) - self.overhead - mean
        // Some three standard errors of 60,000 correlated waits; of eight workers few callers wait,
        // and what the drawn services differ from their mean adds as much again.
        #expect(abs(measured / expected - 1) < tolerance)
    }

    @Test("Constant service halves the wait of a single server: Pollaczek and Khinchin.")
    func constantService() throws {
        let mean = 0.020
        var simulation = self.simulation(rate: 30, seconds: 2_000)
        simulation.server.workers = 1
        simulation.server.service = .fixed(mean)
        let expected = 0.6 * mean / (2 * (1 - 0.6))
        let measured = try self.meanResponse(simulation.outcome().record) - self.overhead - mean
        #expect(abs(measured / expected - 1) < 0.08)
    }

    @Test(
        "What a server without a queue loses is Erlang's B, whatever the law of service.",
        arguments: [
            Distribution.fixed(0.020), .exponential(mean: 0.020), .uniform(min: 0, max: 0.040),
        ])
    func losses(service: Distribution) {
        let rate = 150.0
        var simulation = self.simulation(rate: rate, seconds: 400)
        simulation.server.workers = 4
        simulation.server.service = service
        simulation.server.queue = 0
        let lines = simulation.outcome().record.attempts
        let lost = Double(lines.filter { $0.outcome == "503" }.count) / Double(lines.count)
        #expect(abs(lost - self.erlangB(4, rate * 0.020)) < 0.01)
    }

    @Test("Beyond its capacity a full queue refuses 1 - C/lambda, and waits plateau at K/C.")
    func boundedQueue() {
        var simulation = self.simulation(rate: 150, seconds: 100)
        simulation.server.workers = 1
        simulation.server.service = .exponential(mean: 0.010)
        simulation.server.queue = 100
        let lines = simulation.outcome().record.attempts.filter { $0.started > 20 }
        let refused = Double(lines.filter { $0.outcome == "503" }.count) / Double(lines.count)
        #expect(abs(refused - 1.0 / 3) < 0.02)
        let good = lines.filter(\.good).map(\.response).sorted()
        #expect(abs(good[good.count / 2] / 1_000 - 1.0) < 0.05)
    }

    @Test("Beyond its capacity an endless queue's wait grows by rho - 1 a second, exactly.")
    func endlessQueue() throws {
        var simulation = self.simulation(rate: 130, seconds: 60, gaps: .fixed(1))
        simulation.server.workers = 1
        simulation.server.service = .fixed(0.010)
        let lines = simulation.outcome().record.attempts.filter(\.good)
            .sorted { $0.started < $1.started }
        let first = try #require(lines.first { $0.started > 10 })
        let last = try #require(lines.last { $0.started < 40 })
        let slope = (last.response - first.response) / 1_000 / (last.started - first.started)
        #expect(abs(slope - 0.3) < 0.001)
    }

    @Test("Little's law: as many in flight as arrive during one's stay.")
    func little() throws {
        var simulation = self.simulation(rate: 70, seconds: 1_500)
        simulation.server.workers = 2
        simulation.server.service = .exponential(mean: 0.020)
        let record = simulation.outcome().record
        let rows = record.seconds.prefix(1_500)
        let inFlight = rows.reduce(0.0) { $0 + Double($1.populations[0].inFlight) } / 1_500
        let stay = try self.meanResponse(record)
        let expected = 70 * stay
        #expect(abs(inFlight / expected - 1) < 0.08)
    }

    @Test("Last come, first served serves as many, in another order.")
    func lastInFirstOut() {
        var simulation = self.simulation(rate: 130, seconds: 30)
        simulation.crowds[0].timeout = 1
        simulation.server.workers = 1
        simulation.server.service = .fixed(0.010)
        let fifo = simulation.outcome()
        simulation.server.order = .lifo
        let lifo = simulation.outcome()
        #expect(abs(fifo.done - lifo.done) <= 2)
        let good = { (outcome: SimulatedOutcome) in
            outcome.record.attempts.filter(\.good).count
        }
        // Those who still wait are served: most of the work is for somebody.
        #expect(good(lifo) > 2 * good(fifo))
    }

    @Test("Work whose client has left is done, or given up where the server notices.")
    func abandonedWork() {
        // Three times too much for a second, then half of what it can do.
        var simulation = self.simulation(rate: 50, seconds: 30, gaps: .fixed(1))
        simulation.crowds[0].rate = RateCurve([
            .init(0, 300), .init(1, 300), .init(1, 50), .init(30, 50),
        ])
        simulation.crowds[0].timeout = 1
        simulation.server.workers = 1
        simulation.server.service = .fixed(0.010)
        let wasted = simulation.outcome()
        simulation.server.dropsAbandoned = true
        let saved = simulation.outcome()
        let good = { (outcome: SimulatedOutcome) in
            outcome.record.attempts.filter(\.good).count
        }
        #expect(wasted.done == wasted.record.attempts.count)
        #expect(saved.done < wasted.done)
        #expect(good(saved) > good(wasted))
    }

    @Test("The same seed gives the same record; another seed does not.")
    func determinism() {
        let run = LabelledRun.draw("M02", number: 4)
        let first = run.record()
        let again = run.record()
        #expect(first.seconds == again.seconds)
        #expect(first.attempts == again.attempts)
        #expect(first.server == again.server)
        var other = run
        other.simulation.seed += 1
        #expect(other.record().seconds != first.seconds)
    }

    @Test("A rate curve's moments are where its integral says.")
    func curve() throws {
        let curve = RateCurve([.init(0, 0), .init(10, 20), .init(10, 5), .init(20, 5)])
        // 100 arrive during the rise, x^2 of them in the first x seconds.
        for (start, count, expected) in [(0.0, 25.0, 5.0), (5, 75, 10), (0, 110, 12)] {
            let moment = try #require(curve.moment(after: start, count: count))
            #expect(abs(moment - expected) < 1e-9)
        }
        #expect(curve.moment(after: 0, count: 150.1) == nil)
        #expect(curve.reaches(10) == 5)
        #expect(curve.rate(at: 10) == 5)
        #expect(curve.reaches(21) == nil)
    }
}
