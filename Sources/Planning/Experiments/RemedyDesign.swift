import Primitives
package import Scenarios

/// Turns a knob of the intake, or of its clients, that would have avoided an outage: pure, the same
/// seed, everything else as the author wrote it (research: diagnosis, 3.15).
package struct RemedyDesign: Sendable {
    /// The remedies, in the order in which they are listed.
    package static let ids = [
        "bounded-queue", "shedding", "retry-budget", "more-workers", "limiter-per-device",
        "larger-spool", "triage",
    ]

    /// The changed scenario.
    ///
    /// - Parameter text: `id`, or `id=value` with the knob's value instead of the formula's.
    /// - Throws: `ExperimentRefusal` where the scenario has no such knob.
    package static func scenario(
        _ scenario: Scenario, with text: String
    ) throws(ExperimentRefusal) -> Scenario {
        let halves = text.split(separator: "=", maxSplits: 1).map(String.init)
        let id = halves.first ?? ""
        let value = halves.count == 2 ? halves[1] : nil
        guard RemedyDesign.ids.contains(id) else {
            throw ExperimentRefusal(
                id: id, reason: "is no remedy; there are \(ids.joined(separator: ", "))")
        }
        var changed = scenario
        changed.thresholds = []
        if id == "retry-budget" {
            try RemedyDesign.budget(&changed, id: id)
            return changed
        }
        guard case .intake(let settings) = scenario.target else {
            throw ExperimentRefusal(
                id: id,
                reason: "only the bundled intake has knobs that can be turned from here; turn your"
                    + " server's own and run the scenario again")
        }
        var knobs = IntakeKnobs(settings)
        try knobs.turn(id, value: value, timeout: scenario.http.timeout)
        changed.target = .intake(settings: knobs.settings)
        return changed
    }

    /// SRE's tenth of all requests for every client that retries.
    private static func budget(
        _ scenario: inout Scenario, id: String
    ) throws(ExperimentRefusal) {
        // One budget for all, since a phone that sends one tip would never have saved enough.
        let budget = RetryBudgetSpec(RetryBudgetSpec.sre, isShared: true)
        var found = false
        for index in scenario.populations.indices {
            if scenario.populations[index].retry != nil {
                scenario.populations[index].retry?.budget = budget
                found = true
            }
            scenario.populations[index].flow = scenario.populations[index].flow.map { step in
                step.changingRequests { request in
                    guard request.retry != nil else { return }
                    request.retry?.budget = budget
                    found = true
                }
            }
        }
        guard found else {
            throw ExperimentRefusal(id: id, reason: "nobody retries in this scenario as it is")
        }
    }
}

/// The bundled intake's settings with one of them changed.
private struct IntakeKnobs {
    private(set) var settings: [IntakeSetting]

    init(_ settings: [IntakeSetting]) {
        self.settings = settings
    }

    private func value(_ path: String) -> String? { self.settings.last { $0.path == path }?.value }

    private mutating func set(_ path: String, _ value: String) {
        self.settings.removeAll { $0.path == path }
        self.settings.append(IntakeSetting(path: path, value: value))
    }

    /// What the settings say it can do per second; nil without a time of service.
    private var capacity: Double? {
        guard let time = self.value("serviceTime").flatMap({ try? UnitText.duration($0) }),
            time > .zero
        else { return nil }
        return Double(self.value("workers").flatMap { Int($0) } ?? 1) / time.seconds
    }

    mutating func turn(
        _ id: String, value: String?, timeout: Nanoseconds
    ) throws(ExperimentRefusal) {
        func refusal(_ reason: String) -> ExperimentRefusal {
            ExperimentRefusal(id: id, reason: reason)
        }
        let waits = self.capacity.map { $0 * timeout.seconds }
        switch id {
        case "bounded-queue":
            guard let places = value ?? waits.map({ String(max(1, Int($0 / 2))) }) else {
                throw refusal("say how many may wait: \(id)=50; the intake has no serviceTime")
            }
            self.set("queue", places)
        case "shedding":
            guard let above = value ?? waits.map({ String(max(1, Int($0 / 4))) }) else {
                throw refusal("say above how many: \(id)=50; the intake has no serviceTime")
            }
            self.set("shed.above", above)
        case "more-workers":
            let workers = self.value("workers").flatMap { Int($0) } ?? 1
            self.set("workers", value ?? String(workers * 2))
        case "limiter-per-device":
            guard self.settings.contains(where: { $0.path.hasPrefix("limiter.") }) else {
                throw refusal("the intake has no limiter in this scenario")
            }
            self.set("limiter.key", value ?? "device")
        case "larger-spool":
            guard let quota = self.value("spoolQuota"), let size = try? UnitText.size(quota) else {
                throw refusal("the intake has no spoolQuota in this scenario")
            }
            self.set("spoolQuota", value ?? String(size.count * 10))
        default:
            guard self.settings.contains(where: { $0.path == "review.analysts" }) else {
                throw refusal("the intake has no analysts in this scenario")
            }
            self.set("review.order", value ?? "relevance")
        }
    }
}
