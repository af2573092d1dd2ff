import Measurements
import Primitives

extension Detector {
    /// A size above which bodies are refused, whatever the load (research: diagnosis, M11).
    static let size = Detector(
        purpose: "Is there a size of body beyond which everything fails, and below which nothing?",
        tests: ["size_threshold"]
    ) { file in
        guard let trouble = file.trouble else { return [] }
        // A limit that always was holds in the quiet beginning as well.
        let all = SizeThreshold.made(of: file.attempts.rows, in: 0..<max(1, file.facts.length))
        let fits = [all, SizeThreshold.introduced(file, in: trouble)].compactMap { $0 }
        guard let found = fits.first(where: { $0.fit.isStep }) ?? fits.first else { return [] }
        let fit = found.fit
        return [
            Finding(
                "size_threshold", fired: fit.isStep, group: "size", n: found.n,
                window: found.window,
                [
                    "threshold": fit.threshold, "width": fit.width, "below": fit.below,
                    "above": fit.above,
                ])
        ]
    }

    /// What only fills up: failures that begin late and hit large bodies first (research: M17).
    ///
    /// One run cannot tell whether it is a sum of bytes at which they begin; several can.
    static let cumulativeBytes = Detector(
        purpose: "Do failures begin within the run and depend on size, after the whole upload?",
        tests: ["size_dependence", "fails_after_upload"]
    ) { file in
        guard let incident = file.incident, let trouble = file.trouble, file.quiet != nil else {
            return []
        }
        let rows = file.during.filter { $0.isLoaded && ($0.size ?? 0) > 0 && $0.status != nil }
        let failed = rows.filter { !$0.isGood && ($0.status ?? 0) >= 400 }
        guard failed.count >= 20 else { return [] }
        let good = rows.filter(\.isGood)
        let before = file.before.filter { $0.isLoaded && ($0.size ?? 0) > 0 }
        let wasWell = before.weight > 0 && before.filter(\.isGood).weight >= 0.98 * before.weight
        let received = file.attempts.started(in: 0..<max(0, incident.start))
            .reduce(0.0) { $0 + Double($1.bytesUp) * $1.weight }
        var findings: [Finding] = []
        func sizes(_ rows: [Attempt]) -> [Double] { rows.map { Double($0.size ?? 0) } }
        // A sharp limit explains that large ones fail; space that runs out has none.
        let limit = SizeThreshold.introduced(file, in: trouble)
        if limit?.fit.isStep != true, good.count >= 20,
            let larger = exceedance(of: sizes(good), by: sizes(failed))
        {
            findings.append(
                Finding(
                    "size_dependence", fired: wasWell && larger >= 0.65, group: "depletion",
                    n: rows.count, window: trouble,
                    ["larger": larger, "bytes_at_onset": received]))
        }
        let whole = failed.filter { $0.bytesUp >= ($0.size ?? 0) }
        // 503 is a server that turns away, whatever it still has room for.
        let isError = failed.filter { ($0.status ?? 0) >= 500 && $0.status != 503 }
        let usual = weightedQuantile(
            before.filter(\.isGood).map { ($0.service, $0.weight) }, 0.5)
        let time = weightedQuantile(failed.map { ($0.service, $0.weight) }, 0.5)
        if before.count >= 20, let usual, let time {
            let isWhole = whole.weight >= 0.9 * failed.weight
            let isPlain = isError.weight >= 0.9 * failed.weight
            // Late refusals of whole bodies may have waited for a worker first: nothing is told.
            let isPrompt = time <= 3 * usual
            if isPrompt || !isWhole || !isPlain {
                findings.append(
                    Finding(
                        "fails_after_upload", fired: isWhole && isPlain,
                        group: "depletion", n: failed.count, window: trouble,
                        [
                            "uploaded": whole.weight / failed.weight, "time_ratio": time / usual,
                            "bytes_at_onset": received,
                        ]
                    ).expected)
            }
        }
        return findings
    }

    /// A body that the buffers of two kernels may take whole, in bytes.
    private static let bufferedBody = 1_048_576.0

