import Measurements
import Primitives
import Testing

@Suite struct LaneRecorderTests {
    private let origin = MonotonicTime(nanoseconds: 1_000)

    private func at(_ seconds: Double) -> MonotonicTime {
        self.origin + Nanoseconds(seconds: seconds)
    }

    @Test("Every second comes out once and in order, also those before the first event.")
    func gaps() {
        var recorder = LaneRecorder(origin: self.origin, populations: 1)
        recorder.arrived(population: 0, at: self.at(2.5), now: self.at(2.5))
        #expect(recorder.harvest(now: self.at(3.1)).map(\.second) == [0, 1, 2])
        #expect(recorder.harvest(now: self.at(3.9)).isEmpty)
        recorder.intentEnded(
            population: 0, number: 0, arrival: self.at(2.5), ending: .accepted, now: self.at(6.2))
        let rest = recorder.harvestAll(now: self.at(6.5))
        #expect(rest.map(\.second) == [3, 4, 5, 6])
        #expect(rest.map { $0.populations[0].inFlight } == [1, 1, 1, 0])
        let key = PopulationSecond.IntentKey(arrivalSecond: 2, ending: .accepted)
        #expect(rest[3].populations[0].intents == [key: 1])
        #expect(rest[3].intentEnds.first?.ended == 6_200_000)
        recorder.stepBegan(population: 0, now: self.at(6.6))
        #expect(recorder.harvestAll(now: self.at(6.7)).map(\.second) == [7])
    }

    private func end(
        _ recorder: inout LaneRecorder, _ outcome: Outcome, good: Bool = false, intent: Int = 0,
        at second: Double = 0.1
    ) {
        recorder.attemptEnded(
            AttemptSample(
                population: 0, intent: intent, step: 0, attempt: 0, outcome: outcome, good: good,
                intendedStart: self.at(0), started: self.at(0), ended: self.at(second)),
            now: self.at(second))
    }

    @Test("A rare outcome is listed although common failures have filled the second.")
    func stratified() {
        var recorder = LaneRecorder(origin: self.origin, populations: 1, sampleLimit: 8)
        for _ in 0..<50 { self.end(&recorder, .failure(.refused)) }
        self.end(&recorder, .status(413))
        self.end(&recorder, .unfinished)
        for _ in 0..<30 { self.end(&recorder, .status(200), good: true) }
        let second = recorder.harvestAll(now: self.at(0.2))[0]
        func rows(_ outcome: Outcome) -> [AttemptSample] {
            second.attempts.filter { $0.outcome == outcome }
        }
        #expect(rows(.failure(.refused)).map(\.weight) == [12.5, 12.5, 12.5, 12.5])
        #expect(rows(.status(413)).map(\.weight) == [1])
        #expect(rows(.unfinished).map(\.weight) == [1])
        #expect(rows(.status(200)).map(\.weight) == [15, 15])
        #expect(second.attempts.count == 8)
        #expect(second.populations[0].notGood.total == 51)
        #expect(second.populations[0].answered.total == 31)
    }

    @Test("Weighted rows count every kind of every second exactly, whatever was left out.")
    func weightedCounts() {
        var recorder = LaneRecorder(origin: self.origin, populations: 1)
        let random = CounterRandom(seed: 3, population: 0, intent: 0, purpose: .size)
        let kinds: [(Outcome, Bool)] = [
            (.status(200), true), (.status(200), false), (.status(503), false),
            (.failure(.refused), false),
        ]
        for number in 0..<20_000 {
            let kind = kinds[min(3, Int(random.bits(number) % 7) / 2)]
            self.end(
                &recorder, kind.0, good: kind.1, intent: number, at: Double(number) / 4_000)
        }
        for second in recorder.harvestAll(now: self.at(5.1)) {
            var weights: [PopulationSecond.AttemptKey: Double] = [:]
            for row in second.attempts {
                let key = PopulationSecond.AttemptKey(
                    step: 0, outcome: row.outcome, good: row.good)
                weights[key, default: 0] += row.weight
            }
            #expect(weights.mapValues { Int($0.rounded()) } == second.populations[0].attempts)
            #expect(second.attempts.count <= 70)
        }
    }

