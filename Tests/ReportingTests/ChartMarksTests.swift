import Foundation
import Testing

@testable import Reporting

/// What is drawn is what the tables say: read back from the page alone.
@Suite struct ChartMarksTests {
    private static let overTime = [
        "throughput", "response", "outcomes", "inflight", "classes", "breakdown", "review",
        "generator",
    ]

    /// Seconds of `01:07` or `1:02:07`.
    private func seconds(_ clock: String) -> Double {
        clock.split(separator: ":").reduce(0) { $0 * 60 + (Double($1) ?? .nan) }
    }

    /// The place a mark must have for a figure of four digits, give or take.
    private func places(_ plot: ChartReader.Plot, _ value: Double, _ slack: Double)
        -> ClosedRange<Double>
    {
        let ends = [plot.y(value - slack), plot.y(value + slack)]
        return ((ends.min() ?? 0) - 0.06)...((ends.max() ?? 0) + 0.06)
    }

    @Test(
        "Each mark of a chart over time lies where its row of the table says.",
        arguments: [120, 700])
    func overTime(rows: Int) throws {
        let page = ChartReader(SyntheticReport.flood(rows: rows).html)
        #expect(page.failure == nil)
        for chart in Self.overTime {
            let table = try #require(page.tables[chart], "\(chart) has a table")
            let marks = try #require(page.marks[chart], "\(chart) has marks")
            #expect(marks.map(\.name) == table.columns.filter { !$0.isEmpty }, "\(chart)")
            let starts = table.rows.map { self.seconds($0[0]) }
            var floor: [String: [Double]] = [:]
            for mark in marks {
                let plot = try #require(mark.plot)
                let cells = try #require(table.cells(mark.name))
                let isStacked = mark.attributes["stroke"] == "#ffffff"
                let name = plot.attributes["data-plot"] ?? ""
                let points = mark.points
                var drawn = 0
                for (row, cell) in cells.enumerated() {
                    guard var value = plot.value(cell) else {
                        #expect(cell == "–")
                        continue
                    }
                    if isStacked {
                        let below = floor[name] ?? [Double](repeating: 0, count: cells.count)
                        value += below[row]
                        floor[name, default: below][row] = value
                    }
                    let point = try #require(drawn < points.count ? points[drawn] : nil)
                    drawn += 1
                    let slack = max(abs(value) * 6e-4, 6e-4) * (isStacked ? 4 : 1)
                    let label = "\(mark.name) row \(row): \(cell)"
                    #expect(self.places(plot, value, slack).contains(point.y), "\(label)")
                    #expect(point.x >= plot.x(starts[row]) - 0.06, "\(label)")
                    if row + 1 < starts.count {
                        #expect(point.x <= plot.x(starts[row + 1]) + 0.06, "\(label)")
                    }
                }
                #expect(drawn == points.count, "\(mark.name): every mark has its row")
            }
        }
    }

    @Test("Each cell of the heatmap has the colour of its count.", arguments: [120, 700])
    func heatmap(rows: Int) throws {
        let report = SyntheticReport.flood(rows: rows)
        let page = ChartReader(report.html)
        let edges = try #require(report.heatmap?.edgesMs).map { ChartUnit.milliseconds.cell($0) }
        let cells = try #require(page.tables["heatmap"]?.cells("counts"))
        let marks = try #require(page.marks["heatmap"])
        let group = try #require(page.elements.first { $0.attributes["data-bands"] != nil })
        let bands = try #require(Int(group.attributes["data-bands"] ?? ""))
        #expect(Int(group.attributes["data-columns"] ?? "") == cells.count)
        #expect(bands == edges.count - 1 && cells.count <= 300 && marks.count <= 7)
        let least = marks.map { Int($0.attributes["data-least"] ?? "") ?? 0 }
        var drawn: [String: Int] = [:]
        for (level, mark) in marks.enumerated() {
            let path = mark.attributes["d"] ?? ""
            for run in path.split(separator: "M") {
                let numbers = run.split { !"0123456789".contains($0) }.compactMap { Int($0) }
                // column, row from the top, width, 1, width
                #expect(numbers.count == 5 && numbers[2] == numbers[4] && numbers[3] == 1)
                for column in numbers[0]..<(numbers[0] + numbers[2]) {
                    let key = "\(column)/\(edges[bands - 1 - numbers[1]])"
                    #expect(drawn[key] == nil, "a cell is drawn once")
                    drawn[key] = level
                }
            }
        }
        var told: [String: Int] = [:]
        for (column, cell) in cells.enumerated() where cell != "–" {
            for entry in cell.components(separatedBy: ", ") {
                let parts = entry.components(separatedBy: ": ")
                let count = try #require(Int(parts[1]))
                told["\(column)/\(parts[0])"] = least.lastIndex { count >= $0 }
            }
        }
        #expect(drawn == told && drawn.count > 100)
        let counted = try #require(report.heatmap).columns.flatMap(\.counts).reduce(0, +)
        let written = cells.flatMap { $0.components(separatedBy: ", ") }
            .compactMap { $0.components(separatedBy: ": ").last.flatMap { Int($0) } }
        #expect(written.reduce(0, +) == counted)
    }

