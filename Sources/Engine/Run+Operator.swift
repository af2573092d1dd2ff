import Dispatch
import Measurements
import Planning
import Primitives
import Transport

/// What a person changes while the run goes on.
extension Run {
    /// Asks for a change; it is told as an event of kind `operator`.
    ///
    /// Returns at once. Once the run drains only remarks and the end are taken.
    package func request(_ request: OperatorRequest) {
        self.control.async { self.take(request) }
    }

    private func take(_ request: OperatorRequest) {
        guard !self.openLanes.isEmpty else { return }
        switch request {
        case .note, .stop: break
        case .toggleHold, .moreLoad, .lessLoad: guard self.stopReason == nil else { return }
        }
        let now = self.clock.now()
        guard let outcome = self.steering.take(request, at: now - self.origin) else { return }
        self.sink.happened(outcome.event)
        if let pace = outcome.pace { self.play(at: pace, now: now) }
        if request == .stop { self.stopNow(.signal) }
    }

    private func play(at pace: PlanPace, now: MonotonicTime) {
        for lane in self.lanes { lane.transfers.async { lane.play(at: pace) } }
        self.timeline?.play(at: pace)
        // Nobody was asked anything for a while: that says nothing about the target.
        self.lastCompleted = now
        let steering = self.steering
        self.update { $0.steering = steering }
        self.sink.paced(steering.paces)
    }
}
