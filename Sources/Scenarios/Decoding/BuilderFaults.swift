import Primitives

/// The faults of the bundled intake: what a table of keys cannot say, and their form as a setting.
extension ScenarioBuilder {
    private static let faultChoices = [
        "cpu": ["cost", "threads"], "workers": ["held", "hold"],
        "descriptors": ["limit", "spare"], "analysts": ["analysts", "perItem"],
    ]

    /// Reports what the intake would refuse at its launch.
    func checkFaults(_ list: SourceNode) {
        for fault in list.items {
            guard let id = fault["id"]?.text else { continue }
            // Where a key is not understood, that is the mistake, not what it leaves out.
            let isUnderstood = fault.entries.allSatisfy {
                ScenarioGrammar.fault.key($0.key) != nil
            }
            if let choices = ScenarioBuilder.faultChoices[id], isUnderstood,
                choices.allSatisfy({ fault[$0] == nil })
            {
                self.diagnostics.report(
                    "\(id): one of these is missing: \(choices.joined(separator: ", "))",
                    at: fault)
            }
            if id != "switch-off", let node = fault["status"], let status = self.number(node),
                status < 400
            {
                self.diagnostics.report("status: \(id) answers with 400 to 599", at: node)
            }
            _ = self.positive(fault["for"], "for")
            if let node = fault["atRate"], let text = node.text,
                let rate = try? UnitText.rate(text), rate.perSecond <= 0
            {
                self.diagnostics.report("atRate: it must be above 0", at: node)
            }
            if id == "leak", let node = fault["memory"], let text = node.text,
                let size = try? UnitText.size(text), size > ByteCount(4_294_967_296)
            {
                self.diagnostics.report("memory: at most 4GiB", at: node)
            }
            if id == "pause" { self.checkPause(fault) }
        }
    }

    /// Faults as the setting takes them: JSON with every value as text.
    static func faultList(_ items: [SourceNode]) -> String {
        let faults = items.map { item in
            item.entries.map { entry in
                let value = ScenarioBuilder.whole(entry.value.text ?? "")
                return JSONText.text(entry.key).rendered() + ":" + JSONText.text(value).rendered()
            }.joined(separator: ",")
        }
        return "[" + faults.map { "{\($0)}" }.joined(separator: ",") + "]"
    }

    private func checkPause(_ fault: SourceNode) {
        let freeze: Nanoseconds? =
            fault["freeze"] == nil ? .milliseconds(500) : self.duration(fault["freeze"])
        let period: Nanoseconds? =
            fault["period"] == nil ? .seconds(10) : self.duration(fault["period"])
        // What cannot be read was reported already.
        guard let freeze, let period else { return }
        guard freeze > .zero, freeze <= .seconds(60), freeze < period else {
            self.diagnostics.report(
                "pause: freeze is above 0, below period and at most 60s",
                at: fault["freeze"] ?? fault["period"] ?? fault)
            return
        }
    }
}
