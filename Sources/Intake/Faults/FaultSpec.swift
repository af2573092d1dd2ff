import Foundation
import Primitives

/// One fault as it was asked for: which, from when on, for how long, with what parameters.
///
/// Spans of the schedule (`at`, `for`) are story time; parameters are real time.
package struct FaultSpec: Sendable, Equatable {
    /// What sets a fault off.
    enum Trigger: Sendable, Equatable {
        /// So long after the first request, in story time.
        case time(Nanoseconds)
        /// Once so many requests have come.
        case count(Int)
        /// Once so many bytes of bodies have come.
        case bytes(Int)
        /// Once so many requests came within a second of wall time.
        case rate(Double)
    }

    /// The words that say when.
    static let triggerWords = ["at", "afterCount", "afterBytes", "atRate"]

    /// Which fault.
    var id: FaultID
    /// What sets it off.
    var trigger: Trigger
    /// How long it lasts, in story time; nil for good.
    var span: Nanoseconds?
    private var values: [String: FaultValue] = [:]

    /// A fault from pairs of words and texts.
    ///
    /// - Throws: `UnitError`, one sentence that names the fault and the word.
    init(_ pairs: [(String, String)]) throws(UnitError) {
        guard let name = pairs.first(where: { $0.0 == "id" })?.1 else {
            throw UnitError("a fault needs an 'id'")
        }
        guard let id = FaultID(rawValue: name) else {
            throw UnitError(
                "there is no fault '\(name)'"
                    + SettingsTable.hint(name, among: FaultID.allCases.map(\.rawValue)))
        }
        self.id = id
        let kind = FaultKind.of(id)
        var trigger: Trigger?
        var given: Set<String> = []
        for (word, text) in pairs where word != "id" {
            do throws(UnitError) {
                guard given.insert(word).inserted else { throw UnitError("is given twice") }
                if FaultSpec.triggerWords.contains(word) {
                    guard trigger == nil else {
                        throw UnitError("cannot stand beside another moment to begin")
                    }
                    trigger = try FaultSpec.trigger(word, text)
                } else if word == "for" {
                    let span = try UnitText.duration(text)
                    guard span > .zero else { throw UnitError("must be above 0") }
                    self.span = span
                } else if let parameter = kind.parameters.first(where: { $0.name == word }) {
                    self.values[word] = try parameter.form.read(text)
                } else {
                    let known = kind.parameters.map(\.name) + FaultSpec.triggerWords + ["for"]
                    throw UnitError("is unknown\(SettingsTable.hint(word, among: known))")
                }
            } catch {
                throw UnitError("fault '\(name)': '\(word)': \(error.message)")
            }
        }
        guard let trigger else {
            let words = FaultSpec.triggerWords.joined(separator: ", ")
            throw UnitError("fault '\(name)': say when it begins, with one of \(words)")
        }
        self.trigger = trigger
        try self.complete(kind)
    }

    /// A span; nil where it was neither given nor has a default.
    func duration(_ name: String) -> Nanoseconds? {
        if case .span(let span)? = self.values[name] { span } else { nil }
    }

    /// A whole number or a size in bytes.
    func count(_ name: String) -> Int? {
        if case .count(let count)? = self.values[name] { count } else { nil }
    }

    /// A rate a second, a share or a factor.
    func number(_ name: String) -> Double? {
        if case .number(let number)? = self.values[name] { number } else { nil }
    }

    /// A word.
    func word(_ name: String) -> String? {
        if case .word(let word)? = self.values[name] { word } else { nil }
    }

    /// The mechanism it is, by its number in the catalogue of causes; nil for one of none.
    var mechanism: String? {
        guard self.id == .queue, let length = self.count("length") else {
            return FaultKind.of(self.id).mechanism
        }
        // Nobody waits long enough to find a queue of this length full.
        return length >= 100_000 ? "M03" : "M04"
    }

    /// Whether it takes a process that a parent starts again.
    package var needsProcess: Bool {
        switch self.id {
        case .crash, .descriptors: true
        case .leak: self.word("then") == "crash"
        case .poison: self.word("effect") == "crash"
        default: false
        }
    }

    /// The fault as JSON, with every default, in a form that `init` takes back.
    var json: JSONValue {
        var members: [(String, JSONValue)] = [("id", .string(self.id.rawValue))]
        switch self.trigger {
        case .time(let span): members.append(("at", .string(SettingsTable.durationText(span))))
        case .count(let count): members.append(("afterCount", .integer(count)))
        case .bytes(let bytes): members.append(("afterBytes", .integer(bytes)))
        case .rate(let rate): members.append(("atRate", FaultForm.perTime.json(.number(rate))))
        }
        if let span = self.span {
            members.append(("for", .string(SettingsTable.durationText(span))))
        }
        for parameter in FaultKind.of(self.id).parameters {
            if let value = self.values[parameter.name] {
                members.append((parameter.name, parameter.form.json(value)))
            }
        }
        return .object(members)
    }

    /// Adds the defaults and checks what a fault needs.
    private mutating func complete(_ kind: FaultKind) throws(UnitError) {
        let name = kind.id.rawValue
        for parameter in kind.parameters where self.values[parameter.name] == nil {
            if parameter.isRequired {
                throw UnitError("fault '\(name)': it needs '\(parameter.name)'")
            }
            if let fallback = parameter.fallback {
                self.values[parameter.name] = try parameter.form.read(fallback)
            }
        }
        if !kind.anyOf.isEmpty, kind.anyOf.allSatisfy({ self.values[$0] == nil }) {
            let words = kind.anyOf.joined(separator: "' or '")
            throw UnitError("fault '\(name)': it needs '\(words)'")
        }
        if self.id == .pause, let length = self.duration("freeze"),
            let period = self.duration("period")
        {
            guard length > .zero, length <= .seconds(60), period > length else {
                throw UnitError(
                    "fault 'pause': 'freeze' is above 0, below 'period' and at most 60s")
            }
        }
        if self.id == .leak, let most = self.count("memory"), most > 4_294_967_296 {
            throw UnitError("fault 'leak': 'memory' is at most 4GiB")
        }
    }

    private static func trigger(_ word: String, _ text: String) throws(UnitError) -> Trigger {
        switch word {
        case "at": return .time(try UnitText.duration(text))
        case "afterCount":
            guard let count = Int(text), count >= 0 else {
                throw UnitError("'\(text)' is not a whole number from 0 up")
            }
            return .count(count)
        case "afterBytes": return .bytes(Int(try UnitText.size(text).count))
        default:
            let rate = try UnitText.rate(text).perSecond
            guard rate > 0 else { throw UnitError("must be above 0") }
            return .rate(rate)
        }
    }
}

