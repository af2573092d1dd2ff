import Foundation
import Measurements
import Primitives
import Testing

@testable import Reporting

@Suite struct LatencyReportTests {
    private func record() -> RunRecord {
        let manifest = RunManifest(
            id: "run", scenario: "latency", description: "", scenarioSHA256: "", seed: 1,
            started: "2020-05-31T05:48:00.000Z", timeScale: 60, plannedSeconds: 20, version: "0",
            libcurl: "7", command: "spate", target: "intake",
            host: HostFacts(
                kernel: "k", cores: 2, descriptors: 9, localPorts: 9, memory: 9, name: "h"),
            populations: [
                PopulationFacts(
                    name: "tips", trafficClass: .genuine, executor: "e", steps: ["tip"],
                    writes: true)
            ], phases: [PhaseFacts(name: "all", start: 0, end: 20)], timeline: [])
        let seconds = (0..<20).map { second in
            var counts = PopulationSecond()
            counts.attempts[.init(step: 0, outcome: .status(201), good: true)] = 2
            for value in [12_000, 340_000] { counts.good.record(Int64(value)) }
            for _ in 0..<2 {
                counts.timings[.wait, default: SparseHistogram()].record(6_000)
                counts.timings[.receive, default: SparseHistogram()].record(1_000)
            }
            return SecondRow(second: second, populations: [counts])
        }
        return RunRecord(manifest: manifest, seconds: seconds)
    }

    @Test("What was measured comes into the report with its units, and keeps to the schema.")
    func model() throws {
        let record = self.record()
        var report = Report()
        report.heatmap = Report.Heatmap(LatencyMap(record))
        report.breakdown = Report.Breakdown(TimeBreakdown(record), timeScale: 60)
        let summary = try #require(RunSummary(record).phases.first)
        var phase = Report.Phase(
            name: "all", t: [0, 20], story: [0, 1_200], kind: "load", classes: [:])
        phase.distribution = Report.Distribution(summary.distribution)
        report.phases = [phase]
        report.timeline = [
            .init(t: 1, story: 60, kind: "info", label: "x", source: "observed")
        ]
        let heatmap = try #require(report.heatmap)
        #expect(heatmap.edgesMs.first == 10 && heatmap.edgesMs.last == 1_000)
        #expect(heatmap.columns.count == 20)
        #expect(heatmap.columns.allSatisfy { $0.counts.reduce(0, +) == 2 })
        let breakdown = try #require(report.breakdown)
        #expect(breakdown.rows.map(\.story) == [0, 600])
        #expect(breakdown.rows[0].partsMs.keys.sorted() == ["receive", "wait"])
        #expect(breakdown.rows.map(\.answered) == [20, 20])
        #expect(abs((breakdown.rows[0].partsMs["wait"] ?? 0) - 6) < 0.01)
        let distribution = try #require(report.phases[0].distribution)
        #expect(distribution.total == 40 && distribution.good == 40)
        #expect(distribution.points.last?.ms == 340)
        let check = try SchemaCheck(Report.jsonSchema)
        let data = try ReportCoding.encode(report)
        #expect(try check.problems(data) == [])
        let again = try ReportCoding.encode(ReportCoding.decode(data))
        #expect(again == data)
    }

    @Test("Nothing measured is no heatmap, no breakdown and no distribution.")
    func nothing() throws {
        var record = self.record()
        record.seconds = record.seconds.map {
            SecondRow(second: $0.second, populations: [PopulationSecond()])
        }
        #expect(Report.Heatmap(LatencyMap(record)) == nil)
        #expect(Report.Breakdown(TimeBreakdown(record), timeScale: 1) == nil)
        #expect(Report.Distribution(LatencyDistribution()) == nil)
        let text = String(decoding: try ReportCoding.encode(Report()), as: UTF8.self)
        #expect(!text.contains("heatmap") && !text.contains("breakdown"))
    }
}
