import Measurements
import Primitives

/// One rule's way through a run: pure, a row at a time.
struct ThresholdTrack: Sendable {
    let rule: ThresholdRule
    private var reader: MetricReader?
    /// Everything so far.
    private var total: MetricSamples?
    /// The rows of the sliding window.
    private var recent: [(row: SecondRow.Span, samples: MetricSamples)] = []
    private var samples = 0
    private var ended = 0
    private var worst: Double?
    private var firstBroken: Double?
    private var brokenSince: Double?
    private var longest = 0.0
    private var everLasted = false
    private var lastEnd = 0.0

    init(_ rule: ThresholdRule, manifest: RunManifest) {
        self.rule = rule
        self.reader = MetricReader(
            metric: rule.metric, tags: rule.tags, phase: rule.phase, of: manifest)
    }

    mutating func move(to manifest: RunManifest) {
        self.reader = MetricReader(
            metric: self.rule.metric, tags: self.rule.tags, phase: self.rule.phase, of: manifest)
    }

    /// Windows and spans are judged second by second; other rules by everything so far.
    private var isSliding: Bool { self.rule.window != nil || self.rule.lasting != nil }

    /// Takes the next row.
    ///
    /// - Returns: the metric's number when the rule is broken as of now; nil otherwise.
    mutating func add(_ row: SecondRow) -> Double? {
        guard let reader = self.reader else { return nil }
        let samples = reader.samples(of: row)
        let isCovered = reader.covers(row)
        self.samples += samples.count
        self.ended += reader.ended(in: row)
        // Outside its phase a rule only hears of the ends of intents that arrived in it.
        guard isCovered || samples.count > 0 else { return nil }
        self.lastEnd = Double(row.end)
        self.total = ThresholdTrack.sum(self.total, samples)
        if self.isSliding {
            guard isCovered else { return nil }
            return self.slide(row, samples, reader, ended: reader.ended(in: row))
        }
        guard !self.rule.waitsForTheEnd, let total = self.total,
            let value = reader.number(total, self.rule.aggregation), self.ended > 0
        else { return nil }
        let isBroken: Bool
        if case (.counter, .equal) = (total, self.rule.comparison), self.rule.aggregation == .count
        {
            // On its way to the number it has to be in the end.
            isBroken = value > self.rule.limit
        } else {
            isBroken = self.breaks(value)
        }
        self.note(row, isBroken: isBroken)
        return isBroken ? value : nil
    }

    private mutating func slide(
        _ row: SecondRow, _ samples: MetricSamples, _ reader: MetricReader, ended: Int
    ) -> Double? {
        var judged = samples
        if let window = self.rule.window {
            self.recent.append((SecondRow.Span(row), samples))
            let start = Double(row.end) - max(1, window.seconds)
            self.recent.removeAll { Double($0.row.end) <= start }
            // A window that the run has not filled yet is none.
            guard let first = self.recent.first, Double(first.row.start) <= start + 0.5 else {
                return nil
            }
            judged = self.recent.dropFirst().reduce(first.samples) { sum, entry in
                var sum = sum
                sum.append(entry.samples)
                return sum
            }
        }
        guard let value = reader.number(judged, self.rule.aggregation),
            self.isFact(judged, ended: ended)
        else { return nil }
        let isBroken = self.breaks(value)
        self.worst = self.worse(self.worst, value)
        self.note(row, isBroken: isBroken)
        guard isBroken else { return nil }
        guard let lasting = self.rule.lasting else {
            self.everLasted = true
            return value
        }
        guard self.currentSpell(row) + 0.001 >= lasting.seconds else { return nil }
        self.everLasted = true
        return value
    }

    /// A count of nothing says something only while anything ended at all; and of a single second
    /// in which nothing did only that a lower limit is not reached.
    private func isFact(_ samples: MetricSamples, ended: Int) -> Bool {
        guard case .counter = samples else { return samples.count > 0 }
        guard self.ended > 0 else { return false }
        let isLowerLimit = [.greater, .greaterOrEqual].contains(self.rule.comparison)
        return ended > 0 || isLowerLimit || self.rule.window != nil
    }

    private func breaks(_ value: Double) -> Bool {
        !value.isNaN && !self.rule.comparison.holds(value, self.rule.limit)
    }

    private func currentSpell(_ row: SecondRow) -> Double {
        self.brokenSince.map { Double(row.end) - $0 } ?? 0
    }

    private mutating func note(_ row: SecondRow, isBroken: Bool) {
        guard isBroken else {
            self.brokenSince = nil
            return
        }
        let since = self.brokenSince ?? Double(row.second)
        self.brokenSince = since
        self.firstBroken = self.firstBroken ?? since
        self.longest = max(self.longest, Double(row.end) - since)
    }

    private func worse(_ old: Double?, _ new: Double) -> Double {
        guard let old else { return new }
        switch self.rule.comparison {
        case .less, .lessOrEqual: return max(old, new)
        case .greater, .greaterOrEqual: return min(old, new)
        case .equal, .notEqual: return self.breaks(old) ? old : new
        }
    }

    private static func sum(_ total: MetricSamples?, _ samples: MetricSamples) -> MetricSamples {
        guard var total else { return samples }
        total.append(samples)
        // Of a level only its ends and its last value are asked for.
        if case .gauge(let list) = total, list.count > 64, let last = list.last,
            let least = list.min(), let most = list.max()
        {
            return .gauge([least, most, last])
        }
        return total
    }

    /// What the rule says as of now.
    var result: ThresholdResult {
        guard let reader = self.reader, let total = self.total else {
            return ThresholdResult(self.rule, value: nil, samples: 0)
        }
        // A counter at zero is a fact only if the selection saw any end at all: otherwise a
        // phase without load would make `count==0` pass.
        var samples = self.samples
        if case .counter(let sum, _) = total, sum == 0 { samples = self.ended }
        var result: ThresholdResult
        if self.isSliding {
            result = ThresholdResult(
                self.rule, value: self.worst, isBroken: self.everLasted,
                samples: self.worst == nil ? 0 : samples)
        } else {
            result = ThresholdResult(
                self.rule, value: reader.number(total, self.rule.aggregation), samples: samples)
        }
        guard result.state != .noSamples, samples > 0 else { return result }
        result.firstBroken = self.firstBroken
        result.brokenFor = self.longest > 0 ? self.longest : nil
        if result.firstBroken == nil, !result.ok, !self.rule.expectsFailure {
            // Only the end could tell.
            result.firstBroken = self.lastEnd
        }
        return result
    }
}

extension SecondRow {
    /// The seconds of a row, without its counts.
    struct Span: Sendable {
        var start: Int
        var end: Int

        init(_ row: SecondRow) {
            self.start = row.second
            self.end = row.end
        }
    }
}