// MARK: - Lists
extension FaultSpec {
    /// Reads `cpu at=20s cost=5ms; crash afterCount=500`, the same as JSON objects, or `none`.
    ///
    /// - Throws: `UnitError` for the first mistake.
    static func list(_ text: String) throws(UnitError) -> [FaultSpec] {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if trimmed.isEmpty || trimmed == "none" || trimmed == "null" { return [] }
        var faults: [FaultSpec] = []
        if trimmed.hasPrefix("[") || trimmed.hasPrefix("{") {
            // Settings given as JSON arrive here with the items of a list joined by commas.
            let array = trimmed.hasPrefix("[") ? trimmed : "[\(trimmed)]"
            guard
                let json = try? JSONDecoder().decode(JSONValue.self, from: Data(array.utf8)),
                case .array(let items) = json
            else {
                throw UnitError("this is not JSON")
            }
            for item in items {
                guard case .object(let members) = item else {
                    throw UnitError("a fault is an object such as {\"id\":\"cpu\",\"at\":\"20s\"}")
                }
                faults.append(try FaultSpec(members.map { ($0.0, $0.1.plainText) }))
            }
            return faults
        }
        for piece in trimmed.split(separator: ";") {
            var pairs: [(String, String)] = []
            for word in piece.split(whereSeparator: \.isWhitespace) {
                let halves = word.split(separator: "=", maxSplits: 1).map(String.init)
                if halves.count == 2 {
                    pairs.append((halves[0], halves[1]))
                } else if pairs.isEmpty {
                    pairs.append(("id", halves[0]))
                } else {
                    throw UnitError("fault '\(pairs[0].1)': write '\(word)' as name=value")
                }
            }
            if !pairs.isEmpty { faults.append(try FaultSpec(pairs)) }
        }
        return faults
    }
}
