import Primitives

/// What a chart's values count, and how they are written at its axis and in its table.
enum ChartUnit: String, Sendable {
    /// A plain number.
    case number = ""
    /// Something a second.
    case perSecond = "/s"
    /// A span given in milliseconds.
    case milliseconds = "ms"
    /// A span given in seconds.
    case seconds = "s"
    /// A share from 0 to 1, written in per cent.
    case percent = "%"
    /// A size given in bytes, written in megabytes in tables.
    case megabytes = "MB"

    /// What a value is multiplied by in tables.
    var factor: Double {
        switch self {
        case .percent: 100
        case .megabytes: 1e-6
        default: 1
        }
    }

    /// A value as people read it at an axis.
    func tick(_ value: Double) -> String {
        switch self {
        case .number, .perSecond: ReportText.number(value)
        case .milliseconds: ReportText.milliseconds(value)
        case .seconds: ReportText.seconds(value)
        case .percent: ReportText.percent(value)
        case .megabytes: ReportText.bytes(Int64(value))
        }
    }

    /// A value as a table has it: a bare number of this unit with four digits, or a dash.
    func cell(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "–" }
        let scaled = value * self.factor
        let size = abs(scaled)
        let digits = size >= 1_000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3
        return UnitText.fixed(scaled, digits, trim: true)
    }

    /// A column's heading: the name, and the unit where there is one.
    func heading(_ name: String) -> String {
        self == .number ? name : "\(name), \(self.rawValue)"
    }
}
