import Primitives
import Scenarios

/// A line of the outline's table: a stretch of a schedule.
struct ArrivalStretch: Sendable, Hashable {
    var start: Nanoseconds
    var duration: Nanoseconds
    /// The rates at its ends, per wall second.
    var from: Double
    var to: Double
    var shape: String
    /// The arrivals to expect.
    var intents: Double
}

extension ArrivalSchedule {
    /// The segments as the outline lists them: a curve's peak is where one stretch meets another.
    var stretches: [ArrivalStretch] {
        let singles = self.segments.map {
            ArrivalStretch(
                start: $0.start, duration: $0.duration, from: $0.from, to: $0.to,
                shape: $0.shape.rawValue, intents: RatePiece($0).total)
        }
        switch self.listing {
        case .stages: return singles
        case .curve(let name): return ArrivalSchedule.runs(of: singles, name: name)
        case .mean(let name):
            guard let first = singles.first else { return [] }
            let length = singles.reduce(.zero) { $0 + $1.duration }
            let sum = singles.reduce(0) { $0 + $1.intents }
            let mean = length > .zero ? sum / length.seconds : 0
            return [
                ArrivalStretch(
                    start: first.start, duration: length, from: mean, to: mean, shape: name,
                    intents: sum)
            ]
        }
    }

    /// Joins neighbours that go the same way.
    private static func runs(of singles: [ArrivalStretch], name: String) -> [ArrivalStretch] {
        var runs: [ArrivalStretch] = []
        for single in singles {
            if let last = runs.last, (last.to - last.from) * (single.to - single.from) >= 0 {
                runs[runs.count - 1].duration += single.duration
                runs[runs.count - 1].to = single.to
                runs[runs.count - 1].intents += single.intents
            } else {
                var run = single
                run.shape = name
                runs.append(run)
            }
        }
        return runs
    }
}
