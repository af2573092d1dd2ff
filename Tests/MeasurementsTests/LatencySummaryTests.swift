import Measurements
import Primitives
import Testing

@Suite struct LatencySummaryTests {
    private func record(_ rows: [PopulationSecond], widths: [Int] = []) -> RunRecord {
        var second = 0
        var seconds: [SecondRow] = []
        for (index, row) in rows.enumerated() {
            let width = widths.isEmpty ? 1 : widths[index]
            seconds.append(
                SecondRow(
                    second: second, populations: [row, PopulationSecond()], width: width))
            second += width
        }
        return RunRecord(manifest: SampleRuns.manifest(), seconds: seconds)
    }

    /// Attempts of that many milliseconds each.
    private func counts(good: [Int64], notGood: [Int64] = []) -> PopulationSecond {
        var counts = PopulationSecond()
        for value in good { counts.good.record(value * 1_000) }
        for value in notGood { counts.notGood.record(value * 1_000) }
        counts.attempts[.init(step: 0, outcome: .status(201), good: true)] = good.count
        counts.attempts[.init(step: 0, outcome: .failure(.refused), good: false)] = notGood.count
        return counts
    }

    @Test("Each attempt lies in the band that holds its time, whatever came of it.")
    func bands() throws {
        let map = LatencyMap(
            self.record([
                self.counts(good: [15, 15, 150], notGood: [5_500]), PopulationSecond(),
                self.counts(good: [15]),
            ]))
        #expect(map.columnSeconds == 1 && map.columns.map(\.t) == [0, 1, 2])
        // 10 ms to 10 s: three decades of ten bands each.
        #expect(map.edges.count == 31)
        #expect(abs(map.edges[0] - 10) < 1e-9 && abs(map.edges[30] - 10_000) < 1e-6)
        #expect(zip(map.edges, map.edges.dropFirst()).allSatisfy { $0 < $1 })
        func count(_ column: LatencyMap.Column, at value: Double) -> Int {
            let band = (map.edges.firstIndex { $0 > value } ?? 0) - 1
            let place = band - column.first
            return column.counts.indices.contains(place) ? column.counts[place] : 0
        }
        #expect(count(map.columns[0], at: 15) == 2)
        #expect(count(map.columns[0], at: 150) == 1)
        #expect(count(map.columns[0], at: 5_500) == 1)
        #expect(map.columns[0].counts.reduce(0, +) == 4)
        #expect(map.columns[1].counts.isEmpty)
        #expect(map.columns[2].counts == [1] && count(map.columns[2], at: 15) == 1)
    }

    @Test("Long runs merge seconds into at most 600 columns; few decades get finer bands.")
    func columns() {
        let rows = (0..<1_201).map { _ in self.counts(good: [15, 20]) }
        let map = LatencyMap(self.record(rows))
        #expect(map.columnSeconds == 3 && map.columns.count == 401)
        #expect(map.edges.count == 21)
        #expect(map.columns.flatMap(\.counts).reduce(0, +) == 2_402)
        #expect(map.columns.last?.counts.reduce(0, +) == 2)
        #expect(LatencyMap(self.record([])).columns.isEmpty)
        let silent = LatencyMap(self.record([PopulationSecond()]))
        #expect(silent.columns.map(\.counts) == [[]])
    }

    @Test("Bands stay few over all decades, and the very fast and slow have one.")
    func extremes() {
        var counts = PopulationSecond()
        counts.good.record(0)
        counts.notGood.record(SparseHistogram.highest)
        let map = LatencyMap(self.record([counts]))
        #expect(map.edges.count <= 46)
        #expect(map.columns[0].counts.reduce(0, +) == 2)
        #expect(map.columns[0].first == 0)
    }

