package import Measurements

/// All that the generator itself is judged by; the server's answers are not among it.
package struct GeneratorFacts: Sendable {
    /// What each second's counts say, in order and without gaps.
    package var seconds: [GeneratorSecond]
    /// The samples of its health.
    package var samples: [GeneratorSample]
    /// Its machine's limits; zero where nobody asked.
    package var host: HostFacts
    /// The phases of load; none makes the whole run one.
    package var phases: [PhaseFacts]
    /// Seconds that were planned; starts are judged in them, not in the drain.
    package var length: Int
    /// True when the target is on this machine: ports in TIME_WAIT serve again at once there.
    package var isLoopback: Bool
    /// Why the journal could not be written; nil while it could.
    package var journalFailure: String?

    /// Facts of a measurement without a journal.
    package init(
        seconds: [GeneratorSecond], samples: [GeneratorSample], host: HostFacts,
        phases: [PhaseFacts] = [], length: Int? = nil, isLoopback: Bool
    ) {
        self.seconds = seconds
        self.samples = samples
        self.host = host
        self.length = min(seconds.last?.end ?? 0, length ?? .max)
        self.phases =
            phases.isEmpty
            ? [PhaseFacts(name: "all", start: 0, end: Double(self.length))] : phases
        self.isLoopback = isLoopback
    }

    /// Facts of a recorded run.
    init(_ record: RunRecord) {
        let manifest = record.manifest
        let planned = Int(manifest.plannedSeconds.rounded(.up))
        self.init(
            seconds: record.seconds.map(GeneratorSecond.init), samples: record.generator,
            host: manifest.host, phases: manifest.phases, length: planned > 0 ? planned : nil,
            isLoopback: GeneratorFacts.isLoopback(manifest.target))
        if record.closing?.stopped == "journal-full" {
            self.journalFailure = record.closing?.detail ?? "it could not be written any more"
        }
    }

    /// True for a target on this machine, by the spelling of its address.
    package static func isLoopback(_ target: String) -> Bool {
        target == "intake" || target.contains("://127.") || target.contains("://localhost")
            || target.contains("://[::1]")
    }

    /// Lanes that ran; nil in older journals.
    var lanes: Int? { self.samples.compactMap { $0.lanes?.count }.max() }

    /// The standstills of the process, in order.
    var stops: [(at: Double, length: Double)] {
        self.samples.compactMap { sample in
            guard let at = sample.stoppedAt, let length = sample.stoppedFor else { return nil }
            return (at, length)
        }
    }

    /// Connections opened in the busiest 60 s.
    var connectionsInAMinute: Int {
        var sum = 0
        var most = 0
        var first = 0
        for row in self.seconds {
            sum += row.connectionsOpened
            while self.seconds[first].end <= row.end - 60 {
                sum -= self.seconds[first].connectionsOpened
                first += 1
            }
            most = max(most, sum)
        }
        return most
    }
}

extension GeneratorSample {
    /// True when a lane, or the process on all cores it may use, had no time to spare, or its
    /// control group's quota was used up.
    func isSaturated(cores: Int) -> Bool {
        if let held = self.throttled, held >= 0.1 { return true }
        if let busy = self.busiestLane, busy >= 0.9 { return true }
        return cores > 0 && self.cpu >= 0.9 * Double(cores)
    }
}
