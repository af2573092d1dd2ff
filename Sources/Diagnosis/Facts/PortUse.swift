import Measurements

/// The local ports of a run: how many there were, and when the kernel had to search for a free one.
///
/// Linux refuses a connection for want of a port only when all are taken. Long before that it
/// needs time: `connect` begins at a random even port and walks the even ones, then the odd ones,
/// one look-up each (`__inet_hash_connect` in net/ipv4/inet_hashtables.c, since Linux 4.2). While
/// less than half of the range is taken an even one is found after a few steps; above it, every
/// new connection walks all of that half first. Measured with 28,232 ports: a lane at work 13 % of
/// the time with 13,807 of them in TIME_WAIT, 74 % with 14,134, 100 % from the next second on,
/// 4 ms of processor time for each connection instead of 0.25.
///
/// Early reuse does not spare it: a connection that the client gave up and the server has not
/// closed yet (FIN_WAIT2, counted with those in TIME_WAIT) is never reused since Linux 6.10, and
/// these are what a server that is overwhelmed leaves behind. Where all of them could be reused a
/// connection costs what it always does, which is how the two are told apart.
struct PortUse: Sendable {
    /// Ports of one source address.
    let each: Int
    /// Ports of all source addresses together.
    let available: Int
    /// True when a port in TIME_WAIT serves again after a second.
    let isReusedEarly: Bool
    /// Connections opened in the busiest minute.
    let opened: Int

    init(_ facts: GeneratorFacts) {
        self.each = facts.host.localPorts
        self.available = facts.host.allLocalPorts
        self.opened = facts.connectionsInAMinute
        self.isReusedEarly =
            switch facts.host.timeWaitReuse {
            case 0: false
            case 1: true
            default: facts.isLoopback
            }
    }

    /// The ports a run would have wanted, which nobody knows: late clients open fewer, and those
    /// that are refused try again at once.
    var needed: Int { max(self.opened, 2 * self.available) }

    /// Ports taken in a sample's second, at most: in TIME_WAIT, and by sockets that are open.
    ///
    /// The kernel counts those in TIME_WAIT in all of its network namespace, those of other
    /// programs included; of the process's own descriptors some are no sockets.
    static func taken(_ sample: GeneratorSample) -> Int? {
        sample.timeWait.map { $0 + min(sample.descriptors, sample.sockets ?? .max) }
    }

    /// Connections per second below which a process with no time to spare pays a millisecond and
    /// more for each.
    private static let dear = 1_000.0

    /// The figure of a search for free ports in these seconds; nil when it explains nothing.
    ///
    /// - Parameters:
    ///   - samples: seconds in which the processor had no time to spare.
    ///   - rows: what was done then. Where most attempts found a connection open, ports are not
    ///     what took the time, whoever else holds them.
    func search(in samples: [GeneratorSample], doing rows: [GeneratorSecond]) -> String? {
        guard self.available > 0 else { return nil }
        let opened = rows.reduce(0) { $0 + $1.connectionsOpened }
        let ended = rows.reduce(0) { $0 + $1.ended }
        guard opened > 0, 2 * opened >= ended else { return nil }
        let isDear = Double(opened) <= PortUse.dear * Double(max(1, rows.count))
        guard !self.isReusedEarly || isDear else { return nil }
        let high = samples.compactMap(PortUse.taken).filter { 2 * $0 > self.available }
        guard let most = high.max(), 2 * high.count >= samples.count else { return nil }
        return "up to \(min(most, self.available)) of \(self.available) were open or in TIME_WAIT,"
            + " and beyond half of them the kernel searches long for a free one"
    }
}

extension HostFacts {
    /// The local ports of all source addresses together.
    ///
    /// Bounded by what can be, for a manifest may say anything.
    var allLocalPorts: Int {
        min(max(0, self.localPorts), 65_536) * min(max(1, self.sources), 65_536)
    }
}