    @Test("A distribution's points are the percentiles, and end where answers were not good.")
    func distribution() {
        var good = SparseHistogram()
        for value in 1...900 { good.record(Int64(value) * 1_000) }
        let cut = LatencyDistribution(good: good, notGood: 100)
        #expect(cut.total == 1_000 && cut.good == 900)
        func value(_ oneIn: Double, _ of: LatencyDistribution) -> Double? {
            of.points.first { abs($0.oneIn - oneIn) < 1e-9 }?.milliseconds
        }
        // Rank 900 of 1,000 is the last good one; beyond it there are none.
        #expect(value(10, cut).map { abs($0 / 900 - 1) < 0.001 } == true)
        #expect(cut.points.last.map { abs($0.oneIn - 10) < 1e-9 } == true)
        let whole = LatencyDistribution(good: good, notGood: 0)
        #expect(whole.points.first?.milliseconds == value(1, whole))
        #expect(value(100, whole).map { abs($0 / 891 - 1) < 0.001 } == true)
        #expect(whole.points.last?.oneIn == 900 && whole.points.last?.milliseconds == 900)
        #expect(
            zip(whole.points, whole.points.dropFirst()).allSatisfy {
                $0.oneIn < $1.oneIn && $0.milliseconds <= $1.milliseconds
            })
        #expect(LatencyDistribution(good: SparseHistogram(), notGood: 5).points.isEmpty)
        #expect(LatencyDistribution(good: SparseHistogram(), notGood: 0).total == 0)
    }

    @Test("A phase's distribution holds the attempts that ended in it, of all classes.")
    func phases() {
        var rows = [PopulationSecond](repeating: PopulationSecond(), count: 30)
        rows[5] = self.counts(good: [10, 20], notGood: [7])
        rows[15] = self.counts(good: [40])
        let phases = RunSummary(self.record(rows)).phases
        #expect(phases.map(\.distribution.total) == [3, 1, 0])
        #expect(phases.map(\.distribution.good) == [2, 1, 0])
        #expect(phases[1].distribution.points.map(\.milliseconds) == [40])
    }

    @Test("A window's parts are milliseconds per attempt; Little's law holds where it may.")
    func breakdown() {
        var rows = [PopulationSecond](repeating: PopulationSecond(), count: 20)
        for second in 0..<20 {
            rows[second] = self.counts(good: [20, 20])
            rows[second].inFlight = 4
            rows[second].intents[.init(arrivalSecond: second, ending: .accepted)] = 2
            for _ in 0..<2 { rows[second].intentTimes.record(2_000_000) }
        }
        // The journal keeps a block's parts with its last second.
        for _ in 0..<10 {
            rows[9].timings[.wait, default: SparseHistogram()].record(8_000)
        }
        rows[9].timings[.connect, default: SparseHistogram()].record(2_000)
        for _ in 0..<15 {
            rows[9].timings[.receive, default: SparseHistogram()].record(1_000)
        }
        // Nothing was answered in the second window, though requests were sent.
        rows[19].timings[.send, default: SparseHistogram()].record(1_000)
        rows[19].intents[.init(arrivalSecond: 19, ending: .failed)] = 1
        let breakdown = TimeBreakdown(self.record(rows))
        #expect(breakdown.rowSeconds == 10 && breakdown.rows.map(\.t) == [0, 10])
        let first = breakdown.rows[0]
        #expect(first.attempts == 20)
        #expect(first.answered == 15 && breakdown.rows[1].answered == 0)
        #expect(Set(first.parts.keys) == [.connect, .wait, .receive])
        // Ten waits of 8 ms among 15 answers, one connection of 2 ms among 20 attempts.
        #expect(first.parts[.wait].map { abs($0 - 80.0 / 15) < 0.01 } == true)
        #expect(first.parts[.receive].map { abs($0 - 1) < 0.001 } == true)
        #expect(first.parts[.connect].map { abs($0 - 0.1) < 0.001 } == true)
        // Two a second, two seconds each: four in flight.
        #expect(first.inFlight == 4)
        #expect(first.expectedInFlight.map { abs($0 - 4) < 0.01 } == true)
        #expect(breakdown.rows[1].parts.isEmpty && breakdown.rows[1].inFlight == 4)
        // One of 21 failed: the times of those that failed are not known.
        #expect(breakdown.rows[1].expectedInFlight == nil)
    }

    @Test("Windows are multiples of ten seconds, at most 120 of them.")
    func windows() {
        let rows = (0..<301).map { _ in self.counts(good: [20]) }
        let breakdown = TimeBreakdown(self.record(rows, widths: rows.map { _ in 10 }))
        #expect(breakdown.rowSeconds == 30 && breakdown.rows.count == 101)
        #expect(breakdown.rows.map(\.attempts).reduce(0, +) == 301)
        #expect(TimeBreakdown(self.record([])).rows.isEmpty)
    }

    @Test("A row of the series has all percentiles of response and service, and its retries.")
    func series() {
        var counts = self.counts(good: [10, 20, 30], notGood: [90])
        for value in [5, 6, 7, 40] { counts.service.record(Int64(value) * 1_000) }
        counts.retriesStarted = 2
        let row = RunSummary(self.record([counts])).series[0]
        #expect(row.retries == 2)
        #expect(row.response.p50 == row.p50 && row.response.p99 == row.p99)
        #expect(row.response.p90 == nil && row.response.max == 30)
        #expect(row.service.p50.map { abs($0 / 6 - 1) < 0.001 } == true)
        #expect(row.service.max == 40)
    }
}
