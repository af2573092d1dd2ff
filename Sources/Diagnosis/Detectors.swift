import Measurements
import Primitives

extension Detector {
    /// Every detector, in the order in which the ledger lists their evidence.
    static let all: [Detector] = [
        .generator, .change, .hinge, .queueGrowth, .residualGoodput, .siblings, .answers,
        .genuineLoss, .announcedMaintenance, .recovery,
    ]

    /// Doubts the generator first.
    static let generator = Detector(purpose: "Did the generator limit the run?") { file in
        let isGuilty = file.gates.limit != nil
        return [
            Finding(
                test: "schedule_and_resources",
                statistic: [
                    "late_by_generator": Double(file.gates.generatorLate),
                    "late_by_machine": Double(file.gates.machineLate),
                ], n: file.gates.seconds, window: 0..<file.facts.length,
                weight: isGuilty ? [.harness: 2] : [.harness: -2], group: "generator",
                anomalous: isGuilty,
                vetoes: isGuilty ? Family.rivals.filter { $0 != .harness } : [])
        ]
    }

    /// What changed against the baseline, signal by signal.
    static let change = Detector(purpose: "What is not as it was in the baseline?") { file in
        guard file.baseline.isSufficient else { return [] }
        if file.onset.changes.isEmpty {
            return [
                Finding(
                    test: "no_change", statistic: ["signals": Double(Signal.all.count)],
                    n: file.facts.length, window: 0..<file.facts.length, weight: [.healthy: 2],
                    group: "change")
            ]
        }
        return file.onset.changes.map { change in
            var finding = Finding(
                test: "change_\(change.signal)",
                statistic: [
                    "onset": Double(change.onset), "before": change.before,
                    "after": change.after,
                ], n: change.n, window: change.onset..<change.end, group: change.signal,
                anomalous: true)
            switch change.signal {
            case "response_p95":
                finding.weight = [.capacity: 0.5, .off: -1, .healthy: -2, .policy: -0.5]
                finding.group = "latency"
            case "timeouts":
                finding.weight = [.capacity: 0.5, .reach: 0.3, .off: -0.5, .healthy: -2]
                finding.group = "latency"
            case "no_connection":
                finding.weight = [.reach: 1, .admit: 1, .process: 0.5, .off: 0.5, .healthy: -2]
            case "refusals":
                finding.weight = [.policy: 0.3, .process: 0.3, .off: 0.3, .healthy: -2]
            default:
                finding.weight = [.healthy: -2]
            }
            return finding
        }
    }

    /// The hinge: goodput stops following the load.
    static let hinge = Detector(purpose: "Is there a load beyond which goodput stays flat?") {
        file in
        guard let estimate = file.knee else { return [] }
        var statistic = ["tested": estimate.knee.tested, "advantage": estimate.advantage]
        if let capacity = estimate.knee.capacity, let ci = estimate.knee.ci {
            statistic["capacity"] = capacity
            statistic["low"] = ci[0]
            statistic["high"] = ci[1]
        }
        let reached = estimate.knee.reached
        let troubled = !file.onset.changes.isEmpty
        return [
            Finding(
                test: "hinge", statistic: statistic, n: estimate.n, window: estimate.window,
                weight: reached
                    ? [.capacity: 1.5, .healthy: -2, .off: -1, .process: -0.5, .depletion: -0.5]
                    : troubled ? [.capacity: -0.5] : [:],
                group: "knee", anomalous: reached)
        ]
    }

    /// Work piles up faster than the load alone explains.
    static let queueGrowth = Detector(purpose: "Does work pile up inside the server?") { file in
        guard let incident = file.incident else { return [] }
        let facts = file.facts
        func level(_ range: Range<Int>) -> (inFlight: Double, load: Double)? {
            guard !range.isEmpty else { return nil }
            let count = Double(range.count)
            return (facts.total(range, \.inFlight) / count, facts.total(range, \.attempts) / count)
        }
        guard let before = level(file.baseline.range), let after = level(incident.untouched),
            before.load > 0, after.load > 0
        else { return [] }
        let wait = (after.inFlight / after.load) / ((before.inFlight + 0.1) / before.load)
        let fires = wait >= 3 && after.inFlight >= 20
        return [
            Finding(
                test: "queue_growth",
                statistic: [
                    "in_flight_before": before.inFlight, "in_flight_after": after.inFlight,
                    "wait_ratio": wait,
                ], n: incident.untouched.count, window: incident.untouched,
                weight: fires ? [.capacity: 0.5, .policy: -1, .off: -1] : [:], group: "queue",
                anomalous: fires)
        ]
    }

    /// A service that is switched off does nothing at all.
    static let residualGoodput = Detector(purpose: "Was anything good after the onset?") { file in
        guard let incident = file.incident else { return [] }
        let done = file.facts.total(incident.untouched, \.done)
        let good = file.facts.total(incident.untouched, \.good)
        guard done >= 20 else { return [] }
        let isZero = good == 0
        return [
            Finding(
                test: "residual_goodput", statistic: ["good": good, "done": done], n: Int(done),
                window: incident.untouched, weight: isZero ? [.off: 1, .process: 0.5] : [:],
                group: "residual", anomalous: isZero, vetoes: isZero ? [] : [.off])
        ]
    }

