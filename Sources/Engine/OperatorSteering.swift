package import Measurements
package import Planning
package import Primitives

/// What a person asks of a running run.
package enum OperatorRequest: Sendable, Hashable {
    /// Let no intent begin, or let them begin again.
    case toggleHold
    /// A tenth of the plan's rate more.
    case moreLoad
    /// A tenth of the plan's rate less.
    case lessLoad
    /// A remark for the timeline.
    case note(String)
    /// The end: the first time no intent begins any more, the second time everything is cut.
    case stop
}

/// What an operator has changed so far: request in, event and pace out.
///
/// Pure. A held run is a plan that stands still, another rate one that is played faster or slower:
/// nothing is dropped, and the times that were planned move with their arrivals.
package struct OperatorSteering: Sendable, Hashable {
    /// What became of a request.
    package struct Outcome: Sendable, Hashable {
        /// What the timeline says.
        package var event: RunEvent
        /// The pace from now on; nil where it stays.
        package var pace: PlanPace?
    }
    /// The rates that can be asked for, in per cent of the plan.
    package static let range = 10...200

    /// The paces so far.
    package private(set) var paces = PlanPaces()
    /// The rate in per cent of the plan, also while arrivals are held.
    package private(set) var percent = 100
    /// True while no intent begins.
    package private(set) var isHeld = false
    /// The most that may be asked for.
    private let most: Int

    /// Nothing changed.
    ///
    /// - Parameter headroom: how many times the planned rates the scenario's own limit allows; nil
    ///   without one.
    package init(headroom: Double? = nil) {
        let allowed = headroom.map { Int(min(max($0, 1), 10) * 10 + 1e-9) * 10 }
        self.most = min(OperatorSteering.range.upperBound, allowed ?? .max)
    }

    /// Takes a request at a time of the run; nil where it changes nothing.
    package mutating func take(_ request: OperatorRequest, at time: Nanoseconds) -> Outcome? {
        let time = max(.zero, time)
        switch request {
        case .note(let text):
            let words = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
            var line = String.UnicodeScalarView()
            line.append(contentsOf: words)
            return Outcome(event: self.event(time, .note, "Note: \(String(line))"))
        case .stop: return Outcome(event: self.event(time, .stop, "Operator asks for the end"))
        case .toggleHold: return self.toggle(at: time)
        case .moreLoad: return self.turn(by: 10, at: time)
        case .lessLoad: return self.turn(by: -10, at: time)
        }
    }

    private mutating func toggle(at time: Nanoseconds) -> Outcome {
        let before = self.paces.present
        self.isHeld.toggle()
        self.paces.change(to: self.isHeld ? 0 : Double(self.percent) / 100, at: time)
        guard !self.isHeld else {
            return self.outcome(time, .hold, "Operator holds arrivals: no intent begins")
        }
        let span = UnitText.format(self.paces.present.since - before.since)
        return self.outcome(
            time, .resume,
            "Operator lets arrivals come again: the rest of the plan comes \(span) later")
    }

    private mutating func turn(by change: Int, at time: Nanoseconds) -> Outcome? {
        let percent = min(self.most, max(OperatorSteering.range.lowerBound, self.percent + change))
        guard percent != self.percent else { return nil }
        self.percent = percent
        if !self.isHeld { self.paces.change(to: Double(percent) / 100, at: time) }
        return self.outcome(
            time, .rate,
            "Operator sets the rate to \(percent) % of the plan: the same arrivals, "
                + (percent == 100
                    ? "as far apart as planned" : "\(percent > 100 ? "closer" : "less close")"))
    }

    private func outcome(
        _ time: Nanoseconds, _ action: RunEvent.Action, _ label: String
    ) -> Outcome {
        Outcome(event: self.event(time, action, label), pace: self.paces.present)
    }

    private func event(
        _ time: Nanoseconds, _ action: RunEvent.Action, _ label: String
    ) -> RunEvent {
        var event = RunEvent(t: time.seconds, kind: "operator", label: label)
        event.action = action
        return event
    }
}
