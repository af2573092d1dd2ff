/// What a plan comes to: what `spate plan` prints and a run keeps as `plan.json`.
///
/// Times are seconds, sizes bytes, rates per wall second; means where a draw decides.
package struct PlanOutline: Codable, Sendable, Equatable {
    /// A stretch of a population's load.
    package struct Stage: Codable, Sendable, Equatable {
        /// The phases it belongs to, joined with `+`.
        package var phase: String
        /// Where it begins, in wall time from the run's start.
        package var start: Double
        /// How long it lasts, in wall time.
        package var seconds: Double
        /// How long it lasts, in story time.
        package var storySeconds: Double
        /// The rate, or number of clients, at its beginning.
        package var from: Double
        /// The rate, or number of clients, at its end.
        package var to: Double
        /// The way between.
        package var shape: String
        /// The intents to expect; nil where the server's answers decide.
        package var intents: Double?
    }
    /// A population's share of the plan.
    package struct Population: Codable, Sendable, Equatable {
        /// Its name.
        package var name: String
        /// Its class.
        package var trafficClass: String
        /// The executor, k6's word.
        package var executor: String
        /// Its stages.
        package var stages: [Stage]
        /// The intents to expect; nil where the server's answers decide.
        package var intents: Double?
        /// Requests of an intent that meets only good answers.
        package var requestsPerIntent: Int
        /// Body bytes of an intent, on average.
        package var bytesPerIntent: Double
        /// Sockets it may hold at its peak: rate times the longest an intent can take.
        package var sockets: Int
        /// The most intents in flight; more are dropped.
        package var maxInFlight: Int
        /// What the author's numbers come to; nil where the stages say it.
        package var remark: String?
        /// The flow as a program, a line an instruction; empty where it is a straight list.
        package var flow: [String]
        /// What its uploads are, a line each; nil where a size says it all.
        package var uploads: [String]?
        /// The phones' networks in quantiles; nil for the machine's own.
        package var network: String?
    }
    /// A phase of the run.
    package struct Phase: Codable, Sendable, Equatable {
        /// Its name.
        package var name: String
        /// What it is for.
        package var kind: String
        /// Where it begins and ends, in wall time.
        package var start: Double
        /// Where it ends, in wall time.
        package var end: Double
    }
    /// An event of the timeline.
    package struct Event: Codable, Sendable, Equatable {
        /// When, in wall time.
        package var at: Double
        /// When, in story time.
        package var story: Double
        /// What it means.
        package var kind: String
        /// One line.
        package var label: String
        /// The request it sends, such as `PUT {{ $admin }}/admin/operator`.
        package var request: String?
    }
    /// A source of the server's own figures.
    package struct Probe: Codable, Sendable, Equatable {
        /// What the manifest and events call it.
        package var name: String
        /// What is read.
        package var source: String
        /// What it tells.
        package var figures: String
    }
    /// A constant that time compression leaves alone, or divides.
    package struct Constant: Codable, Sendable, Equatable {
        /// What it is.
        package var name: String
        /// Its value as written.
        package var value: String
        /// What that means under compression.
        package var compressed: String
    }
    /// Sums over the run.
    package struct Totals: Codable, Sendable, Equatable {
        /// Intents, without closed populations.
        package var intents: Double
        /// Requests, without retries and closed populations.
        package var requests: Double
        /// Body bytes sent, likewise.
        package var bytesUp: Double
        /// The highest rate of arrivals.
        package var peakArrivals: Double
        /// The highest rate of requests.
        package var peakRequests: Double
        /// Sockets held at the peak, at most.
        package var sockets: Int
        /// New connections within any minute: each keeps a local port for that long.
        package var portsPerMinute: Int
    }

    /// The format's name.
    package var schema = "spate/plan/1"
    /// The scenario's name.
    package var name: String
    /// The seed of every draw.
    package var seed: UInt64
    /// Story seconds per wall second.
    package var timeScale: Double
    /// What is under test.
    package var target: String
    /// The run's length in wall time, without the drain.
    package var seconds: Double
    /// The populations.
    package var populations: [Population]
    /// The phases.
    package var phases: [Phase]
    /// The timeline.
    package var timeline: [Event]
    /// The thresholds as text.
    package var thresholds: [String]
    /// What is sampled of the server's side.
    package var probes: [Probe]
    /// Sums.
    package var totals: Totals
    /// The machine's limits, where they were given.
    package var machine: MachineLimits?
    /// What is needed of each of the machine's resources; empty where no limits were given.
    package var resources: [ResourceNeed]
    /// Times that stay real, and what they are in the story.
    package var realTime: [Constant]
    /// Finite buffers and story times that the intake divides by the time scale.
    package var storyScaled: [Constant]
    /// What is worth a second look before the run.
    package var warnings: [String]
    /// The offered rate of arrivals at 240 evenly spaced moments.
    package var offered: [Double]

    /// The resources that cannot be had: the run would not be a valid test of anything.
    package var refused: [ResourceNeed] { self.resources.filter { $0.state == .refused } }
}
