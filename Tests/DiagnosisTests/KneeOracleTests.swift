import Diagnosis
import Measurements
import Primitives
import Testing

@Suite struct KneeOracleTests {
    /// A case of the estimator's own study: eight workers of 40 ms, ramps over a bounded or an
    /// impatient queue.
    struct Case: Sendable, CustomTestStringConvertible {
        var queue: Int?
        var timeout: Double
        var seconds: Int
        var top: Double
        var testDescription: String {
            "queue \(queue.map { "\($0)" } ?? "unbounded"), timeout \(timeout) s, "
                + "\(seconds) s to \(top)/s"
        }
    }

    private static let cases: [Case] = [
        (32, 1_000.0), (992, 1_000.0), (nil, 5.0), (nil, 1.0),
    ].flatMap { (queue: Int?, timeout: Double) in
        [(300, 400.0), (120, 400.0), (300, 240.0)].map { (seconds, top) in
            Case(queue: queue, timeout: timeout, seconds: seconds, top: top)
        }
    }

    @Test(
        "In four queueing regimes and three ramps the mean error is at most 3 %.",
        arguments: KneeOracleTests.cases)
    func regimes(study: Case) throws {
        var errors: [Double] = []
        for seed in 1...3 {
            var simulator = QueueSimulator.ramp(from: 20, to: study.top, over: study.seconds)
            simulator.workers = 8
            simulator.service = 0.040
            simulator.variation = 1
            simulator.queue = study.queue
            simulator.timeout = study.timeout
            simulator.seed = UInt64(seed)
            let explanation = Explanation.explain(simulator.record())
            let knee = try #require(explanation.knee)
            let capacity = try #require(knee.capacity, "not reached with seed \(seed)")
            errors.append(capacity / 200 - 1)
        }
        let bias = errors.reduce(0, +) / Double(errors.count)
        #expect(abs(bias) <= 0.03, "\(errors)")
        #expect(errors.allSatisfy { abs($0) <= 0.06 }, "\(errors)")
    }
}
