import Measurements
import Primitives

/// Counts how well a source could be read; no I/O, no clock.
struct ProbeTallying {
    private let name: String
    private var readings = 0
    private var missed = 0
    private var delaySum = 0.0
    private var delayWorst = 0.0
    private var clock: ClockOffset?
    private var told: Set<String> = []

    init(name: String) {
        self.name = name
    }

    /// Takes what a source told; `delay` is nil when its second was over.
    ///
    /// - Returns: a warning that was not told before.
    mutating func add(_ reading: ProbeReading, delay: Nanoseconds?) -> String? {
        if let clock = reading.clock {
            self.clock = self.clock.map { $0.improved(with: clock) } ?? clock
        }
        var warning = reading.problem
        if let delay, !reading.values.isEmpty {
            self.readings += 1
            let seconds = max(0, delay.seconds)
            self.delaySum += seconds
            self.delayWorst = max(self.delayWorst, seconds)
        } else {
            self.missed += 1
            if delay == nil, warning == nil { warning = "an answer took longer than its second" }
        }
        // A source that always finds new words is not listened to for ever.
        guard let warning, self.told.count < 5, self.told.insert(warning).inserted else {
            return nil
        }
        return "\(self.name): \(warning)"
    }

    /// The sums so far.
    var tally: ProbeTally {
        ProbeTally(
            name: self.name, readings: self.readings, missed: self.missed,
            delayMean: self.readings > 0 ? self.delaySum / Double(self.readings) : nil,
            delayWorst: self.readings > 0 ? self.delayWorst : nil,
            clockOffset: self.clock?.offset.seconds, clockError: self.clock?.error.seconds)
    }
}
