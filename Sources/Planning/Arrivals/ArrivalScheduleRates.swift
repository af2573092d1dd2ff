package import Primitives

extension ArrivalSchedule {
    /// The arrivals to expect in all: exact for uniform spacing, the mean for Poisson.
    package var expectedArrivals: Double {
        self.segments.reduce(0) { $0 + RatePiece($1).total }
    }

    /// The highest rate at any time, per wall second.
    package var peakRate: Double {
        self.segments.lazy.filter { $0.duration > .zero }.map { RatePiece($0).peak }.max() ?? 0
    }

    /// The rate at a time from the run's start, per wall second; 0 outside the segments.
    package func rate(at time: Nanoseconds) -> Double {
        let index = self.index(at: time)
        guard index >= 0 else { return 0 }
        let segment = self.segments[index]
        guard time < segment.start + segment.duration else { return 0 }
        return RatePiece(segment).rate(at: (time - segment.start).seconds)
    }

    /// The arrivals to expect between two times from the run's start.
    package func expectedArrivals(from start: Nanoseconds, to end: Nanoseconds) -> Double {
        var sum = 0.0
        for segment in self.segments[max(0, self.index(at: start))...] {
            if segment.start >= end { break }
            let low = max(start, segment.start)
            let high = min(end, segment.start + segment.duration)
            guard low < high else { continue }
            let piece = RatePiece(segment)
            sum +=
                piece.mass(until: (high - segment.start).seconds)
                - piece.mass(until: (low - segment.start).seconds)
        }
        return sum
    }

    /// The last segment that has begun at a time; -1 before the first.
    private func index(at time: Nanoseconds) -> Int {
        var (low, high) = (0, self.segments.count)
        while low < high {
            let middle = (low + high) / 2
            if self.segments[middle].start <= time { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}
