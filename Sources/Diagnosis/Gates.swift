import Measurements
import Primitives

/// The gates a run has to pass before anything is claimed about the server.
///
/// They doubt the generator first: schedule, own resources, bookkeeping, baseline.
struct Gates: Sendable {
    /// The gates and their sum.
    let validity: Validity
    /// What limited the generator, for people; nil when nothing did.
    let culprit: String?
    /// Seconds late by the generator's fault.
    let generatorLate: Int
    /// Seconds late by the machine's fault.
    let machineLate: Int
    /// Seconds judged.
    let seconds: Int

    /// Judges a run.
    init(_ facts: RunFacts, baseline: Baseline) {
        let schedule = ScheduleGate(facts)
        let resources = ResourceGate(facts.record)
        let little = LittleGate(facts)
        let quiet = Validity.Gate(
            id: "V7", state: baseline.isSufficient ? .ok : .failed,
            detail: baseline.isSufficient
                ? "baseline of \(baseline.range.count) s with \(baseline.ended) attempts"
                : "no baseline: \(baseline.range.count) s with \(baseline.ended) attempts"
                    + " before the load rose, 10 s with 200 are needed")
        var culprit = schedule.culprit ?? resources.culprit
        let stopped = facts.record.closing?.stopped
        if stopped == "journal-full" { culprit = culprit ?? "the disk of its own journal" }
        self.culprit = culprit
        self.generatorLate = schedule.generatorLate
        self.machineLate = schedule.machineLate
        self.seconds = facts.length
        let doubtful =
            schedule.isMachineLate || resources.isNearLimit || little.gate.state == .failed
            || !facts.record.damage.isEmpty
        self.validity = Validity(
            state: culprit != nil ? .invalid : doubtful ? .suspect : .valid,
            gates: [
                schedule.gate, resources.gate, little.gate, LoopGate(facts.record).gate, quiet,
            ])
    }
}

/// V1: arrivals started when the plan said, and none was dropped.
struct ScheduleGate: Sendable {
    let gate: Validity.Gate
    let culprit: String?
    let generatorLate: Int
    let machineLate: Int
    let isMachineLate: Bool

    init(_ facts: RunFacts) {
        let generator = facts.lateness.filter { $0 == .generator }.count
        let machine = facts.lateness.filter { $0 == .machine }.count
        self.generatorLate = generator
        self.machineLate = machine
        self.isMachineLate = Double(machine) > 0.1 * Double(facts.length)
        var drops: [DropReason: Int] = [:]
        for row in facts.record.seconds {
            for population in row.populations {
                drops.merge(population.drops, uniquingKeysWith: +)
            }
        }
        // What a stopped run never released is nobody's lack of resources.
        let dropped = drops.filter { $0.key != .stopped }.values.reduce(0, +)
        let late = ScheduleGate.latePhase(facts)
        if dropped > 0 {
            let limit = (drops[.inFlightLimit] ?? 0) > 0
            self.culprit =
                limit
                ? "maxInFlight (\(dropped) intents were never started)"
                : "its number of clients (\(dropped) intents were never started)"
        } else if let late {
            self.culprit = "its own speed (\(late.seconds) s of phase \(late.name) were late)"
        } else {
            self.culprit = nil
        }
        let text =
            "\(dropped) dropped; \(generator) of \(facts.length) s late by the generator,"
            + " \(machine) by the machine"
        self.gate = Validity.Gate(
            id: "V1",
            state: facts.length == 0 ? .notApplicable : self.culprit == nil ? .ok : .failed,
            detail: facts.length == 0 ? "no second was recorded" : text)
    }

    /// The first phase with more than 5 % of its seconds late by the generator's fault.
    ///
    /// At least two seconds: a phase shorter than 20 s cannot tell 5 % from one hiccup.
    private static func latePhase(_ facts: RunFacts) -> (name: String, seconds: Int)? {
        var phases = facts.record.manifest.phases
        if phases.isEmpty {
            phases = [PhaseFacts(name: "all", start: 0, end: Double(facts.length))]
        }
        for phase in phases {
            let first = max(0, Int(phase.start))
            let range = first..<max(first, min(facts.length, Int(phase.end.rounded(.up))))
            let late = range.filter { facts.lateness[$0] == .generator }.count
            if late >= 2, Double(late) > 0.05 * Double(range.count) {
                return (phase.name, late)
            }
        }
        return nil
    }
}

/// V2: the generator had processors, descriptors, ports and memory to spare.
struct ResourceGate: Sendable {
    let gate: Validity.Gate
    let culprit: String?
    let isNearLimit: Bool

