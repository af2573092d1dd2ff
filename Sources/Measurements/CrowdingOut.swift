import Primitives

/// Genuine people and noise side by side over the run: who got in, and what filled the server.
package struct CrowdingOut: Sendable, Hashable {
    /// One stretch of the run.
    package struct Row: Sendable, Hashable {
        /// Its first second.
        package var t: Int
        /// Genuine people who arrived in it.
        package var genuineArrived = 0
        /// Of whom got in, whenever that was.
        package var genuineIn = 0
        /// Genuine intents that the server accepted in it, whenever they arrived.
        package var acceptedGenuine = 0
        /// Noise that the server accepted in it.
        package var acceptedNoise = 0
        /// Reviews on the store's page that were posted in it; nil where the server did not say.
        package var reviews: Int?
        /// The average of their stars; nil without any.
        package var stars: Double?
        /// The average of all stars so far, as the store's page shows it; nil without any.
        package var starsAverage: Double?

        /// A stretch in which nothing has happened.
        package init(t: Int) {
            self.t = t
        }

        /// The share of the genuine people who arrived and got in; nil when none arrived.
        package var genuineShare: Double? {
            self.genuineArrived > 0 ? Double(self.genuineIn) / Double(self.genuineArrived) : nil
        }
        /// Noise's share of what was accepted; nil when nothing was.
        package var noiseShare: Double? {
            let all = self.acceptedGenuine + self.acceptedNoise
            return all > 0 ? Double(self.acceptedNoise) / Double(all) : nil
        }
    }
    /// The reviews on the store's page over the whole run.
    package struct Reviews: Sendable, Hashable {
        /// How many were posted.
        package var count: Int
        /// The average of their stars; nil without any.
        package var average: Double?
    }
    /// The most rows there are.
    package static let rowLimit = 60
    /// Seconds that a row covers; a minute where the run lasts an hour.
    package var width: Int
    /// In order of time; none without genuine people and without noise.
    package var rows: [Row] = []
    /// The reviews at the end; nil where the server did not say.
    package var reviews: Reviews?

    /// Sums up a record's seconds: by second of arrival for people, by second of end for what the
    /// server accepted.
    package init(_ record: RunRecord) {
        let end = record.seconds.last?.end ?? 0
        let width = CrowdingOut.width(for: end)
        self.width = width
        let classes = record.manifest.populations.map(\.trafficClass)
        guard end > 0, classes.contains(.genuine) || classes.contains(.noise) else { return }
        self.rows = stride(from: 0, to: end, by: width).map { Row(t: $0) }
        for second in record.seconds {
            // A wide row of a journal that grew too long counts where it ends.
            let place = (second.end - 1) / width
            for (index, counts) in second.populations.enumerated() where index < classes.count {
                for (key, count) in counts.intents where key.ending != .dropped {
                    self.add(classes[index], key, count, endedIn: place)
                }
            }
        }
        self.addReviews(record.server)
    }

    /// A width from which about fifty rows come: one that people count in.
    private static func width(for seconds: Int) -> Int {
        let widths = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600]
        return widths.first { (seconds + $0 - 1) / $0 <= CrowdingOut.rowLimit }
            ?? (seconds / CrowdingOut.rowLimit + 3_600) / 3_600 * 3_600
    }

    private mutating func add(
        _ kind: TrafficClass, _ key: PopulationSecond.IntentKey, _ count: Int, endedIn place: Int
    ) {
        let isIn = key.ending == .accepted
        switch kind {
        case .genuine:
            let arrival = min(max(0, key.arrivalSecond / self.width), self.rows.count - 1)
            self.rows[arrival].genuineArrived += count
            guard isIn else { return }
            self.rows[arrival].genuineIn += count
            self.rows[place].acceptedGenuine += count
        case .noise:
            if isIn { self.rows[place].acceptedNoise += count }
        case .probe: break
        }
    }

    /// Reads the store's page from the server's samples: running totals of reviews and stars.
    ///
    /// A sample of second k shows what the rows before k add up to.
    private mutating func addReviews(_ samples: [ServerSample]) {
        var known = samples.compactMap { sample -> (second: Int, count: Double, stars: Double)? in
            guard let count = sample.values["page_reviews_total"],
                let stars = sample.values["page_stars_total"]
            else { return nil }
            return (sample.second, count, stars)
        }[...]
        guard let last = known.last else { return }
        self.reviews = Reviews(
            count: Int(last.count), average: last.count > 0 ? last.stars / last.count : nil)
        var before = (count: 0.0, stars: 0.0)
        for index in self.rows.indices {
            let end = self.rows[index].t + self.width
            var now = before
            while let next = known.first, next.second <= end || index == self.rows.count - 1 {
                now = (next.count, next.stars)
                known = known.dropFirst()
            }
            // A server that was started anew counts from nothing.
            let posted = now.count >= before.count ? now.count - before.count : now.count
            let stars = now.count >= before.count ? now.stars - before.stars : now.stars
            self.rows[index].reviews = Int(posted)
            self.rows[index].stars = posted > 0 ? stars / posted : nil
            self.rows[index].starsAverage = now.count > 0 ? now.stars / now.count : nil
            before = now
        }
    }
}
