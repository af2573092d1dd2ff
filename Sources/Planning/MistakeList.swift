import Scenarios

/// Gathers mistakes that only planning can find, so that all of them are told at once.
struct MistakeList {
    private let file: String
    private var mistakes: [ScenarioErrors.Mistake] = []

    init(_ scenario: Scenario) {
        self.file = scenario.name
    }

    mutating func add(_ message: String, at location: SourceLocation) {
        let mistake = ScenarioErrors.Mistake(location: location, message: message)
        if !self.mistakes.contains(mistake) { self.mistakes.append(mistake) }
    }

    /// Throws what was gathered, in the file's order.
    func throwIfAny() throws(ScenarioErrors) {
        guard !self.mistakes.isEmpty else { return }
        let sorted = self.mistakes.enumerated().sorted {
            ($0.element.location.line, $0.element.location.column, $0.offset)
                < ($1.element.location.line, $1.element.location.column, $1.offset)
        }.map(\.element)
        var lines = sorted.map {
            "\(self.file):\($0.location.line):\($0.location.column): \($0.message)"
        }
        lines.append(
            "\(sorted.count) \(sorted.count == 1 ? "mistake" : "mistakes") in \(self.file)")
        throw ScenarioErrors(
            file: self.file, mistakes: sorted, rendered: lines.joined(separator: "\n"))
    }
}
