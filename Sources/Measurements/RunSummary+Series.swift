import Primitives

extension RunSummary {
    /// The most rows a series has.
    private static let longest = 1_200

    /// The series: each row merges equally many neighbouring seconds.
    static func series(of record: RunRecord) -> [SeriesRow] {
        guard let last = record.seconds.last else { return [] }
        let width = max(1, (last.end + longest - 1) / longest)
        var rows = stride(from: 0, to: last.end, by: width).map { start in
            SeriesBuilding(t: start, width: min(width, last.end - start))
        }
        let classes = record.manifest.populations.map(\.trafficClass)
        for second in record.seconds {
            // A wide row of a journal that grew too long counts where it ends.
            rows[(second.end - 1) / width].add(second, classes)
            for (index, counts) in second.populations.enumerated() where index < classes.count {
                for (key, count) in counts.intents {
                    let place = min(max(0, key.arrivalSecond / width), rows.count - 1)
                    rows[place].addArrivals(classes[index], key.ending, count)
                }
            }
        }
        for sample in record.generator where sample.second / width < rows.count {
            rows[max(0, sample.second / width)].add(sample)
        }
        for sample in record.server where sample.second / width < rows.count {
            rows[max(0, sample.second / width)].add(sample)
        }
        return rows.map(\.finished)
    }
}

/// A row of the series while seconds are added to it.
private struct SeriesBuilding {
    private var row: RunSummary.SeriesRow
    private var good = SparseHistogram()
    private var notGood = SparseHistogram()
    private var service = SparseHistogram()
    private var lag = SparseHistogram()
    private var cpu: [Double] = []
    private var sampledLag: Double?

    init(t: Int, width: Int) {
        self.row = RunSummary.SeriesRow(t: t, width: width)
    }

    mutating func add(_ second: SecondRow, _ classes: [TrafficClass]) {
        // In flight at the row's end: the last second's stands.
        self.row.inFlight = 0
        for (index, counts) in second.populations.enumerated() where index < classes.count {
            var share = self.row.classes[classes[index], default: .init()]
            share.offered += counts.offered
            self.row.offered += counts.offered
            self.row.attempts += counts.attemptsStarted
            self.row.retries += counts.retriesStarted
            self.row.dropped += counts.ended(.dropped)
            self.row.inFlight += counts.inFlight
            for (key, count) in counts.attempts {
                self.row.outcomes[key.outcome.group, default: 0] += count
                guard key.outcome != .unfinished else { continue }
                self.row.done += count
                share.done += count
                guard key.good else { continue }
                self.row.good += count
                share.good += count
            }
            self.row.classes[classes[index]] = share
            self.good.merge(counts.good)
            self.notGood.merge(counts.notGood)
            self.service.merge(counts.service)
            self.lag.merge(counts.lag)
        }
    }

    mutating func addArrivals(_ kind: TrafficClass, _ ending: IntentEnding, _ count: Int) {
        self.row.classes[kind, default: .init()].arrived += count
        if ending == .accepted {
            self.row.classes[kind, default: .init()].arrivedAccepted += count
        }
    }

    mutating func add(_ sample: GeneratorSample) {
        self.cpu.append(sample.cpu)
        self.row.generator = self.row.generator.map { $0.worst(with: sample) } ?? sample
        if let lag = sample.lagP99 { self.sampledLag = max(self.sampledLag ?? 0, lag) }
    }

    mutating func add(_ sample: ServerSample) {
        // The bundled intake's own names, or those a probe of another server gives.
        let values = sample.values
        self.row.reviewBacklog =
            values["review_backlog"] ?? values["intake_review_backlog"] ?? self.row.reviewBacklog
        self.row.reviewOldestAge =
            values["review_oldest_age"] ?? values["intake_review_oldest_seconds"]
            ?? self.row.reviewOldestAge
    }

    var finished: RunSummary.SeriesRow {
        var row = self.row
        row.response = RunSummary.Percentiles(good: self.good, notGood: self.notGood)
        row.service = RunSummary.Percentiles(self.service)
        row.p50 = row.response.p50
        row.p99 = row.response.p99
        if !self.cpu.isEmpty {
            row.generatorCPU = self.cpu.reduce(0, +) / Double(self.cpu.count)
        }
        // Every start counts in the histogram; the sample is what is left without one.
        row.lagP99 =
            self.lag.value(atQuantile: 0.99).map { Double($0) / 1000 } ?? self.sampledLag
        return row
    }
}