    @Test("Levels are ascending, begin at 1 and are no more than there are counts.")
    func levels() {
        #expect(HeatmapDrawing.levels(upTo: 1) == [1])
        #expect(HeatmapDrawing.levels(upTo: 3) == [1, 2, 3])
        #expect(HeatmapDrawing.levels(upTo: 128) == [1, 2, 4, 8, 16, 32, 64])
    }

    @Test("The knee has a dot for each row, in its phase, and the capacity with its interval.")
    func knee() throws {
        let report = SyntheticReport.flood(rows: 120)
        let page = ChartReader(report.html)
        let table = try #require(page.tables["knee"])
        let marks = try #require(page.marks["knee"])
        let plot = try #require(marks.first?.plot)
        let course = try #require(marks.first { $0.name == "course" })
        #expect(course.points.count == table.rows.count)
        let rates = try #require(table.cells("good"))
        let tails = try #require(table.cells("p99"))
        var seen = 0
        for (row, point) in course.points.enumerated() {
            let rate = try #require(Double(rates[row]))
            #expect(abs(point.x - plot.x(rate)) < 0.4)
            let y = Double(tails[row]).map { plot.y($0) } ?? plot.number("data-top")
            #expect(abs(point.y - y) < 0.4)
        }
        for number in 1...report.phases.count {
            let own = table.rows.filter { $0[2].hasPrefix("\(number) ") }
            let known = own.count { $0.last != "–" }
            let dots = marks.first { $0.name == "phase:\(number)" }?.points.count ?? 0
            let none = marks.first { $0.name == "phase:\(number):none" }?.points.count ?? 0
            #expect(dots == known && none == own.count - known, "phase \(number)")
            seen += own.count
        }
        #expect(seen == table.rows.count)
        let mark = try #require(marks.first { $0.name == "mark" })
        #expect(mark.attributes["data-value"] == "199.8")
        #expect(abs((mark.points.first?.x ?? 0) - plot.x(199.8)) < 0.06)
        let interval = try #require(marks.first { $0.name == "mark:interval" })
        #expect(interval.attributes["data-low"] == "197.9")
        #expect(interval.attributes["data-high"] == "202.4")
    }

    @Test("Each point of a percentile line is a cell of the table, the baseline's too.")
    func percentiles() throws {
        var base = SyntheticReport.flood(rows: 60)
        base.phases.removeLast()
        let report = SyntheticReport.flood(rows: 120)
        let figure = try #require(PercentileChart(report, baseline: base)?.figure)
        let page = ChartReader(figure.html)
        #expect(page.failure == nil)
        let table = try #require(page.tables["percentiles"])
        let marks = try #require(page.marks["percentiles"])
        #expect(marks.map(\.name) == table.columns.filter { !$0.isEmpty })
        #expect(marks.count { $0.name.hasPrefix("baseline:") } == 4)
        #expect(marks.count { $0.name.hasPrefix("phase:") } == 5)
        for mark in marks {
            let plot = try #require(mark.plot)
            let cells = try #require(table.cells(mark.name))
            let told = zip(table.rows, cells).filter { $1 != "–" }
            #expect(told.count == mark.points.count, "\(mark.name)")
            for (entry, point) in zip(told, mark.points) {
                let oneIn = try #require(Double(entry.0[1]))
                let value = try #require(Double(entry.1))
                #expect(abs(point.x - plot.x(oneIn)) < 0.2)
                #expect(abs(point.y - plot.y(value)) < 0.2)
            }
        }
    }

