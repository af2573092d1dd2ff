import Primitives

/// A figure that can be set beside another run's.
enum ReportMeasure {
    /// A number of things.
    case count(Int)
    /// A ratio from 0 to 1.
    case share(Double)
    /// A span in milliseconds.
    case milliseconds(Double)
    /// A span in seconds.
    case seconds(Double)

    /// The figure for people.
    var text: String {
        switch self {
        case .count(let value): ReportText.count(value)
        case .share(let value): ReportText.percent(value)
        case .milliseconds(let value): ReportText.milliseconds(value)
        case .seconds(let value): ReportText.seconds(value)
        }
    }

    /// The step from another figure of the same kind: per cent of it, or points between shares.
    ///
    /// Nil between kinds that cannot be compared; a step from 0 has no per cent.
    func change(from base: ReportMeasure) -> String? {
        switch (self, base) {
        case (.share(let now), .share(let before)):
            return Self.signed((now - before) * 100) + " points"
        case (.count(let now), .count(let before)):
            return Self.relative(Double(now), Double(before))
        case (.milliseconds(let now), .milliseconds(let before)),
            (.seconds(let now), .seconds(let before)):
            return Self.relative(now, before)
        default: return nil
        }
    }

    private static func relative(_ now: Double, _ before: Double) -> String? {
        if now == before { return "unchanged" }
        guard before != 0, now.isFinite, before.isFinite else { return nil }
        return self.signed((now - before) / abs(before) * 100) + " %"
    }

    private static func signed(_ value: Double) -> String {
        let digits = UnitText.fixed(abs(value), 1, trim: true)
        return digits == "0" ? "±0" : (value < 0 ? "−" : "+") + digits
    }
}
