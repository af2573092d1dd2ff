/// A JSON document whose objects keep their order; for printing the schema.
indirect enum JSONText {
    /// A text.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// Any number.
    case number(Double)
    /// A boolean.
    case boolean(Bool)
    /// A list.
    case list([JSONText])
    /// An object.
    case object([(String, JSONText)])

    /// The document with two spaces a level.
    func rendered(indent: Int = 0) -> String {
        let pad = String(repeating: "  ", count: indent + 1)
        let end = String(repeating: "  ", count: indent)
        switch self {
        case .text(let text): return "\"\(JSONText.escaped(text))\""
        case .integer(let value): return String(value)
        case .number(let value):
            return value == value.rounded() && abs(value) < 9e15
                ? String(Int64(value)) : "\(value)"
        case .boolean(let value): return value ? "true" : "false"
        case .list(let items):
            let isFlat = items.allSatisfy(\.isScalar)
            if isFlat {
                return "[\(items.map { $0.rendered() }.joined(separator: ", "))]"
            }
            let lines = items.map { pad + $0.rendered(indent: indent + 1) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(end)]"
        case .object(let members):
            if members.isEmpty { return "{}" }
            let lines = members.map { name, value in
                "\(pad)\"\(JSONText.escaped(name))\": \(value.rendered(indent: indent + 1))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(end)}"
        }
    }

    private var isScalar: Bool {
        switch self {
        case .list, .object: false
        default: true
        }
    }

    /// A text as it stands between the quotes of a JSON string (RFC 8259, section 7).
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped.append(contentsOf: "\\\"".unicodeScalars)
            case "\\": escaped.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
            case "\r": escaped.append(contentsOf: "\\r".unicodeScalars)
            case "\t": escaped.append(contentsOf: "\\t".unicodeScalars)
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                let padded = String(repeating: "0", count: 4 - digits.count) + digits
                escaped.append(contentsOf: "\\u\(padded)".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
