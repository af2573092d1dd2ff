import Measurements

/// V4: the load did not wait for answers, so that a stall is seen by all who came meanwhile.
///
/// Nothing to judge in a closed loop: the run may be as valid as any, but its percentiles leave
/// out the people whom a stalled server kept from arriving (Schroeder et al., "Open Versus Closed",
/// NSDI 2006; Tene's "coordinated omission"). The detail says so.
struct LoopGate: Sendable {
    let gate: Validity.Gate

    init(_ record: RunRecord) {
        let populations = record.manifest.populations
        let closed = populations.filter(\.isClosedLoop).map(\.name)
        let isOpen = closed.isEmpty && !populations.isEmpty
        self.gate = Validity.Gate(
            id: "V4", state: isOpen ? .ok : .notApplicable,
            detail: isOpen
                ? "open loop: no arrival waited for an answer"
                : populations.isEmpty
                    ? "no population"
                    : "closed loop: \(closed.joined(separator: ", "))"
                        + (closed.count == 1 ? " waits" : " wait")
                        + " for answers; who would have come during a stall was never sent, and is"
                        + " in no percentile")
    }
}
