package import Comparison

extension RunEvidence {
    /// What comparing needs of a report.
    ///
    /// The class compared is `genuine` where there is any, otherwise the one with most intents.
    ///
    /// - Parameters:
    ///   - report: the run's report.
    ///   - place: where it lies.
    ///   - load: the digest of what makes the load; nil where it is not known.
    package init(_ report: Report, place: String, load: String?) {
        self.init()
        let run = report.run
        self.id = run.id
        self.place = place
        self.scenario = run.scenario
        self.scenarioSHA256 = run.scenarioSHA256
        self.load = load
        self.seed = run.seed
        self.started = run.started
        self.timeScale = run.timeScale
        self.version = run.version
        self.machine = Machine(
            name: run.host.name, kernel: run.host.kernel, cores: run.host.cores,
            memory: run.host.memory)
        self.fault = RunEvidence.fault(of: report)
        self.disturbed = report.validity.disturbed
        self.trafficClass = report.judgedClass
        self.takeFigures(report)
        self.takeRows(report)
    }

    private static func fault(of report: Report) -> String? {
        if report.validity.state == .invalid { return "the generator was the limit" }
        guard let stopped = report.run.stopped else { return "its journal was cut off" }
        // A target that stayed down is the server's doing, and counts.
        return ["finished", "target-down"].contains(stopped) ? nil : "stopped: \(stopped)"
    }

    private mutating func takeFigures(_ report: Report) {
        guard let figures = report.classes[self.trafficClass] else { return }
        let samples = report.series.reduce(0) { sum, row in
            sum + (row.classes[self.trafficClass]?.done ?? 0)
        }
        let ended = figures.intents - figures.unfinished
        let span = report.rowSeconds * Double(report.series.count)
        let good = report.series.reduce(0) { $0 + $1.good }
        for figure in RunFigure.all {
            let percentile: Double?
            switch figure.name {
            case "accepted":
                if ended >= figure.leastSamples {
                    self.values[figure.name] = Double(figures.accepted) / Double(ended)
                }
                continue
            case "goodput":
                if samples >= figure.leastSamples {
                    self.values[figure.name] = Double(good) / span
                }
                continue
            case "response p50": percentile = figures.responseMs.p50
            case "response p90": percentile = figures.responseMs.p90
            case "response p99": percentile = figures.responseMs.p99
            default: percentile = figures.responseMs.p999
            }
            guard samples >= figure.leastSamples else { continue }
            if let percentile {
                self.values[figure.name] = percentile
            } else {
                self.unanswered.append(figure.name)
            }
        }
    }

    private mutating func takeRows(_ report: Report) {
        let width = report.rowSeconds
        self.rows = report.series.map { row in
            let line = row.classes[self.trafficClass]
            return Row(
                t: row.t, offered: Double(row.offered) / width, good: Double(row.good) / width,
                p50: row.p50, p99: row.p99, arrived: line?.arrived ?? 0,
                accepted: line?.arrivedAccepted ?? 0, ended: row.done)
        }
    }
}

extension Report {
    /// The class of traffic that a run is judged by: `genuine` where there is any, otherwise the
    /// one with the most intents.
    var judgedClass: String {
        if (self.classes["genuine"]?.intents ?? 0) > 0 { return "genuine" }
        let byCount = self.classes.sorted { left, right in
            (left.value.intents, right.key) > (right.value.intents, left.key)
        }
        return byCount.first?.key ?? "genuine"
    }
}
