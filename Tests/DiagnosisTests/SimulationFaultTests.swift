import Measurements
import Primitives
import TestSupport
import Testing

@Suite("Simulated faults look as the real ones did")
struct SimulationFaultTests {
    private func simulation(rate: Double, seconds: Int, timeout: Double = 5) -> Simulation {
        var crowd = SimulatedCrowd("all", .genuine, .constant(rate, seconds: Double(seconds)))
        crowd.gaps = .fixed(1)
        crowd.timeout = timeout
        crowd.connectTimeout = timeout
        var simulation = Simulation()
        simulation.crowds = [crowd]
        simulation.seconds = seconds
        return simulation
    }

    private func count(_ lines: [AttemptLine], _ outcome: String) -> Int {
        lines.filter { $0.outcome == outcome }.count
    }

    @Test("A process that accepts nobody still connects its backlog and one more.")
    func stalledAcceptor() {
        var simulation = self.simulation(rate: 40, seconds: 2, timeout: 3)
        simulation.server.descriptors = 0
        simulation.server.backlog = 8
        let lines = simulation.outcome().record.attempts
        #expect(lines.filter { $0.timings["connect"] != nil }.count == 9)
        #expect(self.count(lines, "first_byte_timeout") == 9)
        #expect(self.count(lines, "connect_timeout") == lines.count - 9)
    }

    @Test("Held connections fail in three steps: limit, backlog and one, nothing.")
    func staircase() {
        var simulation = self.simulation(rate: 20, seconds: 20, timeout: 4)
        simulation.crowds[0].holds = 1_000
        simulation.server.descriptors = 50
        simulation.server.backlog = 16
        let lines = simulation.outcome().record.attempts
        #expect(lines.filter(\.good).count == 50)
        let silent = lines.filter { !$0.good && $0.timings["connect"] != nil }
        #expect(silent.count == 17)
        #expect(self.count(lines, "connect_timeout") == lines.count - 67)
    }

    @Test(
        "Connections that a full backlog dropped come at the kernel's own times.",
        arguments: [Simulation.linearKnocks, Simulation.doublingKnocks])
    func comb(knocks: [Double]) {
        var simulation = self.simulation(rate: 60, seconds: 20, timeout: 12)
        simulation.knocks = knocks
        simulation.server.acceptCost = 1.0 / 20
        simulation.server.backlog = 4
        let times = simulation.outcome().record.attempts
            .compactMap { $0.timings["connect"] }.map { $0 / 1_000 }
        let slow = times.filter { $0 > 0.5 }
        #expect(slow.count > 20)
        #expect(slow.allSatisfy { time in knocks.contains { abs($0 - time) < 0.01 } })
        #expect(times.contains { $0 < 0.001 })
    }

    @Test("What waits for something behind the server fails at the server's own deadline.")
    func downstream() {
        var simulation = self.simulation(rate: 20, seconds: 20, timeout: 10)
        simulation.server.workers = 1_000
        simulation.server.faults = [
            SimulatedFault(
                .downstream(deadline: 2, share: 1, status: 504, holdsWorker: false), at: 10)
        ]
        let failures = simulation.outcome().record.attempts.filter { !$0.good }
        #expect((199...201).contains(failures.count))
        #expect(failures.allSatisfy { $0.outcome == "504" && (2_000..<2_003).contains($0.service) })
    }

    @Test("A bucket lets through its burst and its rate, each client its own.")
    func limiter() {
        var simulation = self.simulation(rate: 60, seconds: 30)
        simulation.crowds[0].clients = 3
        simulation.server.limiter = SimulatedServer.Limiter(rate: 2, burst: 10)
        let lines = simulation.outcome().record.attempts
        for client in 0..<3 {
            let good = lines.filter { $0.client == client && $0.good }.count
            #expect((69...70).contains(good))
        }
        #expect(self.count(lines, "429") == lines.count - lines.filter(\.good).count)
    }

    @Test("A limit on bodies refuses what is larger, and nothing else.")
    func bodyLimit() {
        var simulation = self.simulation(rate: 50, seconds: 20)
        simulation.crowds[0].body = .uniform(min: 0, max: 2_000)
        simulation.server.bodyLimit = 1_000
        let lines = simulation.outcome().record.attempts
        #expect(lines.allSatisfy { ($0.outcome == "413") == ($0.size ?? 0 > 1_000) })
        #expect(self.count(lines, "413") > 300)
    }

    @Test("A full disk refuses from a number of bytes on, and stays full.")
    func quota() throws {
        var simulation = self.simulation(rate: 20, seconds: 30)
        simulation.crowds[0].body = .fixed(1_000)
        simulation.server.quota = 300_000
        let outcome = simulation.outcome()
        #expect(outcome.stored <= 300_000)
        #expect(outcome.stored > 298_000)
        let lines = outcome.record.attempts
        let first = try #require(lines.filter { $0.outcome == "507" }.map(\.t).min())
        #expect(abs(first - 15) < 0.5)
        #expect(lines.filter { $0.started > first + 0.1 }.allSatisfy { $0.outcome == "507" })
        let last = try #require(outcome.record.server.last?.values["disk.free_bytes"])
        #expect(last < 2_000)
    }

