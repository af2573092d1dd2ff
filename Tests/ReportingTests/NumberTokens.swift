import Foundation
import Primitives

@testable import Reporting

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The words of a page or of XML: without figures, what is folded away, style and script.
final class VisibleText: NSObject, XMLParserDelegate {
    private static let skipped: Set<String> = [
        "figure", "svg", "details", "style", "script", "head",
    ]
    private(set) var text = ""
    private(set) var links: Set<String> = []
    private(set) var ids: [String] = []
    private(set) var headings: [Int] = []
    private(set) var cells: [(name: String, attributes: [String: String])] = []
    private(set) var failure: String?
    private var depth = 0

    /// Reads markup that is well-formed XML.
    init(_ markup: String) {
        super.init()
        let bare = markup.replacingOccurrences(of: "<!DOCTYPE html>", with: "")
        let parser = XMLParser(data: Data(bare.utf8))
        parser.delegate = self
        if !parser.parse() { self.failure = "\(String(describing: parser.parserError))" }
    }

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        if Self.skipped.contains(element) { self.depth += 1 }
        if let id = attributes["id"] { self.ids.append(id) }
        if element == "a", let href = attributes["href"] { self.links.insert(href) }
        if element.count == 2, element.first == "h", let level = Int(element.dropFirst()) {
            self.headings.append(level)
        }
        if ["th", "table", "caption", "svg"].contains(element) {
            self.cells.append((element, attributes))
        }
        self.text += " "
    }

    func parser(
        _ parser: XMLParser, didEndElement element: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        if Self.skipped.contains(element) { self.depth -= 1 }
        self.text += " "
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        if self.depth == 0 { self.text += string }
    }
}

/// The numbers in a text, and those that a report allows.
enum NumberTokens {
    /// Every number of a text as it is written: `1,204`, `00:39`, `12.3`.
    static func of(_ text: String) -> Set<String> {
        let edge = CharacterSet(charactersIn: ".,:")
        let pieces = text.split { !($0.isASCII && ($0.isNumber || ".,:".contains($0))) }
        return Set(pieces.map { $0.trimmingCharacters(in: edge) }.filter { !$0.isEmpty })
    }

    /// Every way in which a report may write the numbers and texts of a JSON value.
    static func allowed(_ json: Any, timeScale: Double) -> Set<String> {
        switch json {
        case let object as [String: Any]:
            return object.values.reduce(self.derived(object)) {
                $0.union(self.allowed($1, timeScale: timeScale))
            }.union(self.of(object.keys.joined(separator: " ")))
        case let array as [Any]:
            return array.reduce(into: []) { $0.formUnion(self.allowed($1, timeScale: timeScale)) }
        case let text as String: return self.of(text)
        case let number as NSNumber: return self.written(number.doubleValue, timeScale)
        default: return []
        }
    }

    private static func written(_ value: Double, _ timeScale: Double) -> Set<String> {
        let texts = [
            ReportText.count(Int(value.rounded())), ReportText.number(value),
            ReportText.milliseconds(value), ReportText.seconds(value),
            ReportText.bytes(Int64(value)), ReportText.clock(value), ReportText.percent(value),
            ReportText.story(value), ReportText.story(value * timeScale),
            String(Int64(value)), UnitText.fixed(value, 3),
        ]
        return self.of(texts.joined(separator: " "))
    }

    /// What reports work out of neighbouring counts: shares, and what is left of a whole.
    private static func derived(_ object: [String: Any]) -> Set<String> {
        func count(_ key: String) -> Int? { object[key] as? Int }
        var texts: [String] = []
        if let accepted = count("accepted"), let all = count("intents") ?? count("people") {
            texts += [ReportText.share(accepted, of: all), ReportText.count(all - accepted)]
        }
        if let stored = count("acked_stored"), let missing = count("acked_missing") {
            texts.append(ReportText.count(stored + missing))
        }
        if let rejected = count("rejected"), let left = count("gave_up"),
            let failed = count("failed")
        {
            texts.append(ReportText.count(rejected + left + failed))
            texts.append(ReportText.count(rejected + failed))
        }
        return self.of(texts.joined(separator: " "))
    }
}
