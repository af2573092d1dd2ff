/// Whether it heals by itself, in words and rows that the page and the Markdown share.
struct HealingWords {
    private let judged: Report.Metastable

    /// Nil when the run was not judged.
    init?(_ report: Report) {
        guard let judged = report.metastable else { return nil }
        self.judged = judged
    }

    /// What the state means, in one sentence.
    var sentence: String {
        switch self.judged.state {
        case "RECOVERED":
            "It healed by itself, about as fast as its backlog drains when nobody retries."
        case "RECOVERED_SLOWLY":
            "It healed by itself, later than its backlog drains when nobody retries: retries "
                + "prolonged it."
        case "UNDECIDED":
            "It was not back when the run ended, and need not have been: watch it for longer than "
                + "the storm's drain time."
        case "METASTABLE":
            "It stayed down below its capacity until the load was taken away, and stayed up when "
                + "the load came back: metastable."
        case "SUSTAINED":
            "It stayed down below its capacity, and nobody took the load away: a relief phase "
                + "would tell whether its own clients keep it down."
        case "PERSISTENT":
            "It stayed down below its capacity, even after the load had been taken away: its own "
                + "clients are not what keeps it down."
        default:
            "After the trigger more was asked for than the server can do: it has no reason to "
                + "heal."
        }
    }

    /// The table's header.
    static let header = ["course", "predicted", "observed"]

    /// Predictions beside what was seen.
    var rows: [[String]] {
        let storm =
            self.judged.tStorm.map { ReportText.seconds($0) }
            ?? (self.judged.state == "not_applicable" ? "–" : "never")
        let observed = self.judged.tRecovered.map { ReportText.seconds($0) } ?? "not back"
        return [
            [
                "back after the trigger, nobody retrying",
                self.judged.tFresh.map { ReportText.seconds($0) } ?? "never", observed,
            ],
            ["back after the trigger, retrying as they did", storm, observed],
            ["after relief", "–", self.judged.relief ?? "no relief phase"],
        ]
    }

    /// The figures behind it.
    var facts: [String] {
        var facts: [String] = []
        if let capacity = self.judged.capacity {
            let basis = self.judged.capacityBasis.map { " (\($0))" } ?? ""
            facts.append("Capacity \(ReportText.rate(capacity))\(basis)")
        }
        if let hidden = self.judged.hiddenCapacity {
            facts.append(
                "it heals under \(ReportText.rate(hidden)) even if everybody retries "
                    + "(hidden capacity)")
        }
        if let load = self.judged.load {
            facts.append("\(ReportText.rate(load)) came after the trigger")
        }
        if let total = self.judged.amplification {
            let app = ReportText.number(self.judged.appAmplification)
            let person = ReportText.number(self.judged.personAmplification)
            facts.append(
                "each became \(ReportText.number(total)) attempts: app × \(app), person × \(person)"
            )
        }
        if let backlog = self.judged.backlog {
            facts.append("\(ReportText.number(backlog)) were waiting when the trigger ended")
        }
        return facts
    }

    /// What made it loop, if anything.
    var loop: String? { self.judged.loop.map { "What kept it down: \($0)." } }
}
