extension [Belief] {
    /// What to choose an experiment by where a switch-off leads that one run cannot tell from a
    /// collapse: half of its probability, the other half evenly over what a lack of capacity is.
    ///
    /// Weights of evidence know how often switch-offs look as this one does. That a decision fell
    /// exactly when the crowd was largest is what the two have in common, and no test of the same
    /// run can take it apart (research: diagnosis, 2.2); without the doubt nothing would be gained
    /// by looking.
    func doubtingSwitchOff() -> [Belief] {
        let off = Mechanism.switchedOff.rawValue
        let collapses = Mechanism.allCases.filter { $0.family == .capacity && !$0.isOverlay }
            .map(\.rawValue)
        guard let sure = self.first(where: { $0.id == off })?.probability else { return self }
        var result = self.filter { $0.id != off && !collapses.contains($0.id) }
        result.append(Belief(id: off, probability: sure / 2))
        for id in collapses {
            let known = self.first { $0.id == id }?.probability ?? 0
            result.append(
                Belief(id: id, probability: known + sure / 2 / Double(collapses.count)))
        }
        return result.sorted { ($1.probability, $0.id) < ($0.probability, $1.id) }
    }
}
