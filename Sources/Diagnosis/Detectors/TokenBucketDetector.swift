#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension Detector {
    /// An allowance for each client, and nothing else, decides who is let in (research:
    /// diagnosis, M12).
    static let tokenBucket = Detector(
        purpose: "Does a token bucket per client tell who is refused?",
        tests: ["token_bucket", "other_keys_unaffected"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let rows = file.during.filter { $0.client != nil && ($0.isGood || $0.isRefusal) }
        let refused = rows.filter(\.isRefusal)
        guard refused.count >= 20 else { return [] }
        return [
            TokenBucketDetector.apart(rows, trouble), TokenBucketDetector.fit(rows, trouble),
        ].compactMap { $0 }
    }
}

private enum TokenBucketDetector {
    /// Some clients are refused most of the time while others, at the same time, never are.
    static func apart(_ rows: [Attempt], _ trouble: Range<Int>) -> Finding? {
        let clients = Dictionary(grouping: rows) { $0.client }.values.filter { $0.count >= 3 }
        guard clients.count >= 4 else { return nil }
        let limited = clients.filter { 2 * $0.filter(\.isRefusal).weight >= $0.weight }
        let untouched = clients.filter { $0.filter(\.isRefusal).isEmpty }
        let spared = untouched.reduce(0.0) { $0 + $1.weight }
        let total = clients.reduce(0.0) { $0 + $1.weight }
        // By chance a client of three requests is spared at times, one of ten is not.
        let isApart =
            !limited.isEmpty && spared >= 0.05 * total
            && untouched.reduce(0) { $0 + $1.count } >= 20
        return Finding(
            "other_keys_unaffected", fired: isApart, group: "limiter", n: rows.count,
            window: trouble,
            [
                "clients": Double(clients.count), "limited": Double(limited.count),
                "unaffected": Double(untouched.count),
            ])
    }

    /// The burst and rate that foretell best whom a bucket per client refuses, against one bucket
    /// for all: a common bucket is a server at its limit, not a rule about clients.
    static func fit(_ rows: [Attempt], _ trouble: Range<Int>) -> Finding? {
        // Buckets need every request; a list that was thinned leaves out what emptied them.
        guard rows.weight <= 1.05 * Double(rows.count) else { return nil }
        let kept = Array(rows.prefix(2_000))
        let good = kept.filter(\.isGood).count
        let refused = kept.count - good
        guard good >= 20, refused >= 20 else { return nil }
        let clients = Dictionary(grouping: kept) { $0.client ?? 0 }.values.map(requests)
        // Of clients that come once no rule about clients can be learnt.
        let again = clients.filter { $0.count >= 5 }
        guard again.count >= 2, again.reduce(0, { $0 + $1.count }) >= kept.count / 2 else {
            return nil
        }
        let perClient = best(clients)
        let common = best([requests(kept)])
        // A quarter of what saying "always" would get wrong.
        let blind = Double(min(good, refused)) / Double(kept.count)
        let isRule =
            perClient.wrong <= min(0.05, 0.25 * blind) && perClient.wrong <= 0.5 * common.wrong
        return Finding(
            "token_bucket", fired: isRule, group: "limiter", n: kept.count, window: trouble,
            [
                "wrong": perClient.wrong, "wrong_in_common": common.wrong,
                "rate": perClient.rate, "burst": perClient.burst,
                "clients": Double(clients.count),
            ])
    }

    /// When a request came, and whether it was let in.
    private typealias Request = (at: Double, isGood: Bool)
    /// A bucket, and the share of its forecasts that were wrong.
    private typealias Bucket = (wrong: Double, rate: Double, burst: Double)

    private static func requests(_ rows: [Attempt]) -> [Request] {
        rows.map { (at: $0.started, isGood: $0.isGood) }
    }

    /// The best bucket of a coarse grid of rates and bursts, its rate refined to a tenth.
    private static func best(_ groups: [[Request]]) -> Bucket {
        var best: Bucket = (wrong: 2, rate: 0, burst: 0)
        for step in 0...16 {
            let rate = pow(10, -2 + Double(step) / 4)
            for burst in [1.0, 2, 5, 10, 20, 50, 100] {
                let wrong = share(groups, rate: rate, burst: burst)
                if wrong < best.wrong { best = (wrong: wrong, rate: rate, burst: burst) }
            }
        }
        let coarse = best
        for step in -6...6 {
            let rate = coarse.rate * pow(10, Double(step) / 24)
            let wrong = share(groups, rate: rate, burst: coarse.burst)
            if wrong < best.wrong { best = (wrong: wrong, rate: rate, burst: coarse.burst) }
        }
        return best
    }

    private static func share(_ groups: [[Request]], rate: Double, burst: Double) -> Double {
        var wrong = 0
        var all = 0
        for group in groups {
            wrong += misses(group, rate: rate, burst: burst)
            all += group.count
        }
        return Double(wrong) / Double(max(1, all))
    }

    /// Forecasts of one bucket that were wrong.
    ///
    /// Afterwards the bucket follows what happened, so that one wrong forecast costs one.
    private static func misses(_ requests: [Request], rate: Double, burst: Double) -> Int {
        var tokens = burst
        var last = requests.first?.at ?? 0
        var wrong = 0
        for (at, isGood) in requests {
            tokens = min(burst, tokens + rate * (at - last))
            last = at
            // Within a tenth of a token either way nobody can tell, but of a full bucket.
            if tokens >= min(1.1, burst), !isGood { wrong += 1 }
            if tokens < 0.9, isGood { wrong += 1 }
            tokens = isGood ? max(0, tokens - 1) : min(tokens, 1)
        }
        return wrong
    }
}
