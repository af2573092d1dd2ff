import Diagnosis
import Testing

@Suite struct OnsetAxisTests {
    @Test("The axis that stays put across runs ranks first; an axis a run lacks is left out.")
    func ranking() {
        let runs: [[OnsetAxis: Double]] = [
            [.rate: 3, .elapsed: 4, .bytes: 1], [.rate: 3, .elapsed: 2],
        ]
        let ranked = OnsetAxis.rank(runs)
        #expect(ranked.map(\.axis) == [.rate, .elapsed])
        #expect(ranked.map(\.score) == [0, 2])
        #expect(OnsetAxis.rank([runs[0]]).isEmpty)
    }

    @Test("The ratio is half the runs times the decades between the variances, within 2.")
    func ratio() {
        #expect(OnsetAxis.logRatio(1, over: 10, runs: 2) == 1)
        #expect(OnsetAxis.logRatio(10, over: 1, runs: 2) == -1)
        #expect(OnsetAxis.logRatio(1, over: 1_000, runs: 4) == 2)
        #expect(OnsetAxis.logRatio(0, over: 0, runs: 4) == 0)
    }
}