    @Test("The strip has a bar for each span and a mark for each event.")
    func strip() throws {
        var report = SyntheticReport.flood(rows: 120)
        report.timeline[2].source = "found"
        let page = ChartReader(report.html)
        let table = try #require(page.tables["timeline"])
        let bars = try #require(page.marks["timeline"]).filter { $0.name.hasPrefix("observed:") }
        #expect(bars.reduce(0) { $0 + $1.points.count } == table.rows.count)
        for bar in bars {
            let plot = try #require(bar.plot)
            let state = try #require(
                ObservedSpan.State(rawValue: String(bar.name.dropFirst("observed:".count))))
            let starts = table.rows.filter { $0[2] == state.words }.map { self.seconds($0[0]) }
            #expect(starts.count == bar.points.count)
            for (start, point) in zip(starts, bar.points) {
                #expect(abs(point.x - plot.x(start)) < 0.06)
            }
        }
        #expect(table.rows.first?[0] == "00:00" && table.rows.last?[1] == "02:00")
        #expect(zip(table.rows, table.rows.dropFirst()).allSatisfy { $0[1] == $1[0] })
        let events = page.elements.filter { $0.attributes["data-event"] != nil }
        #expect(events.count == report.timeline.count)
        let below = events.filter { (Double($0.attributes["cy"] ?? "") ?? 0) > 128 }
        #expect(below.map { $0.attributes["data-event"] } == ["3"])
    }

    @Test("Every chart is one well-formed SVG of its own, named, without style or script.")
    func alone() {
        let report = SyntheticReport.flood(rows: 600)
        let figures = ReportCharts(report, baseline: report).figures
        #expect(
            figures.map(\.id) == [
                "throughput", "response", "heatmap", "outcomes", "knee", "inflight",
                "percentiles", "classes", "breakdown", "review", "generator",
            ])
        for figure in figures + OverlayCharts(base: report, new: report).figures {
            let reader = ChartReader(figure.svg)
            #expect(reader.failure == nil, "\(figure.id)")
            let root = reader.elements.first
            #expect(root?.name == "svg" && root?.attributes["data-chart"] == figure.id)
            #expect(root?.attributes["role"] == "img")
            #expect(
                root?.attributes["aria-labelledby"] == "\(figure.id)-title \(figure.id)-desc")
            let ids = reader.elements.compactMap { $0.attributes["id"] }
            #expect(ids == ["\(figure.id)-title", "\(figure.id)-desc"])
            #expect(reader.elements.allSatisfy { $0.attributes["style"] == nil })
            #expect(reader.elements.allSatisfy { $0.attributes["class"] == nil })
            #expect(!reader.elements.contains { ["style", "script", "image"].contains($0.name) })
            #expect(!figure.tables.isEmpty && figure.tables.allSatisfy { !$0.rows.isEmpty })
            for plot in reader.elements where plot.attributes["data-plot"] != nil {
                for key in ["data-x0", "data-x1", "data-y0", "data-y1", "data-left", "data-top"] {
                    #expect(Double(plot.attributes[key] ?? "") != nil, "\(figure.id) \(key)")
                }
                #expect(["linear", "log"].contains(plot.attributes["data-scale"]))
            }
        }
    }

    @Test("Ten minutes and more stay within 600 kB.", arguments: [600, 1_200, 1_199])
    func size(rows: Int) {
        let bytes = SyntheticReport.flood(rows: rows).html.utf8.count
        #expect(bytes < 600_000, "\(bytes) bytes")
    }

    @Test("A report of an older Spate draws what it has.")
    func older() {
        var report = SyntheticReport.flood(rows: 30)
        report.heatmap = nil
        report.breakdown = nil
        for index in report.phases.indices { report.phases[index].distribution = nil }
        for index in report.series.indices {
            report.series[index].p90 = nil
            report.series[index].p999 = nil
            report.series[index].max = nil
            report.series[index].serviceMs = nil
            report.series[index].retries = nil
        }
        let page = ChartReader(report.html)
        #expect(page.failure == nil)
        #expect(page.marks["response"]?.map(\.name) == ["p99", "p50"])
        #expect(page.marks["heatmap"] == nil && page.marks["percentiles"] == nil)
        #expect(page.marks["breakdown"] == nil)
        #expect(page.marks["inflight"]?.map(\.name) == ["in_flight"])
    }

    @Test("Two runs lie on one axis; rows of different width merge.")
    func overlay() throws {
        let base = SyntheticReport.flood(rows: 40)
        var new = SyntheticReport.flood(rows: 60)
        new.series = new.series.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        let figures = OverlayCharts(base: base, new: new).figures
        #expect(figures.count == 3)
        let page = ChartReader(figures[0].html)
        let table = try #require(page.tables["overlay-throughput"])
        #expect(table.rows.count == 30)
        #expect(table.cells("base:good")?.count { $0 != "–" } == 20)
        let expected = Double(base.series[0].good + base.series[1].good) / 2
        #expect(table.cells("base:good")?.first == ChartUnit.perSecond.cell(expected))
        #expect(
            page.marks["overlay-throughput"]?.first { $0.name == "base:good" }?.points.count == 20)
        #expect(OverlayCharts(base: Report(), new: new).figures.isEmpty)
    }
}