    init(_ record: RunRecord) {
        var faults: [FailureClass: Int] = [:]
        for row in record.seconds {
            for population in row.populations {
                for (key, count) in population.attempts {
                    if case .failure(let failure) = key.outcome, failure.isGeneratorFault {
                        faults[failure, default: 0] += count
                    }
                }
            }
        }
        let causes: [(FailureClass, String)] = [
            (.descriptors, "file descriptors (EMFILE)"),
            (.localPorts, "local ports (EADDRNOTAVAIL)"),
            (.localMemory, "socket buffers or memory (ENOBUFS, ENOMEM)"),
            (.localRead, "reading its own bodies"),
        ]
        let cause = causes.first { (faults[$0.0] ?? 0) > 0 }
        self.culprit = cause.map { "\($0.1), \(faults[$0.0] ?? 0) attempts" }
        var warnings: [String] = []
        let host = record.manifest.host
        let cpu = record.generator.map(\.cpu).sorted()
        let busy = quantile(cpu, 0.95)
        if let busy, host.cores > 0, busy > 0.8 * Double(host.cores) {
            warnings.append("processor above 80 % of \(host.cores) cores")
        }
        let descriptors = record.generator.map(\.descriptors).max() ?? 0
        if host.descriptors > 0, Double(descriptors) > 0.8 * Double(host.descriptors) {
            warnings.append("descriptors above 80 % of \(host.descriptors)")
        }
        // Loopback ports in TIME_WAIT are used again; elsewhere they are gone for a minute.
        let ports = ResourceGate.portsInAMinute(record)
        let isLocal = ResourceGate.isLoopback(record.manifest.target)
        if !isLocal, host.localPorts > 0, Double(ports) > 0.8 * Double(host.localPorts) {
            warnings.append("local ports above 80 % of \(host.localPorts)")
        }
        self.isNearLimit = !warnings.isEmpty
        var parts = ["p95 of processor use \(busy.map { decimal($0, 2) } ?? "unknown") cores"]
        parts.append("at most \(descriptors) descriptors of \(host.descriptors)")
        parts.append("\(ports) connections in the busiest minute")
        if let cause { parts.insert("out of \(cause.1)", at: 0) }
        parts.insert(contentsOf: warnings, at: 0)
        let isKnown = !record.generator.isEmpty || cause != nil
        self.gate = Validity.Gate(
            id: "V2",
            state: !isKnown
                ? .notApplicable : cause == nil && warnings.isEmpty ? .ok : .failed,
            detail: isKnown ? parts.joined(separator: "; ") : "the generator was not sampled")
    }

    private static func portsInAMinute(_ record: RunRecord) -> Int {
        let opened = record.seconds.map { row in
            row.populations.reduce(0) { $0 + $1.connectionsOpened }
        }
        var sum = 0
        var most = 0
        for index in opened.indices {
            sum += opened[index]
            if index >= 60 { sum -= opened[index - 60] }
            most = max(most, sum)
        }
        return most
    }

    private static func isLoopback(_ target: String) -> Bool {
        target == "intake" || target.contains("://127.") || target.contains("://localhost")
            || target.contains("://[::1]")
    }
}

/// V3: in steady stretches in-flight equals throughput times time (Little, 1961).
struct LittleGate: Sendable {
    let gate: Validity.Gate

    init(_ facts: RunFacts) {
        var present = 0.0
        var predicted = 0.0
        var windows = 0
        var growing = 0
        for start in stride(from: 0, through: facts.length - 10, by: 10) {
            let rows = Array(facts.record.seconds[start..<(start + 10)])
            guard let window = LittleGate.window(rows) else { continue }
            if window.isGrowing {
                growing += 1
                continue
            }
            windows += 1
            present += window.present
            predicted += window.predicted
        }
        // In-flight is read once a second: its own counting error belongs to the tolerance.
        guard windows > 0, predicted > 0, present >= 400 else {
            self.gate = Validity.Gate(
                id: "V3", state: .notApplicable,
                detail: "too few intents in flight in steady windows; \(growing) windows growing")
            return
        }
        let error = present / predicted - 1
        let tolerance = 0.05 + 3 / present.squareRoot()
        self.gate = Validity.Gate(
            id: "V3", state: abs(error) <= tolerance ? .ok : .failed,
            detail: "N / (X R) - 1 = \(decimal(error, 3)) over \(windows) steady windows of 10 s,"
                + " \(decimal(tolerance, 3)) allowed; \(growing) windows growing")
    }

    private struct Window {
        var present = 0.0
        var predicted = 0.0
        var isGrowing = false
    }

    private static func window(_ rows: [SecondRow]) -> Window? {
        var levels = Array(repeating: 0.0, count: rows.count)
        var ended = 0
        var accepted = 0
        var busy = 0.0
        for (index, row) in rows.enumerated() {
            for population in row.populations {
                levels[index] += Double(population.inFlight)
                ended += population.intents.values.reduce(0, +)
                accepted += population.ended(.accepted)
                let times = population.intentTimes
                busy += (times.mean ?? 0) / 1e6 * Double(times.total)
            }
        }
        // Only accepted intents have recorded times.
        guard ended >= 50, Double(accepted) >= 0.99 * Double(ended) else { return nil }
        let first = mean(Array(levels.prefix(5))) ?? 0
        let last = mean(Array(levels.suffix(5))) ?? 0
        var window = Window()
        window.present = levels.reduce(0, +)
        window.predicted = busy
        window.isGrowing = abs(last - first) > 0.1 * max(first, last) + 3
        return window
    }
}
