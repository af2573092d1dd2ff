import Primitives

extension ScenarioBuilder {
    /// The people of a population: patience, presses, the journey's deadline.
    func person(_ node: SourceNode) -> PersonSpec {
        var person = PersonSpec()
        if let place = node["patience"] {
            person.patience = self.spans(place, "patience")
            person.patienceLocation = place.location
        }
        if let place = node["timeout"] {
            person.timeout = self.positive(place, "timeout")
            person.timeoutLocation = place.location
        }
        if let again = node["pressAgain"] {
            var press = PressAgainSpec(max: again["max"].flatMap(self.integer) ?? 1)
            if let after = again["after"], let spans = self.spans(after, "after", least: .zero) {
                press.after = spans
            }
            press.when = again["when"].map { $0.items.compactMap(self.condition) }
            press.restart =
                self.word(again["restart"], PressAgainSpec.Restart.self) ?? press.restart
            person.pressAgain = press
        }
        return person
    }

    /// When the client hangs up.
    func abortRule(_ node: SourceNode?, body: BodySpec?) -> AbortRule? {
        guard let node, let text = node.text else { return nil }
        if (try? UnitText.duration(text)) != nil {
            return self.positive(node, "abortAfter").map { .time($0) }
        }
        guard let size = self.size(node) else { return nil }
        if body == nil {
            self.diagnostics.report(
                "abortAfter: this request has no body to break off; write a time", at: node)
        }
        return .bytes(size)
    }

    /// Whether interrupted uploads are resumed.
    func resumes(_ node: SourceNode?, _ request: RequestSpec) -> Bool {
        guard let node, self.boolean(node) == true else { return false }
        guard request.method == .put, case .part = request.body else {
            self.diagnostics.report(
                "resume: only a put with a file or generated content can be resumed", at: node)
            return false
        }
        return true
    }
}
