import Primitives

@testable import Reporting

/// Reports made by formula, so that every test knows each of their numbers.
enum SyntheticReport {
    private static let phaseEnds: [(name: String, until: Double, kind: String)] = [
        ("quiet", 0.25, "load"), ("goes-viral", 0.45, "load"), ("peak", 0.60, "load"),
        ("maintenance page", 0.76, "maintenance"), ("aftermath", 1.0, "load"),
    ]

    /// A flood over a quiet service that collapses, is closed by its operator and comes back.
    static func flood(rows: Int, timeScale: Double = 1_200) -> Report {
        var report = Report()
        let end = Double(rows)
        report.run.id = "20200531T054800Z-viral-flood"
        report.run.scenario = "Viral flood at the tip line"
        report.run.seed = 20_200_531
        report.run.started = "2020-05-31T05:48:00.000Z"
        report.run.duration = end + 6.5
        report.run.timeScale = timeScale
        report.run.version = "0.1.0"
        report.run.libcurl = "7.88.1"
        report.run.host.kernel = "Linux 6.18"
        report.run.host.cores = 2
        report.run.host.descriptors = 1_048_576
        report.run.host.localPorts = 28_232
        report.run.host.memory = 8_349_000_000
        report.run.host.name = "lab-1"
        report.run.scenarioSHA256 = String(repeating: "5eed", count: 16)
        report.run.command = "spate run scenarios/viral-flood.yaml --seed 20200531"
        report.run.stopped = "finished"
        report.series = (0..<rows).map { self.row($0, of: rows, timeScale) }
        self.addPhases(&report, end)
        SyntheticLatency.add(to: &report)
        self.addTotals(&report)
        self.addFindings(&report, end)
        return report
    }

    /// Offered per second at a share of the run.
    private static func offered(_ share: Double) -> (genuine: Int, noise: Int) {
        let noise: Double
        switch share {
        case ..<0.25: noise = 2
        case ..<0.45: noise = 2 + 498 * (share - 0.25) / 0.20
        case ..<0.60: noise = 500
        case ..<0.76: noise = 500 - 498 * (share - 0.60) / 0.16
        default: noise = 2
        }
        return (18 + Int((share * 997).rounded()) % 5, Int(noise.rounded()))
    }

    private static func row(_ index: Int, of rows: Int, _ timeScale: Double) -> Report.SeriesRow {
        let share = Double(index) / Double(rows)
        var row = Report.SeriesRow(t: Double(index), story: Double(index) * timeScale)
        let (genuine, noise) = self.offered(share)
        let capacity = 198 + index % 5
        row.offered = genuine + noise
        row.attempts = row.offered
        let collapse = share >= 0.40 && share < 0.60
        let page = share >= 0.60 && share < 0.76
        let answered = min(row.offered, capacity)
        let good = collapse ? answered / 9 : page ? 0 : answered
        let part = { (of: Int) in row.offered == 0 ? 0 : good * of / row.offered }
        row.good = part(genuine) + part(noise)
        row.done = page ? row.offered : collapse ? row.offered * 8 / 9 : answered
        row.inFlight = collapse ? 1_200 + index % 90 : share >= 0.35 && !page ? 60 : 3
        row.p50 = collapse || page ? nil : 21 + Double(index % 7)
        row.p99 = share >= 0.37 && share < 0.78 ? nil : 34 + Double(index * 7 % 19)
        if share >= 0.33, share < 0.37 { row.p99 = 600 + Double(index) * 10 }
        SyntheticLatency.add(to: &row, index: index, isCollapsed: collapse)
        row.outcomes["2xx"] = row.good
        let rest = row.done - row.good
        if page {
            row.outcomes["503"] = rest
        } else if rest > 0 {
            row.outcomes["first_byte_timeout"] = rest * 3 / 4
            row.outcomes["503"] = rest / 8
            row.outcomes["recv_reset"] = rest - rest * 3 / 4 - rest / 8
        }
        for (name, count) in [("genuine", genuine), ("noise", noise)] {
            var line = Report.SeriesRow.ClassRow()
            line.offered = count
            line.done = row.offered == 0 ? 0 : row.done * count / row.offered
            line.good = part(count)
            line.arrived = count
            line.arrivedAccepted = part(count)
            row.classes[name] = line
        }
        let backlog = max(0, min(1, (share - 0.2) * 4)) * 3_100 + Double(index)
        row.review = .init(backlog: backlog, oldestAge: max(0, Double(index) - 24))
        row.generator = .init(
            cpu: 0.06 + Double(row.offered) / 3_400, lagP99Ms: 0.4 + Double(index * 13 % 17) / 9)
        return row
    }

    private static func addPhases(_ report: inout Report, _ end: Double) {
        var start = 0.0
        for (name, until, kind) in self.phaseEnds {
            let stop = (until * end).rounded()
            let rows = report.series.filter { $0.t >= start && $0.t < stop }
            report.phases.append(
                Report.Phase(
                    name: name, t: [start, stop],
                    story: [start * report.run.timeScale, stop * report.run.timeScale],
                    kind: kind, classes: self.figures(rows)))
            start = stop
        }
        let labels: [(Double, String, String)] = [
            (0.02, "info", "Police ask for videos through the app"),
            (0.25, "trigger", "Fans are urged to send their fancams"),
            (0.36, "symptom", "One-star reviews pour in"),
            (0.60, "operator", "Page: down temporarily due to technical difficulties"),
            (0.76, "recovery", "Page taken away"),
        ]
        report.timeline = labels.map { share, kind, label in
            Report.TimelineEntry(
                t: (share * end).rounded(), story: (share * end).rounded() * report.run.timeScale,
                kind: kind, label: label)
        }
    }

