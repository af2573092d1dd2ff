extension ReportFormats {
    /// The report's series as comma-separated values (RFC 4180); unknown is empty.
    package var csv: String {
        let classes = ClassOrder.present(in: self.report)
        let outcomes = self.report.outcomes.keys.sorted()
        var header = [
            "t", "story", "offered", "attempts", "done", "good", "dropped", "in_flight", "p50_ms",
            "p99_ms", "generator_cpu", "generator_lag_p99_ms",
        ]
        for name in classes {
            header += ["offered", "done", "good", "arrived", "arrived_accepted"].map {
                "\(name)_\($0)"
            }
        }
        header += outcomes.map { "outcome_\($0)" }
        var output = header.joined(separator: ",") + "\r\n"
        for row in self.report.series {
            var cells = [row.t, row.story].map { FormatText.number($0) }
            cells += [
                row.offered, row.attempts, row.done, row.good, row.dropped, row.inFlight,
            ].map(String.init)
            cells += [row.p50, row.p99, row.generator.cpu, row.generator.lagP99Ms].map { value in
                value.map { FormatText.number($0) } ?? ""
            }
            for name in classes {
                let part = row.classes[name] ?? .init()
                cells += [part.offered, part.done, part.good, part.arrived, part.arrivedAccepted]
                    .map(String.init)
            }
            cells += outcomes.map { String(row.outcomes[$0] ?? 0) }
            output += cells.joined(separator: ",") + "\r\n"
        }
        return output
    }
}
