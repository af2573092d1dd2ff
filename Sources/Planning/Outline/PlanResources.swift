import Primitives
import Scenarios

extension Plan {
    /// Descriptors a run holds besides its sockets: files, timers, queues, pipes to the intake.
    static let spareDescriptors = 64

    /// What the plan needs of each resource, held against what the machine has; pure.
    ///
    /// *Certain* is what the plan itself asks for: closed executors' clients, planned arrivals.
    /// *Possible* is what a server that does not answer brings about: everybody waits until the
    /// timeout, up to `maxInFlight`.
    func resourceNeeds(
        totals: PlanOutline.Totals, machine: MachineLimits, everyAttempt: Bool
    ) -> [ResourceNeed] {
        var needs = [
            self.descriptorNeed(totals, machine), self.portNeed(totals, machine),
            self.cpuNeed(machine),
        ]
        if let memory = machine.memory { needs.insert(self.memoryNeed(memory), at: 2) }
        if let free = machine.diskFree {
            needs.append(self.diskNeed(totals, free: free, everyAttempt: everyAttempt))
        }
        return needs
    }

    private func descriptorNeed(
        _ totals: PlanOutline.Totals, _ machine: MachineLimits
    ) -> ResourceNeed {
        let closed = self.closedPeak { _ in 1 }
        return ResourceNeed(
            .descriptors, certain: closed + Double(Plan.spareDescriptors),
            possible: Double(totals.sockets + Plan.spareDescriptors),
            available: Double(machine.descriptors),
            basis: "one for each client that is connected, \(Plan.spareDescriptors) besides"
                + (self.isIntake ? "; the intake is a process of its own with as many" : "")
        ) {
            GeneratorResource.descriptors.remedies(
                needed: Int($0), available: machine.descriptors)
        }
    }

    private func portNeed(
        _ totals: PlanOutline.Totals, _ machine: MachineLimits
    ) -> ResourceNeed {
        let closed = self.closedPeak { _ in 1 }
        let opened = self.connections(within: machine.portSeconds)
        let seconds = UnitText.trimmed(machine.portSeconds)
        var basis =
            "one for each open connection, kept \(seconds) s after it closes; for one address of "
            + "the target, "
        basis +=
            machine.sources == 1
            ? "from one of this machine"
            : "from \(machine.sources) of this machine with \(machine.localPorts) each"
        if self.opensUncounted { basis += "; clients without keep-alive are not counted" }
        return ResourceNeed(
            .localPorts, certain: max(closed, opened),
            possible: opened + Double(totals.sockets),
            available: Double(machine.localPorts) * Double(machine.sources), basis: basis
        ) { needed in
            let all = GeneratorResource.localPorts.remedies(
                needed: Int(needed), available: machine.localPorts)
            // The first is to keep connections, which helps nobody who keeps them already.
            return Array(self.http.reuseConnections ? all.dropFirst() : all[...])
        }
    }

    private func memoryNeed(_ available: Int64) -> ResourceNeed {
        let certain = self.closedPeak { self.clientMemory(of: $0).lowerBound }
        let possible = self.populations.reduce(0.0) {
            $0 + Double($1.socketsAtPeak) * self.clientMemory(of: $1).upperBound
        }
        let each = self.populations.map { self.clientMemory(of: $0).upperBound }.max() ?? 0
        return ResourceNeed(
            .memory, certain: ClientCosts.process + certain,
            possible: ClientCosts.process + possible, available: Double(available),
            basis: "up to \(UnitText.fixed(each / 1_000, 0)) KB a client, and "
                + "\(UnitText.fixed(ClientCosts.process / 1e6, 0)) MB besides"
        ) {
            GeneratorResource.memory.remedies(needed: Int($0), available: Int(available))
        }
    }

    private func cpuNeed(_ machine: MachineLimits) -> ResourceNeed {
        func cores(_ bound: (ClosedRange<Double>) -> Double) -> Double {
            self.peakRate { population in
                let opened = self.connectionsPerIntent(of: population)
                let kept = max(0, Double(population.requestsPerIntent) - opened)
                return kept * bound(ClientCosts.request) + opened * bound(ClientCosts.connection)
                    + self.bodyBytes(of: population) * bound(ClientCosts.byteUp)
                    + self.chunks(of: population) * bound(ClientCosts.chunk)
            }
        }
        let isClosed = self.populations.contains { if case .open = $0.load { false } else { true } }
        var basis = "at the peak: 25-45 us a request, 115-134 us a connection, 0.4-0.7 s a GB sent"
        if isClosed { basis += "; closed clients use what the answers allow, up to a core a lane" }
        return ResourceNeed(
            .cpu, certain: cores(\.lowerBound), possible: cores(\.upperBound),
            available: machine.cpus, refuses: false, basis: basis
        ) { _ in GeneratorResource.cpu.remedies(available: machine.cores) }
    }

