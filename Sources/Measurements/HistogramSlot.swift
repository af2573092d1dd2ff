/// Which of a population's histograms: its name in the interval log.
enum HistogramSlot: Hashable {
    case good
    case notGood
    case answered
    case service
    case lag
    case intentTimes
    case timing(RequestTiming)

    static let all: [HistogramSlot] =
        [.good, .notGood, .answered, .service, .lag, .intentTimes]
        + RequestTiming.allCases.map(HistogramSlot.timing)

    /// The part of a line's tag after the population's name.
    var tag: String {
        switch self {
        case .good: "good"
        case .notGood: "notgood"
        case .answered: "answered"
        case .service: "service"
        case .lag: "lag"
        case .intentTimes: "intent"
        case .timing(let part): part.rawValue
        }
    }

    /// Timings are gathered over ten seconds: a second's are too few to be worth their lines.
    var isGathered: Bool {
        if case .timing = self { true } else { false }
    }
}

extension PopulationSecond {
    /// The histograms that hold anything.
    var histograms: [(slot: HistogramSlot, histogram: SparseHistogram)] {
        HistogramSlot.all.compactMap { slot in
            self[slot].total > 0 ? (slot, self[slot]) : nil
        }
    }

    subscript(slot: HistogramSlot) -> SparseHistogram {
        get {
            switch slot {
            case .good: self.good
            case .notGood: self.notGood
            case .answered: self.answered
            case .service: self.service
            case .lag: self.lag
            case .intentTimes: self.intentTimes
            case .timing(let part): self.timings[part] ?? SparseHistogram()
            }
        }
        set {
            switch slot {
            case .good: self.good = newValue
            case .notGood: self.notGood = newValue
            case .answered: self.answered = newValue
            case .service: self.service = newValue
            case .lag: self.lag = newValue
            case .intentTimes: self.intentTimes = newValue
            case .timing(let part): self.timings[part] = newValue
            }
        }
    }

    /// Adds a later second of the same population: counts add up, in-flight is the later one's.
    package mutating func append(_ later: PopulationSecond) {
        self.merge(later)
        self.inFlight = later.inFlight
    }
}

/// The tag of each population's histograms, by index: unique and fit for a log.
struct PopulationTags {
    let names: [String]
    private let slots: [String: (population: Int, slot: HistogramSlot)]

    init(_ populations: [PopulationFacts]) {
        var names: [String] = []
        for (index, population) in populations.enumerated() {
            let name = HistogramLog.tag(population.name)
            let taken = populations.indices.contains {
                $0 != index && HistogramLog.tag(populations[$0].name) == name
            }
            names.append(taken || name.isEmpty ? "\(name)~\(index)" : name)
        }
        self.names = names
        var slots: [String: (population: Int, slot: HistogramSlot)] = [:]
        for (index, name) in names.enumerated() {
            for slot in HistogramSlot.all { slots["\(name)/\(slot.tag)"] = (index, slot) }
        }
        self.slots = slots
    }

    func tag(_ population: Int, _ slot: HistogramSlot) -> String {
        "\(self.names[population])/\(slot.tag)"
    }

    func find(_ tag: String) -> (population: Int, slot: HistogramSlot)? { self.slots[tag] }
}
