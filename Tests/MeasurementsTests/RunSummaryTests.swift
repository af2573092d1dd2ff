import Measurements
import Primitives
import Testing

@Suite struct RunSummaryTests {
    private func record(_ rows: [SecondRow]) -> RunRecord {
        RunRecord(manifest: SampleRuns.manifest(), seconds: rows)
    }

    /// Ten good attempts of 1 to 10 ms, and failures of 20 ms.
    private func counts(failures: Int) -> PopulationSecond {
        var counts = PopulationSecond()
        counts.offered = 10 + failures
        counts.stepsBegun = 10
        counts.attemptsStarted = 10 + failures
        counts.attempts[.init(step: 0, outcome: .status(201), good: true)] = 10
        counts.attempts[.init(step: 0, outcome: .failure(.refused), good: false)] = failures
        counts.intents[.init(arrivalSecond: 3, ending: .accepted)] = 10
        counts.intents[.init(arrivalSecond: 12, ending: .failed)] = failures
        for value in 1...10 { counts.good.record(Int64(value) * 1000) }
        for _ in 0..<failures { counts.notGood.record(20_000) }
        return counts
    }

    @Test("Executors that are given clients wait for answers; those of arrivals do not.")
    func closedLoops() {
        var facts = SampleRuns.manifest().populations[0]
        func closed(_ executor: String) -> Bool {
            facts.executor = executor
            return facts.isClosedLoop
        }
        let clients = ["constant-vus", "ramping-vus", "per-vu-iterations", "shared-iterations"]
        let arrivals = [
            "constant-arrival-rate", "ramping-arrival-rate", "viral", "hawkes", "diurnal", "trace",
        ]
        #expect(clients.allSatisfy(closed) && !arrivals.contains(where: closed))
    }

    @Test("Attempts without a good answer rank slowest: percentiles among them are unknown.")
    func censored() {
        let row = SecondRow(second: 0, populations: [self.counts(failures: 2), PopulationSecond()])
        let summary = RunSummary(self.record([row]))
        let genuine = summary.classes[.genuine]
        // Rank ceil(0.5 * 12) = 6; rank ceil(0.9 * 12) = 11 is a failure.
        #expect(genuine?.response.p50 == 6.003)
        #expect(genuine?.response.p90 == nil)
        #expect(genuine?.response.p99 == nil)
        #expect(genuine?.response.max == 10)
        #expect(genuine?.response.p99AtLeast == 20)
        #expect(genuine?.amplification == 1.2)
        #expect(genuine?.answered.p50 == nil)
        #expect(summary.outcomes == ["2xx": 10, "refused": 2])
        #expect(summary.totals.attemptsCompleted == 10)
        #expect(summary.totals.attemptsFailed == 2)
    }

    @Test("An intent belongs to the phase in which it arrived, whenever it ended.")
    func phases() {
        let blank = SecondRow(second: 0, populations: [PopulationSecond(), PopulationSecond()])
        var rows = (0..<35).map { second in
            var row = blank
            row.second = second
            return row
        }
        rows[33].populations[0] = self.counts(failures: 2)
        let summary = RunSummary(self.record(rows))
        let endings = summary.phases.map { $0.classes[.genuine]?.endings }
        #expect(endings.map { $0?.accepted } == [10, 0, 0])
        #expect(endings.map { $0?.failed } == [0, 2, 0])
        // Attempts of the drain count in the last phase.
        #expect(summary.phases.map { $0.classes[.genuine]?.response.p50 } == [nil, nil, 6.003])
        #expect(summary.series[3].classes[.genuine]?.arrivedAccepted == 10)
        #expect(summary.series[33].done == 12)
    }

    @Test("A long run's neighbours merge: no count is lost, in-flight is the last one's.")
    func series() {
        let rows = (0..<2_500).map { second in
            var counts = PopulationSecond()
            counts.offered = 1
            counts.inFlight = second
            return SecondRow(second: second, populations: [counts, PopulationSecond()])
        }
        let series = RunSummary(self.record(rows)).series
        #expect(series.count == 834)
        #expect(series.map(\.offered).reduce(0, +) == 2_500)
        #expect(series[0].inFlight == 2)
        #expect(series.last?.width == 1)
    }

    @Test("Metrics are selected by tag, step and phase, and know when there are none.")
    func metrics() {
        let row = SecondRow(second: 4, populations: [self.counts(failures: 2), PopulationSecond()])
        let rows = (0..<10).map { second in
            second == 4
                ? row
                : SecondRow(
                    second: second, populations: [PopulationSecond(), PopulationSecond()])
        }
        let store = MetricStore(record: self.record(rows))
        func value(
            _ metric: String, _ aggregation: MetricAggregation, _ tags: [String: String] = [:],
            _ phase: String? = nil
        ) -> Double? {
            store.values(metric: metric, tags: tags, phase: phase)?.aggregate(aggregation)
        }
        #expect(value("http_reqs", .count) == 12)
        #expect(value("http_reqs", .count, ["class": "noise"]) == 0)
        #expect(value("http_reqs", .count, ["status": "201"]) == 10)
        #expect(value("http_req_failed", .rate, ["app": "ios"]) == 2.0 / 12)
        #expect(value("http_req_failed", .rate, ["name": "media"]) == nil)
        #expect(value("http_req_response_time", .med) == 6.003)
        #expect(value("http_req_response_time", .p(99)) == .infinity)
        #expect(value("http_req_response_time", .max) == 20)
        #expect(value("http_req_duration", .p(99)) == nil)
        #expect(value("intents_accepted", .rate, [:], "quiet") == 1)
        #expect(value("intents_accepted", .rate, [:], "peak") == 0)
        #expect(value("goodput", .rate, [:], "quiet") == 1)
        #expect(store.values(metric: "http_reqs", phase: "nowhere") == nil)
        #expect(store.values(metric: "http_rqs") == nil)
    }
}
