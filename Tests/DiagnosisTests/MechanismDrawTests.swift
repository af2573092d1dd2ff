import Measurements
import Primitives
import TestSupport
import Testing

@Suite("Labelled runs are what their labels say")
struct MechanismDrawTests {
    @Test(
        "Nobody is lost, the beginning is quiet, the fault shows.", arguments: LabelledRun.labels,
        [3, 4])
    func draws(label: String, number: Int) {
        let run = LabelledRun.draw(label, number: number)
        let record = run.record()
        for population in record.manifest.populations.indices {
            var sum = PopulationSecond()
            for row in record.seconds { sum.merge(row.populations[population]) }
            #expect(sum.intents.values.reduce(0, +) == sum.offered)
            let open = sum.ended(.unfinished)
            #expect(sum.attemptsStarted - sum.attempts.values.reduce(0, +) <= open)
            #expect(sum.ended(.accepted) == sum.goodAttempts)
        }
        #expect(record.seconds.map(\.second) == Array(record.seconds.indices))
        let quiet = record.seconds.prefix(label == "HEALTHY" ? record.seconds.count : 15)
        let done = quiet.reduce(0) { sum, row in
            sum + row.populations[0].attempts.values.reduce(0, +)
        }
        #expect(done > 0)
        #expect(quiet.reduce(0) { $0 + $1.populations[0].goodAttempts } == done)
        if let onset = run.onset { #expect((15..<80).contains(onset)) }
        if label != "HEALTHY" { #expect(LabelledRun.hasImpact(record)) }
    }

    @Test("Draws differ by number, regions take turns.")
    func numbers() {
        let runs = (0..<6).map { LabelledRun.draw("M02", number: $0) }
        #expect(Set(runs.compactMap(\.capacity)).count == 6)
        #expect(runs.map(\.region) == [0, 1, 2, 0, 1, 2])
    }

    @Test(
        "Goodput beyond the knee is the capacity the server says it has.",
        arguments: ["M01", "M02", "M10", "M14"], [0, 1, 2])
    func capacity(label: String, number: Int) throws {
        var run = LabelledRun.draw(label, number: number)
        let capacity = try #require(run.capacity)
        // Everything that is sent is a unit of work once nobody gives up waiting for it.
        for index in run.simulation.crowds.indices {
            run.simulation.crowds[index].timeout = 300
            run.simulation.crowds[index].connectTimeout = 300
        }
        run.simulation.server.pool?.wait = 300
        let mean = run.simulation.crowds[0].body.mean
        #expect(abs(run.simulation.server.capacity(body: mean) / capacity - 1) < 0.01)
        let onset = try #require(run.onset)
        let rows = run.record().seconds[(Int(onset) + 4)..<(Int(onset) + 24)]
        let good = rows.reduce(0) { sum, row in
            sum + row.populations.prefix(2).reduce(0) { $0 + $1.goodAttempts }
        }
        #expect(abs(Double(good) / 20 / capacity - 1) < 0.15, "\(run.id)")
    }
}
