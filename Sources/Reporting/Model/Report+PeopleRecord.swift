import Measurements
import Primitives

extension Report.People {
    /// The people of a run; nil where neither outcomes nor arrivals are known.
    init?(_ summary: RunSummary, timeScale: Double) {
        guard summary.people != nil || !summary.crowdingOut.rows.isEmpty else { return nil }
        if let people = summary.people {
            self.classes = Report.PeopleFigures.byName(people.classes, points: 60)
            self.phases = people.phases.map { Report.PeoplePhase($0) }
            self.selectivity = people.selectivity?.ratio.finite
            self.selectivityCI = people.selectivity?.interval.map { $0.map(\.toThousandths) }
        }
        self.crowdingOut.rowSeconds = summary.crowdingOut.width
        self.crowdingOut.rows = summary.crowdingOut.rows.map {
            Report.CrowdingRow($0, timeScale: timeScale)
        }
        self.reviews = summary.crowdingOut.reviews.map {
            Report.StoreReviews(count: $0.count, average: $0.average?.finite)
        }
    }
}

extension Report.PeopleFigures {
    fileprivate static func byName(
        _ classes: [TrafficClass: PeopleSummary.Figures], points: Int
    ) -> [String: Self] {
        Dictionary(
            uniqueKeysWithValues: classes.map { ($0.key.rawValue, Self($0.value, points: points)) })
    }

    private init(_ figures: PeopleSummary.Figures, points: Int) {
        self.people = figures.endings.intents
        self.accepted = figures.endings.accepted
        self.rejected = figures.endings.rejected
        self.gaveUp = figures.endings.gaveUp
        self.failed = figures.endings.failed
        self.dropped = figures.endings.dropped
        self.unfinished = figures.endings.unfinished
        self.inFirstTry = figures.inAtFirstTry
        self.inLater = figures.inLater
        self.tries = figures.tries
        self.attempts = figures.attempts
        self.retries = figures.retries
        self.presses = figures.presses
        self.appAmplification = figures.appAmplification?.finite
        self.personAmplification = figures.personAmplification?.finite
        self.attemptsPerPerson = figures.attemptsPerPerson?.finite
        func seconds(_ share: Double) -> Double? {
            figures.curve.time(atShare: share).map { Double($0) / 1_000_000 }?.finite
        }
        self.timeToSuccess.p50 = seconds(0.5)
        self.timeToSuccess.p90 = seconds(0.9)
        self.timeToSuccess.p99 = seconds(0.99)
        self.curve = figures.curve.thinned(to: points).map { point in
            Report.CurvePoint(
                t: (Double(point.time) / 1_000_000).toThousandths, waiting: point.waiting,
                share: point.share.toThousandths,
                ci: point.interval.map { $0.map(\.toThousandths) },
                ifPatient: point.patientShare.toThousandths,
                ifPatientCI: point.patientInterval.map { $0.map(\.toThousandths) })
        }
    }
}

extension Report.PeoplePhase {
    fileprivate init(_ phase: PeopleSummary.Phase) {
        self.init(
            name: phase.phase.name, t: [phase.phase.start, phase.phase.end].map(\.toThousandths),
            classes: Report.PeopleFigures.byName(phase.classes, points: 20))
        self.selectivity = phase.selectivity?.ratio.finite
        self.selectivityCI = phase.selectivity?.interval.map { $0.map(\.toThousandths) }
    }
}

extension Report.CrowdingRow {
    fileprivate init(_ row: Measurements.CrowdingOut.Row, timeScale: Double) {
        self.init(t: Double(row.t), story: (Double(row.t) * timeScale).toThousandths)
        self.genuineArrived = row.genuineArrived
        self.genuineIn = row.genuineIn
        self.genuineShare = row.genuineShare?.finite
        self.acceptedGenuine = row.acceptedGenuine
        self.acceptedNoise = row.acceptedNoise
        self.noiseShare = row.noiseShare?.finite
        self.reviews = row.reviews
        self.stars = row.stars?.finite
        self.starsAverage = row.starsAverage?.finite
    }
}
