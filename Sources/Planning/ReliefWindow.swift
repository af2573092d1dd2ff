package import Primitives
import Scenarios

/// A relief in wall time from the run's start.
package struct ReliefWindow: Sendable, Hashable {
    /// The phase's name.
    package var name: String
    /// Where it begins.
    package var start: Nanoseconds
    /// Where it ends.
    package var end: Nanoseconds
    /// The share of the load that stays, 0 to 1.
    package var share: Double
    /// True when apps and people try again as ever.
    package var retries: Bool

    /// A window; it ends after it begins.
    package init(
        name: String = "relief", start: Nanoseconds, end: Nanoseconds, share: Double,
        retries: Bool = false
    ) {
        self.name = name
        self.start = start
        self.end = end
        self.share = share
        self.retries = retries
    }

    init(_ spec: ReliefSpec, _ scale: StoryScale) {
        self.init(
            name: spec.name, start: scale.wall(spec.at), end: scale.wall(spec.end),
            share: spec.share, retries: spec.retries)
    }

    /// What the timeline says of it.
    var events: [PlannedEvent] {
        let share = "\(UnitText.trimmed(self.share * 100)) % of the load stays"
        let rest = self.retries ? "" : ", nobody tries again"
        return [
            PlannedEvent(at: self.start, kind: .info, label: "Relief: \(share)\(rest)"),
            PlannedEvent(at: self.end, kind: .info, label: "The relief is over"),
        ]
    }
}

/// Leaves arrivals out evenly: of each five, a share of 0.2 lets one through.
struct ReliefThinning: Sendable {
    private let windows: [ReliefWindow]
    private var credit = 0.5

    init(_ windows: [ReliefWindow]) {
        self.windows = windows
    }

    /// True when the arrival at that time does not come.
    mutating func leavesOut(_ time: Nanoseconds) -> Bool {
        guard let window = self.windows.first(where: { $0.start <= time && time < $0.end })
        else { return false }
        self.credit += window.share
        guard self.credit >= 1 else { return true }
        self.credit -= 1
        return false
    }
}
