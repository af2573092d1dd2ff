/// What can limit a load generator, so that a run says more about it than about the server.
///
/// Shared by the gates that judge a run, by `plan`'s refusal and by `doctor`, so that the same
/// lack has the same name and the same remedy everywhere.
package enum GeneratorResource: String, Sendable, Hashable, Codable, CaseIterable {
    /// Processor time, of one lane's core or of all cores.
    case cpu
    /// File descriptors (EMFILE, ENFILE); counted.
    case descriptors
    /// Local ports for outgoing connections (EADDRNOTAVAIL); counted.
    case localPorts = "local_ports"
    /// Memory of the process (ENOMEM); in bytes.
    case memory
    /// The kernel's memory for sockets (ENOBUFS); in bytes.
    case socketMemory = "socket_memory"
    /// Room on the disk of the journal (ENOSPC, EDQUOT); in bytes.
    case journalDisk = "journal_disk"
    /// Local files that are sent as bodies and cannot be read.
    case bodies
    /// The most intents a population may have in flight; counted.
    case maxInFlight = "max_in_flight"
    /// The clients of a population; counted.
    case clients
    /// The process was stopped, or starved as if it were; in seconds.
    case stopped
    /// Starts were late while neither processor nor machine explains it; in seconds.
    case schedule

    /// What people call it, as the object of "limited by".
    package var name: String {
        switch self {
        case .cpu: "processor time"
        case .descriptors: "file descriptors"
        case .localPorts: "local ports"
        case .memory: "memory"
        case .socketMemory: "the kernel's socket memory"
        case .journalDisk: "the disk of its own journal"
        case .bodies: "reading its own bodies"
        case .maxInFlight: "maxInFlight"
        case .clients: "its number of clients"
        case .stopped: "having been stopped"
        case .schedule: "its own speed"
        }
    }

    /// The resource an attempt's failure shows to be used up; nil for the server's failures.
    package init?(_ failure: FailureClass) {
        switch failure {
        case .descriptors: self = .descriptors
        case .localPorts: self = .localPorts
        case .localMemory: self = .socketMemory
        case .localRead: self = .bodies
        default: return nil
        }
    }

    /// What mends the lack: commands and flags to be typed as they stand, joined by "; or".
    ///
    /// - Parameters:
    ///   - needed: how much the run wants, in the resource's unit, when that is known. For local
    ///     ports: connections opened within 60 s, since a closed one holds its port for so long.
    ///   - available: how much there is, in the same unit.
    ///
    /// For `cpu` and `schedule` these are the lanes in use and the machine's cores.
    package func remedy(needed: Int? = nil, available: Int? = nil) -> String {
        self.remedies(needed: needed, available: available).joined(separator: "; or ")
    }

    /// The same, each way to mend it on its own; the first is the one to try first.
    package func remedies(needed: Int? = nil, available: Int? = nil) -> [String] {
        switch self {
        case .cpu:
            return GeneratorResource.lanes(needed, available) + [
                "ask for less: a lower rate, or fewer clients",
                "end what else runs on this machine, or split the load over a second machine",
            ]
        case .descriptors:
            let limit = GeneratorResource.descriptorLimit(needed: needed, available: available)
            return [
                "as root, in the shell that starts spate: ulimit -n \(limit)",
                "in a container: docker run --ulimit nofile=\(limit)",
            ]
        case .localPorts:
            return GeneratorResource.portRemedies(needed: needed, available: available)
        case .memory:
            return [
                "end other programs, or use a machine with more memory"
                    + GeneratorResource.want(needed, available),
                "ask for less: fewer clients, or a lower maxInFlight",
            ]
        case .socketMemory:
            return [
                "sysctl -w net.ipv4.tcp_mem='1048576 1572864 2097152' (pages of 4 KiB)",
                "ask for less: fewer clients, or smaller uploads at a time",
            ]
        case .journalDisk:
            return [
                "free space on the disk of the run's directory"
                    + GeneratorResource.want(needed, available),
                "write elsewhere: --out-dir DIR",
            ]
        case .bodies:
            return ["see that every file under `body:` can be read and does not shrink"]
        case .maxInFlight:
            let want = needed.map(GeneratorResource.roundedUp).map(String.init) ?? "N"
            return [
                "raise `maxInFlight: \(want)` of the population",
                "shorten its `timeout`, so that what hangs makes room",
            ]
        case .clients:
            return ["more clients (`clients:` of the population, -c of hit), or a lower rate"]
        case .stopped:
            return [
                "run again and let it run: no Ctrl-Z, no debugger, no paused or overcommitted"
                    + " virtual machine"
            ]
        case .schedule:
            return ["end what else runs on this machine, and look at it first: spate doctor"]
                + GeneratorResource.lanes(needed, available) + [
                    "split the load over a second machine"
                ]
        }
    }

    // MARK: - Figures

    /// The advice to use more lanes; none when every core has its own already.
    private static func lanes(_ lanes: Int?, _ cores: Int?) -> [String] {
        guard let cores else { return ["use every core: --lanes N"] }
        if let lanes, lanes >= cores { return [] }
        return ["use every core: --lanes \(cores)"]
    }

    /// A limit with room to spare: a quarter and 1,024 above the need, in steps of 1,024.
    private static func descriptorLimit(needed: Int?, available: Int?) -> Int {
        guard let want = needed else { return max(65_536, (available ?? 0) * 2) }
        return (want + want / 4 + 1_024) / 1_024 * 1_024
    }

    private static func portRemedies(needed: Int?, available: Int?) -> [String] {
        let widest = 64_512
        var remedies = [
            "keep connections open (`reuseConnections: true`): only a new one takes a port"
        ]
        let have = available ?? 28_232
        if have < widest, (needed ?? 0) <= widest {
            remedies.append(
                "as root: sysctl -w net.ipv4.ip_local_port_range='1024 65535' (\(widest) ports"
                    + " instead of \(have))")
        }
        let addresses = min(max(2, ((needed ?? have * 2) + have - 1) / max(1, have) + 1), 250)
        remedies.append(
            "more source addresses, each with \(have) ports of its own:"
                + " --source 127.0.0.2-127.0.0.\(addresses + 1) (or addresses of an interface)")
        remedies.append(
            "as root: sysctl -w net.ipv4.tcp_tw_reuse=1 (a closed connection's port serves again"
                + " after 1 s instead of 60)")
        return remedies
    }

    private static func want(_ needed: Int?, _ available: Int?) -> String {
        guard let needed else { return "" }
        let need = UnitText.format(ByteCount(Int64(needed)))
        guard let available else { return " (\(need) are needed)" }
        return " (\(need) are needed, \(UnitText.format(ByteCount(Int64(available)))) there)"
    }

    /// The next number with two leading digits.
    private static func roundedUp(_ number: Int) -> Int {
        var unit = 1
        while number / unit >= 100 { unit *= 10 }
        return (number + unit - 1) / unit * unit
    }
}
