import Scenarios

/// What simulated clients cost on this engine: measured figures, design section 2.
///
/// Resident memory per client that holds a connection, libcurl 7.88.1, one pool per client.
enum ClientCosts {
    /// The process before its first client.
    static let process = 20_000_000.0
    /// HTTP/1.1 over plain TCP.
    static let plain = 27_000.0
    /// HTTP/1.1 over TLS.
    static let secured = 55_000.0
    /// HTTP/2 over TLS.
    static let multiplexed = 98_000.0
    /// Processor seconds of a small request on an open connection: the least and the most.
    static let request = 25e-6...45e-6
    /// Processor seconds of a small request that opens a connection.
    static let connection = 115e-6...134e-6
    /// Processor seconds of a byte sent as a body.
    static let byteUp = 0.4e-9...0.7e-9
    /// A network of the client's own: its link, buckets and timers.
    static let link = 600.0
    /// Processor seconds of a chunk that a link lets through; each is 50 ms of its rate.
    static let chunk = 12e-6...25e-6
}

extension Plan {
    /// The most clients there may be at one time; for open populations their limit in flight.
    package var mostClients: Int {
        self.populations.reduce(0) { sum, population in
            switch population.load {
            case .open: sum + population.maxInFlight
            case .closed(let curve): sum + curve.peak
            case .iterations(let vus, _, _): sum + vus
            }
        }
    }

    /// Resident bytes of one of the population's clients: the least and the most.
    ///
    /// An upload's buffer counts as far as a body fills it: the rest of it is never touched.
    func clientMemory(of population: PopulationPlan) -> ClosedRange<Double> {
        let isSecured: Bool
        if case .url(let url) = self.target {
            isSecured = url.lowercased().hasPrefix("https:")
        } else {
            isSecured = false
        }
        let connection: ClosedRange<Double> =
            switch (isSecured, self.http.version) {
            case (false, .http2PriorKnowledge):
                // HTTP/2's own part of what it costs over TLS.
                ClientCosts
                    .plain...(ClientCosts.plain + ClientCosts.multiplexed
                    - ClientCosts.secured)
            case (false, _): ClientCosts.plain...ClientCosts.plain
            case (true, .http1): ClientCosts.secured...ClientCosts.secured
            // The server decides, by ALPN.
            case (true, _): ClientCosts.secured...ClientCosts.multiplexed
            }
        let body = self.largestBody(of: population)
        var buffer = min(body, Double(uploadBuffer(clients: self.mostClients)))
        var link = 0.0
        if population.network != nil {
            link = ClientCosts.link
            // A slow link's buffer is libcurl's least.
            if let uplink = population.medianUplink {
                buffer = min(buffer, max(16_384, uplink / 20))
            }
        }
        return (connection.lowerBound + link)...(connection.upperBound + link + buffer)
    }

    /// The mean bytes of the largest body of a flow.
    private func largestBody(of population: PopulationPlan) -> Double {
        population.steps.reduce(0) { largest, step in
            max(largest, step.request.body.map(self.materials.meanSize(of:)) ?? 0)
        }
    }
}
