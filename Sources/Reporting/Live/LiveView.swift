import Primitives

/// The live view as lines of text: state in, lines out, and nothing else.
///
/// Full from 24 rows on, compact from 12, otherwise one line. Offered, done, good, dropped, the
/// thresholds and the generator's health are in every form, the narrowest abridged.
package struct LiveView: Sendable, Hashable {
    /// How much fits.
    package enum Form: Sendable, Hashable {
        /// Charts, populations, outcomes and thresholds.
        case full
        /// No charts.
        case compact
        /// One line.
        case line
    }
    /// Columns of the terminal.
    package var width: Int
    /// Rows of the terminal.
    package var height: Int
    /// False where only ASCII may be written.
    package var usesUnicode: Bool
    /// False under NO_COLOR and `--no-color`.
    package var usesColour: Bool

    /// A view for a terminal of that size.
    package init(width: Int, height: Int, usesUnicode: Bool, usesColour: Bool) {
        self.width = max(1, width)
        self.height = max(1, height)
        self.usesUnicode = usesUnicode
        self.usesColour = usesColour
    }

    /// The form for this size.
    package var form: Form {
        if self.width < 60 || self.height < 12 { return .line }
        return self.height < 24 ? .compact : .full
    }

    var words: LiveWords { LiveWords(usesUnicode: self.usesUnicode) }

    /// The rows, top to bottom: at most `height`, each at most `width` columns without colour.
    package func lines(_ state: LiveState) -> [String] {
        let rows =
            switch self.form {
            case .line: [self.short(state)]
            case .compact: self.frame(state, charts: false)
            case .full: self.frame(state, charts: true)
            }
        return rows.map { row in
            let text = LiveText.fitted(row, width: self.width, usesUnicode: self.usesUnicode)
            return self.usesColour ? self.coloured(text) : text
        }
    }

    // MARK: - One line

    private func short(_ state: LiveState) -> String {
        if let draft = state.draft { return "note: \(draft)_" }
        let broken = state.thresholds.count { $0.isKept == false }
        let health = state.invalidity == nil ? "gen:ok" : "NOT VALID"
        let load = state.all
        let clock = ReportText.clock(state.t)
        let figures =
            "offered \(load.offered)/s done \(load.done)/s good \(load.good)/s"
            + " dropped \(load.dropped)"
        let rules = broken > 0 ? "BROKEN \(broken)/\(state.thresholds.count)" : "thresholds ok"
        // Where words do not fit every figure counts: not valid, held, rules broken.
        let marks =
            (state.invalidity == nil ? "" : "!") + (state.isHeld ? "H" : "")
            + (broken > 0 ? "x\(broken)" : "")
        let least = "\(marks)o\(load.offered) d\(load.done) g\(load.good) D\(load.dropped)"
        let forms = [
            [clock, health, self.words.operating(state), rules, figures, state.phase],
            [clock, health, state.isHeld ? "HELD" : "", rules, figures],
            [clock, least, health],
        ].map { $0.filter { !$0.isEmpty }.joined(separator: " ") }
        return forms.first { LiveText.columns(of: $0) <= self.width } ?? least
    }

    // MARK: - Many rows

    private func frame(_ state: LiveState, charts: Bool) -> [String] {
        let words = self.words
        var top = [self.header(state), self.progress(state), self.whole(words.load(state.shown))]
        top.append(
            self.whole(
                (state.shown.name.isEmpty ? "" : "\(state.shown.name): ")
                    + words.times(state.shown.times)))
        if charts { top += [""] + LiveCharts(self, state).rows + [""] }
        let bottom = [
            self.remark(state), self.whole(words.generator(state)), self.whole(self.keys(state)),
        ]
        let room = max(1, self.height - top.count - bottom.count)
        var middle =
            state.showsHelp ? LiveKey.explained : self.middle(state, charts: charts, room: room)
        middle = Array(middle.prefix(room))
        while middle.count < room { middle.append("") }
        return (top + middle + bottom).map { $0.isEmpty ? "" : " " + $0 }
    }

    /// Figures that fit as a whole: what would be cut in its middle is left out.
    private func whole(_ text: String) -> String {
        LiveText.whole(text, width: self.width - 1)
    }

    private func header(_ state: LiveState) -> String {
        // The reason comes first: it may be cut, the two words before it never are.
        if let reason = state.invalidity { return "MEASUREMENT NOT VALID: \(reason)" }
        let dot = " \(self.words.dot) "
        let clock = LiveWords.clock(state)
        let room = max(8, self.width - clock.count - 14)
        let name = LiveText.fitted(state.name, width: room, usesUnicode: self.usesUnicode)
        return ["spate", clock, name].joined(separator: dot)
    }

    private func progress(_ state: LiveState) -> String {
        let columns = min(40, self.width - 28)
        let share = min(1, max(0, state.t / max(state.plannedSeconds, 0.001)))
        let filled = Int(share * Double(columns))
        let operating = self.words.operating(state)
        return String(repeating: self.usesUnicode ? "█" : "#", count: filled)
            + String(repeating: self.usesUnicode ? "·" : ".", count: columns - filled)
            + " \(Int(share * 100))% \(state.phase)"
            + (operating.isEmpty ? "" : " \(self.words.dot) \(operating)")
    }

    private func remark(_ state: LiveState) -> String {
        state.draft.map { "note (Enter keeps it, Esc does not): \($0)_" } ?? state.remark
    }

    private func keys(_ state: LiveState) -> String {
        guard state.hasKeys else { return "Ctrl-C stop" }
        return state.showsHelp ? "? back" : LiveKey.line
    }

    /// Thresholds first; populations and outcomes where there is room.
    private func middle(_ state: LiveState, charts: Bool, room: Int) -> [String] {
        // Broken ones first: where there is no room for all, these are the ones to see.
        let broken = state.thresholds.filter { $0.isKept == false }
        let others = state.thresholds.filter { $0.isKept != false }
        var rules = ["thresholds: \(broken.count) broken of \(state.thresholds.count)"]
        rules += (broken + others).map { self.words.threshold($0) }
        guard charts else {
            let outcomes = state.outcomes.prefix(3).map {
                "\($0.name) \(ReportText.count($0.now))/s"
            }
            let line = outcomes.isEmpty ? "" : "outcomes: " + outcomes.joined(separator: "  ")
            return Array(rules.prefix(max(1, room - 1))) + [line]
        }
        let populations = LiveTables.populations(state, words: self.words)
        let outcomes = LiveTables.outcomes(state)
        guard self.width >= 100 else {
            let spare = max(0, room - min(rules.count, max(2, room / 2)) - 1)
            let left = Array(populations.prefix(spare))
            let used = left.isEmpty ? 0 : left.count + 1
            let kept = Array(rules.prefix(max(1, room - used)))
            let rest = room - used - kept.count - 1
            return left + (left.isEmpty ? [] : [""]) + kept
                + (rest > 1 ? [""] + outcomes.prefix(rest) : [])
        }
        let half = Array(populations.prefix(max(2, room / 2))) + [""] + rules
        return LiveTables.beside(half, outcomes, at: self.width - 36, self.words)
    }

    // MARK: - Colour

    /// Words and marks say it already; the colour only helps to find it.
    private func coloured(_ row: String) -> String {
        let bad = ["NOT VALID", "ARRIVALS HELD", "BROKEN"].contains { row.contains($0) }
        if bad || row.hasPrefix(" ✗") { return "\u{1B}[31m\(row)\u{1B}[0m" }
        if row.hasPrefix(" ✓") || row.hasPrefix(" ok ") { return "\u{1B}[36m\(row)\u{1B}[0m" }
        return row
    }
}
