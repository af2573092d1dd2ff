import Measurements
import Primitives
import Testing

@Suite struct CrowdingOutTests {
    private func record(_ seconds: Int) -> RunRecord {
        let rows = (0..<seconds).map { second -> SecondRow in
            var genuine = PopulationSecond()
            var noise = PopulationSecond()
            // Two arrive each second: one gets in two seconds later, one never.
            genuine.intents[.init(arrivalSecond: second, ending: .failed)] = 1
            if second >= 2 {
                genuine.intents[.init(arrivalSecond: second - 2, ending: .accepted)] = 1
            }
            genuine.intents[.init(arrivalSecond: second, ending: .dropped)] = 4
            noise.intents[.init(arrivalSecond: second, ending: .accepted)] = second < 30 ? 0 : 3
            return SecondRow(second: second, populations: [genuine, noise])
        }
        return RunRecord(manifest: SampleRuns.manifest(), seconds: rows)
    }

    @Test("People count by arrival, what the server accepted by when it did.")
    func rows() {
        let crowding = CrowdingOut(self.record(60))
        #expect(crowding.width == 1 && crowding.rows.count == 60)
        #expect(crowding.rows.map(\.t) == Array(0..<60))
        #expect(crowding.rows.prefix(58).allSatisfy { $0.genuineArrived == 2 && $0.genuineIn == 1 })
        #expect(crowding.rows.suffix(2).allSatisfy { $0.genuineArrived == 1 && $0.genuineIn == 0 })
        #expect(crowding.rows.prefix(2).allSatisfy { $0.acceptedGenuine == 0 })
        #expect(crowding.rows[0].noiseShare == nil && crowding.rows[0].genuineShare == 0.5)
        #expect(crowding.rows[5].noiseShare == 0)
        #expect(crowding.rows[40].acceptedNoise == 3 && crowding.rows[40].noiseShare == 0.75)
        #expect(crowding.rows.reduce(0) { $0 + $1.genuineIn } == 58)
        #expect(crowding.rows.reduce(0) { $0 + $1.acceptedGenuine } == 58)
        #expect(crowding.reviews == nil && crowding.rows.allSatisfy { $0.reviews == nil })
    }

    @Test("Rows are as wide as people count, at most sixty, a minute in a run of an hour.")
    func widths() {
        let expected = [
            (1, 1), (60, 1), (61, 2), (120, 2), (121, 5), (600, 10), (1_200, 20), (3_600, 60),
            (3_601, 120), (86_400, 1_800), (216_000, 3_600), (400_000, 7_200),
        ]
        for (seconds, width) in expected {
            let manifest = SampleRuns.manifest()
            let row = SecondRow(
                second: 0, populations: [PopulationSecond(), PopulationSecond()], width: seconds)
            let crowding = CrowdingOut(RunRecord(manifest: manifest, seconds: [row]))
            #expect(crowding.width == width, "\(seconds) s")
            #expect(crowding.rows.count <= CrowdingOut.rowLimit, "\(seconds) s")
            #expect(crowding.rows.count * width >= seconds, "\(seconds) s")
        }
    }

    @Test("Reviews count when they were posted; the average is that of the store's page.")
    func reviews() {
        var record = self.record(4)
        // A sample of second k shows what the rows before it add up to; second 3 has none.
        for (second, count, stars) in [(0, 0.0, 0.0), (1, 2, 10), (2, 2, 10), (4, 6, 14)] {
            record.server.append(
                ServerSample(
                    second: second,
                    values: ["page_reviews_total": count, "page_stars_total": stars]))
        }
        let crowding = CrowdingOut(record)
        #expect(crowding.rows.map(\.reviews) == [2, 0, 0, 4])
        #expect(crowding.rows.map(\.stars) == [5, nil, nil, 1])
        #expect(crowding.rows.map(\.starsAverage) == [5, 5, 5, 14.0 / 6])
        #expect(crowding.reviews?.count == 6 && crowding.reviews?.average == 14.0 / 6)
    }

    @Test("No record and no people make no rows.")
    func empty() {
        #expect(CrowdingOut(RunRecord(manifest: SampleRuns.manifest(), seconds: [])).rows.isEmpty)
        var record = self.record(3)
        for index in record.manifest.populations.indices {
            record.manifest.populations[index].trafficClass = .probe
        }
        #expect(CrowdingOut(record).rows.isEmpty)
    }
}
