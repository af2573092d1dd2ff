/// The order and colours of outcomes: answered well first, then statuses, then failures.
enum OutcomeOrder {
    /// The most outcomes drawn apart.
    static let limit = 8

    /// Names with a count, well answered first, then by count, then by name.
    static func sorted(_ outcomes: [String: Int]) -> [String] {
        outcomes.filter { $0.value > 0 }.sorted { left, right in
            let (a, b) = (self.rank(left.key), self.rank(right.key))
            if a != b { return a < b }
            return left.value == right.value ? left.key < right.key : left.value > right.value
        }.map(\.key)
    }

    /// A colour that stays with an outcome where it can.
    static func color(_ name: String, _ index: Int) -> String {
        switch name {
        case "2xx": return Palette.green
        case "503": return Palette.vermilion
        case "first_byte_timeout": return Palette.orange
        case "refused": return Palette.blue
        case "connect_timeout": return Palette.purple
        default:
            let others = [Palette.sky, Palette.yellow, "#999933", "#CC6677", Palette.gray]
            return others[index % others.count]
        }
    }

    private static func rank(_ name: String) -> Int {
        switch name {
        case "2xx": 0
        case "1xx", "3xx": 1
        default: Int(name) != nil ? 2 : 3
        }
    }
}
