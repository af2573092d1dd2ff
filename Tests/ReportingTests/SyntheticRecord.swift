import Measurements
import Primitives

@testable import Reporting

/// A record of two seconds, so that every number of a format can be worked out by hand.
enum SyntheticRecord {
    /// A name with whatever a format may trip over.
    static let nasty = "a \"b\" <c> & 'd' 100%, e:f\\g\nh\tß\u{1}#1"

    static func manifest(_ populations: [String] = ["people", "visitors"]) -> RunManifest {
        RunManifest(
            id: "run-1", scenario: "sample", description: "", scenarioSHA256: "00", seed: 1,
            started: "2020-05-31T05:48:00.250Z", timeScale: 1, plannedSeconds: 2,
            version: "0.1.0", libcurl: "7", command: "spate run", target: "http://127.0.0.1",
            host: HostFacts(
                kernel: "k", cores: 2, descriptors: 1024, localPorts: 28_232, memory: 1, name: "h"),
            populations: populations.enumerated().map { index, name in
                PopulationFacts(
                    name: name, trafficClass: index == 0 ? .genuine : .noise, executor: "e",
                    steps: ["tip"], writes: index == 0)
            },
            phases: [PhaseFacts(name: "all", start: 0, end: 2)], timeline: [])
    }

    /// Seven good answers from 1 to 2 ms; a 404 after 0.9 ms and a refusal after 0.5 ms.
    static func small(_ populations: [String] = ["people", "visitors"]) -> RunRecord {
        RunRecord(
            manifest: self.manifest(populations),
            seconds: [
                SecondRow(
                    second: 0,
                    populations: [
                        self.counts(good: [1_000, 1_200, 1_400, 1_600, 1_800], inFlight: 1),
                        self.counts(bad: [900], as: .status(404)),
                    ]),
                SecondRow(
                    second: 1,
                    populations: [
                        self.counts(good: [1_000, 2_000], bad: [500], as: .failure(.refused)),
                        self.counts(),
                    ]),
            ],
            closing: RunClosing(stopped: "finished", duration: 1.5))
    }

    /// The same without what went wrong.
    static func good() -> RunRecord {
        var record = self.small()
        for second in record.seconds.indices {
            record.seconds[second].populations[0].notGood = SparseHistogram()
            record.seconds[second].populations[1] = PopulationSecond()
        }
        return record
    }

    static func counts(
        good: [Int64] = [], bad: [Int64] = [], as outcome: Outcome = .unfinished, inFlight: Int = 0
    ) -> PopulationSecond {
        var counts = PopulationSecond()
        counts.offered = good.count + bad.count
        counts.stepsBegun = counts.offered
        counts.attemptsStarted = counts.offered
        counts.bytesUp = Int64(counts.offered) * 100
        counts.bytesDown = Int64(counts.offered) * 10
        counts.inFlight = inFlight
        for time in good {
            counts.attempts[.init(step: 0, outcome: .status(201), good: true), default: 0] += 1
            counts.good.record(time)
            counts.answered.record(time)
            counts.service.record(time)
            counts.timings[.wait, default: SparseHistogram()].record(time / 2)
        }
        for time in bad {
            counts.attempts[.init(step: 0, outcome: outcome, good: false), default: 0] += 1
            counts.notGood.record(time)
        }
        return counts
    }

    /// What the report of that record says, as far as formats ask.
    static func report() -> Report {
        var report = Report()
        report.run.id = "run-1"
        report.run.scenario = "sample"
        report.run.started = "2020-05-31T05:48:00.250Z"
        report.run.duration = 1.5
        var genuine = Report.ClassFigures()
        genuine.intents = 8
        genuine.accepted = 7
        genuine.failed = 1
        genuine.responseMs.p50 = 1.4
        genuine.responseMs.p99AtLeast = 2
        genuine.answeredMs.p50 = 1.4
        genuine.amplification = 1
        var noise = Report.ClassFigures()
        noise.intents = 1
        noise.rejected = 1
        noise.amplification = 1
        report.classes = ["genuine": genuine, "noise": noise]
        report.outcomes = ["2xx": 7, "404": 1, "refused": 1]
        return report
    }

    /// Formats of a record, with a report as changed.
    static func formats(
        _ record: RunRecord = SyntheticRecord.small(), _ change: (inout Report) -> Void = { _ in }
    ) -> ReportFormats {
        var report = self.report()
        change(&report)
        return ReportFormats(report, record: record)
    }
}
