import Foundation
import Scenarios

/// A value to be taken from responses, compiled once.
///
/// Unchecked Sendable: `NSRegularExpression` is immutable and documented to be safe on any thread.
struct ResponseCapture: @unchecked Sendable {
    private enum Source {
        case json([JSONPathStep])
        case header(String)
        case regex(NSRegularExpression)
    }
    /// The variable's name.
    let name: String
    /// What it is when nothing stands there; nil: then the answer is not good.
    let fallback: String?
    /// Where it looks, for messages.
    let place: String
    private let source: Source

    /// Compiles a capture.
    ///
    /// - Throws: `.capture` for a path or a pattern that cannot be understood.
    init(_ spec: CaptureSpec) throws(EngineError) {
        self.name = spec.name
        self.fallback = spec.fallback
        self.place = spec.place
        switch spec.source {
        case .json(let path):
            guard let steps = JSONPathStep.parse(path) else {
                throw EngineError(.capture, "'\(path)' is not a JSON path such as $.items[0].id")
            }
            self.source = .json(steps)
        case .header(let name):
            self.source = .header(name.lowercased())
        case .regex(let pattern):
            guard let expression = try? NSRegularExpression(pattern: pattern) else {
                throw EngineError(.capture, "'\(pattern)' is not a regular expression")
            }
            self.source = .regex(expression)
        }
    }

    /// True when the body has to be kept for it.
    var needsBody: Bool {
        if case .header = self.source { return false }
        return true
    }

    /// The value in a response; nil when it is not there.
    func value(headers: [(name: String, value: String)], body: [UInt8]) -> String? {
        switch self.source {
        case .header(let name):
            return headers.last { $0.name.lowercased() == name }?.value
        case .json(let steps):
            guard
                let document = try? JSONSerialization.jsonObject(
                    with: Data(body), options: [.fragmentsAllowed])
            else { return nil }
            return JSONPathStep.value(at: steps, in: document)
        case .regex(let expression):
            let text = String(decoding: body, as: UTF8.self)
            let whole = NSRange(text.startIndex..., in: text)
            guard let match = expression.firstMatch(in: text, range: whole) else { return nil }
            let group = match.range(at: match.numberOfRanges > 1 ? 1 : 0)
            return Range(group, in: text).map { String(text[$0]) }
        }
    }
}

/// A step of a JSON path: `$.items[0].name` is a key, an index and a key.
enum JSONPathStep: Sendable, Hashable {
    /// A member of an object.
    case key(String)
    /// An element of an array, from 0.
    case index(Int)

    /// The steps of a path; nil when it is none.
    ///
    /// `$` alone is the whole document.
    static func parse(_ path: String) -> [JSONPathStep]? {
        guard path.first == "$" else { return nil }
        var steps: [JSONPathStep] = []
        var rest = path.dropFirst()
        while let first = rest.first {
            rest = rest.dropFirst()
            if first == "." {
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { return nil }
                steps.append(.key(String(name)))
                rest = rest.dropFirst(name.count)
            } else if first == "[", let close = rest.firstIndex(of: "]") {
                let inside = rest[..<close]
                if let index = Int(inside), index >= 0 {
                    steps.append(.index(index))
                } else if inside.count >= 2, let quote = inside.first, inside.last == quote,
                    quote == "'" || quote == "\""
                {
                    steps.append(.key(String(inside.dropFirst().dropLast())))
                } else {
                    return nil
                }
                rest = rest[close...].dropFirst()
            } else {
                return nil
            }
        }
        return steps
    }

    /// The scalar at a path as text; nil when there is none.
    static func value(at steps: [JSONPathStep], in document: Any) -> String? {
        var present = document
        for step in steps {
            switch step {
            case .key(let key):
                guard let next = (present as? [String: Any])?[key] else { return nil }
                present = next
            case .index(let index):
                guard let array = present as? [Any], index < array.count else { return nil }
                present = array[index]
            }
        }
        switch present {
        case let text as String: return text
        case let number as NSNumber:
            // JSONSerialization gives numbers and truth values as one class; a truth value is
            // encoded as `c` (char), which no number in JSON is.
            let isTruth = number.objCType.pointee == 0x63
            return isTruth ? (number.boolValue ? "true" : "false") : number.stringValue
        default: return nil
        }
    }
}
