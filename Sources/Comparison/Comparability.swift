/// Why runs cannot be compared, one sentence each.
///
/// Figures of another machine, another load or another time scale differ whatever the server did.
package enum Comparability {
    /// What keeps these runs apart; empty when nothing does.
    package static func obstacles(base: [RunEvidence], new: [RunEvidence]) -> [String] {
        guard let first = base.first else { return [] }
        var found: [String] = []
        func add(_ sentence: String) {
            if !found.contains(sentence) { found.append(sentence) }
        }
        for run in base.dropFirst() + new {
            if run.scenario != first.scenario {
                add("other scenarios: '\(first.scenario)' and '\(run.scenario)'")
            } else if self.isOtherLoad(first, run) {
                add(
                    "the scenario '\(run.scenario)' was changed between the runs: the load is not"
                        + " the same")
            }
            if run.timeScale != first.timeScale {
                add("other time scales: \(first.timeScale) and \(run.timeScale)")
            }
            if let difference = self.difference(first.machine, run.machine) {
                add("other machines: \(difference)")
            }
            if run.trafficClass != first.trafficClass {
                add("other classes of traffic: \(first.trafficClass) and \(run.trafficClass)")
            }
        }
        return found
    }

    private static func isOtherLoad(_ left: RunEvidence, _ right: RunEvidence) -> Bool {
        if let one = left.load, let other = right.load { return one != other }
        // Without the scenario's text beside them only the whole text's digest is known.
        return left.scenarioSHA256 != right.scenarioSHA256
    }

    private static func difference(
        _ left: RunEvidence.Machine, _ right: RunEvidence.Machine
    ) -> String? {
        if left.name != right.name { return "\(left.name) and \(right.name)" }
        if left.cores != right.cores { return "\(left.cores) cores and \(right.cores)" }
        if left.kernel != right.kernel { return "\(left.kernel) and \(right.kernel)" }
        // Kernels keep a little more or less for themselves from boot to boot.
        let (one, other) = (Double(left.memory), Double(right.memory))
        if abs(one - other) > 0.05 * max(one, other) {
            return "\(left.memory) and \(right.memory) bytes of memory"
        }
        return nil
    }
}
