import Foundation
import Measurements
import Primitives
import Testing

@Suite struct SuccessCurveTests {
    private func moment(
        _ time: Int64, accepted: Int = 0, never: Int = 0, gaveUp: Int = 0, unfinished: Int = 0
    ) -> SuccessCurve.Moment {
        var moment = SuccessCurve.Moment(time: time)
        moment.accepted = accepted
        moment.never = never
        moment.gaveUp = gaveUp
        moment.unfinished = unfinished
        return moment
    }

    private func isClose(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
        left.map { abs($0 - right) <= tolerance } ?? false
    }

    /// Weeks of remission of 21 children with leukaemia who were given 6-mercaptopurine.
    ///
    /// Freireich et al., Blood 21 (1963), 699-716. The estimates and the log-log limits are those
    /// that textbooks and the manuals of statistics programs print for them.
    @Test("Kaplan-Meier of Freireich's 6-MP patients is the published one.")
    func freireich() throws {
        let curve = SuccessCurve([
            moment(6, accepted: 3, gaveUp: 1), moment(7, accepted: 1), moment(9, gaveUp: 1),
            moment(10, accepted: 1, gaveUp: 1), moment(11, gaveUp: 1), moment(13, accepted: 1),
            moment(16, accepted: 1), moment(17, gaveUp: 1), moment(19, gaveUp: 1),
            moment(20, gaveUp: 1), moment(22, accepted: 1), moment(23, accepted: 1),
            moment(25, gaveUp: 1), moment(32, gaveUp: 2), moment(34, gaveUp: 1),
            moment(35, gaveUp: 1),
        ])
        // Week, at risk, still in remission, lower and upper limit.
        let published: [(Int64, Int, Double, Double, Double)] = [
            (6, 21, 0.8571, 0.6197, 0.9516), (7, 17, 0.8067, 0.5631, 0.9228),
            (10, 15, 0.7529, 0.5032, 0.8894), (13, 12, 0.6902, 0.4316, 0.8491),
            (16, 11, 0.6275, 0.3675, 0.8049), (22, 7, 0.5378, 0.2678, 0.7468),
            (23, 6, 0.4482, 0.1881, 0.6801),
        ]
        #expect(curve.people == 21)
        // One more point for the longest time somebody was followed.
        #expect(curve.points.map(\.time) == published.map(\.0) + [35])
        for (point, row) in zip(curve.points, published) {
            #expect(point.waiting == row.1)
            #expect(self.isClose(1 - point.patientShare, row.2, 0.00006), "week \(row.0)")
            let interval = try #require(point.patientInterval)
            #expect(self.isClose(1 - interval[1], row.3, 0.00006), "week \(row.0)")
            #expect(self.isClose(1 - interval[0], row.4, 0.00006), "week \(row.0)")
        }
        #expect(curve.points.last?.patientShare == curve.points.dropLast().last?.patientShare)
    }

    /// Worked out by hand in fractions: 12 people, of whom one is refused at 4.
    @Test("Both estimators give the fractions worked out by hand, ties and refusals included.")
    func byHand() {
        let curve = SuccessCurve([
            moment(1, accepted: 1), moment(2, accepted: 1, gaveUp: 1),
            moment(3, accepted: 1, unfinished: 1), moment(4, never: 1), moment(5, accepted: 1),
            moment(6, accepted: 1, unfinished: 1), moment(7, gaveUp: 1), moment(8, accepted: 1),
            moment(9, unfinished: 1),
        ])
        // Time, waiting, share in (Aalen-Johansen), 1 - share if patient (Kaplan-Meier: the one
        // who was refused at 4 is at risk for ever).
        let rows: [(Int64, Int, Double, Double)] = [
            (1, 12, 1.0 / 12, 11.0 / 12), (2, 11, 1.0 / 6, 5.0 / 6), (3, 9, 1.0 / 4, 20.0 / 27),
            (5, 6, 29.0 / 84, 40.0 / 63), (6, 5, 37.0 / 84, 100.0 / 189),
            (8, 2, 143.0 / 252, 200.0 / 567), (9, 1, 143.0 / 252, 200.0 / 567),
        ]
        #expect(curve.points.map(\.time) == rows.map(\.0))
        #expect(curve.points.map(\.waiting) == rows.map(\.1))
        for (point, row) in zip(curve.points, rows) {
            #expect(self.isClose(point.share, row.2), "\(row.0)")
            #expect(self.isClose(point.patientShare, 1 - row.3), "\(row.0)")
        }
        #expect(curve.time(atShare: 1.0 / 12) == 1)
        #expect(curve.time(atShare: 0.25) == 3)
        #expect(curve.time(atShare: 0.5) == 8)
        #expect(curve.time(atShare: 0.6) == nil)
    }

