import Primitives

/// Figures and marks as all forms of the live view write them.
struct LiveWords: Sendable {
    /// False where only ASCII may be written.
    var usesUnicode: Bool

    /// Between two figures.
    var dot: String { self.usesUnicode ? "·" : "-" }

    /// Kept, broken, or nothing to judge by.
    func mark(_ isKept: Bool?) -> String {
        switch isKept {
        case true?: self.usesUnicode ? "✓" : "ok"
        case false?: self.usesUnicode ? "✗" : "BROKEN"
        case nil: "no samples"
        }
    }

    /// A percentile: `1.9 s`, `> 10 s`, a dash without any.
    func time(_ value: LiveState.Times.Value?) -> String {
        guard let value else { return "-" }
        return (value.isLeast ? "> " : "") + Self.span(value.milliseconds)
    }

    /// A span given in milliseconds, two or three digits: `31 ms`, `1.9 s`.
    static func span(_ milliseconds: Double) -> String {
        guard milliseconds.isFinite else { return "-" }
        switch abs(milliseconds) {
        case ..<9.95: return UnitText.fixed(milliseconds, 1) + " ms"
        case ..<999.5: return UnitText.fixed(milliseconds, 0) + " ms"
        case ..<9_950: return UnitText.fixed(milliseconds / 1_000, 1) + " s"
        default: return UnitText.fixed(milliseconds / 1_000, 0) + " s"
        }
    }

    /// A share of two counts without decimals; never 100 or 0 where it is not quite that.
    static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "-" }
        let share = Double(part) / Double(whole) * 100
        if part < whole, share > 99 { return "99%" }
        if part > 0, share < 1 { return "1%" }
        return UnitText.fixed(share, 0) + "%"
    }

    /// Offered, done, good, dropped.
    func load(_ load: LiveState.Load) -> String {
        "offered \(ReportText.count(load.offered))/s  done \(ReportText.count(load.done))/s"
            + "  good \(ReportText.count(load.good))/s  dropped \(ReportText.count(load.dropped))"
            + "  in flight \(ReportText.count(load.inFlight))"
    }

    /// How long answers took.
    func times(_ times: LiveState.Times) -> String {
        "p50 \(self.time(times.p50))  p95 \(self.time(times.p95))  p99 \(self.time(times.p99))"
            + "  max \(self.time(times.max))  service p99 \(self.time(times.serviceP99))"
    }

    /// The generator's own health.
    func generator(_ state: LiveState) -> String {
        let cpu = state.cpu.map { UnitText.fixed($0 * 100, 0) + "%" } ?? "-"
        let lag = state.lag.map { Self.span($0) } ?? "-"
        var text = "generator cpu \(cpu)  lag p99 \(lag)  dropped \(state.all.dropped)"
        if let descriptors = state.descriptors {
            text += "  fds \(ReportText.count(descriptors))"
            if state.descriptorLimit > 0 { text += "/\(ReportText.count(state.descriptorLimit))" }
        }
        if let ports = state.waitingPorts, state.ports > 0 {
            text += "  ports waiting \(ReportText.count(ports))/\(ReportText.count(state.ports))"
        }
        return text
    }

    /// A threshold with its mark and its number.
    func threshold(_ threshold: LiveState.Threshold) -> String {
        let value = threshold.value.isEmpty ? "" : "  now \(threshold.value)"
        return "\(self.mark(threshold.isKept)) \(threshold.text)\(value)"
    }

    /// What the operator has changed; empty where nothing.
    func operating(_ state: LiveState) -> String {
        if state.isDraining { return "DRAINING" }
        let rate = state.percent == 100 ? "" : "rate \(state.percent) % of the plan"
        guard state.isHeld else { return rate }
        return "ARRIVALS HELD (p lets them come)" + (rate.isEmpty ? "" : ", \(rate)")
    }

    /// Where the run is: `T+09:36  01:12 of 02:00`.
    static func clock(_ state: LiveState) -> String {
        let story = state.timeScale == 1 ? "" : ReportText.story(state.t * state.timeScale) + "  "
        return "\(story)\(ReportText.clock(state.t)) of \(ReportText.clock(state.plannedSeconds))"
    }
}
