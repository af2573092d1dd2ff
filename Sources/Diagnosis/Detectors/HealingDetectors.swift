import Measurements

extension Detector {
    /// Judges what came after the trigger (research: diagnosis, 3.8).
    static let healing = Detector(
        purpose: "Is it kept down by its own clients when the trigger is over?",
        tests: ["stays_down"]
    ) { file in
        guard let reading = file.storm else { return [] }
        let judged = Metastability.judge(reading.storm, reading.seen)
        let fired: Bool
        switch judged.state {
        case "METASTABLE", "SUSTAINED": fired = true
        case "RECOVERED", "RECOVERED_SLOWLY", "PERSISTENT": fired = false
        default: return []
        }
        var statistic = [
            "load": judged.load ?? 0, "capacity": judged.capacity ?? 0,
            "amplification": judged.amplification ?? 0, "backlog": judged.backlog ?? 0,
            "watched": reading.seen.watched,
        ]
        statistic["t_fresh"] = judged.tFresh
        statistic["t_storm"] = judged.tStorm
        statistic["t_recovered"] = judged.tRecovered
        // A loop of retries is what speaks for a storm; other loops leave it alone.
        let isStorm = fired && (judged.loop ?? "retries") == "retries"
        return [
            Finding(
                "stays_down", fired: isStorm && (judged.amplification ?? 1) >= 1.2,
                group: "feedback", n: reading.watched.count,
                window: reading.watched, statistic
            ).expected
        ]
    }

    /// Looks at what the server did while little was asked of it.
    static let relief = Detector(
        purpose: "Is it still down while the load is taken away?", tests: ["down_in_relief"]
    ) { file in
        guard let reading = file.relief, let share = reading.share else { return [] }
        return [
            Finding(
                "down_in_relief", fired: share < 0.5, group: "relief",
                n: reading.range.count, window: reading.range, ["goodput_share": share]
            ).expected
        ]
    }
}

extension Detector {
    /// Looks at the people behind the endpoint.
    static let reviewBacklog = Detector(
        purpose: "Do people review more slowly than submissions are accepted?",
        tests: ["review_backlog_grows"]
    ) { file in
        // A bundled intake has reviewers by default; a story without them has no queue of people.
        if let settings = file.facts.record.manifest.intakeSettings,
            !settings.keys.contains(where: { $0.hasPrefix("review.") })
        {
            return []
        }
        // Where nobody reviews anything there is no queue of people to judge.
        // Once the endpoint is down people catch up: what led to it is seen before the onset.
        guard let reading = ReviewReading(file.facts.record.server),
            let first = reading.backlog.first, let total = reading.reviewed, total > 0,
            let growth = file.incident.flatMap({ reading.growth(before: $0.start) })
                ?? reading.growth(before: file.facts.length)
        else { return [] }
        // A wave that is worked off is no backlog: it still grows in the last third. Nor are those
        // just being reviewed, who are more when more come: a quarter of what is reviewed is left.
        let grows =
            growth.last >= 20 && growth.queue > 0
            && growth.queue >= 0.25 * (growth.reviewed ?? total)
        var statistic = ["backlog": growth.last, "slope_per_s": growth.queue]
        statistic["accepted_per_s"] = reading.accepted
        statistic["reviewed_per_s"] = growth.reviewed ?? total
        return [
            Finding(
                "review_backlog_grows", fired: grows, group: "review", n: growth.n,
                window: first.second..<(first.second + growth.n), statistic
            ).expected
        ]
    }
}

extension Metastability {
    /// Reads a run; nil when it has no trigger with enough time after it.
    init?(_ file: CaseFile) {
        guard let reading = file.storm else { return nil }
        self = Metastability.judge(reading.storm, reading.seen)
        self.basis = reading.basis
        self.hiddenCapacity = RetryStorm.hiddenCapacity(
            of: reading.storm.capacity, retriesPerRequest: file.facts.retriesPerRequest)
        self.appAmplification = reading.app
        self.personAmplification = reading.person
        self.triggerEnd = Double(reading.triggerEnd)
    }
}