    @Test("A crash empties the replies of all at one instant, refuses, and is over.")
    func crash() throws {
        var simulation = self.simulation(rate: 50, seconds: 30)
        simulation.server.workers = 4
        simulation.server.service = .fixed(0.070)
        simulation.server.faults = [SimulatedFault(.crash(down: 3, up: nil), at: 10)]
        let record = simulation.outcome().record
        let empty = record.attempts.filter { $0.outcome == "empty_reply" }
        #expect(empty.count >= 3)
        #expect(empty.allSatisfy { abs($0.t - 10) < 1e-9 })
        let refused = record.attempts.filter { $0.outcome == "refused" }
        #expect((145...152).contains(refused.count))
        #expect(refused.allSatisfy { $0.service < 2 && $0.t < 13.1 })
        #expect(record.attempts.filter { $0.started > 13.1 }.allSatisfy { $0.good })
        let pids = Set(record.server.compactMap { $0.values["proc.pid"] })
        #expect(pids.count == 2)
    }

    @Test("A page answers everybody at once, fast, with one and the same text.")
    func page() {
        var simulation = self.simulation(rate: 50, seconds: 20)
        simulation.server.faults = [SimulatedFault(.off(.page(503)), at: 10)]
        let lines = simulation.outcome().record.attempts
        let after = lines.filter { $0.started > 10 }
        #expect(after.allSatisfy { $0.outcome == "503" && $0.service < 2 })
        #expect(Set(after.map(\.body)).count == 1)
        #expect(Set(after.map(\.fingerprint)).count == 1)
        #expect(Set(lines.filter(\.good).map(\.body)).count > 100)
    }

    @Test("A broken instance fails its own clients, and nobody else.")
    func instance() {
        var simulation = self.simulation(rate: 40, seconds: 20)
        simulation.server.instances = 4
        simulation.server.faults = [SimulatedFault(.instance(status: 502), at: 10)]
        let after = simulation.outcome().record.attempts.filter { $0.started > 10 }
        #expect(after.allSatisfy { $0.good == ($0.address != "127.0.0.1:8080") })
        #expect(abs(self.count(after, "502") * 4 - after.count) <= 4)
    }

    @Test("Lost packets are knocked again for, lookups fail, hosts are reported gone.")
    func reach() {
        var simulation = self.simulation(rate: 20, seconds: 20, timeout: 4)
        func outcomes(_ kind: SimulatedFault.Kind) -> Set<String> {
            simulation.server.faults = [SimulatedFault(kind, at: 10)]
            let lines = simulation.outcome().record.attempts
            return Set(lines.filter { $0.started > 10.01 }.map(\.outcome))
        }
        #expect(outcomes(.path(share: 1)) == ["connect_timeout"])
        #expect(outcomes(.unreachable) == ["unreachable"])
        #expect(outcomes(.names(share: 1, timesOut: false)) == ["dns"])
        #expect(outcomes(.names(share: 1, timesOut: true)) == ["dns_timeout"])
        #expect(outcomes(.off(.listener)) == ["refused"])
    }

    @Test("A generator that cannot keep up starts late and says so.")
    func generator() throws {
        var simulation = self.simulation(rate: 100, seconds: 20)
        simulation.server.workers = 100
        simulation.generatorLimit = 50
        let record = simulation.outcome().record
        let last = try #require(record.attempts.max { $0.intended < $1.intended })
        // Half as fast as planned: started at twice the time.
        #expect(abs(last.started - 2 * last.intended) < 0.5)
        #expect(record.generator.contains { $0.lagP99 ?? 0 > 1_000 })
    }

    @Test("Contention makes throughput fall beyond its best concurrency.")
    func contention() {
        func goodput(_ workers: Int) -> Int {
            var simulation = self.simulation(rate: 400, seconds: 20, timeout: 1_000)
            simulation.server.workers = workers
            simulation.server.service = .fixed(0.020)
            simulation.server.contention = (alpha: 0.02, beta: 0.01)
            let rows = simulation.outcome().record.seconds.prefix(20)
            return rows.reduce(0) { $0 + $1.populations[0].goodAttempts }
        }
        #expect(goodput(10) > goodput(2))
        #expect(goodput(10) > 2 * goodput(64))
    }

    @Test(
        "A storm stays where the load and its retries exceed the capacity, and heals elsewhere.",
        arguments: [(0.5, 0, true), (0.8, 0, true), (0.5, 1, false), (0.3, 3, false)])
    func storm(share: Double, retries: Int, heals: Bool) {
        let run = LabelledRun.storm(share: share, retries: retries)
        let record = run.record()
        let rows = record.seconds[180..<200]
        let good = rows.reduce(0) { $0 + $1.populations[0].goodAttempts }
        #expect((Double(good) > 0.9 * 20 * 100 * share) == heals)
        // Relief ends it either way.
        let again = record.seconds[265..<285]
        let back = again.reduce(0) { $0 + $1.populations[0].goodAttempts }
        #expect(Double(back) > 0.9 * 20 * 100 * share)
        #expect(run.overlays.isEmpty == heals)
    }

    @Test("Drawn storms lie on both sides of the hidden capacity.")
    func storms() {
        let runs = (0..<12).map { LabelledRun.storm(number: $0) }
        for (number, run) in runs.enumerated() {
            let crowd = run.simulation.crowds[0]
            let asked = crowd.rate.rate(at: 1) * Double(1 + crowd.retry.max) / 100
            #expect(number % 2 == 1 ? asked >= 1.2 : asked <= 0.75)
            #expect(run.overlays == (number % 2 == 1 ? ["M21"] : []))
        }
    }
}
