import Foundation
import Primitives
import Testing

@testable import Scenarios

@Suite struct ArrivalDecodingTests {
    /// A scenario with one population of these keys.
    private func load(_ keys: String, timeScale: String = "1") throws -> LoadSpec {
        let text = """
            version: 1
            target: http://127.0.0.1:8080
            timeScale: \(timeScale)
            scenarios:
              one: { \(keys), flow: [ { get: / } ] }

            """
        return try Scenario.decode(text: text, file: "a.yaml").populations[0].load
    }

    @Test("A journalist's four numbers are a scenario: how many, who acts, how fast, how long.")
    func fourNumbers() throws {
        let load = try self.load(
            "executor: viral, seen: 60000, share: 0.05, doubling: 45m, halfLife: 10h")
        guard case .viral(let cascade, let duration, let spacing) = load else {
            Issue.record("not viral")
            return
        }
        #expect(load.executor == "viral")
        #expect(spacing == .poisson)
        #expect(cascade.delay == .seconds(1_800))
        #expect(abs(cascade.reproduction - (1 + log(2.0) * 30 / 45)) < 1e-12)
        #expect(cascade.seeds == (cascade.audience / 1_000).rounded(.down))
        let course = try #require(cascade.course())
        #expect(abs(course.seen / 60_000 - 1) < 0.002)
        #expect(duration.seconds == course.length.rounded(.up))
    }

    @Test("Every number of a cascade may be given instead.")
    func cascade() throws {
        let load = try self.load(
            "executor: viral, audience: 5000, seeds: 7, share: 1, reproduction: 2.5, delay: 5m, "
                + "halfLife: 3h, duration: 2h, arrivals: uniform")
        let cascade = ViralCascade(
            audience: 5_000, seeds: 7, reproduction: 2.5, delay: .seconds(300),
            halfLife: .seconds(10_800), share: 1)
        #expect(load == .viral(cascade, duration: .seconds(7_200), spacing: .uniform))
    }

    @Test("Bursts, days and traces take their keys.")
    func others() throws {
        #expect(
            try self.load(
                "executor: hawkes, rate: 120, timeUnit: 1m, branching: 0.99, decay: 5s, "
                    + "duration: 1m")
                == .hawkes(
                    rate: Rate(perSecond: 2), branching: 0.99, decay: .seconds(5),
                    duration: .seconds(60)))
        #expect(
            try self.load("executor: diurnal, rate: 2/s, duration: 3d")
                == .diurnal(
                    DiurnalSpec(mean: Rate(perSecond: 2)), duration: .seconds(259_200),
                    spacing: .poisson))
        #expect(
            try self.load(
                "executor: diurnal, rate: 2/s, duration: 3d, peakAt: 0s, trough: 0, period: 7d, "
                    + "arrivals: uniform")
                == .diurnal(
                    DiurnalSpec(
                        mean: Rate(perSecond: 2), trough: 0, peakAt: .zero,
                        period: .seconds(604_800)), duration: .seconds(259_200),
                    spacing: .uniform))
        guard
            case .trace(let trace) = try self.load(
                "executor: trace, file: a.csv, column: at, speed: 2, amplify: 0.5, from: 1m, "
                    + "to: 3m, jitter: 2s")
        else {
            Issue.record("not a trace")
            return
        }
        #expect(trace.source == TraceSpec.Source(path: "a.csv", column: "at"))
        #expect(trace.speed == 2)
        #expect(trace.amplify == 0.5)
        #expect(trace.jitter == .seconds(2))
        #expect(trace.length == .seconds(60))
        #expect(trace.location == SourceLocation(line: 5, column: 33))
    }

    @Test("What lasts as long as its model or its cut can be fitted into a wall time.")
    func fit() throws {
        for keys in [
            "executor: diurnal, rate: 1/s, duration: 1d",
            "executor: trace, file: a, from: 1d, to: 3d, speed: 2",
            "executor: hawkes, rate: 1/s, branching: 0, decay: 1s, duration: 24h",
        ] {
            let text = """
                version: 1
                target: http://127.0.0.1:8080
                timeScale: { fit: 2m }
                scenarios: { one: { \(keys), flow: [ { get: / } ] } }

                """
            #expect(try Scenario.decode(text: text, file: "a.yaml").timeScale == 720)
        }
    }

    private static let schemaCases: [(String, Bool)] = [
        ("executor: viral, seen: 600, share: 0.05, doubling: 45m, halfLife: 10h", true),
        ("executor: viral, seen: 600, share: 0, doubling: 45m, halfLife: 10h", false),
        ("executor: viral, seen: 6.5, share: 1, doubling: 45m, halfLife: 10h", false),
        ("executor: viral, seen: 600, share: 1, doubling: 45, halfLife: 10h", false),
        ("executor: viral, seen: 600, share: 1, doubling: 45m", false),
        ("executor: viral, seen: 600, audience: 700, share: 1, doubling: 1m, halfLife: 1h", false),
        (
            "executor: viral, seen: 600, share: 1, doubling: 1m, reproduction: 2, halfLife: 1h",
            false
        ),
        ("executor: viral, seen: 600, share: 1, reproduction: 2, halfLife: 1h", true),
        ("executor: viral, seen: 600, share: 1, reproduction: 2, halfLife: 1h, vus: 3", false),
        ("executor: hawkes, rate: 2/s, branching: 0.99, decay: 5s, duration: 1m", true),
        ("executor: hawkes, rate: 2/s, branching: 0.991, decay: 5s, duration: 1m", false),
        ("executor: hawkes, rate: 2/s, branching: 1, decay: 5s, duration: 1m", false),
        ("executor: hawkes, rate: 2/s, branching: \"0.5\", decay: 5s, duration: 1m", false),
        ("executor: hawkes, rate: 2/s, branching: 0.5, duration: 1m", false),
        ("executor: diurnal, rate: 2/s, duration: 1d, trough: 0", true),
        ("executor: diurnal, rate: 2/s, duration: 1d, trough: 1.01", false),
        ("executor: diurnal, duration: 1d", false),
        ("executor: trace, file: a.log, amplify: 0.5, speed: 3", true),
        ("executor: trace, file: a.log, amplify: 0", false),
        ("executor: trace, file: a.log, arrivals: poisson", false),
        ("executor: trace, file: [a.log]", false),
        ("executor: trace", false),
        ("executor: constant-vus, vus: 1, duration: 1s, file: a.log", false),
        ("executor: constant-arrival-rate, rate: 2/s, duration: 1m, branching: 0.5", false),
    ]

    @Test("Schema and decoder give one verdict on how crowds arrive.", arguments: schemaCases)
    func schemaAgrees(keys: String, isValid: Bool) throws {
        let text = """
            version: 1
            target: http://127.0.0.1:8080
            scenarios: { one: { \(keys), flow: [ { get: / } ] } }

            """
        #expect(try SchemaTests.schemaAccepts(text) == isValid, "the schema")
        #expect((mistakes(of: text) == nil) == isValid, "the decoder")
    }
}
