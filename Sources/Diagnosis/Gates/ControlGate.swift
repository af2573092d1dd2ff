import Measurements

/// V5: whether the path to the server and its machine worked, by a trivial endpoint that was asked
/// beside the load (`probes: { control: ... }`).
///
/// It is passed once there are figures, good or bad: without any, the network's path and the host
/// cannot be told from the service itself.
struct ControlGate: Sendable {
    let gate: Validity.Gate

    init(_ record: RunRecord) {
        let answers = record.server.compactMap { $0.values["control.ok"] }
        guard answers.count >= 10 else {
            let sampled =
                answers.isEmpty
                ? "no control endpoint was sampled"
                : "the control endpoint was sampled in \(answers.count) s only, 10 are needed"
            self.gate = Validity.Gate(
                id: "V5", state: .notApplicable,
                detail: sampled
                    + ": the network's path and the host cannot be told from the service itself")
            return
        }
        let good = answers.filter { $0 >= 1 }.count
        var text = "the control endpoint answered in \(good) of \(answers.count) s"
        let times = record.server.compactMap { $0.values["control.ms"] }
        if let middle = median(times), let longest = times.max() {
            text += ", after \(decimal(middle, 1)) ms (median), at most \(decimal(longest, 0)) ms"
        }
        self.gate = Validity.Gate(id: "V5", state: .ok, detail: text)
    }
}