    /// Cumulative incidences and variances that lifelines 0.30.3 (Python) gives for times 1 to 10
    /// with the ends 1, 2, 1, censored, 1, 2, 1, censored, 1, 2.
    @Test("Aalen-Johansen and its variance are those of another program.")
    func otherProgram() throws {
        let curve = SuccessCurve([
            moment(1, accepted: 1), moment(2, gaveUp: 1), moment(3, accepted: 1),
            moment(4, unfinished: 1), moment(5, accepted: 1), moment(6, gaveUp: 1),
            moment(7, accepted: 1), moment(8, unfinished: 1), moment(9, accepted: 1),
            moment(10, gaveUp: 1),
        ])
        let expected: [(Int64, Double, Double)] = [
            (1, 0.1, 0.009), (3, 0.2, 0.016), (5, 0.3166666667, 0.0232592593),
            (7, 0.4333333333, 0.0271481481), (9, 0.6083333333, 0.0317662037),
        ]
        for (time, share, variance) in expected {
            let point = try #require(curve.points.first { $0.time == time })
            #expect(self.isClose(point.share, share, 1e-9))
            // The interval's width on its own scale gives the variance back.
            let interval = try #require(point.interval)
            let scale = Self.logLog(interval[1]) - Self.logLog(interval[0])
            let deviation = scale / 2 / 1.959963984540054 * (1 - share) * abs(log(1 - share))
            #expect(self.isClose(deviation * deviation, variance, 1e-8), "\(time)")
        }
    }

    private static func logLog(_ share: Double) -> Double { log(abs(log(1 - share))) }

    @Test("Without censoring the share is the plain one, and its variance the binomial one.")
    func withoutCensoring() throws {
        let curve = SuccessCurve([
            moment(1, accepted: 4, gaveUp: 2), moment(2, accepted: 3, never: 1),
            moment(3, accepted: 5, gaveUp: 5),
        ])
        for (point, accepted) in zip(curve.points, [4, 7, 12]) {
            let share = Double(accepted) / 20
            #expect(self.isClose(point.share, share))
            let interval = try #require(point.interval)
            let scale = Self.logLog(interval[1]) - Self.logLog(interval[0])
            let deviation = scale / 2 / 1.959963984540054 * (1 - share) * abs(log(1 - share))
            #expect(self.isClose(deviation * deviation, share * (1 - share) / 20, 1e-9))
        }
    }

    @Test("When nobody gives up, nobody's patience matters: the two shares and intervals agree.")
    func allPatient() {
        let curve = SuccessCurve([
            moment(1, accepted: 4, never: 1), moment(2, accepted: 3), moment(3, never: 2),
            moment(4, accepted: 5),
        ])
        for point in curve.points {
            #expect(self.isClose(point.share, point.patientShare))
            #expect(self.isClose(point.interval?.first, point.patientInterval?.first ?? -1, 1e-9))
            #expect(self.isClose(point.interval?.last, point.patientInterval?.last ?? -1, 1e-9))
        }
    }

    @Test("All in, none in and nobody at all are no special arithmetic.")
    func edges() {
        let all = SuccessCurve([moment(5, accepted: 3)])
        #expect(all.points.map(\.share) == [1] && all.points[0].interval == nil)
        #expect(all.time(atShare: 1) == 5)
        let none = SuccessCurve([moment(2, gaveUp: 3), moment(5, never: 1)])
        #expect(none.points.map(\.share) == [0] && none.points[0].interval == nil)
        #expect(none.points.map(\.time) == [5] && none.time(atShare: 0.01) == nil)
        #expect(SuccessCurve([]).points.isEmpty && SuccessCurve(PeopleGroup()).points.isEmpty)
    }

    @Test("A group's curve takes refused and failed as never, at the histogram's precision.")
    func ofGroup() {
        var group = PeopleGroup()
        func add(_ ending: IntentEnding, _ time: Int64) {
            group.add(
                IntentEnd(
                    population: 0, number: 0, ending: ending, arrived: 1_000_000,
                    ended: 1_000_000 + time))
        }
        add(.accepted, 1_500)
        add(.accepted, 2_000_000)
        add(.rejected, 3_000)
        add(.failed, 4_000)
        add(.gaveUp, 5_000_000)
        add(.unfinished, 6_000_000)
        add(.dropped, 0)
        let curve = SuccessCurve(group)
        #expect(curve.people == 6)
        #expect(curve.points.map(\.waiting) == [6, 3, 1])
        for (point, share) in zip(curve.points, [1.0 / 6, 2.0 / 6, 2.0 / 6]) {
            #expect(self.isClose(point.share, share))
        }
        let times = curve.points.map(\.time)
        #expect(times[0] == 1_500 && times[2] == 6_000_000)
        #expect((2_000_000...2_002_000).contains(times[1]))
        // Those who were refused and who failed are at risk for ever: 1 of 6, then 1 of 3 + 2.
        #expect(self.isClose(curve.points[1].patientShare, 1 - 5.0 / 6 * 4.0 / 5))
    }

    @Test("Of a long curve at most so many points stay, each exact, no step of it higher.")
    func thinned() {
        let curve = SuccessCurve((1...5_000).map { moment($0, accepted: 1, gaveUp: 1) })
        #expect(curve.points.count == 5_000)
        for limit in [3, 20, 60] {
            let kept = curve.thinned(to: limit)
            #expect(kept.count <= limit && kept.count >= limit - 1)
            #expect(Set(kept).isSubset(of: Set(curve.points)))
            #expect(kept.first == curve.points.first && kept.last == curve.points.last)
            #expect(zip(kept, kept.dropFirst()).allSatisfy { $0.time < $1.time })
            let steps = zip(kept, kept.dropFirst()).map { $1.share - $0.share }
            #expect((steps.max() ?? 1) <= 0.5 * 1.02 / Double(limit - 2) + 1e-3)
        }
        #expect(SuccessCurve([moment(1, accepted: 2)]).thinned(to: 60).count == 1)
    }
}