    /// Bytes per second stay the same while each body takes longer to send (research: M10).
    static let bandwidth = Detector(
        purpose: "Did the bytes per second reach a plateau while first bytes stayed prompt?",
        tests: ["bandwidth_plateau"]
    ) { file in
        guard let trouble = file.trouble, let quiet = file.quiet,
            let before = PartLevels(file, quiet), let during = PartLevels(file, trouble),
            let sendBefore = before.send, let send = during.send, let waitBefore = before.wait,
            let wait = during.wait
        else { return [] }
        let facts = file.facts
        let usable = trouble.filter { facts.isClean($0) && facts.seconds[$0].done > 0 }
        let rates = usable.map { facts.seconds[$0].bytesUp }
        guard rates.count >= 10, let rate = median(rates), rate >= 10_000,
            let variation = robustVariation(rates)
        else { return [] }
        let sending = send / max(sendBefore, 1)
        let waiting = wait / max(waitBefore, 1)
        let isFull = variation <= 0.15 && sending >= 3 && send >= 50 && waiting <= 2
        // Bodies that kernels' buffers take whole: when they were sent nobody can tell from here.
        let begun = max(1, file.facts.total(trouble, \.attempts))
        let isBuffered = file.facts.total(trouble, \.bytesUp) / begun < bufferedBody
        guard isFull || !isBuffered || waiting <= 2 else { return [] }
        return [
            Finding(
                "bandwidth_plateau", fired: isFull,
                group: "bandwidth", n: usable.count, window: trouble,
                [
                    "bytes_per_s": rate, "variation": variation, "send_ratio": sending,
                    "wait_ratio": waiting,
                ])
        ]
    }
}

/// A step in the probability to fail over the size of a body.
private struct SizeThreshold {
    /// Where the probability passes one half, in bytes.
    let threshold: Double
    /// From one tenth to nine tenths, as a share of the threshold.
    let width: Double
    /// The probability below and above the step.
    let below: Double
    let above: Double

    /// What a rule about sizes does: answers 400, 403, 413 or an error, or cuts the upload.
    static func isRefusedByRule(_ attempt: Attempt) -> Bool {
        if let status = attempt.status { return status >= 400 && status != 429 }
        return attempt.failure == .sendReset || attempt.failure == .receiveReset
            || attempt.failure == .emptyReply
    }

    /// The fit from the onset on, of refusals that call the request wrong (4xx).
    ///
    /// A limit that came with a release: what passed before it would blur the step. Errors (5xx)
    /// are left out, since space that runs out has a step as well until the rest is used up.
    static func introduced(
        _ file: CaseFile, in trouble: Range<Int>
    ) -> (fit: SizeThreshold, n: Int, window: Range<Int>)? {
        made(of: file.during.filter { ($0.status ?? 0) < 500 }, in: trouble)
    }

    /// The fit over what was sent with a body and either went well or broke a rule.
    static func made(
        of rows: [Attempt], in window: Range<Int>
    ) -> (fit: SizeThreshold, n: Int, window: Range<Int>)? {
        let sent = rows.filter { attempt in
            guard attempt.isLoaded, (attempt.size ?? 0) > 0 else { return false }
            return attempt.isGood || isRefusedByRule(attempt)
        }
        return SizeThreshold(sent).map { ($0, sent.count, window) }
    }

    /// Fits; nil with fewer than 20 of either kind, or all of one size.
    init?(_ rows: [Attempt]) {
        let sorted = rows.sorted { ($0.size ?? 0) < ($1.size ?? 0) }
        let sizes = sorted.map { Double($0.size ?? 0) }
        let failed = sorted.filter { !$0.isGood }.count
        guard failed >= 20, sorted.count - failed >= 20, let smallest = sizes.first,
            let largest = sizes.last, largest >= 1.1 * smallest
        else { return nil }
        let fit = isotonicFit(sorted.map { $0.isGood ? 0 : 1 }, weights: sorted.map(\.weight))
        func place(_ level: Double) -> Double {
            fit.firstIndex { $0 >= level }.map { sizes[$0] } ?? .infinity
        }
        let middle = place(0.5)
        guard middle.isFinite, middle > 0 else { return nil }
        self.threshold = middle
        let end = place(0.9)
        self.width = end.isFinite ? (end - place(0.1)) / middle : 1
        func share(_ isMember: (Double) -> Bool) -> Double {
            var share = WeightedShare()
            for (row, size) in zip(sorted, sizes) where isMember(size) {
                share.add(row.weight, isPart: !row.isGood)
            }
            return share.whole > 0 ? share.share : 0
        }
        self.below = share { $0 < middle }
        self.above = share { $0 >= middle }
    }

    /// Nearly nothing fails below, nearly everything above, and between the two lies little.
    var isStep: Bool { self.width <= 0.1 && self.below <= 0.05 && self.above >= 0.95 }
}
