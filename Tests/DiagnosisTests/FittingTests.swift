import Diagnosis
import Fitting
import Foundation
import Testing

@Suite("Weights are fitted from counts")
struct FittingTests {
    private func run(_ truth: String, _ number: Int, fired: Bool, overlays: [String] = [])
        -> LabelledOutcomes
    {
        let tests = [FoundTest(test: "bell", outcome: fired ? .fired : .clear, group: "bell")]
        return LabelledOutcomes(
            id: "\(truth)-\(number)", truth: truth, overlays: overlays, source: "simulated",
            tests: tests, clientTests: tests)
    }

    private func runs(_ truth: String, _ count: Int, fired: Int) -> [LabelledOutcomes] {
        (0..<count).map { self.run(truth, $0, fired: $0 < fired) }
    }

    private var blank: Weights {
        var weights = Weights.shipped
        weights.tests = [:]
        weights.temperature = 1
        return weights
    }

    @Test("A weight is the ratio of two smoothed rates, whatever the number of runs.")
    func ratio() throws {
        // 8 of 8, 0 of 8 and, in a hundred runs, none: (9/10) / mean(1/10, 1/102).
        let all =
            self.runs("M01", 8, fired: 8) + self.runs("M02", 8, fired: 0)
            + self.runs("HEALTHY", 100, fired: 0)
        let row = try #require(WeightFitting(all, overlays: []).weights(self.blank).tests["bell"])
        let expected = log10(0.9 / ((0.1 + 1.0 / 102) / 2))
        let fired = try #require(row.fired["M01"])
        #expect(abs(fired - expected) < 0.005)
        let clear = log10(0.1 / ((0.9 + 101.0 / 102) / 2))
        let quiet = try #require(row.clear["M01"])
        #expect(abs(quiet - clear) < 0.005)
        #expect(row.fired["UNKNOWN"] == nil)
    }