    /// The journal's size: 24 bytes an intent are exact, the rest is measured on flood and calm.
    private func diskNeed(
        _ totals: PlanOutline.Totals, free: Int64, everyAttempt: Bool
    ) -> ResourceNeed {
        let seconds = self.duration.seconds
        let intents = totals.intents * 24
        // 500 bytes a sampled attempt, of which each lane keeps at most 40 a second.
        let lanes = totals.peakRequests < 2_000 ? 1.0 : 4.0
        let listed = everyAttempt ? totals.requests : min(totals.requests, 40 * lanes * seconds)
        let sampled = listed * 500
        let rows = seconds * (600 + 1_400 * Double(self.populations.count))
        let journal = intents + sampled + rows
        var possible = journal + 2_000_000
        let minutes = max(1, seconds / 60)
        var basis =
            "the journal grows by \(text(journal / minutes)) a minute; the reports take 2 MB"
        if let media = self.intakeMedia(totals) {
            possible += media
            basis += "; the intake may keep \(text(media)) of media"
        }
        return ResourceNeed(
            .journalDisk, certain: intents, possible: possible, available: Double(free),
            basis: basis
        ) {
            GeneratorResource.journalDisk.remedies(needed: Int($0), available: Int(free))
        }
    }

    private func text(_ bytes: Double) -> String {
        UnitText.format(ByteCount(Int64(min(bytes.rounded(), 0x1p62))))
    }

    /// The chunks that the phones' median uplink lets an intent's bodies through in.
    private func chunks(of population: PopulationPlan) -> Double {
        guard let uplink = population.medianUplink else { return 0 }
        return self.bodyBytes(of: population) / max(512, uplink / 20)
    }

    // MARK: - Connections

    private var isIntake: Bool {
        if case .intake = self.target { true } else { false }
    }

    /// The bytes the bundled intake may keep at most: what is sent, up to its quota.
    private func intakeMedia(_ totals: PlanOutline.Totals) -> Double? {
        guard case .intake(let settings) = self.target else { return nil }
        let quota = settings.last { $0.path == "spoolQuota" }
            .flatMap { try? UnitText.size($0.value) }
        guard let quota else { return totals.bytesUp }
        return min(totals.bytesUp, Double(quota.count) / self.timeScale)
    }

    /// True where a closed population opens a connection per request, at a rate nobody knows.
    private var opensUncounted: Bool {
        !self.http.reuseConnections
            && self.populations.contains { if case .closed = $0.load { true } else { false } }
    }

    /// Connections opened by one intent on average, without retries.
    func connectionsPerIntent(of population: PopulationPlan) -> Double {
        if !self.http.reuseConnections || population.network?.keepsConnections == false {
            return Double(population.requestsPerIntent)
        }
        guard case .open = population.load else { return 0 }
        return population.requestsPerIntent == 0 ? 0 : 1 / Double(population.reuse)
    }

    /// The most connections the open populations open within a stretch, begun at any second.
    func connections(within span: Double) -> Double {
        let seconds = min(100_000, max(1, Int(self.duration.seconds.rounded(.up))))
        let length = Nanoseconds(seconds: span)
        let open = self.populations.compactMap { population -> (ArrivalSchedule, Double)? in
            guard case .open(let schedule) = population.load else { return nil }
            return (schedule, self.connectionsPerIntent(of: population))
        }
        guard !open.isEmpty else { return 0 }
        return (0..<seconds).reduce(0) { most, second in
            let start = Nanoseconds.seconds(Int64(second))
            let sum = open.reduce(0.0) {
                $0 + $1.0.expectedArrivals(from: start, to: start + length) * $1.1
            }
            return max(most, sum)
        }
    }

    /// The most that clients of closed populations weigh at one time, each holding a connection.
    ///
    /// Without keep-alive a client holds one only while its request lasts: nothing is certain.
    /// Clients with a number of iterations are all there at their beginning, and then who knows.
    func closedPeak(_ weight: (PopulationPlan) -> Double) -> Double {
        guard self.http.reuseConnections else { return 0 }
        var changes: [(at: Nanoseconds, by: Double)] = []
        for population in self.populations {
            let each = weight(population)
            switch population.load {
            case .open: continue
            case .closed(let curve):
                var present = 0
                for change in curve.changes {
                    changes.append((change.at, Double(change.clients - present) * each))
                    present = change.clients
                }
                changes.append((population.end, Double(-present) * each))
            case .iterations(let vus, _, let shared):
                let all = Double(min(vus, shared ?? vus)) * each
                changes.append((population.start, all))
                changes.append((population.start + Nanoseconds(1), -all))
            }
        }
        // Whoever goes at an instant has gone before others come.
        changes.sort { ($0.at, $0.by) < ($1.at, $1.by) }
        var present = 0.0
        return changes.reduce(0) { most, change in
            present += change.by
            return max(most, present)
        }
    }
}
