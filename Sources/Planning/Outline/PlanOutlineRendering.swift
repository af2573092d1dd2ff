import Primitives

extension PlanOutline {
    /// The outline as text for people, in aligned columns.
    ///
    /// - Parameter width: columns of the terminal; only the sparkline uses more than 80.
    package func render(width: Int) -> String {
        var lines: [String] = [self.name, self.headline, ""]
        let spark = Sparkline.text(
            self.offered, columns: max(20, min(width - 22, 240)), top: self.offered.max() ?? 0)
        lines.append("offered  \(spark)  \(rate(self.totals.peakArrivals)) peak")
        lines += ["", "phases"]
        lines += indented(self.phaseTable)
        for population in self.populations {
            lines += ["", self.title(of: population)]
            if let remark = population.remark { lines.append("  " + remark) }
            lines += (population.uploads ?? []).map { "  " + $0 }
            if let network = population.network { lines.append("  network " + network) }
            lines += indented(self.stageTable(population))
            lines += population.flow.map { "  " + $0 }
        }
        lines += ["", "totals"]
        lines += indented(self.totalsTable)
        lines += self.resourceSections
        lines += self.section("timeline", self.timelineTable)
        lines += self.section("thresholds", self.thresholds.map { [$0] })
        lines += self.section(
            "server's side, once a second",
            self.probes.map { [$0.name, $0.source, $0.figures] })
        lines += self.section(
            "real time, not compressed: value, in the story",
            self.realTime.map { [$0.name, $0.value, $0.compressed] })
        lines += self.section(
            "story time, compressed: value, in this run",
            self.storyScaled.map { [$0.name, $0.value, $0.compressed] })
        lines += self.section("warnings", self.warnings.map { ["! " + $0] })
        return lines.map(trimmedEnd).joined(separator: "\n") + "\n"
    }

    /// Only what the plan needs of the machine, as text for people.
    package func renderResources() -> String {
        ([self.name] + self.resourceSections).map(trimmedEnd).joined(separator: "\n") + "\n"
    }

    private var resourceSections: [String] {
        self.section("resources", self.resourceTable)
            + self.section(
                "how they are counted", self.resources.map { [$0.resource.name, $0.basis] })
    }

    private var headline: String {
        var text = "seed \(self.seed) · \(self.target) · \(span(self.seconds)) of wall time"
        if self.timeScale != 1 {
            text +=
                " = \(span(self.seconds * self.timeScale)) of story at "
                + "x\(UnitText.trimmed(self.timeScale))"
        }
        return text
    }

    private var phaseTable: [[String]] {
        self.phases.map { phase in
            var row = [
                phase.name, phase.kind, "\(clock(phase.start)) - \(clock(phase.end))",
                span(phase.end - phase.start),
            ]
            if self.timeScale != 1 { row.append(span((phase.end - phase.start) * self.timeScale)) }
            return row
        }
    }

    private func title(of population: Population) -> String {
        let intents =
            population.intents.map { "\(count($0)) intents" } ?? "as many as answers allow"
        let requests = population.requestsPerIntent
        return
            "\(population.name) (\(population.trafficClass), \(population.executor)): \(intents), "
            + "\(requests) request\(requests == 1 ? "" : "s") each, "
            + "\(bytes(population.bytesPerIntent)) up each, at most "
            + "\(population.maxInFlight) in flight"
    }

    private func stageTable(_ population: Population) -> [[String]] {
        population.stages.map { stage in
            let isClients = stage.shape == "clients"
            let unit = isClients ? "" : "/s"
            let level =
                stage.from == stage.to
                ? "\(UnitText.trimmed(stage.to))\(unit)"
                : "\(UnitText.trimmed(stage.from)) -> \(UnitText.trimmed(stage.to))\(unit)"
            var row = [stage.phase, clock(stage.start), span(stage.seconds)]
            if self.timeScale != 1 { row.append(span(stage.storySeconds)) }
            row += [level, stage.from == stage.to && !isClients ? "" : stage.shape]
            row.append(stage.intents.map(count) ?? "")
            return row
        }
    }

    private var totalsTable: [[String]] {
        var rows = [
            ["intents", count(self.totals.intents)],
            ["requests", count(self.totals.requests)],
            ["bytes up", bytes(self.totals.bytesUp)],
            ["peak", "\(rate(self.totals.peakRequests)) requests"],
        ]
        if self.machine == nil {
            rows.append(["sockets at the peak", "\(self.totals.sockets)"])
            rows.append(["connections in a minute", "\(self.totals.portsPerMinute)"])
        }
        return rows
    }

    /// What is needed of the machine, and what there is of it.
    private var resourceTable: [[String]] {
        guard !self.resources.isEmpty else { return [] }
        let head = ["", "certain", "at most", "there", ""]
        return [head]
            + self.resources.map { need in
                [
                    need.resource.name, need.text(need.certain), need.text(need.possible),
                    need.text(need.available), need.state.rawValue,
                ]
            }
    }

    private var timelineTable: [[String]] {
        self.timeline.map { event in
            var row = [clock(event.at)]
            if self.timeScale != 1 { row.append(storyClock(event.story)) }
            return row + [event.kind, event.label, event.request ?? ""]
        }
    }

    private func section(_ title: String, _ rows: [[String]]) -> [String] {
        rows.isEmpty ? [] : ["", title] + indented(rows)
    }

    // MARK: - Text

    /// Rows as lines, each column as wide as its widest cell.
    private func indented(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            "  "
                + row.enumerated().map { column, cell in
                    cell + String(repeating: " ", count: widths[column] - cell.count)
                }.joined(separator: "  ")
        }
    }

    private func span(_ seconds: Double) -> String {
        UnitText.format(Nanoseconds(seconds: seconds))
    }

    private func bytes(_ count: Double) -> String {
        UnitText.format(ByteCount(Int64(min(count.rounded(), 0x1p62))))
    }

    private func rate(_ perSecond: Double) -> String { UnitText.trimmed(perSecond) + "/s" }

    private func count(_ value: Double) -> String { UnitText.fixed(value, 0) }

    /// `mm:ss` of wall time, with tenths where they are not zero.
    private func clock(_ seconds: Double) -> String {
        let tenths = Int64((seconds * 10).rounded())
        let text = "\(twoDigits(tenths / 600)):\(twoDigits(tenths / 10 % 60))"
        return tenths % 10 == 0 ? text : "\(text).\(tenths % 10)"
    }

    /// `T+hh:mm` of story time.
    private func storyClock(_ seconds: Double) -> String {
        let minutes = Int64((seconds / 60).rounded())
        return "T+\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
    }

    private func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private func trimmedEnd(_ line: String) -> String {
        var view = Substring(line)
        while view.last == " " { view.removeLast() }
        return String(view)
    }
}
