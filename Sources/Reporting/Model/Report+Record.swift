package import Diagnosis
package import Measurements
import Primitives

extension Report {
    /// The report of a run: what was observed, summed up and explained; nothing is computed here
    /// but the change of units and the rounding (latencies to a microsecond, the rest to a
    /// thousandth).
    package init(record: RunRecord, summary: RunSummary, explanation: Explanation) {
        self.init()
        self.run = Run(record)
        self.validity = Validity(explanation.validity)
        self.verdict = Verdict(explanation.verdict)
        self.verdict.families = explanation.families.compactMapValues(\.finite)
        self.verdict.weights = explanation.weights
        self.onset = explanation.onset.map { Onset($0) }
        self.knee = explanation.knee.map { Knee($0) }
        self.metastable = explanation.metastable.map { Metastable($0) }
        self.totals = Totals(summary.totals)
        self.classes = ClassFigures.byName(summary.classes)
        self.generator = GeneratorFigures(summary)
        self.phases = summary.phases.map { Phase($0, record.manifest.timeScale) }
        self.people = People(summary, timeScale: record.manifest.timeScale)
        self.timeline = TimelineEntry.all(record, explanation)
        self.loss = Loss(explanation.loss)
        self.outcomes = summary.outcomes
        self.hypotheses = explanation.hypotheses.map { Hypothesis($0) }
        self.evidence = explanation.evidence.map { Evidence($0) }
        self.nextRuns = explanation.nextRuns?.map { NextRun($0, of: record.manifest) }
        self.remedies = explanation.remedies?.map {
            Remedy(id: $0.id, predicted: $0.predicted, measured: $0.measured)
        }
        self.thresholds = explanation.thresholds.map { Threshold($0) }
        self.review = explanation.review.map { Review($0) }
        self.telemetry = record.closing?.telemetry?.map { Export($0) }
        self.series = summary.series.map { SeriesRow($0, record.manifest.timeScale) }
        self.heatmap = Heatmap(summary.latencyMap)
        self.breakdown = Breakdown(summary.breakdown, timeScale: record.manifest.timeScale)
        self.outage = Outage(
            self.series, rowSeconds: self.rowSeconds, onset: explanation.onset?.t,
            recovered: explanation.recovered)
    }
}

extension Double {
    /// The number rounded to three decimals; what is not finite becomes nil, since JSON has none.
    var finite: Double? { self.isFinite ? self.toThousandths : nil }

    /// The number rounded to three decimals.
    var toThousandths: Double {
        abs(self) < 1e12 ? (self * 1_000).rounded() / 1_000 : self
    }
}

extension Report.Run {
    fileprivate init(_ record: RunRecord) {
        let manifest = record.manifest
        self.id = manifest.id
        self.scenario = manifest.scenario
        self.seed = manifest.seed
        self.started = manifest.started
        let seen = record.seconds.last.map { Double($0.end) } ?? 0
        self.duration = (record.closing?.duration ?? seen).toThousandths
        self.timeScale = manifest.timeScale
        self.version = manifest.version
        self.libcurl = manifest.libcurl
        self.host.kernel = manifest.host.kernel
        self.host.cores = manifest.host.cores
        self.host.descriptors = manifest.host.descriptors
        self.host.localPorts = manifest.host.localPorts
        self.host.memory = manifest.host.memory
        self.host.name = manifest.host.name
        self.scenarioSHA256 = manifest.scenarioSHA256
        self.command = manifest.command
        self.insecure = manifest.insecure
        self.stopped = record.closing?.stopped
    }
}

// MARK: - What the explanation says

extension Report.Validity {
    fileprivate init(_ validity: Diagnosis.Validity) {
        self.state =
            switch validity.state {
            case .valid: .valid
            case .suspect: .suspect
            case .invalid: .invalid
            }
        self.disturbed = validity.isDisturbed
        self.gates = validity.gates.map { gate in
            let state: Gate.State =
                switch gate.state {
                case .ok: .ok
                case .failed: .failed
                case .notApplicable: .notApplicable
                }
            return Gate(id: gate.id, state: state, detail: gate.detail)
        }
    }
}

extension Report.Verdict {
    fileprivate init(_ verdict: Diagnosis.Verdict) {
        self.grade =
            switch verdict.grade {
            case .cause: .cause
            case .family: .family
            case .leading: .leading
            case .notEnoughEvidence: .notEnoughEvidence
            case .healthy: .healthy
            case .invalid: .invalid
            }
        self.family = verdict.family?.rawValue
        self.mechanism = verdict.mechanism
        self.overlay = verdict.overlay
        self.posterior = verdict.posterior?.finite
        self.bfNext = verdict.bfNext?.finite
        self.sentence = verdict.sentence
        self.claims = verdict.claims.map {
            Report.Claim(text: $0.text, evidence: $0.evidence.map(\.text))
        }
    }
}

