package import Planning
package import Primitives
import Scenarios
package import Transport

/// How a plan is executed.
package struct RunOptions: Sendable {
    /// The plan.
    package var plan: Plan
    /// A name no other run has; the salt of the idempotency keys.
    package var runID: String
    /// What relative URLs are joined to.
    package var baseURL: String
    /// What `{{ $admin }}` stands for.
    package var adminURL: String?
    /// What holds for all transfers of the load.
    ///
    /// `RunOptions.init` takes over the plan's HTTP defaults; addresses, pinned names and source
    /// addresses are the caller's to set.
    package var laneOptions: LaneOptions
    /// The addresses that the timeline's requests may go to; the load's and loopback's admin port.
    package var controlOptions: LaneOptions
    /// The number of lanes; nil to choose one below 2,000 requests a second, then up to four.
    package var lanes: Int?
    /// The longest a run may last before it is stopped; the plan's own limit counts as well.
    package var timeLimit: Nanoseconds?
    /// Stops the run after this long without a completed response although requests were sent.
    package var stopWhenDown: Nanoseconds?
    /// Clients that share the arrivals of open populations (`hit -q`); nil for as many as come.
    package var pool: Int?
    /// Requests that each client of a closed or pooled population has in flight at one time.
    ///
    /// Its places (VUs) are so many times its clients; 1 unless `hit --streams` says otherwise.
    package var streams = 1
    /// Attempts listed per second and lane: a quarter as many of each kind of good ones, half as
    /// many of each other kind; 0 for none, `.max` for every one.
    package var sampleLimit = 40
    /// True to list every intent that ended, for a journal; otherwise they are only counted.
    package var keepsIntents = true
    /// How far in the future the run's start lies when it is started.
    package var leadTime = Nanoseconds.milliseconds(50)

    /// Options with the plan's own HTTP settings, loopback only.
    package init(plan: Plan, runID: String, baseURL: String, adminURL: String? = nil) {
        self.plan = plan
        self.runID = runID
        self.baseURL = baseURL
        self.adminURL = adminURL
        self.laneOptions = LaneOptions(plan)
        self.controlOptions = LaneOptions(plan)
        self.timeLimit = plan.safety.maxDuration
        self.stopWhenDown = plan.safety.stopWhenDown
    }
}

extension LaneOptions {
    /// The plan's HTTP settings; the upload buffer is chosen by how many clients there may be.
    package init(_ plan: Plan) {
        self.init()
        self.tls = plan.http.tls
        self.resolve = plan.http.route.resolveEntries
        self.connectTo = plan.http.route.connectToEntries
        self.unixSocket = plan.http.route.unixSocket
        if let lifetime = plan.http.lookupLifetime {
            // Whole seconds are all libcurl knows; a part of one is not "never".
            self.nameLifetimeSeconds = Int((lifetime.count + 999_999_999) / 1_000_000_000)
        }
        self.expect100 = plan.http.expect100
        self.reuseConnections = plan.http.reuseConnections
        self.followRedirects = plan.http.followRedirects
        self.httpVersion =
            switch plan.http.version {
            case .auto: .auto
            case .http1: .http1
            case .http2: .http2
            case .http2PriorKnowledge: .http2PriorKnowledge
            case .http3: .http3
            }
        self.uploadBufferSize = uploadBuffer(clients: plan.mostClients)
        self.receiveBufferSize = receiveBuffer(clients: plan.mostClients)
    }
}

extension Plan {
    /// The number of lanes for this plan on a machine with that many cores.
    ///
    /// One lane carries 2,000 requests a second with room to spare, and one lane's epoll sees all
    /// clients at once. Where a limit in flight is small, its shares would be uneven.
    func laneCount(cores: Int) -> Int {
        var smallest = Int.max
        var rate = 0.0
        for population in self.populations {
            let requests = population.program.meanRequests
            switch population.load {
            case .open(let schedule):
                smallest = min(smallest, population.maxInFlight)
                let peak = schedule.segments.reduce(0) { max($0, $1.from, $1.to) }
                rate += peak * max(1, requests)
            case .closed(let curve): smallest = min(smallest, curve.peak)
            case .iterations(let vus, _, _): smallest = min(smallest, vus)
            }
        }
        guard rate >= 2_000, smallest >= 256 else { return 1 }
        return max(1, min(4, cores))
    }
}
