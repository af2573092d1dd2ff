import Engine
import Foundation
import Measurements
import Primitives
import Transport

/// Judges a machine: facts in, checks out; pure.
enum DoctorChecks {
    /// All checks, in the order in which they are shown.
    static func all(_ facts: DoctorFacts) -> [DoctorCheck] {
        self.process(facts) + self.network(facts) + self.processor(facts) + self.disk(facts)
            + self.software(facts)
    }

    // MARK: - Descriptors and memory

    private static func process(_ facts: DoctorFacts) -> [DoctorCheck] {
        let descriptors = facts.host.descriptors
        var checks = [
            DoctorCheck(
                "descriptors", "file descriptors",
                "\(descriptors) (raised from \(facts.softDescriptors)), one a connection",
                DoctorCheck.state(descriptors, failsBelow: 256, warnsBelow: 10_000),
                remedies: GeneratorResource.descriptors.remedies(
                    needed: 20_000, available: descriptors))
        ]
        if let memory = facts.memory {
            checks.append(
                DoctorCheck(
                    "memory", "memory",
                    "\(self.size(memory)) to be had; 1,000 clients take 27-98 MB",
                    DoctorCheck.state(
                        memory, failsBelow: 128_000_000, warnsBelow: 1_000_000_000),
                    remedies: GeneratorResource.memory.remedies()))
        }
        checks.append(
            DoctorCheck(
                "swap", "swap", "\(self.size(facts.swapUsed)) in use",
                facts.swapUsed > 64_000_000 ? .warning : .fine,
                remedies: [
                    "end what fills the memory, then, as root: swapoff -a && swapon -a; a page"
                        + " that has to come back from the disk delays whoever waits for it"
                ]))
        return checks
    }

    // MARK: - The kernel's network

    private static func network(_ facts: DoctorFacts) -> [DoctorCheck] {
        let ports = facts.host.localPorts
        var checks = [
            DoctorCheck(
                "local_ports", "local ports", "\(ports) to one address of a target",
                DoctorCheck.state(ports, failsBelow: 256, warnsBelow: 20_000),
                remedies: [
                    "as root: sysctl -w net.ipv4.ip_local_port_range='1024 65535'",
                    "more source addresses: --source 127.0.0.2-127.0.0.9",
                ])
        ]
        if let reuse = facts.timeWaitReuse {
            let meaning =
                switch reuse {
                case 0: "a closed connection keeps its port for 60 s, on loopback too"
                case 1: "a closed connection's port serves again after 1 s"
                default: "a closed connection's port serves again after 1 s on loopback, 60 s else"
                }
            checks.append(
                DoctorCheck(
                    "tcp_tw_reuse", "tcp_tw_reuse", "\(reuse): \(meaning)",
                    reuse == 0 ? .warning : .fine,
                    remedies: ["as root: sysctl -w net.ipv4.tcp_tw_reuse=2"]))
        }
        checks += self.serverSide(facts)
        if facts.tcpMemory.count == 3 {
            let most = facts.tcpMemory[2] * Int64(sysconf(Int32(_SC_PAGESIZE)))
            checks.append(
                DoctorCheck(
                    "tcp_mem", "tcp_mem", "at most \(self.size(most)) for all sockets together",
                    most < 268_435_456 ? .warning : .fine,
                    remedies: [GeneratorResource.socketMemory.remedies()[0]]))
        }
        for (id, values) in [("tcp_wmem", facts.sendBuffer), ("tcp_rmem", facts.receiveBuffer)]
        where values.count == 3 {
            checks.append(
                DoctorCheck(
                    id, id, "\(self.size(values[1])) a socket, growing to \(self.size(values[2]))"))
        }
        return checks
    }

    /// Limits of servers on this machine, the bundled intake's among them.
    private static func serverSide(_ facts: DoctorFacts) -> [DoctorCheck] {
        var checks: [DoctorCheck] = []
        if let backlog = facts.somaxconn {
            checks.append(
                DoctorCheck(
                    "somaxconn", "somaxconn", "\(backlog): a server's longest backlog here",
                    backlog < 1_024 ? .warning : .fine,
                    remedies: ["as root: sysctl -w net.core.somaxconn=4096"]))
        }
        if let backlog = facts.synBacklog {
            checks.append(
                DoctorCheck(
                    "tcp_max_syn_backlog", "tcp_max_syn_backlog",
                    "\(backlog): handshakes under way to a server here",
                    backlog < 512 ? .warning : .fine,
                    remedies: ["as root: sysctl -w net.ipv4.tcp_max_syn_backlog=4096"]))
        }
        return checks
    }

    // MARK: - Processor and clock

