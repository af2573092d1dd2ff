import Foundation

/// As much of JSON Schema draft-07 as the scenario schema uses; an unknown keyword is a failure.
final class SchemaValidator: Sendable {
    /// A JSON value.
    enum Value: Sendable, Equatable {
        case null
        case boolean(Bool)
        case number(Double)
        case text(String)
        case list([Value])
        case object([String: Value])
    }

    private let root: Value

    init(_ schema: String) {
        let parsed = try? JSONSerialization.jsonObject(
            with: Data(schema.utf8), options: .fragmentsAllowed)
        self.root = parsed.map(SchemaValidator.value) ?? .boolean(false)
    }

    private static func value(_ any: Any) -> Value {
        switch any {
        case let object as [String: Any]: return .object(object.mapValues(Self.value))
        case let list as [Any]: return .list(list.map(Self.value))
        case let text as String: return .text(text)
        case let number as NSNumber:
            // Foundation gives booleans as numbers of the C type char.
            if String(cString: number.objCType) == "c" { return .boolean(number.boolValue) }
            return .number(number.doubleValue)
        default: return .null
        }
    }

    func accepts(_ value: Value) -> Bool { self.check(value, self.root) }

    private func check(_ value: Value, _ schema: Value) -> Bool {
        switch schema {
        case .boolean(let verdict): return verdict
        case .object(let keywords):
            return keywords.allSatisfy { self.check(value, $0.key, $0.value, keywords) }
        default: return false
        }
    }

    private func check(
        _ value: Value, _ keyword: String, _ argument: Value, _ keywords: [String: Value]
    ) -> Bool {
        switch keyword {
        case "$schema", "$id", "title", "description", "examples", "definitions", "then":
            return true
        case "$ref", "allOf", "anyOf", "oneOf", "not", "if":
            return self.checkLogic(value, keyword, argument, keywords)
        case "type": return self.list(argument).contains { SchemaValidator.has(value, type: $0) }
        case "const": return value == argument
        case "enum": return self.list(argument).contains(value)
        default: break
        }
        switch (value, argument) {
        case (.number(let number), .number(let limit)):
            return SchemaValidator.check(number, keyword, limit)
        case (.text(let text), .text(let pattern)) where keyword == "pattern":
            return text.range(of: pattern, options: .regularExpression) != nil
        case (.list(let items), _): return self.check(items, keyword, argument)
        case (.object(let members), _): return self.check(members, keyword, argument, keywords)
        default: return SchemaValidator.known.contains(keyword)
        }
    }

    private static let known: Set<String> = [
        "minimum", "maximum", "exclusiveMinimum", "pattern", "items", "minItems", "required",
        "properties", "patternProperties", "additionalProperties", "propertyNames",
        "minProperties", "dependencies",
    ]

    private func checkLogic(
        _ value: Value, _ keyword: String, _ argument: Value, _ keywords: [String: Value]
    ) -> Bool {
        switch (keyword, argument) {
        case ("$ref", .text(let path)):
            guard case .object(let members) = self.root,
                case .object(let parts)? = members["definitions"],
                let part = parts[String(path.dropFirst("#/definitions/".count))]
            else { return false }
            return self.check(value, part)
        case ("allOf", .list(let all)): return all.allSatisfy { self.check(value, $0) }
        case ("anyOf", .list(let any)): return any.contains { self.check(value, $0) }
        case ("oneOf", .list(let one)): return one.count { self.check(value, $0) } == 1
        case ("not", _): return !self.check(value, argument)
        case ("if", _):
            guard self.check(value, argument), let then = keywords["then"] else { return true }
            return self.check(value, then)
        default: return false
        }
    }

    private func list(_ argument: Value) -> [Value] {
        if case .list(let items) = argument { return items }
        return [argument]
    }

    private static func has(_ value: Value, type: Value) -> Bool {
        switch (value, type) {
        case (.null, .text("null")), (.boolean, .text("boolean")), (.number, .text("number")),
            (.text, .text("string")), (.list, .text("array")), (.object, .text("object")):
            true
        case (.number(let number), .text("integer")): number == number.rounded()
        default: false
        }
    }

    private static func check(_ number: Double, _ keyword: String, _ limit: Double) -> Bool {
        switch keyword {
        case "minimum": number >= limit
        case "maximum": number <= limit
        case "exclusiveMinimum": number > limit
        default: known.contains(keyword)
        }
    }

    private func check(_ items: [Value], _ keyword: String, _ argument: Value) -> Bool {
        switch (keyword, argument) {
        case ("items", _): return items.allSatisfy { self.check($0, argument) }
        case ("minItems", .number(let least)): return Double(items.count) >= least
        default: return SchemaValidator.known.contains(keyword)
        }
    }

    private func check(
        _ members: [String: Value], _ keyword: String, _ argument: Value,
        _ keywords: [String: Value]
    ) -> Bool {
        switch (keyword, argument) {
        case ("required", .list(let names)):
            return names.allSatisfy {
                if case .text(let name) = $0 { members[name] != nil } else { false }
            }
        case ("properties", .object(let properties)):
            return members.allSatisfy { name, value in
                properties[name].map { self.check(value, $0) } ?? true
            }
        case ("additionalProperties", _):
            var known: Set<String> = []
            if case .object(let properties)? = keywords["properties"] {
                known = Set(properties.keys)
            }
            let hasPatterns = keywords["patternProperties"] != nil
            return members.allSatisfy { name, value in
                known.contains(name) || hasPatterns && name.hasPrefix("x-")
                    || self.check(value, argument)
            }
        case ("propertyNames", _):
            return members.keys.allSatisfy { self.check(.text($0), argument) }
        case ("minProperties", .number(let least)): return Double(members.count) >= least
        case ("dependencies", .object(let dependencies)):
            return dependencies.allSatisfy { name, others in
                members[name] == nil
                    || self.list(others).allSatisfy {
                        if case .text(let other) = $0 { members[other] != nil } else { false }
                    }
            }
        default: return SchemaValidator.known.contains(keyword)
        }
    }
}
