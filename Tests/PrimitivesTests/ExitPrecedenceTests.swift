import Primitives
import Testing

@Suite("Which exit code comes first")
struct ExitPrecedenceTests {
    @Test("Of every two codes of the contract the earlier one wins, in either order.")
    func pairs() {
        let order: [Int32] = [104, 107, 106, 105, 102, 95, 99, 96]
        for (place, winner) in order.enumerated() {
            for loser in order[place...] + [0] {
                #expect(ExitPrecedence.first(of: [winner, loser]) == winner)
                #expect(ExitPrecedence.first(of: [loser, winner]) == winner)
            }
        }
        #expect(ExitPrecedence.first(of: order.shuffled()) == 104)
        #expect(ExitPrecedence.first(of: []) == 0)
        #expect(ExitPrecedence.first(of: [64, 104]) == 64)
        #expect(ExitPrecedence.first(of: [1, 64]) == 1)
    }

    @Test("How a run ended decides its code; a journal that was cut off is inconclusive.")
    func stopped() {
        let codes: [(String?, [Int32])] = [
            ("finished", []), ("target-down", []), ("signal", [105]), ("time-limit", [102]),
            ("threshold", [99]), ("journal-full", [95]), (nil, [95]),
        ]
        for (stopped, expected) in codes {
            #expect(ExitPrecedence.codes(stopped: stopped) == expected, "\(stopped ?? "nil")")
        }
    }

    @Test("Findings are the last of the order: a job cannot forgive what kept it from running.")
    func findings() {
        #expect(ExitPrecedence.findings == Array(ExitPrecedence.order.suffix(4)))
    }

    @Test("Aggregations are read from the words they are written as.")
    func words() {
        for aggregation in MetricAggregation.plain + [.p(95), .p(99.9)] {
            #expect(MetricAggregation(word: aggregation.word) == aggregation)
        }
        #expect(MetricAggregation(word: "p(x)") == nil)
        #expect(MetricAggregation(word: "median") == nil)
    }
}
