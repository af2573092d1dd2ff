/// People who review what a service accepted: the queue behind the queue (M26).
///
/// The endpoint can be up while the service is down: this is the second half of that sentence.
package struct ReviewBacklog: Sendable, Hashable {
    /// Items accepted per second.
    package var accepted: Double
    /// Items all reviewers finish per second; above 0.
    package var reviewed: Double

    /// A backlog of such flows; `reviewed` is what reviewers finish when they never lack work.
    package init(accepted: Double, reviewed: Double) {
        precondition(reviewed > 0, "somebody must review, in some time")
        self.accepted = accepted
        self.reviewed = reviewed
    }

    /// A backlog; `reviewers` people each take `seconds` an item.
    package init(accepted: Double, reviewers: Int, seconds: Double) {
        precondition(reviewers > 0 && seconds > 0, "somebody must review, in some time")
        self.accepted = accepted
        self.reviewed = Double(reviewers) / seconds
    }

    /// True when reviewers keep up.
    package var isStable: Bool { self.accepted < self.reviewed }

    /// Items the backlog grows by per second; negative while it shrinks.
    package var slope: Double { self.accepted - self.reviewed }

    /// Seconds the newest of so many items waits, first come first served.
    package func age(of backlog: Double) -> Double { backlog / self.reviewed }

    /// Seconds to clear so many items at an ordinary inflow; infinite when it outpaces review.
    package func clearing(_ backlog: Double, inflow: Double) -> Double {
        inflow < self.reviewed ? backlog / (self.reviewed - inflow) : .infinity
    }

    /// The relevant share of what triage lets through; nil when it lets nothing through.
    ///
    /// `share` is the relevant share of everything; the rates are triage's true and false
    /// positives.
    package static func precision(
        share: Double, truePositive: Double, falsePositive: Double
    ) -> Double? {
        let found = share * truePositive
        let passed = found + (1 - share) * falsePositive
        return passed > 0 ? found / passed : nil
    }
}
