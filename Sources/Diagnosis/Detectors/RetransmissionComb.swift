import Measurements

/// Moments at which a kernel sends again what was not acknowledged, and how well times fit them.
struct RetransmissionComb: Sendable, Hashable {
    /// Milliseconds after the first try, ascending.
    let teeth: [Double]
    /// The smallest window to each side, in milliseconds; 5 % where that is more.
    let tolerance: Double

    /// When a lost SYN is sent again.
    ///
    /// Linux counts `linear` retries a second apart before the gaps double: 1, 2, 3, 4, 5, 7, 11 s
    /// by today's default of 4, and 1, 3, 7, 15 s at 0. Measured modes come up to 0.3 s later
    /// (research: diagnosis, decision 2), which the windows allow. XNU has the linear table, too.
    init(syn retries: SynRetries) {
        var teeth: [Double] = []
        var at = 0.0
        var gap = 1.0
        for count in 1...max(1, min(12, retries.retries)) {
            if count > retries.linear + 1 { gap *= 2 }
            at += gap
            if at <= 130 { teeth.append(at * 1_000) }
        }
        self.init(teeth: teeth, tolerance: 100)
    }

    /// When data on a connection that only the client takes for established is answered: the first
    /// segment's retransmissions, as measured against a full accept queue (research: table, M05).
    static let unaccepted = RetransmissionComb(
        teeth: [200, 400, 1_200, 2_600, 4_200, 7_400], tolerance: 25)

    init(teeth: [Double], tolerance: Double) {
        self.teeth = teeth
        self.tolerance = tolerance
    }

    /// The comb of the generator's kernel: as it said, or by its name and release.
    ///
    /// Linux has the linear table since 6.5; macOS always had.
    static func syn(_ host: HostFacts) -> RetransmissionComb {
        if let retries = host.synRetries { return RetransmissionComb(syn: retries) }
        let digits = host.kernel.split { !$0.isNumber }.compactMap { Int($0) }
        let isOld =
            host.kernel.hasPrefix("Linux") && digits.count >= 2
            && (digits[0], digits[1]) < (6, 5)
        return RetransmissionComb(syn: SynRetries(linear: isOld ? 0 : 4, retries: 6))
    }

    /// The tooth in whose window a time lies; nil between them.
    func tooth(of milliseconds: Double) -> Int? {
        self.teeth.firstIndex { abs(milliseconds - $0) <= self.halfWidth($0) }
    }

    /// The share of a stretch that lies in a window: what chance alone would hit.
    func coverage(from low: Double, to high: Double) -> Double {
        guard high > low else { return 1 }
        var covered = 0.0
        var end = low
        for tooth in self.teeth {
            let from = max(end, tooth - self.halfWidth(tooth))
            let to = min(high, tooth + self.halfWidth(tooth))
            if to > from {
                covered += to - from
                end = to
            }
        }
        return min(1, covered / (high - low))
    }

    private func halfWidth(_ tooth: Double) -> Double { max(self.tolerance, 0.05 * tooth) }
}
