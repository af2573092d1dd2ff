import Primitives
import Scenarios

extension PopulationPlan {
    /// The program as lines, one an instruction; empty when it is a straight list of requests.
    package var flowLines: [String] {
        guard !self.program.isStraight else { return [] }
        let width = String(self.program.instructions.count).count
        return self.program.instructions.enumerated().map { index, instruction in
            let number = String(index)
            let pad = String(repeating: " ", count: width - number.count)
            var text = self.text(of: instruction)
            if let rescue = self.program.rescues[index] { text += ", failed \(rescue.entry)" }
            let mark = index == self.program.aftermath ? "on failure: " : ""
            return "\(pad)\(number)  \(mark)\(text)"
        }
    }

    private func text(of instruction: FlowInstruction) -> String {
        switch instruction {
        case .request(let step): self.steps[step].name
        case .think(let time): "think \(PopulationPlan.text(of: time))"
        case .test(let condition, let otherwise):
            "when \(self.program.conditions[condition].text), else \(otherwise)"
        case .jump(let target): "go to \(target)"
        case .pick(let pick): "pick \(self.ways(of: pick))"
        case .fork(let fork, let join):
            "at once \(self.entries(of: fork)), then \(join)"
        case .join: "branch over"
        case .enterLoop(let turns): "loop of at most \(turns)"
        case .nextTurn(_, let from, _): "next turn \(from)"
        case .leaveLoop: "loop over"
        case .fail: "failed: all turns are used up"
        case .finish: "done"
        }
    }

    private func entries(of fork: Int) -> String {
        self.program.forks[fork].map { String($0) }.joined(separator: ", ")
    }

    private func ways(of pick: Int) -> String {
        var before = 0.0
        return self.program.picks[pick].map { way in
            defer { before = way.upTo }
            return "\(UnitText.fixed((way.upTo - before) * 100, 1, trim: true))% \(way.entry)"
        }.joined(separator: ", ")
    }

    private static func text(of time: Distribution) -> String {
        "\(UnitText.format(Nanoseconds(seconds: time.mean)))"
    }
}