    @Test("Weights stay within 2, and what says nothing is 0.")
    func clipped() throws {
        let certain =
            self.runs("M01", 2_000, fired: 2_000) + self.runs("M02", 2_000, fired: 0)
        let row = try #require(
            WeightFitting(certain, overlays: []).weights(self.blank).tests["bell"])
        #expect(row.fired["M01"] == 2 && row.fired["M02"] == -2)
        let even = self.runs("M01", 100, fired: 50) + self.runs("M02", 100, fired: 51)
        let same = try #require(WeightFitting(even, overlays: []).weights(self.blank).tests["bell"])
        #expect(same.fired["M01"] == 0)
    }

    @Test("What no run speaks of keeps its number.")
    func kept() throws {
        var old = self.blank
        old.tests = [
            "bell": Weights.Test(fired: ["M09": 1.5, "CAPACITY": 0.5], clear: [:]),
            "whistle": Weights.Test(fired: ["M01": 1], clear: [:]),
        ]
        let all = self.runs("M01", 8, fired: 8) + self.runs("M02", 8, fired: 0)
        let new = WeightFitting(all, overlays: []).weights(old)
        #expect(new.tests["bell"]?.fired["M09"] == 1.5)
        // Other mechanisms of the family were never true.
        #expect(new.tests["bell"]?.fired["CAPACITY"] == 0.5)
        #expect(new.tests["whistle"] == old.tests["whistle"])
    }

    @Test("A run that is taken out again leaves the counts as they were without it.")
    func leftOut() {
        let rest = self.runs("M01", 8, fired: 6) + self.runs("M02", 8, fired: 1)
        var counts = WeightFitting(rest, overlays: [])
        let before = counts.weights(self.blank)
        let only = self.run("M05", 0, fired: true)
        counts.count(only, times: 20)
        #expect(counts.weights(self.blank).tests["bell"]?.fired["M05"] != nil)
        counts.count(only, times: -20)
        #expect(counts.weights(self.blank) == before)
    }

    @Test("A blend is the mean in log10, by mechanism, whoever spoke for the family.")
    func blended() {
        var hand = self.blank
        hand.tests["bell"] = Weights.Test(
            fired: ["CAPACITY": 1, "M01": 2, "M21": 1, "HEALTHY": -2], clear: [:])
        var counted = self.blank
        counted.tests["bell"] = Weights.Test(fired: ["M01": 1, "M02": 0, "M05": 0.2], clear: [:])
        let row = BlendedWeights(hand: hand, share: 0.7).with(counted).tests["bell"]
        #expect(row?.fired["M01"] == 1.7)
        #expect(row?.fired["M02"] == 0.7)
        #expect(row?.fired["M14"] == 0.7)
        #expect(row?.fired["M05"] == 0.06)
        #expect(row?.fired["M21"] == 1)
        #expect(row?.fired["HEALTHY"] == -1.4)
        #expect(row?.fired["CAPACITY"] == nil)
        #expect(row?.clear == [:])
    }

    @Test("Overlays are counted beside the cause.")
    func overlays() throws {
        let all =
            (0..<20).map { self.run("M02", $0, fired: true, overlays: ["M21"]) }
            + (20..<40).map { self.run("M02", $0, fired: false) }
        let new = WeightFitting(all, overlays: ["M21"]).weights(self.blank)
        let weight = try #require(new.tests["bell"]?.fired["M21"])
        #expect(abs(weight - log10((21.0 / 22) / (1.0 / 22))) < 0.005)
    }

    @Test("The temperature makes scores as sure as they are right.")
    func temperature() {
        // Ten to one for the first, and right 10 times in 11: nothing to mend.
        let sure = (0..<11).map { number in
            Scores(scores: ["M01": 1, "M02": 0], truth: number < 10 ? "M01" : "M02")
        }
        #expect(abs(Scores.temperature(sure) - 1) < 0.01)
        // The same certainty, right 3 times in 4: 3 to 1 is 10 to 1 at T = log 10 / log 3.
        let rash = (0..<4).map { number in
            Scores(scores: ["M01": 1, "M02": 0], truth: number < 3 ? "M01" : "M02")
        }
        #expect(abs(Scores.temperature(rash) - log(10.0) / log(3.0)) < 0.01)
        #expect(Scores.accuracy(rash) == 0.75)
        let mended = Scores.logLoss(rash, temperature: Scores.temperature(rash))
        #expect(mended < Scores.logLoss(rash, temperature: 1))
    }

    @Test("What was taken for what is listed, the commonest first.")
    func confusion() {
        let runs = ["M01", "M01", "M02", "M17"].map { leader in
            Scores(scores: [leader: 1, "M09": 0], truth: "M01")
        }
        #expect(Scores.confusion(runs) == ["M01: 2 of 4; M01 2, M02 1, M17 1"])
    }

    @Test("Stored findings are weighed by the ledger's own sums.")
    func weighing() throws {
        var weights = self.blank
        weights.tests["bell"] = Weights.Test(fired: ["M01": 1], clear: [:])
        let found = FoundTest(test: "bell", outcome: .fired, group: "bell")
        let quiet = weights.logProbabilities([])
        let rung = weights.logProbabilities([found])
        let rise = (rung["M01"] ?? 0) - (rung["M02"] ?? 0) - (quiet["M01"] ?? 0)
        #expect(abs(rise + (quiet["M02"] ?? 0) - 1) < 1e-9)
        let veto = FoundTest(test: "bell", outcome: .fired, group: "bell", vetoes: ["M01"])
        #expect(weights.logProbabilities([veto])["M01"] == nil)
    }

    @Test("Only summaries for fitting are read.")
    func summaries() throws {
        func text(_ split: String) -> Data {
            Data(
                """
                {"id":"r1","split":"\(split)","target":"intake","region":2,
                 "truth":{"mechanism":"M05","overlays":["M03"]},
                 "client":{"tests":[{"test":"bell","outcome":"fired","group":"bell",
                  "anomalous":true,"vetoes":[]}]},
                 "server":{"tests":[]}}
                """.utf8)
        }
        let read = try LabelledOutcomes.summary(text("fit"))
        let run = try #require(read)
        #expect(run.truth == "M05" && run.overlays == ["M03"] && run.region == 2)
        #expect(run.clientTests.map(\.test) == ["bell"] && run.tests.isEmpty)
        let held = try LabelledOutcomes.summary(text("held"))
        #expect(held == nil)
    }

    @Test("The numbers set by hand pass the same check, with a row for every test there is.")
    func hand() throws {
        let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fitting/hand.json")
        let hand = try Weights(json: Array(Data(contentsOf: place)))
        #expect(Set(hand.tests.keys) == Set(Weights.shipped.tests.keys))
        #expect(Weights.shipped.source.contains(hand.version))
    }

    @Test("A fitted file is what was fitted, a line for each outcome.")
    func text() throws {
        let data = try WeightsText.encode(.shipped)
        #expect(try Weights(json: Array(data)) == .shipped)
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 9 + 4 * Weights.shipped.tests.count)
    }
}