    @Test("Each attempt of a kind is equally likely to be listed, the last as much as the first.")
    func fairShares() {
        var listed = Array(repeating: 0, count: 10)
        for seed in 0..<400 {
            var recorder = LaneRecorder(
                origin: self.origin, populations: 1, sampleLimit: 40, samplingSeed: seed)
            for number in 0..<100 {
                self.end(&recorder, .status(200), good: true, intent: number)
            }
            for row in recorder.harvestAll(now: self.at(0.2))[0].attempts {
                listed[row.intent / 10] += 1
            }
        }
        // 4,000 rows over ten parts: 400 each, with a standard deviation of 18.
        #expect(listed.reduce(0, +) == 4_000)
        #expect(listed.allSatisfy { abs($0 - 400) < 90 }, "\(listed)")
    }

    @Test("Without a limit every attempt is listed, with a limit of nothing none is.")
    func allOrNothing() {
        for (limit, count) in [(Int.max, 100), (0, 0)] {
            var recorder = LaneRecorder(origin: self.origin, populations: 1, sampleLimit: limit)
            for number in 0..<100 {
                self.end(&recorder, .status(200), good: true, intent: number)
            }
            let rows = recorder.harvestAll(now: self.at(0.2))[0].attempts
            #expect(rows.map(\.intent) == Array(0..<count))
            #expect(rows.allSatisfy { $0.weight == 1 })
        }
    }

    @Test("Without the list of intents they are counted all the same, kind by kind.")
    func withoutList() {
        var full = LaneRecorder(origin: self.origin, populations: 1)
        var short = LaneRecorder(origin: self.origin, populations: 1, keepsIntents: false)
        let endings: [IntentEnding] = [
            .accepted, .failed, .accepted, .accepted, .rejected, .failed,
        ]
        for number in endings.indices {
            let now = self.at(Double(number) / 2)
            full.arrived(population: 0, at: now, now: now)
            short.arrived(population: 0, at: now, now: now)
        }
        for (number, ending) in endings.enumerated() {
            let arrival = self.at(Double(number) / 2)
            full.intentEnded(
                population: 0, number: number, arrival: arrival, ending: ending, now: self.at(3.5))
            short.intentEnded(
                population: 0, number: number, arrival: arrival, ending: ending, now: self.at(3.5))
        }
        let listed = full.harvestAll(now: self.at(3.6))
        let counted = short.harvestAll(now: self.at(3.6))
        #expect(listed.map(\.populations) == counted.map(\.populations))
        #expect(listed[3].intentEnds.count == 6 && counted.allSatisfy { $0.intentEnds.isEmpty })
        let kinds = counted[3].populations[0].intents
        func key(_ second: Int, _ ending: IntentEnding) -> PopulationSecond.IntentKey {
            PopulationSecond.IntentKey(arrivalSecond: second, ending: ending)
        }
        #expect(
            kinds == [
                key(0, .accepted): 1, key(0, .failed): 1, key(1, .accepted): 2,
                key(2, .rejected): 1, key(2, .failed): 1,
            ])
    }

    @Test("A second leaves the merger when the last lane has delivered it.")
    func merger() {
        var merger = SecondMerger(lanes: 2, populations: 2)
        let first = SampleRuns.seconds(5, seed: 1)
        let second = SampleRuns.seconds(3, seed: 2)
        #expect(merger.deliver(lane: 0, first).isEmpty)
        let ready = merger.deliver(lane: 1, second)
        #expect(ready.map(\.row.second) == [0, 1, 2])
        var sum = first[1].populations[0]
        sum.merge(second[1].populations[0])
        #expect(ready[1].row.populations[0] == sum)
        #expect(merger.finish(lane: 1).map(\.row.second) == [3, 4])
        #expect(merger.finishAll().isEmpty)
    }
}
