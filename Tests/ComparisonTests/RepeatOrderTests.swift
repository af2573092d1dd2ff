import Testing

@testable import Comparison

@Suite("Who runs when")
struct RepeatOrderTests {
    /// The turns of an order in which those listed are disturbed, such as `b2 n1`.
    private func turns(
        _ times: Int, paired: Bool = true, replaces: Bool = true, disturbed: Set<String>
    ) -> String {
        var order = RepeatOrder(times: times, isPaired: paired, replaces: replaces)
        var names: [String] = []
        while let turn = order.next() {
            let name = "\(turn.side.rawValue.prefix(1))\(turn.number)"
            #expect(turn.isReplacement == (turn.number > times))
            order.note(turn, isDisturbed: disturbed.contains(name))
            names.append(name)
        }
        return names.joined(separator: " ")
    }

    @Test("Pairs turn round each time, so that what drifts meets both alike.")
    func alternating() {
        #expect(self.turns(3, disturbed: []) == "b1 n1 n2 b2 b3 n3")
        #expect(self.turns(3, paired: false, disturbed: []) == "n1 n2 n3")
    }

    @Test("A run that the machine disturbed is made again, and so is its replacement.")
    func again() {
        #expect(self.turns(3, disturbed: ["n2"]) == "b1 n1 n2 b2 b3 n3 n4")
        #expect(self.turns(3, disturbed: ["n2", "b1", "n4"]) == "b1 n1 n2 b2 b3 n3 b4 n4 n5")
        #expect(self.turns(3, replaces: false, disturbed: ["n2"]) == "b1 n1 n2 b2 b3 n3")
    }

    @Test("A group has at most twice the runs asked for.")
    func bounded() {
        let all = Set((2...9).map { "n\($0)" })
        #expect(self.turns(3, paired: false, disturbed: all) == "n1 n2 n3 n4 n5 n6")
    }

    @Test("Where every run was disturbed nothing is gained by more of them; one group may be.")
    func hopeless() {
        let new = Set((1...9).map { "n\($0)" })
        #expect(self.turns(2, disturbed: new) == "b1 n1 n2 b2 n3 n4")
        let all = new.union((1...9).map { "b\($0)" })
        #expect(self.turns(2, disturbed: all) == "b1 n1 n2 b2")
    }
}
