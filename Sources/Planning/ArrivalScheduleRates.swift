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
        guard
            let segment = self.segments.last(where: {
                $0.start <= time && time < $0.start + $0.duration
            })
        else { return 0 }
        return RatePiece(segment).rate(at: (time - segment.start).seconds)
    }

    /// The arrivals to expect between two times from the run's start.
    package func expectedArrivals(from start: Nanoseconds, to end: Nanoseconds) -> Double {
        self.segments.reduce(0) { sum, segment in
            let low = max(start, segment.start)
            let high = min(end, segment.start + segment.duration)
            guard low < high else { return sum }
            let piece = RatePiece(segment)
            return sum + piece.mass(until: (high - segment.start).seconds)
                - piece.mass(until: (low - segment.start).seconds)
        }
    }
}
