/// The live view where nobody watches a screen: a line every ten seconds and one per change.
///
/// Pure.
package struct LiveLog: Sendable {
    /// Seconds between two lines when nothing changes.
    package static let period = 10.0

    private let usesUnicode: Bool
    private var last: Double?
    private var phase: String?
    private var kept: [Bool?]?
    private var seen: Set<String> = []
    private var invalidity: String?
    private var isHeld = false
    private var percent = 100

    /// A log that has said nothing.
    package init(usesUnicode: Bool) {
        self.usesUnicode = usesUnicode
    }

    /// The lines to be said now; to be asked once a second.
    package mutating func lines(_ state: LiveState) -> [String] {
        let changes = self.changes(state)
        let isDue = state.t - (self.last ?? 0) >= LiveLog.period - 0.25
        guard isDue || !changes.isEmpty else { return [] }
        if isDue { self.last = state.t }
        let line = self.line(state)
        guard !changes.isEmpty else { return [line] }
        return [line + "  -- " + changes.joined(separator: "; ")]
    }

    /// One moment as a line.
    package func line(_ state: LiveState) -> String {
        let load = state.all
        let words = LiveWords(usesUnicode: self.usesUnicode)
        var parts: [String] = []
        if state.timeScale != 1 { parts.append(ReportText.story(state.t * state.timeScale)) }
        parts.append("wall \(ReportText.clock(state.t))")
        if !state.phase.isEmpty { parts.append("phase \(state.phase)") }
        parts.append("offered \(load.offered)/s done \(load.done)/s good \(load.good)/s")
        parts.append("ok \(LiveWords.percent(load.good, of: load.done))")
        parts.append("p50 \(words.time(load.times.p50)) p99 \(words.time(load.times.p99))")
        parts.append("in-flight \(load.inFlight)")
        parts += state.outcomes.filter { $0.isBad && $0.now > 0 }.prefix(3).map {
            "\($0.name):\($0.now)"
        }
        parts.append(load.dropped > 0 ? "DROPPED:\(load.dropped)" : "dropped 0")
        parts += state.thresholds.filter { $0.isKept == false }.prefix(2).map {
            "\(words.mark(false)) \($0.text)"
        }
        let operating = words.operating(state)
        if !operating.isEmpty { parts.append(operating) }
        if let reason = state.invalidity { parts.append("MEASUREMENT NOT VALID: \(reason)") }
        let line = parts.joined(separator: " ")
        return LiveText.fitted(line, width: .max, usesUnicode: self.usesUnicode)
    }

    private mutating func changes(_ state: LiveState) -> [String] {
        var changes: [String] = []
        if let before = self.phase, before != state.phase { changes.append("phase \(state.phase)") }
        self.phase = state.phase
        let kept = state.thresholds.map(\.isKept)
        if let before = self.kept, before.count == kept.count {
            for (index, rule) in state.thresholds.enumerated() where before[index] != kept[index] {
                // With the first samples a rule begins to be kept: nobody waits for that.
                if kept[index] == false { changes.append("broken: \(rule.text)") }
                if before[index] == false { changes.append("kept again: \(rule.text)") }
            }
        }
        self.kept = kept
        for outcome in state.outcomes where outcome.isBad && outcome.total > 0 {
            if self.seen.insert(outcome.name).inserted { changes.append("first \(outcome.name)") }
        }
        if self.invalidity == nil, state.invalidity != nil { changes.append("not valid any more") }
        self.invalidity = state.invalidity
        if self.isHeld != state.isHeld {
            changes.append(state.isHeld ? "arrivals held" : "arrivals come again")
        }
        self.isHeld = state.isHeld
        if self.percent != state.percent { changes.append("rate \(state.percent) % of the plan") }
        self.percent = state.percent
        return changes.map { LiveText.fitted($0, width: 200, usesUnicode: self.usesUnicode) }
    }
}
