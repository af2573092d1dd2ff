import Measurements

extension ClaimWriter {
    /// What a person at the keyboard did to the load; nil where nobody did anything.
    ///
    /// Rests on the schedule, which was kept as they moved it.
    var operating: Claim? {
        let words: [(RunEvent.Action, String)] = [
            (.hold, "held arrivals"), (.resume, "let them come again"), (.rate, "set another rate"),
        ]
        let events = self.file.facts.record.events
        let parts = words.compactMap { action, text -> String? in
            let times = events.filter { $0.action == action }.map { clock($0.t) }
            guard let first = times.first else { return nil }
            return times.count == 1
                ? "\(text) at \(first)" : "\(text) \(times.count) times from \(first) on"
        }
        guard !parts.isEmpty else { return nil }
        return self.claim(
            "An operator changed the load by hand: \(parts.joined(separator: ", ")). What the load "
                + "did there is no doing of the server's.",
            on: self.ledger.ids("schedule_and_resources"))
    }
}
