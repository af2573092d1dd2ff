import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Reads a page or a chart as XML and keeps what the tests ask about.
final class PageReader: NSObject, XMLParserDelegate {
    /// A drawn series.
    struct Series: Equatable {
        var chart: String
        var name: String
        var rows: Int
        var decimation: Int
        var missing: Int
        var marks: Int
    }
    /// A drawn curve of steps: its path, and how many points it says it has.
    struct Curve: Equatable {
        var name: String
        var points: Int
        var path: String
    }
    private(set) var series: [Series] = []
    private(set) var curves: [Curve] = []
    private(set) var elements: [String: Int] = [:]
    private(set) var attributes: [(element: String, name: String, value: String)] = []
    private(set) var text = ""
    private(set) var failure: String?
    private var chart = ""

    /// Reads the text; `failure` tells why it is not well-formed XML.
    init(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        if !parser.parse() {
            let line = parser.lineNumber
            self.failure = "line \(line): \(parser.parserError.map { "\($0)" } ?? "?")"
        }
    }

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        self.elements[element, default: 0] += 1
        for (name, value) in attributes { self.attributes.append((element, name, value)) }
        if let id = attributes["data-chart"] { self.chart = id }
        func number(_ key: String) -> Int { Int(attributes[key] ?? "") ?? -1 }
        if let name = attributes["data-curve"] {
            self.curves.append(
                Curve(name: name, points: number("data-points"), path: attributes["d"] ?? ""))
        }
        guard let name = attributes["data-series"], attributes["data-rows"] != nil else { return }
        let marks = (attributes["d"] ?? "").count { $0 == "M" || $0 == "L" }
        self.series.append(
            Series(
                chart: self.chart, name: name, rows: number("data-rows"),
                decimation: number("data-decimation"), missing: number("data-missing"),
                marks: marks))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        self.text += string
    }
}