    private static func processor(_ facts: DoctorFacts) -> [DoctorCheck] {
        let quiet = ["end what else runs here, and look again before a run that counts"]
        let cores = Double(facts.host.cores)
        let cpus = min(cores, facts.quota ?? cores)
        var value = "\(facts.host.cores) cores, \(facts.host.kernel)"
        if let quota = facts.quota { value += ", a quota of \(UnitText.trimmed(quota))" }
        var checks = [
            DoctorCheck(
                "cores", "processor", value,
                DoctorCheck.state(cpus, failsBelow: 0.1, warnsBelow: 1),
                remedies: ["give the container more: docker run --cpus 2"])
        ]
        if let load = facts.load {
            checks.append(
                DoctorCheck(
                    "load", "load average", "\(UnitText.trimmed(load)) over the last minute",
                    load > cpus ? .warning : .fine, remedies: quiet))
        }
        if let pressure = facts.pressure {
            checks.append(
                DoctorCheck(
                    "pressure", "pressure (PSI)",
                    "something waited for a core in \(UnitText.trimmed(pressure)) % of 10 s",
                    pressure > 20 ? .warning : .fine, remedies: quiet))
        }
        if let steal = facts.steal {
            checks.append(
                DoctorCheck(
                    "steal", "steal",
                    "the host took \(UnitText.trimmed(steal)) % of the last second",
                    steal > 5 ? .warning : .fine,
                    remedies: ["use a virtual machine with processors of its own"]))
        }
        return checks + self.clock(facts)
    }

    private static func clock(_ facts: DoctorFacts) -> [DoctorCheck] {
        var checks: [DoctorCheck] = []
        if !facts.clockSource.isEmpty {
            let isSlow = ["hpet", "acpi_pm", "jiffies", "refined-jiffies"]
                .contains(facts.clockSource)
            checks.append(
                DoctorCheck(
                    "clock_source", "clock source", facts.clockSource, isSlow ? .warning : .fine,
                    remedies: [
                        "boot with tsc or kvm-clock; reading \(facts.clockSource) costs a"
                            + " microsecond or more each time"
                    ]))
        }
        if let jitter = facts.jitter {
            // From half the ticks late by a whole 20 ms no second of a run could be believed.
            let state: DoctorCheck.State =
                jitter.p50 > 20 ? .failing : jitter.p99 > 20 ? .warning : .fine
            checks.append(
                DoctorCheck(
                    "timer", "timer",
                    "a bare timer is late by \(self.figure(jitter.p50)) ms (p50), "
                        + "\(self.figure(jitter.p99)) ms (p99)", state,
                    remedies: ["end what else runs here: no schedule can be kept better than that"]
                ))
        }
        return checks
    }

    // MARK: - Disk

    private static func disk(_ facts: DoctorFacts) -> [DoctorCheck] {
        var checks: [DoctorCheck] = []
        let elsewhere = ["write elsewhere: spate run FILE --out-dir DIR"]
        if let free = facts.diskFree {
            checks.append(
                DoctorCheck(
                    "disk_free", "disk", "\(self.size(free)) free at \(facts.reports)",
                    DoctorCheck.state(free, failsBelow: 16_000_000, warnsBelow: 500_000_000),
                    remedies: GeneratorResource.journalDisk.remedies()))
        }
        if let seconds = facts.diskSeconds {
            checks.append(
                DoctorCheck(
                    "disk_speed", "disk speed",
                    "4 MB are on the disk after \(self.figure(seconds * 1_000)) ms",
                    seconds > 1 ? .warning : .fine, remedies: elsewhere))
        } else {
            checks.append(
                DoctorCheck(
                    "disk_speed", "disk speed", "\(facts.reports) cannot be written", .failing,
                    remedies: elsewhere))
        }
        return checks
    }

    // MARK: - Programs

    private static func software(_ facts: DoctorFacts) -> [DoctorCheck] {
        let has = Set(facts.curl.features)
        let wanted = ["HTTP2", "SSL", "AsynchDNS"]
        let missing = wanted.filter { !has.contains($0) }
        var value = "\(facts.curl.version), \(facts.curl.features.joined(separator: " "))"
        if !missing.isEmpty { value += "; without \(missing.joined(separator: ", "))" }
        var checks = [
            DoctorCheck(
                "libcurl", "libcurl", value, missing.isEmpty ? .fine : .warning,
                remedies: [
                    "install a libcurl with them: apt-get install libcurl4-openssl-dev, and build"
                        + " again; without AsynchDNS a slow lookup stops a whole lane"
                ]),
            DoctorCheck(
                "http3", "HTTP/3", facts.curl.hasHTTP3 ? "yes" : "not in this libcurl"),
            DoctorCheck(
                "intake", "spate-intake", facts.intake ?? "not found",
                facts.intake == nil ? .warning : .fine,
                remedies: [
                    "only for scenarios with a bundled intake: swift build -c release --product"
                        + " spate-intake"
                ]),
            DoctorCheck("spate", "spate", SpateVersion.current),
        ]
        #if DEBUG
            checks[checks.count - 1] = DoctorCheck(
                "spate", "spate", "\(SpateVersion.current), a debug build", .warning,
                remedies: [
                    "swift build -c release --product spate: this one is several times slower"
                ])
        #endif
        return checks
    }

    // MARK: - Text

    private static func size(_ bytes: Int64) -> String { UnitText.format(ByteCount(bytes)) }

    private static func figure(_ value: Double) -> String {
        UnitText.fixed(value, value < 10 ? 2 : 0)
    }
}
