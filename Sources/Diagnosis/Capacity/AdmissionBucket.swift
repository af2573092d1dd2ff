#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A token bucket, held against who was let in and who was refused.
///
/// It fills at `rate` tokens a second up to `burst`; a request that finds a token takes it, and one
/// that finds none is refused. nginx's `limit_req` and most limiters are of this kind.
struct AdmissionBucket: Sendable, Hashable {
    /// A request: when it came in seconds of the run, and whether it was let in.
    struct Request: Sendable, Hashable {
        let at: Double
        let isGood: Bool
    }
    /// Tokens a second.
    var rate: Double
    /// The most that are saved.
    var burst: Double

    /// Forecasts that were wrong, of requests in the order of their times.
    ///
    /// After each the bucket follows what happened, so that one wrong forecast costs one.
    func misses(_ requests: [Request]) -> Int {
        var tokens = self.burst
        var last = requests.first?.at ?? 0
        var wrong = 0
        for request in requests {
            tokens = min(self.burst, tokens + self.rate * (request.at - last))
            last = request.at
            // Within a tenth of a token either way nobody can tell, but of a full bucket.
            if tokens >= min(1.1, self.burst), !request.isGood { wrong += 1 }
            if tokens < 0.9, request.isGood { wrong += 1 }
            tokens = request.isGood ? max(0, tokens - 1) : min(tokens, 1)
        }
        return wrong
    }

    /// The share of wrong forecasts where each group has a bucket of its own.
    func share(of groups: [[Request]]) -> Double {
        let all = groups.reduce(0) { $0 + $1.count }
        return Double(groups.reduce(0) { $0 + self.misses($1) }) / Double(max(1, all))
    }

    /// The bucket with the fewest wrong forecasts: of a grid of rates and bursts, the rate then
    /// refined to a tenth; and its share of wrong ones.
    static func best(of groups: [[Request]]) -> (bucket: AdmissionBucket, wrong: Double) {
        let coarse = self.best(of: groups, (0...20).map { pow(10, -2 + Double($0) / 4) }, bursts)
        let near = (-6...6).map { coarse.bucket.rate * pow(10, Double($0) / 24) }
        let fine = self.best(of: groups, near, [coarse.bucket.burst])
        return fine.wrong < coarse.wrong ? fine : coarse
    }

    private static let bursts = [1.0, 2, 5, 10, 20, 50, 100]

    private static func best(
        of groups: [[Request]], _ rates: [Double], _ bursts: [Double]
    ) -> (bucket: AdmissionBucket, wrong: Double) {
        var best = (bucket: AdmissionBucket(rate: 0, burst: 0), wrong: 2.0)
        for rate in rates {
            for burst in bursts {
                let bucket = AdmissionBucket(rate: rate, burst: burst)
                let wrong = bucket.share(of: groups)
                if wrong < best.wrong { best = (bucket, wrong) }
            }
        }
        return best
    }
}