    /// Requests that do not need the bottleneck tell path and process from capacity.
    static let siblings = Detector(purpose: "Did requests beside the bottleneck stay well?") {
        file in
        guard let incident = file.incident else { return [] }
        let done = file.facts.total(incident.untouched, \.cheapDone)
        let good = file.facts.total(incident.untouched, \.cheapGood)
        guard done >= 20 else { return [] }
        let share = good / done
        var weight: [Family: Double] = [:]
        if share >= 0.95 { weight = [.reach: -2, .admit: -1, .process: -1, .off: -0.5] }
        if share < 0.5 { weight = [.reach: 0.5, .process: 0.5, .admit: 0.5] }
        return [
            Finding(
                test: "siblings", statistic: ["good_share": share], n: Int(done),
                window: incident.untouched, weight: weight, group: "siblings",
                anomalous: share < 0.5)
        ]
    }

    /// Which answers came instead of good ones.
    static let answers = Detector(purpose: "What came instead of good answers?") { file in
        guard let incident = file.incident else { return [] }
        let bad = file.facts.failures(incident.untouched)
        let total = bad.values.reduce(0, +)
        guard total >= 20 else { return [] }
        var statistic: [String: Double] = [:]
        var weight: [Family: Double] = [:]
        for (outcome, count) in bad {
            let share = Double(count) / Double(total)
            guard share >= 0.01 else { continue }
            statistic[outcome.name] = share
            guard share >= 0.5 else { continue }
            switch outcome {
            case .status(401), .status(403), .status(413), .status(429):
                weight = [.policy: 1.5, .capacity: -0.5]
            case .status(507): weight = [.depletion: 2]
            case .failure(.refused): weight = [.process: 1, .off: 0.5, .reach: 0.3]
            case .failure(.connectTimeout): weight = [.admit: 1, .reach: 1]
            case .failure(.dns), .failure(.dnsTimeout), .failure(.unreachable):
                weight = [.reach: 2]
            case .failure(.tlsTimeout): weight = [.admit: 1.5]
            case .failure(.emptyReply), .failure(.receiveReset): weight = [.process: 1]
            default: break
            }
        }
        return [
            Finding(
                test: "answers", statistic: statistic, n: total, window: incident.untouched,
                weight: weight, group: "answers", anomalous: true)
        ]
    }

    /// What the people the service exists for got.
    static let genuineLoss = Detector(purpose: "Were genuine intents lost?") { file in
        guard let genuine = file.loss.genuine, let during = genuine.incidentSuccess,
            let incident = file.incident, let lost = genuine.lost
        else { return [] }
        var statistic = ["incident_success": during, "lost": Double(lost)]
        if let before = genuine.baselineSuccess { statistic["baseline_success"] = before }
        return [
            Finding(
                test: "genuine_loss", statistic: statistic,
                n: Incident.sum(file.facts, .genuine, incident.range).judged,
                window: incident.range, group: "impact")
        ]
    }

    /// A maintenance that the scenario announces is stated, not diagnosed.
    static let announcedMaintenance = Detector(purpose: "What did the announced page answer?") {
        file in
        let phases = file.facts.record.manifest.phases.filter { $0.kind == .maintenance }
        return phases.compactMap { phase in
            let first = max(0, Int(phase.start.rounded(.down)))
            let range = first..<max(first, min(file.facts.length, Int(phase.end.rounded(.up))))
            guard !range.isEmpty else { return nil }
            var good = 0.0
            var done = 0.0
            for second in range {
                good += file.facts.seconds[second].good
                done += file.facts.seconds[second].done
            }
            return Finding(
                test: "announced_maintenance", statistic: ["good": good, "done": done],
                n: Int(done), window: range, group: "operator")
        }
    }

    /// Whether it came back.
    static let recovery = Detector(purpose: "Did it come back before the run's end?") { file in
        guard let incident = file.incident else { return [] }
        let end = file.facts.length
        var statistic = ["started": Double(incident.start)]
        if let recovered = incident.recovered { statistic["recovered"] = Double(recovered) }
        return [
            Finding(
                test: "recovery", statistic: statistic, n: end - incident.start,
                window: incident.start..<end, group: "recovery")
        ]
    }
}

extension RunFacts {
    /// Answers that were not good, of the requests that load the server, by outcome.
    func failures(_ range: Range<Int>) -> [Outcome: Int] {
        var result: [Outcome: Int] = [:]
        let seconds = range.clamped(to: 0..<self.length).filter { !self.maintenance[$0] }
        // A row that covers several seconds counts once.
        for index in Set(seconds.map { self.rowOf[$0] }) {
            for (population, row) in self.record.seconds[index].populations.enumerated() {
                for (key, count) in row.attempts
                where !key.good && key.outcome.judgesServer
                    && self.loadedSteps.contains(StepID(population: population, step: key.step))
                {
                    result[key.outcome, default: 0] += count
                }
            }
        }
        return result
    }
}
