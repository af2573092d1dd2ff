import Measurements
import Primitives
import Testing

@testable import Diagnosis

/// A server of 100/s with a trigger from 40 s to 60 s; second by second, by hand.
@Suite struct HealingTests {
    private struct Course {
        /// Good answers per second from 60 s on.
        var good: (Int) -> Double = { _ in 0 }
        /// Attempts for one from 60 s on.
        var amplification = 4
        var relief: Range<Int>?
        var length = 160
        var load = 40
    }

    private func record(_ course: Course) -> RunRecord {
        let rows = (0..<course.length).map { second -> SecondRow in
            var row = PopulationSecond()
            let isTrigger = (40..<60).contains(second)
            let isRelief = course.relief?.contains(second) ?? false
            let load = isTrigger ? 200 : isRelief ? course.load / 5 : course.load
            let isDown = second >= 60 && !isRelief && course.good(second) < Double(load)
            let attempts = load * (isDown ? course.amplification : 1)
            row.offered = load
            row.stepsBegun = load
            row.attemptsStarted = attempts
            row.retriesStarted = attempts - load
            let good = isTrigger ? 100 : second < 40 ? load : Int(course.good(second))
            row.attempts = [
                .init(step: 0, outcome: .status(200), good: true): good,
                .init(step: 0, outcome: .failure(.firstByteTimeout), good: false): attempts - good,
            ].filter { $0.value > 0 }
            row.intents = [
                .init(arrivalSecond: second, ending: .accepted): min(good, load),
                .init(arrivalSecond: second, ending: .failed): max(0, load - good),
            ].filter { $0.value > 0 }
            for _ in 0..<good { row.good.record(20_000) }
            for _ in 0..<(attempts - good) { row.notGood.record(3_000_000) }
            return SecondRow(second: second, populations: [row])
        }
        var record = QueueSimulator.quiet(rate: 1, seed: 1, seconds: course.length).record()
        record.seconds = rows
        record.generator = rows.indices.map {
            GeneratorSample(
                second: $0, cpu: 0.2, lagP99: 1, referenceP99: 0.9, descriptors: 200,
                memory: 1 << 26)
        }
        record.manifest.populations = [
            PopulationFacts(
                name: "tips", trafficClass: .genuine, executor: "constant-arrival-rate",
                steps: ["POST"], writes: true, timeout: 3, retries: 3)
        ]
        let end = Double(course.length)
        record.manifest.phases = [PhaseFacts(name: "run", start: 0, end: end)]
        if let relief = course.relief {
            record.manifest.phases = [
                PhaseFacts(name: "run", start: 0, end: Double(relief.lowerBound)),
                PhaseFacts(
                    name: "relief", start: Double(relief.lowerBound),
                    end: Double(relief.upperBound), kind: .relief),
                PhaseFacts(name: "after-relief", start: Double(relief.upperBound), end: end),
            ]
        }
        record.manifest.timeline = [TimelineFacts(at: 40, kind: "trigger", label: "go")]
        record.closing = RunClosing(
            stopped: "finished", duration: end, capacityMeasured: 100)
        return record
    }

    @Test("Down below its capacity until relief, and back for good: metastable, by retries.")
    func metastable() throws {
        let course = Course(
            good: { $0 < 100 ? 0 : $0 < 120 ? 8 : 40 }, relief: 100..<120)
        let explanation = Explanation.explain(self.record(course))
        let judged = try #require(explanation.metastable)
        #expect(judged.state == "METASTABLE")
        #expect(judged.loop == "retries")
        #expect(judged.triggerEnd == 60)
        #expect(judged.load == 40)
        #expect(judged.amplification == 4)
        #expect(judged.appAmplification == 4)
        #expect(judged.personAmplification == 1)
        // 160/s are more than 100/s.
        #expect(judged.tStorm == nil)
        #expect(explanation.verdict.overlay.contains("M21"))
        #expect(explanation.verdict.sentence.contains("It is metastable"))
        let relief = explanation.evidence.first { $0.test == "down_in_relief" }
        #expect(relief?.outcome == .clear)
    }

    @Test("Down even while the load is taken away: its clients do not keep it down.")
    func persistent() throws {
        let course = Course(amplification: 1, relief: 130..<150, length: 180)
        let explanation = Explanation.explain(self.record(course))
        #expect(explanation.metastable?.state == "PERSISTENT")
        #expect(!explanation.verdict.overlay.contains("M21"))
        let relief = explanation.evidence.first { $0.test == "down_in_relief" }
        #expect(relief?.outcome == .fired)
    }

    @Test("Without relief it is open what kept it down; back by itself is no storm.")
    func others() throws {
        let down = Explanation.explain(self.record(Course()))
        #expect(down.metastable?.state == "SUSTAINED")
        let back = Explanation.explain(self.record(Course(good: { $0 < 70 ? 0 : 40 })))
        let judged = try #require(back.metastable)
        #expect(judged.state == "RECOVERED")
        // One bad second of twenty still is 95 %.
        #expect(judged.tRecovered == 9)
        #expect(down.evidence.first { $0.test == "stays_down" }?.outcome == .fired)
        #expect(back.evidence.first { $0.test == "stays_down" }?.outcome == .clear)
    }

    @Test("Stopped before a relief that was planned, it is explained without one.")
    func stopped() {
        var record = self.record(Course(relief: 120..<140))
        record.seconds.removeSubrange(100...)
        record.generator.removeSubrange(100...)
        record.closing = RunClosing(
            stopped: "interrupted", duration: 100, capacityMeasured: 100)
        let explanation = Explanation.explain(record)
        #expect(explanation.metastable?.state == "SUSTAINED")
        let relief = explanation.evidence.first { $0.test == "down_in_relief" }
        #expect(relief == nil || relief?.outcome == .notApplicable)
    }

    @Test("A run without trouble, or without a baseline, is not judged.")
    func silent() {
        let quiet = QueueSimulator.quiet(rate: 40, seed: 1).record()
        #expect(Explanation.explain(quiet).metastable == nil)
    }

    @Test("A queue of people that still grows is the overlay; one that nobody works off is none.")
    func people() {
        var record = QueueSimulator.quiet(rate: 40, seed: 1, seconds: 60).record()
        record.server = (0..<60).map { second in
            ServerSample(
                second: second,
                values: [
                    "review_backlog": Double(30 * second), "review_oldest_age": Double(second),
                    "accepted_total": Double(40 * second), "reviewed_total": Double(10 * second),
                ])
        }
        let explanation = Explanation.explain(record)
        #expect(explanation.verdict.overlay == ["M26"])
        #expect(explanation.verdict.grade == .healthy)
        #expect(explanation.review?.slope == 30)
        #expect(explanation.review?.newestWaits == Double(30 * 59) / 10)
        #expect(explanation.review?.clearsIn == nil)
        // Reviewers that the intake has by default are none of the story's.
        record.manifest.intakeSettings = ["workers": "4"]
        #expect(Explanation.explain(record).verdict.overlay.isEmpty)
        record.manifest.intakeSettings = ["review.analysts": "4"]
        #expect(Explanation.explain(record).verdict.overlay == ["M26"])
        for index in record.server.indices { record.server[index].values["reviewed_total"] = 0 }
        #expect(Explanation.explain(record).verdict.overlay.isEmpty)
    }
}
