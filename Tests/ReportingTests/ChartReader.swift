import Foundation

@testable import Reporting

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Reads charts and their tables from a page or a figure, as a script on the page would.
final class ChartReader: NSObject, XMLParserDelegate {
    /// A plot's group.
    struct Plot {
        var chart: String
        var attributes: [String: String]

        /// A number of the group.
        func number(_ key: String) -> Double { Double(self.attributes[key] ?? "") ?? .nan }

        /// Where a value lies on an axis that runs from one edge to another.
        private func place(
            _ value: Double, _ values: (String, String), _ edges: (String, String), _ scale: String
        ) -> Double {
            let (low, high) = (self.number(values.0), self.number(values.1))
            let share: Double
            if self.attributes[scale] == "log" {
                share = log10(max(value, low) / low) / log10(high / low)
            } else {
                share = (value - low) / (high - low)
            }
            let (from, to) = (self.number(edges.0), self.number(edges.1))
            return from + (to - from) * min(1, max(0, share))
        }

        /// The horizontal place of a value.
        func x(_ value: Double) -> Double {
            self.place(value, ("data-x0", "data-x1"), ("data-left", "data-right"), "data-xscale")
        }

        /// The vertical place of a value.
        func y(_ value: Double) -> Double {
            self.place(value, ("data-y0", "data-y1"), ("data-bottom", "data-top"), "data-scale")
        }

        /// A table's figure in the unit of the plot's axis.
        func value(_ cell: String) -> Double? {
            guard let number = Double(cell) else { return nil }
            switch self.attributes["data-unit"] {
            case "%": return number / 100
            case "MB": return number * 1e6
            default: return number
            }
        }
    }
    /// Something drawn that has the name of a series.
    struct Mark {
        var plot: Plot?
        var name: String
        var attributes: [String: String]

        /// The points of its path's `M` and `L`.
        var points: [(x: Double, y: Double)] {
            (self.attributes["d"] ?? "").split(whereSeparator: { $0 == "M" || $0 == "L" }).map {
                let numbers = $0.prefix { "0123456789.,-".contains($0) }.split(separator: ",")
                return (Double(numbers[0]) ?? .nan, Double(numbers[1]) ?? .nan)
            }
        }
    }
    /// A table of figures.
    struct Table {
        /// By column: the series, or empty.
        var columns: [String] = []
        var rows: [[String]] = []

        /// A series' cells.
        func cells(_ series: String) -> [String]? {
            guard let place = self.columns.firstIndex(of: series) else { return nil }
            return self.rows.map { $0[place] }
        }
    }
    /// Marks by chart.
    private(set) var marks: [String: [Mark]] = [:]
    /// Tables by the name of their chart.
    private(set) var tables: [String: Table] = [:]
    /// Every element with its attributes.
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var failure: String?
    private var chart = ""
    private var plot: Plot?
    private var groups: [Bool] = []
    private var table = ""
    private var text = ""

    init(_ text: String) {
        super.init()
        let parser = XMLParser(
            data: Data(text.replacingOccurrences(of: "<!DOCTYPE html>", with: "").utf8))
        parser.delegate = self
        if !parser.parse() {
            self.failure = "line \(parser.lineNumber): \(String(describing: parser.parserError))"
        }
    }

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        self.elements.append((element, attributes))
        self.text = ""
        switch element {
        case "svg": self.chart = attributes["data-chart"] ?? ""
        case "g":
            let isPlot = attributes["data-plot"] != nil
            self.groups.append(isPlot)
            if isPlot { self.plot = Plot(chart: self.chart, attributes: attributes) }
        case "table":
            self.table = attributes["data-table"] ?? ""
            self.tables[self.table] = Table()
        case "tr": self.tables[self.table]?.rows.append([])
        case "th" where attributes["scope"] == "col":
            self.tables[self.table]?.columns.append(attributes["data-column"] ?? "")
        default: break
        }
        if let name = attributes["data-series"] {
            self.marks[self.chart, default: []].append(
                Mark(plot: self.plot, name: name, attributes: attributes))
        }
    }

    func parser(
        _ parser: XMLParser, didEndElement element: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        switch element {
        case "g": if self.groups.popLast() == true { self.plot = nil }
        case "td", "th":
            let last = (self.tables[self.table]?.rows.count ?? 0) - 1
            if last >= 0 { self.tables[self.table]?.rows[last].append(self.text) }
        case "thead": self.tables[self.table]?.rows = []
        default: break
        }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        self.text += string
    }
}
