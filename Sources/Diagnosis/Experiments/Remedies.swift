import Measurements
import Primitives

extension Remedy {
    /// What would have avoided the trouble, by formula (research: diagnosis, 3.15).
    ///
    /// Only what fits the verdict, and only where the figures of the formula were seen. A
    /// prediction is no measurement: `spate run --remedy ID` makes one.
    static func predicted(
        _ file: CaseFile, _ verdict: Verdict, _ ledger: EvidenceLedger
    ) -> [Remedy] {
        guard verdict.grade != .healthy, verdict.grade != .invalid else { return [] }
        let leader = ledger.standings.first?.rival.mechanism
        let figures = RemedyFigures(file)
        var list: [Remedy?] = []
        if verdict.family == .capacity {
            list += [figures.boundedQueue, figures.shedding, figures.capacity]
        }
        if file.storm != nil, verdict.overlay.contains("M21") || figures.retriesHurt {
            list.append(figures.retryBudget)
        }
        if leader == .rateLimit {
            list.append(
                Remedy(
                    id: "limiter-per-device",
                    predicted: "a limit per device instead of per address leaves people behind a "
                        + "shared address alone: what the limiter refused of theirs is accepted",
                    measured: nil))
        }
        if leader == .diskFull { list.append(figures.largerSpool) }
        if verdict.overlay.contains("M26") { list.append(figures.triage) }
        return list.compactMap(\.self)
    }
}

/// The figures that the formulas of remedies need, from one run.
private struct RemedyFigures {
    let file: CaseFile

    init(_ file: CaseFile) {
        self.file = file
    }

    private var capacityFound: Double? { self.file.knee?.knee.capacity }
    /// First tries per second at most, over 5 s: what retries add is no demand.
    private var peak: Double {
        let seconds = self.file.facts.seconds.map { max(0, $0.attempts - $0.retries) }
        return stride(from: 0, through: seconds.count - 5, by: 1).map {
            seconds[$0..<($0 + 5)].reduce(0, +) / 5
        }.max() ?? 0
    }
    /// The clients' shortest own deadline in seconds.
    private var timeout: Double? {
        self.file.facts.loadedPopulations.map {
            self.file.facts.record.manifest.populations[$0].timeout
        }.filter { $0 > 0 }.min()
    }
    /// True where retries make a difference: at least one for ten first tries.
    var retriesHurt: Bool { self.file.facts.retriesPerRequest > 0.12 }

    var boundedQueue: Remedy? {
        guard let capacity = self.capacityFound, let timeout, self.peak > 0 else { return nil }
        let places = max(1, (capacity * timeout / 2).rounded())
        let refused = max(0, 1 - capacity / self.peak)
        return Remedy(
            id: "bounded-queue",
            predicted: "a queue of \(decimal(places, 0)) at most (half the clients' timeout of "
                + "\(decimal(timeout, 1)) s at \(decimal(capacity, 0))/s): who gets in waits "
                + "\(decimal(places / capacity, 1)) s at most, \(percent(refused)) are refused at "
                + "once at the peak, and it goes on at \(decimal(capacity, 0))/s",
            measured: nil)
    }

    var shedding: Remedy? {
        guard let capacity = self.capacityFound, let timeout, self.peak > capacity else {
            return nil
        }
        let above = max(1, (capacity * timeout / 4).rounded())
        return Remedy(
            id: "shedding",
            predicted: "refusing early while more than \(decimal(above, 0)) wait keeps goodput at "
                + "\(decimal(capacity, 0))/s of the \(decimal(self.peak, 0))/s asked for",
            measured: nil)
    }

    var capacity: Remedy? {
        guard let capacity = self.capacityFound, self.peak > capacity else { return nil }
        let factor = self.peak / (0.8 * capacity)
        return Remedy(
            id: "more-workers",
            predicted: "\(decimal(factor, 1)) times the capacity bears the peak of "
                + "\(decimal(self.peak, 0))/s at 80 % of what it can do, if workers are the limit",
            measured: nil)
    }

    var retryBudget: Remedy? {
        let retries = self.file.facts.retriesPerRequest
        guard let capacity = self.file.storm?.storm.capacity ?? self.capacityFound, retries > 0
        else { return nil }
        let now = RetryStorm.hiddenCapacity(of: capacity, retriesPerRequest: retries)
        let then = RetryStorm.hiddenCapacity(of: capacity, retriesPerRequest: 1 / 9.0)
        return Remedy(
            id: "retry-budget",
            predicted: "a budget of a tenth of all requests raises what it heals under from "
                + "\(decimal(now, 0))/s to \(decimal(then, 0))/s",
            measured: nil)
    }

    var largerSpool: Remedy? {
        let facts = self.file.facts
        let rows = Set((0..<facts.length).map { facts.rowOf[$0] })
        let bytes = rows.reduce(0.0) { sum, index in
            sum
                + facts.record.seconds[index].populations.reduce(0.0) { $0 + Double($1.bytesUp) }
        }
        guard bytes > 0 else { return nil }
        let story = bytes * facts.record.manifest.timeScale / 1e9
        return Remedy(
            id: "larger-spool",
            predicted: "room for all that was sent takes \(decimal(story, story < 10 ? 2 : 0)) GB "
                + "(\(decimal(bytes / 1e6, 0)) MB in this run, at the story's scale); less with a "
                + "job that moves media away at the rate at which it comes",
            measured: nil)
    }

    var triage: Remedy? {
        guard let reading = ReviewReading(self.file.facts.record.server),
            let reviewed = reading.reviewed, let accepted = reading.accepted, reviewed > 0,
            accepted > 0
        else { return nil }
        let facts = self.file.facts
        let all = 0..<facts.length
        let genuine = Double(Incident.sum(facts, .genuine, all).accepted)
        let noise = Double(Incident.sum(facts, .noise, all).accepted)
        guard genuine > 0, noise > 0 else { return nil }
        let share = genuine / (genuine + noise)
        guard
            let precision = ReviewBacklog.precision(
                share: share, truePositive: 0.9, falsePositive: 0.01)
        else { return nil }
        let passed = accepted * (share * 0.9 + (1 - share) * 0.01)
        return Remedy(
            id: "triage",
            predicted: "a triage that keeps 90 % of the genuine and 1 % of the rest leaves "
                + "\(decimal(passed, 2)) items/s to review, \(percent(precision)) of them genuine "
                + "instead of \(percent(share)); reviewers do \(decimal(reviewed, 2))/s",
            measured: nil)
    }
}