extension Report.Onset {
    fileprivate init(_ onset: Diagnosis.Onset) {
        self.init(
            t: onset.t.toThousandths, ci: onset.ci.map(\.toThousandths), load: onset.load.finite,
            firstSignals: onset.firstSignals.map(\.text), tied: onset.tied)
    }
}

extension Report.Knee {
    fileprivate init(_ knee: Diagnosis.Knee) {
        self.capacity = knee.capacity?.finite
        self.ci = knee.ci.map { $0.map(\.toThousandths) }
        self.reached = knee.reached
        self.sloRate = knee.sloRate?.finite
        self.collapseIndex = knee.collapseIndex?.finite
        self.hiddenCapacity = knee.hiddenCapacity?.finite
        self.retries = Double(knee.retries)
    }
}

extension Report.Loss {
    fileprivate init(_ loss: Diagnosis.Loss) {
        if let genuine = loss.genuine {
            var figures = Genuine()
            figures.baselineSuccess = genuine.baselineSuccess?.finite
            figures.incidentSuccess = genuine.incidentSuccess?.finite
            figures.lost = genuine.lost
            figures.ci = genuine.ci.map { $0.map(\.toThousandths) }
            self.genuine = figures
        }
        self.selectivity = loss.selectivity?.finite
        self.reconcile = loss.reconcile.map {
            Reconcile(
                ackedStored: $0.ackedStored, ackedMissing: $0.ackedMissing,
                unackedStored: $0.unackedStored, unackedMissing: $0.unackedMissing)
        }
    }
}

extension Report.Hypothesis {
    fileprivate init(_ hypothesis: Diagnosis.Hypothesis) {
        self.id = hypothesis.id
        self.posterior = hypothesis.posterior.finite
        self.supporting = hypothesis.supporting.map(\.text)
        self.against = hypothesis.against.map(\.text)
        self.missing = hypothesis.missing
        self.refutingRun = hypothesis.refutingRun
    }
}

extension Report.Evidence {
    fileprivate init(_ evidence: Diagnosis.Evidence) {
        self.id = evidence.id.text
        self.test = evidence.test
        self.statistic = evidence.statistic.compactMapValues(\.finite)
        self.n = evidence.n
        self.window = evidence.window.map(\.toThousandths)
        self.weight = Dictionary(
            uniqueKeysWithValues: evidence.weight.compactMap { name, weight in
                weight.finite.map { (name, $0) }
            })
        self.group = evidence.group
        self.outcome = evidence.outcome.rawValue
    }
}

extension Report.Review {
    fileprivate init(_ review: Diagnosis.Review) {
        self.acceptedPerSecond = review.acceptedPerSecond?.finite
        self.reviewedPerSecond = review.reviewedPerSecond?.finite
        self.backlog = review.backlog?.finite
        self.oldestAge = review.oldestAge?.finite
        self.slope = review.slope?.finite
        self.newestWaits = review.newestWaits?.finite
        self.clearsIn = review.clearsIn?.finite
        self.genuineWait.p50 = review.genuineWaitP50?.finite
        self.genuineWait.p95 = review.genuineWaitP95?.finite
    }
}

// MARK: - What the summary counts

extension Report.Totals {
    fileprivate init(_ totals: RunSummary.Totals) {
        self.intents = totals.endings.intents
        self.accepted = totals.endings.accepted
        self.rejected = totals.endings.rejected
        self.gaveUp = totals.endings.gaveUp
        self.failed = totals.endings.failed
        self.dropped = totals.endings.dropped
        self.unfinished = totals.endings.unfinished
        self.steps = totals.steps
        self.attempts = totals.attempts
        self.attemptsCompleted = totals.attemptsCompleted
        self.attemptsFailed = totals.attemptsFailed
        self.attemptsUnfinished = totals.attemptsUnfinished
        self.bytesUp = totals.bytesUp
        self.bytesDown = totals.bytesDown
    }
}

extension Report.Percentiles {
    fileprivate init(_ percentiles: RunSummary.Percentiles) {
        self.p50 = percentiles.p50?.finite
        self.p90 = percentiles.p90?.finite
        self.p99 = percentiles.p99?.finite
        self.p999 = percentiles.p999?.finite
        self.max = percentiles.max?.finite
        self.p99AtLeast = percentiles.p99AtLeast?.finite
    }
}

extension Report.GeneratorFigures {
    fileprivate init(_ summary: RunSummary) {
        self.scheduleDelayMs = Report.Percentiles(summary.punctuality.scheduleDelay)
        self.referenceMs = Report.Percentiles(summary.punctuality.reference)
        self.closedLoop = summary.closedLoops
    }
}

