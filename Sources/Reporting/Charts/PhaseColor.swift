/// The quiet colours behind and across the charts.
enum PhaseColor {
    /// A phase's band, as attributes: faint on any paper.
    static func band(_ kind: String, _ index: Int) -> String {
        switch kind {
        case "maintenance": "fill=\"#E69F00\" fill-opacity=\"0.16\""
        case "relief": "fill=\"#009E73\" fill-opacity=\"0.13\""
        default:
            "fill=\"currentColor\" fill-opacity=\"\(index.isMultiple(of: 2) ? "0.04" : "0.09")\""
        }
    }

    /// An event's disc, dark enough for white figures on it.
    static func event(_ kind: String) -> String {
        switch kind {
        case "trigger", "symptom": "#a33a00"
        case "mitigation", "operator", "stop": "#6b4e00"
        case "recovery": "#006b4e"
        default: "#4b5563"
        }
    }

    /// An event's line; at least 3:1 on light and on dark paper.
    static func line(_ kind: String) -> String {
        switch kind {
        case "trigger", "symptom": "#c9530f"
        case "mitigation", "operator", "stop": "#a37200"
        case "recovery": "#00936b"
        default: "#7a8089"
        }
    }

    /// The line or dots of a phase where phases are told apart by it.
    static func series(_ index: Int) -> String {
        let colors = [
            Palette.blue, Palette.vermilion, Palette.green, Palette.purple, Palette.orange,
            Palette.sky, Palette.gray, "#8c6d31",
        ]
        return colors[index % colors.count]
    }

    /// The dash pattern beside it, so that colour is never all there is.
    static func dash(_ index: Int) -> String? {
        let patterns: [String?] = [
            nil, "7 3", "2 3", "9 3 2 3", "5 2", "12 4", "1 4", "4 4",
        ]
        return patterns[index % patterns.count]
    }
}