    private static func figures(_ rows: [Report.SeriesRow]) -> [String: Report.ClassFigures] {
        var classes: [String: Report.ClassFigures] = [:]
        for name in ["genuine", "noise"] {
            var figures = Report.ClassFigures()
            figures.intents = rows.reduce(0) { $0 + ($1.classes[name]?.arrived ?? 0) }
            figures.accepted = rows.reduce(0) { $0 + ($1.classes[name]?.arrivedAccepted ?? 0) }
            let rest = figures.intents - figures.accepted
            figures.rejected = rest / 10
            figures.failed = rest - rest / 10
            figures.amplification = rest == 0 ? 1 : 1.04
            if rest * 2 < figures.intents { figures.responseMs.p50 = 23.118 }
            if rest * 100 < figures.intents {
                figures.responseMs.p99 = 48.2
            } else if rest > 0 {
                figures.responseMs.p99AtLeast = 5_003.4
            }
            classes[name] = figures
        }
        return classes
    }

    private static func addTotals(_ report: inout Report) {
        report.classes = self.figures(report.series)
        for figures in report.classes.values {
            report.totals.intents += figures.intents
            report.totals.accepted += figures.accepted
            report.totals.rejected += figures.rejected
            report.totals.failed += figures.failed
        }
        report.totals.attempts = report.series.reduce(0) { $0 + $1.attempts }
        report.totals.steps = report.totals.attempts
        report.totals.attemptsCompleted = report.series.reduce(0) {
            $0 + ($1.outcomes["2xx"] ?? 0) + ($1.outcomes["503"] ?? 0)
        }
        report.totals.attemptsFailed =
            report.totals.attempts - report.totals.attemptsCompleted
        report.totals.bytesUp = 512_400_000
        report.totals.bytesDown = 8_120_000
        for row in report.series { report.outcomes.merge(row.outcomes, uniquingKeysWith: +) }
    }

    private static func addFindings(_ report: inout Report, _ end: Double) {
        report.validity.gates = [
            .init(id: "V1", state: .ok, detail: "lag p99 2.2 ms at most; 0 dropped"),
            .init(id: "V2", state: .ok, detail: "0.21 of a core at most, no descriptor refused"),
            .init(id: "V3", state: .ok, detail: "in flight agrees with rate x time within 1.2 %"),
            .init(id: "V5", state: .notApplicable, detail: "the scenario names no control"),
        ]
        report.verdict.grade = .family
        report.verdict.family = "CAPACITY"
        report.verdict.posterior = 0.914
        report.verdict.bfNext = 34
        report.verdict.sentence =
            "The service ran out of capacity at about 200 good answers a second; beyond it goodput "
            + "fell to a ninth, because the answers came after their askers had left. Nine in ten "
            + "genuine tips of the peak were lost. It recovered when the flood ended."
        report.onset = .init(
            t: (end * 0.4).rounded(), ci: [(end * 0.39).rounded(), (end * 0.41).rounded()],
            load: 393.5, firstSignals: ["E03"], tied: [])
        var knee = Report.Knee()
        knee.capacity = 199.8
        knee.ci = [197.9, 202.4]
        knee.reached = true
        knee.collapseIndex = 0.112
        report.knee = knee
        var genuine = Report.Loss.Genuine()
        genuine.baselineSuccess = 1
        genuine.incidentSuccess = 0.061
        genuine.lost = 812
        genuine.ci = [0.922, 0.953]
        report.loss.genuine = genuine
        report.loss.selectivity = 1.01
        report.loss.reconcile = .init(
            ackedStored: 3_902, ackedMissing: 0, unackedStored: 2_214, unackedMissing: 9_870)
        self.addEvidence(&report, end)
    }

    private static func addEvidence(_ report: inout Report, _ end: Double) {
        for (id, posterior) in [("CAPACITY", 0.914), ("ADMIT", 0.027), ("UNKNOWN", 0.059)] {
            var hypothesis = Report.Hypothesis()
            hypothesis.id = id
            hypothesis.posterior = posterior
            hypothesis.supporting = id == "CAPACITY" ? ["E01", "E03"] : []
            hypothesis.against = id == "ADMIT" ? ["E02"] : []
            hypothesis.missing = id == "CAPACITY" ? ["server processor use", "busy workers"] : []
            report.hypotheses.append(hypothesis)
        }
        for (id, test) in [("E01", "hinge"), ("E02", "connect_share"), ("E03", "onset_order")] {
            var evidence = Report.Evidence()
            evidence.id = id
            evidence.test = test
            evidence.statistic = ["capacity": 199.8, "residual": 0.031]
            evidence.n = 5_210
            evidence.window = [0, end]
            evidence.weight = ["CAPACITY": 1.4, "ADMIT": -0.7]
            evidence.group = test
            report.evidence.append(evidence)
        }
        report.thresholds = [
            .init(
                selector: "http_req_failed{class:genuine}",
                expression: "rate<50%", value: 0.939, ok: true, firstBroken: 48,
                name: "the outage reproduces", phase: "peak", expectsFailure: true),
            .init(
                selector: "http_req_failed{class:genuine}", expression: "rate<1%", value: 0,
                ok: true,
                phase: "quiet"),
            .init(
                selector: "http_req_response_time{class:genuine}", expression: "p(99)<2s",
                value: 5_003.4, ok: false, firstBroken: 47, duration: 44),
            .init(selector: "checks", expression: "rate>99%", value: nil, ok: nil),
        ]
        var review = Report.Review()
        review.acceptedPerSecond = 32.4
        review.reviewedPerSecond = 5.8
        review.backlog = 3_219
        review.oldestAge = 95
        review.genuineWait.p50 = 41.5
        review.genuineWait.p95 = 90.25
        report.review = review
    }
}