extension Report.ClassFigures {
    fileprivate init(_ summary: RunSummary.ClassSummary) {
        self.intents = summary.endings.intents
        self.accepted = summary.endings.accepted
        self.rejected = summary.endings.rejected
        self.gaveUp = summary.endings.gaveUp
        self.failed = summary.endings.failed
        self.dropped = summary.endings.dropped
        self.unfinished = summary.endings.unfinished
        self.responseMs = .init(summary.response)
        self.answeredMs = .init(summary.answered)
        self.serviceMs = .init(summary.service)
        self.amplification = summary.amplification?.finite
    }

    fileprivate static func byName(
        _ classes: [TrafficClass: RunSummary.ClassSummary]
    ) -> [String: Self] {
        Dictionary(uniqueKeysWithValues: classes.map { ($0.key.rawValue, Self($0.value)) })
    }
}

extension Report.Phase {
    fileprivate init(_ summary: RunSummary.PhaseSummary, _ timeScale: Double) {
        let bounds = [summary.phase.start, summary.phase.end]
        self.init(
            name: summary.phase.name, t: bounds.map(\.toThousandths),
            story: bounds.map { ($0 * timeScale).toThousandths },
            kind: summary.phase.kind.rawValue,
            classes: Report.ClassFigures.byName(summary.classes))
        self.distribution = Report.Distribution(summary.distribution)
    }
}

extension Report.TimelineEntry {
    private static let told: Set<String> = [
        "trigger", "symptom", "mitigation", "recovery", "info", "operator", "stop",
    ]

    /// What was planned, what happened, and what the detectors located, in order of time.
    fileprivate static func all(
        _ record: RunRecord, _ explanation: Explanation
    ) -> [Report.TimelineEntry] {
        let scale = record.manifest.timeScale
        func entry(
            _ t: Double, _ kind: String, _ label: String, _ source: String
        ) -> Report.TimelineEntry {
            .init(
                t: t.toThousandths, story: (t * scale).toThousandths, kind: kind, label: label,
                source: source)
        }
        let happened = record.events.compactMap { event -> Report.TimelineEntry? in
            let kind = event.kind == "problem" ? "info" : event.kind
            let wasPlanned = record.manifest.timeline.contains {
                $0.kind == kind && $0.label == event.label
            }
            return self.told.contains(kind)
                ? entry(event.t, kind, event.label, wasPlanned ? "planned" : "observed") : nil
        }
        // A planned event that happened is told once, at the time it happened.
        let planned = record.manifest.timeline.filter { plan in
            !happened.contains { $0.kind == plan.kind && $0.label == plan.label }
        }.map { entry($0.at, $0.kind, $0.label, "planned") }
        var found: [Report.TimelineEntry] = []
        if let onset = explanation.onset {
            found.append(entry(onset.t, "symptom", "Onset", "found"))
        }
        if let recovered = explanation.recovered {
            found.append(entry(recovered, "recovery", "Goodput back at its baseline", "found"))
        }
        return (planned + happened + found).enumerated()
            .sorted { ($0.element.t, $0.offset) < ($1.element.t, $1.offset) }.map(\.element)
    }
}

extension Report.SeriesRow {
    fileprivate init(_ row: RunSummary.SeriesRow, _ timeScale: Double) {
        self.init(t: Double(row.t), story: (Double(row.t) * timeScale).toThousandths)
        self.offered = row.offered
        self.attempts = row.attempts
        self.done = row.done
        self.good = row.good
        self.dropped = row.dropped
        self.inFlight = row.inFlight
        self.p50 = row.p50?.finite
        self.p99 = row.p99?.finite
        self.p90 = row.response.p90?.finite
        self.p999 = row.response.p999?.finite
        self.max = row.response.max?.finite
        self.serviceMs = Report.Percentiles(row.service)
        self.retries = row.retries
        self.outcomes = row.outcomes
        for (kind, figures) in row.classes {
            var line = ClassRow()
            line.offered = figures.offered
            line.done = figures.done
            line.good = figures.good
            line.arrived = figures.arrived
            line.arrivedAccepted = figures.arrivedAccepted
            self.classes[kind.rawValue] = line
        }
        if row.reviewBacklog != nil || row.reviewOldestAge != nil {
            self.review = ReviewRow(
                backlog: row.reviewBacklog?.finite, oldestAge: row.reviewOldestAge?.finite)
        }
        self.generator = Generator(
            cpu: row.generatorCPU?.finite, lagP99Ms: row.lagP99?.finite)
        guard let sample = row.generator else { return }
        self.generator.referenceP99Ms = sample.referenceP99?.finite
        self.generator.laneBusy = sample.busiestLane?.finite
        self.generator.machine = sample.machine?.finite
        self.generator.descriptors = sample.descriptors
        self.generator.timeWait = sample.timeWait
        self.generator.memory = sample.memory
        self.generator.journalBacklog = sample.journalBacklog
    }
}
