import Measurements
import Primitives

extension Detector {
    /// A service that is switched off does nothing at all.
    static let residual = Detector(
        purpose: "Was anything good after the onset?", tests: ["nothing_good"]
    ) { file in
        guard let trouble = file.trouble, trouble.count >= 6 else { return [] }
        // What was under way at the switch, and the first answers after it, belong to neither.
        let window = (trouble.lowerBound + 2)..<(trouble.upperBound - 2)
        let done = file.facts.total(window, \.done)
        let good = file.facts.total(window, \.good)
        guard done >= 20 else { return [] }
        return [
            Finding(
                "nothing_good", fired: good == 0, group: "residual", n: Int(done), window: window,
                ["good": good, "done": done]
            ).vetoing(.switchedOff, when: .clear)
        ]
    }

    /// What the people the service exists for got.
    static let genuineLoss = Detector(
        purpose: "Were genuine intents lost?", tests: ["genuine_loss"]
    ) { file in
        guard let genuine = file.loss.genuine, let during = genuine.incidentSuccess,
            let incident = file.incident, let lost = genuine.lost
        else { return [] }
        var statistic = ["incident_success": during, "lost": Double(lost)]
        if let before = genuine.baselineSuccess { statistic["baseline_success"] = before }
        return [
            Finding(
                "genuine_loss", fired: lost > 0, group: "impact",
                n: Incident.sum(file.facts, .genuine, incident.range).judged,
                window: incident.range, statistic
            ).expected
        ]
    }

    /// A maintenance that the scenario announces is stated, not diagnosed.
    static let announcedMaintenance = Detector(
        purpose: "What did the announced page answer?", tests: ["announced_maintenance"]
    ) { file in
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
                "announced_maintenance", fired: true, group: "operator", n: Int(done),
                window: range, ["good": good, "done": done]
            ).expected
        }
    }

    /// Whether it came back.
    static let recovery = Detector(
        purpose: "Did it come back before the run's end?", tests: ["recovery"]
    ) { file in
        guard let incident = file.incident else { return [] }
        let end = file.facts.length
        var statistic = ["started": Double(incident.start)]
        if let recovered = incident.recovered { statistic["recovered"] = Double(recovered) }
        return [
            Finding(
                "recovery", fired: incident.recovered != nil, group: "recovery",
                n: end - incident.start, window: incident.start..<max(end, incident.start + 1),
                statistic
            ).expected
        ]
    }
}
