/// What is said about people: sentences and rows that the page and the Markdown share.
struct PeopleWords {
    /// Classes whose people are told of; a probe is none.
    static let classes = ["genuine", "noise"]
    private let people: Report.People

    /// Nil when the report knows nothing about people.
    init?(_ report: Report) {
        guard let people = report.people else { return nil }
        self.people = people
    }

    /// Classes that occur, with their figures.
    var present: [(name: String, figures: Report.PeopleFigures)] {
        Self.classes.compactMap { name in self.people.classes[name].map { (name, $0) } }
    }

    /// The people the service exists for, in one sentence; nil without any.
    var sentence: String? {
        guard let genuine = self.people.classes["genuine"], genuine.people > 0 else { return nil }
        let never = genuine.rejected + genuine.gaveUp + genuine.failed
        var text = "Of \(ReportText.count(genuine.people)) genuine people "
        if let first = genuine.inFirstTry, let later = genuine.inLater {
            text += "\(ReportText.count(first)) got in at the first try, "
            text += "\(ReportText.count(later)) later, "
        } else {
            text += "\(ReportText.count(genuine.accepted)) got in, "
        }
        text += "\(ReportText.count(never)) never"
        if genuine.unfinished > 0 {
            text += "; \(ReportText.count(genuine.unfinished)) still waited when the run ended"
        }
        if genuine.dropped > 0 {
            text += "; \(ReportText.count(genuine.dropped)) were never started by the generator"
        }
        return text + "."
    }

    /// How much better genuine people fared; nil where it is not known.
    var selectivity: String? {
        guard let ratio = self.people.selectivity else { return nil }
        return "A genuine person was \(ReportText.number(ratio))"
            + ReportText.interval(self.people.selectivityCI, ReportText.number)
            + " times as likely to get in as noise was; at 1 nothing tells the two apart."
    }

    /// What the store's page came to; nil where the server did not count reviews.
    var reviews: String? {
        guard let reviews = self.people.reviews else { return nil }
        guard let average = reviews.average else { return "No review was posted." }
        return "Reviews on the store's page: \(ReportText.count(reviews.count)), "
            + "\(ReportText.number(average)) stars on average."
    }

    /// On which try each class got in, one sentence a class.
    var tries: [String] {
        self.present.compactMap { name, figures in
            guard let tries = figures.tries, !tries.isEmpty else { return nil }
            let parts = tries.enumerated().map { index, count in
                // The last place of ten holds all later tries.
                let later = index == 9 ? " or later" : ""
                return "try \(index + 1)\(later): \(ReportText.count(count))"
            }
            return "In on which try, \(name): \(parts.joined(separator: ", "))."
        }
    }

    /// The heading of the table of outcomes.
    static let outcomeHeader = [
        "class", "people", "in at first try", "in later", "told no", "gave up", "failed",
        "still waiting", "never started", "half in after", "90 % in after", "attempts each",
        "app ×", "person ×",
    ]

    /// Its rows; the six endings add up to the people.
    var outcomes: [[String]] {
        self.present.map { name, figures in
            let counts = [
                figures.rejected, figures.gaveUp, figures.failed, figures.unfinished,
                figures.dropped,
            ]
            return [
                name, ReportText.count(figures.people), Self.known(figures.inFirstTry),
                Self.known(figures.inLater),
            ] + counts.map { ReportText.count($0) } + [
                Self.after(figures.timeToSuccess.p50), Self.after(figures.timeToSuccess.p90),
                ReportText.number(figures.attemptsPerPerson),
                ReportText.number(figures.appAmplification),
                ReportText.number(figures.personAmplification),
            ]
        }
    }

    /// The heading of the table of phases.
    var phaseHeader: [String] {
        ["phase", "wall"]
            + self.present.flatMap { name, _ in
                [
                    "\(name) people", "in at first try", "in later", "gave up", "no or failed",
                    "half in after",
                ]
            } + ["genuine : noise"]
    }

    /// Its rows: people by phase of arrival.
    var phases: [[String]] {
        self.people.phases.map { phase in
            let span = phase.t.map { ReportText.clock($0) }.joined(separator: " – ")
            let cells = self.present.flatMap { name, _ -> [String] in
                guard let figures = phase.classes[name] else {
                    return Array(repeating: "–", count: 6)
                }
                return [
                    ReportText.count(figures.people), Self.known(figures.inFirstTry),
                    Self.known(figures.inLater), ReportText.count(figures.gaveUp),
                    ReportText.count(figures.rejected + figures.failed),
                    Self.after(figures.timeToSuccess.p50),
                ]
            }
            let ratio =
                phase.selectivity == nil
                ? "–"
                : ReportText.number(phase.selectivity)
                    + ReportText.interval(phase.selectivityCI, ReportText.number)
            return [phase.name, span] + cells + [ratio]
        }
    }

    /// The heading of the figures of a curve.
    static let curveHeader = [
        "since arrival", "waiting", "got in", "95 % interval", "if patient", "95 % interval",
    ]

    /// The figures of a class's curve.
    static func curve(_ figures: Report.PeopleFigures) -> [[String]] {
        figures.curve.map { point in
            [
                ReportText.seconds(point.t), ReportText.count(point.waiting),
                ReportText.percent(point.share), self.interval(point.ci),
                ReportText.percent(point.ifPatient), self.interval(point.ifPatientCI),
            ]
        }
    }

    private static func interval(_ bounds: [Double]?) -> String {
        guard let bounds, bounds.count == 2 else { return "–" }
        return bounds.map { ReportText.percent($0) }.joined(separator: " – ")
    }

    private static func known(_ count: Int?) -> String {
        count.map { ReportText.count($0) } ?? ReportText.unknown
    }

    /// A time by which a share was in; so many may never have been.
    private static func after(_ seconds: Double?) -> String {
        seconds.map { ReportText.seconds($0) } ?? "never"
    }
}
