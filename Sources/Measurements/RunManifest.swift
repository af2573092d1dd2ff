package import Primitives

/// What ran, where and with what: `manifest.json`, written before the first arrival.
package struct RunManifest: Sendable, Codable, Hashable {
    /// The schema of the run's directory, `spate/run/1`.
    package var schema: String = "spate/run/1"
    /// A name no other run has; also the salt of the idempotency keys.
    package var id: String
    /// The scenario's human name.
    package var scenario: String
    /// What the scenario tells.
    package var description: String
    /// SHA-256 of the scenario's text as resolved, in hex.
    package var scenarioSHA256: String
    /// The seed of every draw.
    package var seed: UInt64
    /// Civil time of the run's start, RFC 3339.
    package var started: String
    /// Story seconds per wall second.
    package var timeScale: Double
    /// The planned length in wall seconds, drain excluded.
    package var plannedSeconds: Double
    /// Spate's version.
    package var version: String
    /// libcurl's version.
    package var libcurl: String
    /// The command line with secrets replaced.
    package var command: String
    /// The experiment or remedy for which the scenario was changed, such as `E4`; nil for none.
    package var change: String?
    /// The target: a base URL, or `intake`.
    package var target: String
    /// True when certificates were not checked.
    package var insecure: Bool = false
    /// The machine.
    package var host: HostFacts
    /// The populations, in the scenario's order; other files refer to them by index.
    package var populations: [PopulationFacts]
    /// The phases of load, in order of time, without gaps.
    package var phases: [PhaseFacts]
    /// The planned events, in order of time.
    package var timeline: [TimelineFacts]
    /// The intake's settings as it reported them, for a bundled one.
    package var intakeSettings: [String: String]?
    /// The intake's server: ours to ask for a listing, or nil.
    package var reconciles: Bool = false
    /// What was sampled of the server's side; nil in older manifests, empty for nothing.
    package var probes: [ProbeFacts]?
    /// The experiments that can be made of the scenario, by id; nil in older manifests.
    package var experiments: [String]?

    /// A manifest; the members without defaults are required.
    package init(
        id: String, scenario: String, description: String, scenarioSHA256: String, seed: UInt64,
        started: String, timeScale: Double, plannedSeconds: Double, version: String,
        libcurl: String, command: String, target: String, host: HostFacts,
        populations: [PopulationFacts], phases: [PhaseFacts], timeline: [TimelineFacts]
    ) {
        self.id = id
        self.scenario = scenario
        self.description = description
        self.scenarioSHA256 = scenarioSHA256
        self.seed = seed
        self.started = started
        self.timeScale = timeScale
        self.plannedSeconds = plannedSeconds
        self.version = version
        self.libcurl = libcurl
        self.command = command
        self.target = target
        self.host = host
        self.populations = populations
        self.phases = phases
        self.timeline = timeline
    }
}

/// The generator's machine and limits.
package struct HostFacts: Sendable, Codable, Hashable {
    /// Kernel name and release.
    package var kernel: String
    /// Usable cores.
    package var cores: Int
    /// Descriptors a process may open.
    package var descriptors: Int
    /// Local ports per source and target address.
    package var localPorts: Int
    /// Source addresses the run connected from; 1 where none were named, and in older manifests.
    package var sources = 1
    /// Physical memory in bytes.
    package var memory: Int64
    /// The machine's name.
    package var name: String
    /// `net.ipv4.tcp_tw_reuse`: 0 never, 1 always, 2 on loopback; nil when it was not asked.
    package var timeWaitReuse: Int?
    /// When its kernel sends a SYN again; nil when it was not asked.
    package var synRetries: SynRetries?

    /// Facts of a machine.
    package init(
        kernel: String, cores: Int, descriptors: Int, localPorts: Int, memory: Int64, name: String
    ) {
        self.kernel = kernel
        self.cores = cores
        self.descriptors = descriptors
        self.localPorts = localPorts
        self.memory = memory
        self.name = name
    }

    /// Facts as they were written; `sources` and what the kernel was not asked may be missing.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.kernel = try values.decode(String.self, forKey: .kernel)
        self.cores = try values.decode(Int.self, forKey: .cores)
        self.descriptors = try values.decode(Int.self, forKey: .descriptors)
        self.localPorts = try values.decode(Int.self, forKey: .localPorts)
        self.sources = try values.decodeIfPresent(Int.self, forKey: .sources) ?? 1
        self.memory = try values.decode(Int64.self, forKey: .memory)
        self.name = try values.decode(String.self, forKey: .name)
        self.timeWaitReuse = try values.decodeIfPresent(Int.self, forKey: .timeWaitReuse)
        self.synRetries = try values.decodeIfPresent(SynRetries.self, forKey: .synRetries)
    }
}

