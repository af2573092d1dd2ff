extension Detector {
    /// An allowance for each client, and nothing else, decides who is let in (research:
    /// diagnosis, M12).
    static let tokenBucket = Detector(
        purpose: "Does a token bucket tell who is refused, one per client or one for all?",
        tests: ["token_bucket", "other_keys_unaffected", "common_limit"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        let shared = TokenBucketDetector.shared(file, trouble)
        let rows = file.during.filter { $0.client != nil && ($0.isGood || $0.isRefusal) }
        guard rows.filter(\.isRefusal).count >= 20 else { return [shared].compactMap { $0 } }
        return [
            TokenBucketDetector.apart(rows, trouble), TokenBucketDetector.fit(rows, trouble),
            shared,
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
        let perClient = AdmissionBucket.best(of: clients)
        let common = AdmissionBucket.best(of: [requests(kept)])
        // A quarter of what saying "always" would get wrong.
        let blind = Double(min(good, refused)) / Double(kept.count)
        let isRule =
            perClient.wrong <= min(0.05, 0.25 * blind) && perClient.wrong <= 0.5 * common.wrong
        return Finding(
            "token_bucket", fired: isRule, group: "limiter", n: kept.count, window: trouble,
            [
                "wrong": perClient.wrong, "wrong_in_common": common.wrong,
                "rate": perClient.bucket.rate, "burst": perClient.bucket.burst,
                "clients": Double(clients.count),
            ])
    }

    /// One allowance for everybody.
    ///
    /// A server at its limit lets in as evenly as a bucket does, but those that it lets in wait;
    /// behind a limiter they are served as fast as before there was one. Nothing is said in
    /// between.
    static func shared(_ file: CaseFile, _ trouble: Range<Int>) -> Finding? {
        let rows = file.during.filter { $0.isGood || $0.isRefusal }
        guard let quiet = file.quiet else { return nil }
        let kept = Array(rows.prefix(2_000))
        let good = kept.filter(\.isGood).count
        let refused = kept.count - good
        let seconds = file.facts.seconds
        let limited = trouble.filter { seconds[$0].refusals >= 0.1 * max(1, seconds[$0].done) }
        guard good >= 20, refused >= 20,
            let before = median(quiet.compactMap { seconds[$0].goodP50 }),
            let after = median(limited.compactMap { seconds[$0].goodP50 }), before > 0
        else { return nil }
        let isPrompt = after <= max(1.1 * before, before + 2)
        let isLate = after > max(1.25 * before, before + 5)
        guard rows.weight <= 1.05 * Double(rows.count) else {
            // Of a list that was thinned no bucket can be learnt; that people wait is seen anyhow.
            guard isLate else { return nil }
            return Finding(
                "common_limit", fired: false, group: "limiter", n: limited.count,
                window: trouble, ["wait_ratio": after / before])
        }
        let best = AdmissionBucket.best(of: [requests(kept)])
        let blind = Double(min(good, refused)) / Double(kept.count)
        let isBucket = best.wrong <= min(0.05, 0.25 * blind)
        let isAnything = best.wrong > 0.3 * blind
        guard isLate || isAnything || (isBucket && isPrompt) else { return nil }
        return Finding(
            "common_limit", fired: isBucket && isPrompt, group: "limiter", n: kept.count,
            window: trouble,
            [
                "wrong": best.wrong, "rate": best.bucket.rate, "burst": best.bucket.burst,
                "wait_ratio": after / before,
            ])
    }

    private static func requests(_ rows: [Attempt]) -> [AdmissionBucket.Request] {
        rows.map { AdmissionBucket.Request(at: $0.started, isGood: $0.isGood) }
    }
}
