/// The generator's own health in one second: `samples.ndjson`.
///
/// Everything but the first figures is optional: older journals do not have it, and a kernel need
/// not tell it.
package struct GeneratorSample: Sendable, Codable, Hashable {
    /// One lane's health in the second.
    package struct Lane: Sendable, Codable, Hashable {
        /// The share of the time the lane's queue was at work, from 0 to 1: near 1 it is saturated.
        ///
        /// Wall time of its wake-ups, waiting for a processor included.
        package var busy: Double
        /// The longest wake-up in milliseconds.
        package var longest: Double
        /// The median delay of starts behind the schedule in milliseconds; nil without a start.
        package var lagP50: Double?
        /// The 99th percentile of the same.
        package var lagP99: Double?
        /// Connections that had more to send than the kernel took, at the second's end.
        package var sendWaits: Int?

        /// A lane's second.
        package init(busy: Double, longest: Double, lagP50: Double?, lagP99: Double?) {
            self.busy = busy
            self.longest = longest
            self.lagP50 = lagP50
            self.lagP99 = lagP99
        }
    }
    /// The second from the run's start.
    package var second: Int
    /// Cores used by the process: 1 is one whole core.
    package var cpu: Double
    /// The busiest lane's queue: p99 delay of starts behind the schedule, in milliseconds.
    package var lagP99: Double?
    /// The reference thread's p99 lateness, in milliseconds.
    package var referenceP99: Double?
    /// Open descriptors.
    package var descriptors: Int
    /// Resident memory in bytes.
    package var memory: Int64

    /// How late each tick of the reference thread was, in microseconds, ascending; nil when it
    /// was taken over into a histogram already.
    package var reference: [Int64]?
    /// The lanes, in order.
    package var lanes: [Lane]?
    /// TCP sockets in use in the generator's network namespace, those of others included.
    package var sockets: Int?
    /// TCP sockets in TIME_WAIT there: each holds a port for a minute.
    package var timeWait: Int?
    /// Memory of all TCP sockets of the machine in bytes.
    package var socketMemory: Int64?
    /// Cores used by the whole machine, everybody included.
    package var machine: Double?
    /// Cores that the hypervisor gave to others meanwhile (steal).
    package var steal: Double?
    /// Cores' worth of time in which the control group's quota held the process back.
    package var throttled: Double?
    /// The share of the time in which somebody on the machine waited for a processor (PSI `some`).
    package var pressureCPU: Double?
    /// The same for memory.
    package var pressureMemory: Double?
    /// The same for a disk.
    package var pressureIO: Double?
    /// Seconds of the run handed to the journal and not yet written.
    package var journalBacklog: Int?
    /// The journal's longest write in milliseconds, the one under way included.
    package var journalWrite: Double?
    /// When the process itself began to stand still, in wall seconds from the run's start.
    ///
    /// Only where it was neither waiting for a processor nor robbed of it by the hypervisor:
    /// SIGSTOP, a debugger, a frozen control group, a paused machine.
    package var stoppedAt: Double?
    /// For how many seconds; at least one.
    package var stoppedFor: Double?

    /// A sample; what is optional is set afterwards.
    package init(
        second: Int, cpu: Double, lagP99: Double?, referenceP99: Double?, descriptors: Int,
        memory: Int64
    ) {
        self.second = second
        self.cpu = cpu
        self.lagP99 = lagP99
        self.referenceP99 = referenceP99
        self.descriptors = descriptors
        self.memory = memory
    }
}

extension GeneratorSample {
    /// The worse of two samples, figure by figure, for a row that covers both.
    func worst(with other: GeneratorSample) -> GeneratorSample {
        func worse<Figure: Comparable>(_ left: Figure?, _ right: Figure?) -> Figure? {
            guard let left, let right else { return left ?? right }
            return max(left, right)
        }
        var worst = self
        worst.cpu = max(self.cpu, other.cpu)
        worst.lagP99 = worse(self.lagP99, other.lagP99)
        worst.referenceP99 = worse(self.referenceP99, other.referenceP99)
        worst.descriptors = max(self.descriptors, other.descriptors)
        worst.memory = max(self.memory, other.memory)
        if other.busiestLane ?? 0 > self.busiestLane ?? 0 { worst.lanes = other.lanes }
        worst.sockets = worse(self.sockets, other.sockets)
        worst.timeWait = worse(self.timeWait, other.timeWait)
        worst.socketMemory = worse(self.socketMemory, other.socketMemory)
        worst.machine = worse(self.machine, other.machine)
        worst.steal = worse(self.steal, other.steal)
        worst.throttled = worse(self.throttled, other.throttled)
        worst.pressureCPU = worse(self.pressureCPU, other.pressureCPU)
        worst.pressureMemory = worse(self.pressureMemory, other.pressureMemory)
        worst.pressureIO = worse(self.pressureIO, other.pressureIO)
        worst.journalBacklog = worse(self.journalBacklog, other.journalBacklog)
        worst.journalWrite = worse(self.journalWrite, other.journalWrite)
        worst.reference = nil
        return worst
    }

    /// Connections of all lanes that waited for room to send; nil in older journals.
    package var sendWaits: Int? {
        self.lanes?.compactMap(\.sendWaits).reduce(nil) { ($0 ?? 0) + $1 }
    }

    /// The share of the time its busiest lane was at work; nil in older journals.
    package var busiestLane: Double? { self.lanes?.map(\.busy).max() }
}
