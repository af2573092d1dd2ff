import Measurements

/// The people behind the endpoint, read from the server's samples (research: diagnosis, 3.11).
struct ReviewReading: Sendable {
    /// Submissions waiting, reading by reading.
    let backlog: [ServerSeries.Point]
    /// Accepted per second over the run; nil when unknown.
    let accepted: Double?
    /// Reviewed per second over the run; nil when unknown.
    let reviewed: Double?
    /// Submissions the queue grows by per second, from the first reading to the last.
    let slope: Double

    private let server: ServerSeries

    /// Reads the samples; nil without two readings of a queue of people.
    init?(_ samples: [ServerSample]) {
        let server = ServerSeries(samples)
        self.server = server
        let backlog = server.points(.reviewBacklog)
        guard let first = backlog.first, let last = backlog.last, last.second > first.second else {
            return nil
        }
        self.backlog = backlog
        let all = first.second..<(last.second + 1)
        self.accepted = server.flow(.acceptedRate, .acceptedTotal, in: all)
        self.reviewed = server.flow(.reviewedRate, .reviewedTotal, in: all)
        self.slope = (last.value - first.value) / Double(last.second - first.second)
    }

    /// How the queue grew in the last third of the readings before a second, and how much was
    /// reviewed meanwhile, both per second; nil with fewer than twenty readings.
    func growth(before end: Int) -> (queue: Double, reviewed: Double?, last: Double, n: Int)? {
        let readings = self.backlog.filter { $0.second < end }
        guard readings.count >= 20, let last = readings.last else { return nil }
        let third = readings[readings.count * 2 / 3]
        let span = third.second..<(last.second + 1)
        guard last.second > third.second else { return nil }
        let reviewed = self.server.flow(.reviewedRate, .reviewedTotal, in: span)
        let queue = (last.value - third.value) / Double(last.second - third.second)
        return (queue, reviewed, last.value, readings.count)
    }

    /// The flows in the readings in which somebody waited from beginning to end: then reviewers
    /// never lacked work, and what they finished is what they can.
    ///
    /// Nil when nobody waited for 10 s on end, or nothing was reviewed meanwhile.
    var queue: ReviewBacklog? {
        let busy = self.backlog.drop { $0.value < 1 }
        guard let first = busy.first, let last = busy.last, last.second - first.second >= 10,
            busy.allSatisfy({ $0.value >= 1 }), let accepted
        else { return nil }
        let growth = (last.value - first.value) / Double(last.second - first.second)
        let reviewed = accepted - growth
        return reviewed > 0 ? ReviewBacklog(accepted: accepted, reviewed: reviewed) : nil
    }
}

extension ServerSeries {
    /// What flowed per second from a stretch's first second to its last: as the server says, or as
    /// its counter grew; nil where it says neither.
    fileprivate func flow(_ rate: Name, _ counter: Name, in range: Range<Int>) -> Double? {
        mean(self.values(rate, in: range))
            ?? self.increase(counter, in: range).map { $0 / Double(range.count - 1) }
    }
}

extension ServerSeries.Name {
    static let reviewBacklog = Self("review_backlog", "app.review_backlog")
    static let reviewOldest = Self("review_oldest_age", "app.review_oldest_age")
    static let acceptedRate = Self("accepted_per_s")
    static let acceptedTotal = Self("accepted_total")
    static let reviewedRate = Self("reviewed_per_s")
    static let reviewedTotal = Self("reviewed_total")
}

extension Review {
    /// Reads the people's queue from the server's samples; nil without any.
    init?(_ record: RunRecord) {
        guard let reading = ReviewReading(record.server), let last = reading.backlog.last else {
            return nil
        }
        self.backlog = last.value
        self.oldestAge = ServerSeries(record.server).points(.reviewOldest).last?.value
        self.acceptedPerSecond = reading.accepted
        self.reviewedPerSecond = reading.reviewed
        self.slope = reading.slope
        if let queue = reading.queue {
            self.newestWaits = queue.age(of: last.value)
            let clears = queue.clearing(last.value, inflow: reading.firstInflow(record.server))
            self.clearsIn = clears.isFinite ? clears : nil
        }
        self.genuineWaitP50 = record.reconciliation?.genuineWaitP50
        self.genuineWaitP95 = record.reconciliation?.genuineWaitP95
    }
}

extension ReviewReading {
    /// Accepted per second in the first third of the readings: the ordinary inflow.
    fileprivate func firstInflow(_ samples: [ServerSample]) -> Double {
        guard let first = self.backlog.first?.second, let last = self.backlog.last?.second else {
            return 0
        }
        let third = first..<(first + max(2, (last - first) / 3))
        return ServerSeries(samples).flow(.acceptedRate, .acceptedTotal, in: third)
            ?? self.accepted ?? 0
    }
}
