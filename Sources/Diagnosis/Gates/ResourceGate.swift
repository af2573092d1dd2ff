import Measurements
import Primitives

/// V2: the generator had processors, descriptors, ports and memory to spare.
struct ResourceGate: Sendable {
    /// A journal that could not be written.
    let journal: GeneratorLimit?
    /// What the kernel refused.
    let refused: GeneratorLimit?
    /// What came near its limit.
    let warnings: [String]
    private let figures: [String]
    private let isKnown: Bool

    init(_ facts: GeneratorFacts) {
        self.journal = facts.journalFailure.map { GeneratorLimit(.journalDisk, $0) }
        self.refused = ResourceGate.refused(facts)
        self.warnings = ResourceGate.warnings(facts)
        self.figures = ResourceGate.figures(facts)
        self.isKnown = !facts.samples.isEmpty || self.refused != nil || self.journal != nil
    }

    /// The gate; what limited the generator is told first, unless V1 tells it already.
    func gate(with limit: GeneratorLimit?) -> Validity.Gate {
        guard self.isKnown else {
            return Validity.Gate(
                id: "V2", state: .notApplicable, detail: "the generator was not sampled")
        }
        var parts = [self.journal, self.refused].compactMap { $0 }.map {
            "\($0.summary); to mend it: \($0.remedy)"
        }
        // A lack of processor time shows in the schedule, and is one of resources all the same.
        let isBusy = limit?.resource == .cpu
        if isBusy { parts.append("no processor time to spare") }
        // So does a search for free ports; where some were refused, that is told already.
        let isSearching = limit?.resource == .localPorts && self.refused == nil
        if isSearching { parts.append("no local ports to spare") }
        parts += self.warnings
        let isFine = parts.isEmpty
        return Validity.Gate(
            id: "V2", state: isFine ? .ok : .failed,
            detail: (parts + self.figures).joined(separator: "; "))
    }

    /// What the kernel refused the generator, in the order in which one lack leads to the next.
    private static func refused(_ facts: GeneratorFacts) -> GeneratorLimit? {
        var faults: [FailureClass: Int] = [:]
        for row in facts.seconds { faults.merge(row.faults, uniquingKeysWith: +) }
        let words: [(FailureClass, String)] = [
            (.descriptors, "EMFILE"), (.localPorts, "EADDRNOTAVAIL"),
            (.localMemory, "ENOBUFS or ENOMEM"), (.localRead, "a file could not be read"),
        ]
        for (failure, word) in words {
            guard let count = faults[failure], let resource = GeneratorResource(failure) else {
                continue
            }
            var figure = "\(count) attempts failed (\(word))"
            var needed: Int?
            var available: Int?
            switch resource {
            case .descriptors:
                let most = facts.samples.map(\.descriptors).max() ?? 0
                available = facts.host.descriptors
                figure += ", \(most) of \(facts.host.descriptors) descriptors were open"
            case .localPorts:
                let ports = PortUse(facts)
                needed = ports.needed
                available = ports.each
                figure += ", \(ports.opened) connections in a minute and \(ports.available) ports"
            default: break
            }
            return GeneratorLimit(resource, figure, needed: needed, available: available)
        }
        return nil
    }

    private static func warnings(_ facts: GeneratorFacts) -> [String] {
        var warnings: [String] = []
        let host = facts.host
        func warn(_ text: String, _ resource: GeneratorResource, _ needed: Int?, _ have: Int?) {
            let remedy = resource.remedies(needed: needed, available: have).first ?? ""
            warnings.append("\(text) (\(remedy))")
        }
        let busy = quantile(facts.samples.map(\.cpu).sorted(), 0.95)
        if let busy, host.cores > 0, busy > 0.8 * Double(host.cores) {
            warn("processor above 80 % of \(host.cores) cores", .cpu, facts.lanes, host.cores)
        }
        let lane = quantile(facts.samples.compactMap(\.busiestLane).sorted(), 0.5)
        if let lane, lane > 0.9 {
            warn("a lane at work \(percent(lane)) of the time", .cpu, facts.lanes, host.cores)
        }
        let held = quantile(facts.samples.compactMap(\.throttled).sorted(), 0.95)
        if let held, held >= 0.1 {
            warnings.append(
                "its control group's quota held it back by \(decimal(held, 2)) cores"
                    + " (a higher CPU limit of the container, or a lower rate)")
        }
        let descriptors = facts.samples.map(\.descriptors).max() ?? 0
        if host.descriptors > 0, Double(descriptors) > 0.8 * Double(host.descriptors) {
            warn(
                "descriptors above 80 % of \(host.descriptors)", .descriptors, descriptors,
                host.descriptors)
        }
        let ports = PortUse(facts)
        if !ports.isReusedEarly, ports.available > 0,
            Double(ports.opened) > 0.8 * Double(ports.available)
        {
            warn(
                "local ports above 80 % of \(ports.available)", .localPorts, ports.opened,
                ports.each)
        }
        let memory = facts.samples.map(\.memory).max() ?? 0
        if host.memory > 0, Double(memory) > 0.8 * Double(host.memory) {
            warn("memory above 80 %", .memory, Int(memory), Int(host.memory))
        }
        let waits = facts.samples.compactMap(\.pressureMemory).sorted()
        if let share = quantile(waits, 0.95), share > 0.2 {
            warn("somebody waited for memory \(percent(share)) of the time", .memory, nil, nil)
        }
        return warnings
    }

    private static func figures(_ facts: GeneratorFacts) -> [String] {
        let samples = facts.samples
        let busy = quantile(samples.map(\.cpu).sorted(), 0.95)
        var parts = ["p95 of processor use \(busy.map { decimal($0, 2) } ?? "unknown") cores"]
        if let lane = samples.compactMap(\.busiestLane).max() {
            parts.append("a lane at work at most \(percent(lane)) of a second")
        }
        let descriptors = samples.map(\.descriptors).max() ?? 0
        parts.append("at most \(descriptors) descriptors of \(facts.host.descriptors)")
        parts.append("\(facts.connectionsInAMinute) connections in the busiest minute")
        if let waiting = samples.compactMap(\.timeWait).max() {
            parts.append("at most \(waiting) sockets in TIME_WAIT")
        }
        if let full = samples.compactMap(\.sendWaits).max(), full > 0 {
            parts.append("at most \(full) connections waited for room to send")
        }
        if let stolen = samples.compactMap(\.steal).max(), stolen >= 0.1 {
            parts.append("at most \(decimal(stolen, 2)) cores stolen by the hypervisor")
        }
        if let backlog = samples.compactMap(\.journalBacklog).max(), backlog > 3 {
            parts.append("the journal was up to \(backlog) s behind")
        }
        if let wide = facts.seconds.first(where: { $0.width > 1 }) {
            parts.append(
                "from \(clock(Double(wide.second))) on the journal has rows of up to"
                    + " \(facts.seconds.map(\.width).max() ?? 1) s: resolution was lost, no count")
        }
        return parts
    }
}
