extension ReportWords {
    /// The tiles: the run at a glance, each beside the baseline's where there is one.
    func tiles(against baseline: ReportWords? = nil) -> [Fact] {
        let tiles = self.loadTiles + self.peopleTiles + self.outageTiles + [self.droppedTile]
        guard let baseline else { return tiles }
        var base: [String: ReportMeasure] = [:]
        for tile in baseline.tiles() { base[tile.name] = tile.measure }
        return tiles.map { tile in
            guard let before = base[tile.name] else { return tile }
            var tile = tile
            let change = tile.measure.flatMap { $0.change(from: before) }.map { " (\($0))" } ?? ""
            let words = "baseline \(before.text)\(change)"
            tile.note = [tile.note, words].compactMap { $0 }.joined(separator: "; ")
            return tile
        }
    }

    private var loadTiles: [Fact] {
        let totals = self.report.totals
        return [
            Self.tile("intents", .count(totals.intents), "offered by the plan"),
            Self.tile(
                "attempts", .count(totals.attempts),
                "\(ReportText.count(totals.attemptsCompleted)) answered"),
            Self.tile(
                "accepted", .count(totals.accepted),
                "\(ReportText.share(totals.accepted, of: totals.intents)) of the intents"),
        ]
    }

    private var peopleTiles: [Fact] {
        var facts: [Fact] = []
        if let genuine = self.report.classes["genuine"] {
            facts.append(Self.share("genuine accepted", genuine))
            let note = "p99 \(ReportText.tail(genuine.responseMs))"
            facts.append(
                genuine.responseMs.p50.map { Self.tile("genuine median", .milliseconds($0), note) }
                    ?? Fact(name: "genuine median", value: "none in time", note: note))
        }
        if let noise = self.report.classes["noise"] {
            facts.append(Self.share("noise accepted", noise))
        }
        return facts
    }

    private var outageTiles: [Fact] {
        guard let outage = self.report.outage else { return [] }
        var facts = [
            Self.tile(
                "longest outage", .seconds(outage.longest),
                outage.from.map {
                    "from \(ReportText.clock($0)); \(ReportText.seconds(outage.total)) in all"
                } ?? "never fewer than half accepted")
        ]
        if self.report.onset != nil {
            facts.append(
                outage.untilRecovered.map {
                    Self.tile("time to recovery", .seconds($0), "from the onset")
                } ?? Fact(name: "time to recovery", value: "not back", note: "from the onset"))
        }
        return facts
    }

    private var droppedTile: Fact {
        let dropped = self.report.totals.dropped
        return Self.tile(
            "dropped by generator", .count(dropped),
            dropped == 0 ? "the schedule was kept" : "the run is not valid")
    }

    private static func tile(
        _ name: String, _ measure: ReportMeasure, _ note: String?
    ) -> Fact {
        Fact(name: name, value: measure.text, note: note, measure: measure)
    }

    private static func share(_ name: String, _ figures: Report.ClassFigures) -> Fact {
        let note = "of \(ReportText.count(figures.intents))"
        guard figures.intents > 0 else { return Fact(name: name, value: "–", note: note) }
        let share = Double(figures.accepted) / Double(figures.intents)
        return self.tile(name, .share(share), note)
    }

    /// The generator's own health at its worst, in the words of the terminal and the page.
    var generatorFacts: [Fact] {
        [
            Fact(name: "Processor", value: "at most \(self.cores) cores", note: nil),
            Fact(name: "Lag p99", value: "at most \(self.lag)", note: "behind the schedule"),
            Fact(name: "Dropped", value: ReportText.count(self.report.totals.dropped), note: nil),
        ]
    }

    /// The most processor time the generator used in a second, in cores.
    var cores: String { ReportText.number(self.report.series.compactMap(\.generator.cpu).max()) }

    /// The largest p99 of a second by which it was late.
    var lag: String {
        ReportText.milliseconds(self.report.series.compactMap(\.generator.lagP99Ms).max())
    }
}
