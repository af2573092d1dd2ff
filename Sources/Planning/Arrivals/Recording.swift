package import Primitives
package import Scenarios

/// The arrival times of a trace's file.
package struct TraceTimes: Sendable, Hashable {
    /// Nanoseconds from the recording's zero, in order.
    package var nanoseconds: [Int64]
    /// True when the file knows whole seconds only, as access logs do.
    package var isWholeSeconds: Bool

    /// Times in any order.
    package init(nanoseconds: [Int64], isWholeSeconds: Bool = false) {
        self.nanoseconds = nanoseconds
        self.isWholeSeconds = isWholeSeconds
        if !zip(nanoseconds, nanoseconds.dropFirst()).allSatisfy({ $0 <= $1 }) {
            self.nanoseconds.sort()
        }
    }
}

/// A cut of recorded times, its speed and how often each is repeated.
package struct Recording: Sendable, Hashable {
    /// The times.
    package var times: TraceTimes
    /// The indices of those inside the cut.
    package var range: Range<Int>
    /// What the cut begins with, in recorded time.
    package var from: Nanoseconds
    /// Wall time per recorded time.
    package var scale: Double
    /// How many arrivals each recorded one becomes, on average.
    package var copies: Double
    /// How much later than recorded an added arrival may come, in recorded time.
    package var jitter: Nanoseconds

    /// A cut of a trace's times.
    package init(_ times: TraceTimes, spec: TraceSpec, scale: Double, copies: Double) {
        self.times = times
        let low = Recording.firstIndex(of: spec.from, in: times)
        let high = spec.to.map { Recording.firstIndex(of: $0, in: times) }
        self.range = low..<max(low, high ?? times.nanoseconds.count)
        self.from = spec.from
        self.scale = scale
        self.copies = copies
        self.jitter = spec.jitter
    }

    /// The expected number of arrivals.
    package var expected: Double { Double(self.range.count) * self.copies }

    /// From the cut's beginning to just after its last arrival, in wall time.
    package var length: Nanoseconds {
        guard let last = self.range.last else { return .zero }
        let isExact = self.copies <= 1 && !self.times.isWholeSeconds
        return self.wall(self.times.nanoseconds[last] - self.from.count)
            + (isExact ? .zero : self.wall(self.jitter.count)) + Nanoseconds(1)
    }

    /// Recorded nanoseconds since the cut's beginning as wall time; exact at the recorded speed.
    func wall(_ recorded: Int64) -> Nanoseconds {
        self.scale == 1 ? Nanoseconds(recorded) : Nanoseconds(recorded) * self.scale
    }

    /// The rate over about 4,096 even stretches of a second or more; its integral is exact.
    func segments(start: Nanoseconds, length: Nanoseconds) -> [ArrivalSchedule.Segment] {
        let width = max(1_000_000_000, length.count / 4_096)
        // What is left of a stretch joins the last: an arrival in a nanosecond is no rate.
        let count = max(1, Int(length.count / width))
        var counts = [Int](repeating: 0, count: count)
        for index in self.range {
            let at = self.wall(self.times.nanoseconds[index] - self.from.count).count
            counts[min(count - 1, Int(at / width))] += 1
        }
        return counts.enumerated().map { index, arrivals in
            let begin = Int64(index) * width
            let duration = Nanoseconds(index == count - 1 ? length.count - begin : width)
            let rate = Double(arrivals) * self.copies / duration.seconds
            return ArrivalSchedule.Segment(
                start: start + Nanoseconds(begin), duration: duration, from: rate, to: rate,
                shape: .step)
        }
    }

    private static func firstIndex(of time: Nanoseconds, in times: TraceTimes) -> Int {
        var (low, high) = (0, times.nanoseconds.count)
        while low < high {
            let middle = (low + high) / 2
            if times.nanoseconds[middle] < time.count { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Walks a recording in order of time, a block of recorded arrivals after another.
///
/// The first copy of each keeps its time to the nanosecond (in a file of whole seconds it is spread
/// over `jitter`); the others come up to `jitter` later, drawn for this recorded arrival alone.
struct RecordedArrivals: Sendable {
    private struct Planned: Comparable {
        var at: Int64
        var index: Int
        var copy: Int

        static func < (left: Planned, right: Planned) -> Bool {
            (left.at, left.index, left.copy) < (right.at, right.index, right.copy)
        }
    }
    private let recording: Recording
    private let start: Nanoseconds
    private let seed: UInt64
    private let population: Int
    private let blockSize: Int
    private var following: Int
    private var block: [Planned] = []
    private var place = 0
    /// Copies that come after what the next block begins with.
    private var carried: [Planned] = []

    init(_ recording: Recording, start: Nanoseconds, seed: UInt64, population: Int) {
        self.recording = recording
        self.start = start
        self.seed = seed
        self.population = population
        self.blockSize = max(1, Int(1_024 / max(1, recording.copies)))
        self.following = recording.range.lowerBound
    }

    /// The next arrival's time, or nil after the last.
    mutating func next() -> Nanoseconds? {
        while self.place == self.block.count {
            guard self.following < self.recording.range.upperBound || !self.carried.isEmpty else {
                return nil
            }
            self.fill()
        }
        defer { self.place += 1 }
        return self.start + self.recording.wall(self.block[self.place].at)
    }

    private mutating func fill() {
        let end = min(self.recording.range.upperBound, self.following + self.blockSize)
        var planned = self.carried
        for index in self.following..<end { self.append(index, to: &planned) }
        self.following = end
        planned.sort()
        self.place = 0
        guard end < self.recording.range.upperBound else {
            (self.block, self.carried) = (planned, [])
            return
        }
        // What comes no later than the next recorded arrival cannot be overtaken.
        let limit = self.recording.times.nanoseconds[end] - self.recording.from.count
        let split = planned.firstIndex { $0.at > limit } ?? planned.count
        (self.block, self.carried) = (Array(planned[..<split]), Array(planned[split...]))
    }

    private func append(_ index: Int, to planned: inout [Planned]) {
        let at = self.recording.times.nanoseconds[index] - self.recording.from.count
        let isSpread = self.recording.times.isWholeSeconds
        if self.recording.copies == 1, !isSpread {
            planned.append(Planned(at: at, index: index, copy: 0))
            return
        }
        let random = CounterRandom(
            seed: self.seed, population: self.population, intent: index, purpose: .arrival)
        let whole = Int(self.recording.copies)
        let more = random.uniform(0) < self.recording.copies - Double(whole) ? 1 : 0
        for copy in 0..<(whole + more) {
            let later =
                copy > 0 || isSpread
                ? Int64(random.uniform(1 + copy) * Double(self.recording.jitter.count)) : 0
            planned.append(Planned(at: at + later, index: index, copy: copy))
        }
    }
}