/// When a kernel sends a SYN again: `net.ipv4.tcp_syn_linear_timeouts` and `tcp_syn_retries`.
package struct SynRetries: Sendable, Codable, Hashable {
    /// Retries a second apart before the gaps begin to double; 0 on older kernels.
    package var linear: Int
    /// Retries in all.
    package var retries: Int

    /// Settings of a kernel.
    package init(linear: Int, retries: Int) {
        self.linear = linear
        self.retries = retries
    }
}

/// What the run's files need to know of a population.
package struct PopulationFacts: Sendable, Codable, Hashable {
    /// The entry's name under `scenarios:`.
    package var name: String
    /// What it stands for.
    package var trafficClass: TrafficClass
    /// The executor's name.
    package var executor: String
    /// The names of the flow's requests, by step index.
    package var steps: [String]
    /// True when the flow asks the server to keep something: its intents are reconciled.
    package var writes: Bool
    /// The population's tags.
    package var tags: [String: String]
    /// The longest deadline of its steps in seconds.
    package var timeout: Double
    /// The most retries of one of its steps.
    package var retries: Int
    /// What its clients retry per first try while everything fails; nil in older manifests, whose
    /// budgets are not known.
    package var retriesPerRequest: Double?

    /// Facts of a population.
    package init(
        name: String, trafficClass: TrafficClass, executor: String, steps: [String], writes: Bool,
        tags: [String: String] = [:], timeout: Double = 30, retries: Int = 0
    ) {
        self.name = name
        self.trafficClass = trafficClass
        self.executor = executor
        self.steps = steps
        self.writes = writes
        self.tags = tags
        self.timeout = timeout
        self.retries = retries
    }
}

extension PopulationFacts {
    /// True when its clients wait for an answer before they send again, so that a stalled server
    /// slows the load down: the executors that are given clients instead of arrivals.
    package var isClosedLoop: Bool {
        self.executor.hasSuffix("-vus") || self.executor.hasSuffix("-iterations")
    }
}

/// A phase of load, in seconds of wall time from the run's start.
package struct PhaseFacts: Sendable, Codable, Hashable {
    /// What a phase of load is for.
    package enum Kind: String, Sendable, Codable, Hashable {
        /// Ordinary load.
        case load
        /// Load taken away on purpose.
        case relief
        /// The operator has taken the service off.
        case maintenance
    }
    /// The phase's name.
    package var name: String
    /// Where it begins.
    package var start: Double
    /// Where it ends.
    package var end: Double
    /// What it is for.
    package var kind: Kind

    /// A phase.
    package init(name: String, start: Double, end: Double, kind: Kind = .load) {
        self.name = name
        self.start = start
        self.end = end
        self.kind = kind
    }
}

/// An entry of the timeline as planned.
package struct TimelineFacts: Sendable, Codable, Hashable {
    /// Wall seconds from the run's start.
    package var at: Double
    /// `trigger`, `symptom`, `mitigation`, `recovery`, `info`, `operator` or `stop`.
    package var kind: String
    /// One line.
    package var label: String

    /// An entry.
    package init(at: Double, kind: String, label: String) {
        self.at = at
        self.kind = kind
        self.label = label
    }
}
