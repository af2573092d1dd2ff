import Measurements
import Primitives

/// V1: arrivals started when the plan said, none was dropped, and the process never stood still.
struct ScheduleGate: Sendable {
    let gate: Validity.Gate
    /// A standstill of the process.
    let stop: GeneratorLimit?
    /// What kept it from its schedule otherwise.
    let limit: GeneratorLimit?
    let generatorLate: Int
    let machineLate: Int

    init(_ facts: GeneratorFacts, lateness: [Lateness]) {
        let generator = lateness.filter { $0 == .generator }.count
        let machine = lateness.filter { $0 == .machine }.count
        self.generatorLate = generator
        self.machineLate = machine
        var drops: [DropReason: Int] = [:]
        for row in facts.seconds { drops.merge(row.drops, uniquingKeysWith: +) }
        // What a stopped run never released is nobody's lack of resources.
        drops[.stopped] = nil
        let dropped = drops.values.reduce(0, +)
        self.stop = ScheduleGate.stop(facts)
        self.limit = ScheduleGate.limit(facts, lateness, drops)
        guard facts.length > 0 else {
            self.gate = Validity.Gate(
                id: "V1", state: .notApplicable, detail: "no second was recorded")
            return
        }
        let culprit = self.stop ?? self.limit
        var text =
            "\(dropped) dropped; \(generator) of \(facts.length) s late by the generator,"
            + " \(machine) by the machine"
        if let culprit { text += "; \(culprit.summary); to mend it: \(culprit.remedy)" }
        self.gate = Validity.Gate(
            id: "V1", state: culprit == nil ? .ok : .failed, detail: text)
    }

    /// The process stood still although it could have run.
    private static func stop(_ facts: GeneratorFacts) -> GeneratorLimit? {
        let stops = facts.stops
        guard let longest = stops.max(by: { $0.length < $1.length }) else { return nil }
        let times = stops.count == 1 ? "" : ", the longest of \(stops.count) times"
        return GeneratorLimit(
            .stopped,
            "its process stood still for \(decimal(longest.length, 1)) s from "
                + "\(clock(longest.at))\(times), and no request was started meanwhile")
    }

    private static func limit(
        _ facts: GeneratorFacts, _ lateness: [Lateness], _ drops: [DropReason: Int]
    ) -> GeneratorLimit? {
        let dropped = drops.values.reduce(0, +)
        let late = latePhase(facts, lateness)
        guard dropped > 0 || late != nil else { return nil }
        let what =
            dropped > 0
            ? "\(dropped) intents were never started"
            : late.map { "\($0.seconds) s of phase \($0.name) were late" } ?? ""
        if let full = saturation(facts, lateness) {
            let use = use(of: full, cores: facts.host.cores)
            let ports = PortUse(facts)
            // Time that the kernel spends on the search for a free port is no lack of processors.
            if let search = ports.search(in: full, doing: rows(of: full, facts)) {
                return GeneratorLimit(
                    .localPorts, "\(what); \(search); \(use)", needed: ports.needed,
                    available: ports.each)
            }
            return GeneratorLimit(
                .cpu, "\(what); \(use)", needed: facts.lanes ?? 1, available: facts.host.cores)
        }
        if dropped > 0 {
            let isBound = (drops[.inFlightLimit] ?? 0) > 0
            return GeneratorLimit(isBound ? .maxInFlight : .clients, what)
        }
        return GeneratorLimit(.schedule, what, needed: facts.lanes, available: facts.host.cores)
    }

    /// The seconds without processor time among those late or dropped; nil when they had time.
    ///
    /// A start is late for what happened just before it, hence the second before counts, too.
    private static func saturation(
        _ facts: GeneratorFacts, _ lateness: [Lateness]
    ) -> [GeneratorSample]? {
        var hit: Set<Int> = []
        for (second, kind) in lateness.enumerated() where kind == .generator { hit.insert(second) }
        for row in facts.seconds where row.drops.contains(where: { $0.key != .stopped }) {
            for second in row.second..<row.end { hit.insert(second) }
        }
        let near = facts.samples.filter {
            hit.contains($0.second) || hit.contains($0.second + 1)
        }
        let full = near.filter { $0.isSaturated(cores: facts.host.cores) }
        guard !full.isEmpty, 2 * full.count >= near.count else { return nil }
        return full
    }

    /// The rows of the samples' seconds.
    private static func rows(
        of samples: [GeneratorSample], _ facts: GeneratorFacts
    ) -> [GeneratorSecond] {
        let seconds = Set(samples.map(\.second))
        return facts.seconds.filter { row in
            (row.second..<row.end).contains { seconds.contains($0) }
        }
    }

    /// What the processors did in the seconds in which they had no time to spare.
    private static func use(of full: [GeneratorSample], cores: Int) -> String {
        let busy = full.compactMap(\.busiestLane).max()
        let cpu = full.map(\.cpu).max() ?? 0
        var text = "the process used \(decimal(cpu, 2)) of \(cores) cores"
        if let busy { text = "its busiest lane was at work \(percent(busy)) of the time, " + text }
        if let held = full.compactMap(\.throttled).max(), held >= 0.1 {
            text += ", its control group's quota held back \(decimal(held, 2))"
        }
        let others = full.compactMap { sample in sample.machine.map { $0 - sample.cpu } }.max()
        if let others, others >= 0.25 { text += ", everybody else \(decimal(others, 2))" }
        return text
    }

    /// The first phase with more than 5 % of its seconds late by the generator's fault.
    ///
    /// At least two seconds: a phase shorter than 20 s cannot tell 5 % from one hiccup.
    private static func latePhase(
        _ facts: GeneratorFacts, _ lateness: [Lateness]
    ) -> (name: String, seconds: Int)? {
        for phase in facts.phases {
            let first = min(lateness.count, max(0, Int(phase.start)))
            let end = min(lateness.count, Int(phase.end.rounded(.up)))
            let range = first..<max(first, end)
            let late = range.filter { lateness[$0] == .generator }.count
            if late >= 2, Double(late) > 0.05 * Double(range.count) {
                return (phase.name, late)
            }
        }
        return nil
    }
}
