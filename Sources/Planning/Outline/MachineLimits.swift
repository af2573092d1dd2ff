/// What a machine allows its load generator.
package struct MachineLimits: Sendable, Hashable, Codable {
    /// File descriptors a process may open.
    package var descriptors: Int
    /// Local ports for outgoing connections to one address.
    package var localPorts: Int
    /// Processor cores.
    package var cores: Int

    /// A machine's limits, measured by the caller.
    package init(descriptors: Int, localPorts: Int, cores: Int) {
        self.descriptors = descriptors
        self.localPorts = localPorts
        self.cores = cores
    }
}
