import Primitives
import Scenarios

extension LoadPlan {
    /// The load of which only a share comes in some windows; iterations are never cut.
    func relieved(by windows: [ReliefWindow]) -> LoadPlan {
        guard !windows.isEmpty else { return self }
        switch self {
        case .open(let schedule): return .open(schedule.relieved(by: windows))
        case .closed(let curve): return .closed(curve.relieved(by: windows))
        case .iterations: return self
        }
    }
}

extension ArrivalSchedule {
    /// The curve with its segments cut at the windows' borders, and lowered between them.
    func relieved(by windows: [ReliefWindow]) -> ArrivalSchedule {
        var schedule = self
        schedule.reliefs = windows
        schedule.segments = self.segments.flatMap { $0.relieved(by: windows) }
        return schedule
    }
}

extension ArrivalSchedule.Segment {
    /// Straight lines stand for a smooth segment that has to be cut.
    private static let lines = 16

    private var end: Nanoseconds { self.start + self.duration }

    /// The segment itself, or its parts.
    func relieved(by windows: [ReliefWindow]) -> [ArrivalSchedule.Segment] {
        let own = windows.filter { $0.start < self.end && self.start < $0.end }
        guard !own.isEmpty else { return [self] }
        var borders = Set(own.flatMap { [$0.start, $0.end] })
        if self.shape == .smooth {
            for line in 1..<Self.lines {
                borders.insert(self.start + self.duration * (Double(line) / Double(Self.lines)))
            }
        }
        let inner = borders.filter { self.start < $0 && $0 < self.end }.sorted()
        let points = [self.start] + inner + [self.end]
        let piece = RatePiece(self)
        return zip(points, points.dropFirst()).map { begin, end in
            let share = own.first { $0.start <= begin && begin < $0.end }?.share ?? 1
            func rate(_ time: Nanoseconds) -> Double {
                share * piece.rate(at: (time - self.start).seconds)
            }
            return ArrivalSchedule.Segment(
                start: begin, duration: end - begin, from: rate(begin), to: rate(end),
                shape: self.shape == .smooth ? .linear : self.shape)
        }
    }
}

extension ClientCurve {
    /// The curve with a share of its clients in the windows; where there was one there stays one,
    /// unless the share is none at all.
    func relieved(by windows: [ReliefWindow]) -> ClientCurve {
        let times = Set(self.changes.map(\.at) + windows.flatMap { [$0.start, $0.end] })
        var curve = self
        curve.changes = times.sorted().reduce(into: []) { changes, time in
            guard let level = self.changes.last(where: { $0.at <= time })?.clients else { return }
            let window = windows.first { $0.start <= time && time < $0.end }
            let clients =
                window.map { $0.share == 0 ? 0 : ClientCurve.scaledClients(level, by: $0.share) }
                ?? level
            if changes.last?.clients != clients {
                changes.append(Change(at: time, clients: clients))
            }
        }
        return curve
    }
}
