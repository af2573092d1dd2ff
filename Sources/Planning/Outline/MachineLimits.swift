/// What a machine allows its load generator; measured by the caller.
package struct MachineLimits: Sendable, Hashable, Codable {
    /// File descriptors a process may open.
    package var descriptors: Int
    /// Local ports for outgoing connections from one address to one other.
    package var localPorts: Int
    /// Processor cores.
    package var cores: Int
    /// Processor time it may have, in cores; less than `cores` under a container's quota.
    package var cpus: Double
    /// Local addresses to connect from; each has ports of its own.
    package var sources = 1
    /// Seconds for which a closed connection to the target keeps its local port.
    ///
    /// 60 is the kernel's TIME_WAIT; 1 where `net.ipv4.tcp_tw_reuse` lets a new connection take it.
    package var portSeconds = 60.0
    /// Memory in bytes that a process can still have; nil when unknown.
    package var memory: Int64?
    /// Bytes free where the run's directory will be; nil when unknown, or when none is written.
    package var diskFree: Int64?

    /// A machine's limits; what is not given leaves the kernel's defaults, or is unknown.
    package init(descriptors: Int, localPorts: Int, cores: Int) {
        self.descriptors = descriptors
        self.localPorts = localPorts
        self.cores = cores
        self.cpus = Double(cores)
    }
}
