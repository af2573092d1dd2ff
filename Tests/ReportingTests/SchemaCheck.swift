import Foundation

/// Validates JSON against the part of JSON Schema that Spate's own schemas use.
///
/// An unknown keyword is an error: a check that silently skips one would prove nothing.
struct SchemaCheck {
    private static let known: Set<String> = [
        "$schema", "title", "description", "$defs", "type", "required", "properties",
        "additionalProperties", "items", "minItems", "maxItems", "minimum", "enum", "const",
        "anyOf", "$ref",
    ]
    private let root: [String: Any]

    init(_ text: String) throws {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        self.root = value as? [String: Any] ?? [:]
    }

    /// What is wrong with the value, one line each; empty when it is valid.
    func problems(_ data: Data) throws -> [String] {
        let value = try JSONSerialization.jsonObject(with: data)
        return self.check(value, self.root, "$")
    }

    private func check(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
        var problems = schema.keys.filter { !Self.known.contains($0) }
            .map { "\(path): unknown keyword \($0)" }
        if let reference = schema["$ref"] as? String {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            let definitions = self.root["$defs"] as? [String: Any]
            guard let target = definitions?[name] as? [String: Any] else {
                return ["\(path): no definition \(reference)"]
            }
            return problems + self.check(value, target, path)
        }
        if let branches = schema["anyOf"] as? [[String: Any]] {
            let results = branches.map { self.check(value, $0, path) }
            if !results.contains(where: \.isEmpty) { problems += results.joined() }
        }
        if let type = schema["type"] {
            let names = type as? [String] ?? [type as? String ?? "?"]
            if !names.contains(where: { self.matches(value, $0) }) {
                problems.append("\(path): not \(names.joined(separator: " or "))")
            }
        }
        if let allowed = schema["enum"] as? [String] {
            if !allowed.contains(value as? String ?? "") { problems.append("\(path): not listed") }
        }
        if let wanted = schema["const"] as? String, value as? String != wanted {
            problems.append("\(path): not \(wanted)")
        }
        if let least = schema["minimum"] as? Double, let number = value as? Double,
            number < least
        {
            problems.append("\(path): below \(least)")
        }
        return problems + self.checkObject(value, schema, path)
            + self.checkArray(value, schema, path)
    }

    private func checkObject(
        _ value: Any, _ schema: [String: Any], _ path: String
    ) -> [String] {
        guard let object = value as? [String: Any] else { return [] }
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        let rest = schema["additionalProperties"] as? [String: Any]
        var problems = (schema["required"] as? [String] ?? [])
            .filter { object[$0] == nil }.map { "\(path).\($0): missing" }
        for (key, member) in object {
            if let inner = properties[key] ?? rest {
                problems += self.check(member, inner, "\(path).\(key)")
            } else if !properties.isEmpty {
                problems.append("\(path).\(key): not in the schema")
            }
        }
        return problems
    }

    private func checkArray(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
        guard let array = value as? [Any] else { return [] }
        var problems: [String] = []
        if let least = schema["minItems"] as? Int, array.count < least {
            problems.append("\(path): fewer than \(least)")
        }
        if let most = schema["maxItems"] as? Int, array.count > most {
            problems.append("\(path): more than \(most)")
        }
        if let items = schema["items"] as? [String: Any] {
            for (index, item) in array.enumerated() {
                problems += self.check(item, items, "\(path)[\(index)]")
            }
        }
        return problems
    }

    private func matches(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "null": return value is NSNull
        case "string": return value is String
        case "object": return value is [String: Any]
        case "array": return value is [Any]
        case "boolean":
            guard let number = value as? NSNumber else { return false }
            return String(cString: number.objCType) == "c"
        case "integer", "number":
            guard let number = value as? NSNumber, String(cString: number.objCType) != "c" else {
                return false
            }
            return type == "number" || number.doubleValue == number.doubleValue.rounded()
        default: return false
        }
    }
}
