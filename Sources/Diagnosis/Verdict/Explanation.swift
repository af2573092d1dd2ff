import Primitives

/// What a run's record says about what failed, at what load, for whom, and how sure that is.
///
/// The members have the names and units of `report.json`: seconds from the run's start, rates per
/// second, shares between 0 and 1. What is not known is nil, never 0.
package struct Explanation: Sendable {
    /// Whether the run may be believed.
    package var validity: Validity
    /// The answer, in one grade and one sentence.
    package var verdict: Verdict
    /// Where the trouble began; nil when nothing changed or no baseline tells.
    package var onset: Onset?
    /// How much the server could do; nil when the record has too few seconds to tell.
    package var knee: Knee?
    /// Whether it heals by itself; nil until the run is designed to tell.
    package var metastable: Metastability?
    /// What the incident cost.
    package var loss: Loss
    /// The rival explanations, the most probable first.
    package var hypotheses: [Hypothesis]
    /// The families' probabilities by name: the sums over their mechanisms.
    package var families: [String: Double]
    /// Every test that was made.
    package var evidence: [Evidence]
    /// The version of the weights that judged it.
    package var weights: String
    /// True when a switch-off leads that this one run cannot tell from a collapse.
    package var mayBeCollapse = false
    /// Runs that would tell the hypotheses apart; nil: not worked out.
    package var nextRuns: [NextRun]?
    /// What would have avoided it; nil: not worked out.
    package var remedies: [Remedy]?
    /// The rules of the scenario, evaluated.
    package var thresholds: [ThresholdResult]
    /// The people behind the endpoint; nil when the server was not sampled.
    package var review: Review?
    /// When goodput was back at its baseline; nil when it never was, or was never away.
    package var recovered: Double?
    /// The seconds that served as baseline: first, and one past the last; nil without one.
    package var baseline: [Double]?

    /// How probable each hypothesis is to whoever chooses the next run, the most probable first.
    package var beliefs: [Belief] {
        let beliefs = self.hypotheses.map { Belief(id: $0.id, probability: $0.posterior) }
        return self.mayBeCollapse ? beliefs.doubtingSwitchOff() : beliefs
    }

    /// True when a rule is not as the scenario expects it.
    ///
    /// Rules of severity `warning` are reported and nothing more.
    package var anyThresholdCrossed: Bool {
        self.thresholds.contains { $0.state == .crossed && $0.rule.severity == .error }
    }
    /// True when the generator was the limit, or a rule had nothing to be judged by.
    package var inconclusive: Bool {
        self.validity.state == .invalid
            || self.thresholds.contains {
                $0.state == .noSamples && $0.rule.severity == .error
            }
    }
}

/// Whether a run may be believed, gate by gate.
package struct Validity: Sendable, Hashable {
    /// The sum of the gates.
    package enum State: String, Sendable, Hashable, Codable {
        /// The generator did what the plan said.
        case valid
        /// Believe it with care: the machine was busy, or a limit was near.
        case suspect
        /// The generator was the limit: nothing is claimed about the server.
        case invalid
    }
    /// One gate.
    package struct Gate: Sendable, Hashable {
        /// What a gate can say.
        package enum State: String, Sendable, Hashable, Codable {
            /// Passed.
            case ok
            /// Not passed.
            case failed
            /// Nothing to judge by.
            case notApplicable = "not_applicable"
        }
        /// `V1` to `V7`.
        package var id: String
        /// Passed or not.
        package var state: State
        /// The figures behind it, in one sentence.
        package var detail: String
    }
    /// The sum of the gates.
    package var state: State
    /// Every gate that was tried.
    package var gates: [Gate]
    /// Whether more than a tenth of the seconds were late by the machine's fault, not the
    /// generator's: what was measured is partly the machine's doing.
    package var isDisturbed = false
}

/// The answer.
package struct Verdict: Sendable, Hashable {
    /// How much is claimed.
    package enum Grade: String, Sendable, Hashable, Codable {
        /// The mechanism, with independent evidence.
        case cause = "CAUSE"
        /// The family; its mechanisms cannot be told apart.
        case family = "FAMILY"
        /// One hypothesis leads, not decisively.
        case leading = "LEADING"
        /// Several hypotheses stand.
        case notEnoughEvidence = "NOT_ENOUGH_EVIDENCE"
        /// Nothing failed.
        case healthy = "HEALTHY"
        /// The run cannot be used.
        case invalid = "INVALID"
    }
    /// How much is claimed.
    package var grade: Grade
    /// The family claimed, for `FAMILY`, `LEADING` and `CAUSE`.
    package var family: Family?
    /// The mechanism claimed, `M01` to `M27`; only with `CAUSE`.
    ///
    /// With `LEADING` it is the first of the hypotheses that leads.
    package var mechanism: String?
    /// What comes on top: feedback and people (`M21`, `M26`), and the form that a queue takes
    /// (`M03`, `M04`), which tells how a lack of capacity shows and never why.
    package var overlay: [String]
    /// The leader's posterior probability; nil for `INVALID` and `HEALTHY`.
    package var posterior: Double?
    /// The Bayes factor of the leader against the next; nil likewise.
    package var bfNext: Double?
    /// The answer for people.
    package var sentence: String
    /// The sentence's parts, each with what it rests on.
    package var claims: [Claim]
}

/// Where the trouble began.
package struct Onset: Sendable, Hashable {
    /// The first second away from the baseline.
    package var t: Double
    /// A 95 % interval, at least a second to each side.
    package var ci: [Double]
    /// Attempts per second the server was asked for then.
    package var load: Double
    /// The evidence of the first signal; several when they cannot be put in order.
    package var firstSignals: [EvidenceID]
    /// The names of the signals that cannot be put in order; empty when one came first.
    package var tied: [String]
}

/// How much the server could do.
package struct Knee: Sendable, Hashable {
    /// Good answers per second at most; nil when the knee was not reached.
    package var capacity: Double?
    /// A 95 % interval; nil when the knee was not reached.
    package var ci: [Double]?
    /// False when more than was tested may be possible.
    package var reached: Bool
    /// The largest rate that was offered before any collapse.
    package var tested: Double
    /// The largest rate held for 10 s with p95 within the SLO and at most 1 % failures.
    package var sloRate: Double?
    /// Goodput at 1.5 x capacity and above, over capacity; nil when that was never offered.
    package var collapseIndex: Double?
    /// The load under which it heals even if everybody retries: capacity / (1 + r), where r is
    /// `retries`, or what a retry budget grants per first try.
    package var hiddenCapacity: Double?
    /// Retries a client makes at most.
    package var retries: Int
}

/// Whether a server heals by itself (research: diagnosis, 3.8); filled by designed runs.
package struct Metastability: Sendable, Hashable {
    /// `RECOVERED` and so on.
    package var state: String
    /// Predicted seconds to drain when nobody retries.
    package var tFresh: Double?
    /// Predicted seconds to drain when everybody retries.
    package var tStorm: Double?
    /// When it was back.
    package var tRecovered: Double?
    /// What taking the load away did.
    package var relief: String?
    /// What kept it down.
    package var loop: String?
    /// Attempts per step that arrivals alone would begin, while it was down.
    package var amplification: Double?
    /// Steps per second that arrivals alone would begin after the trigger.
    package var load: Double?
    /// What the server can do, per second.
    package var capacity: Double?
    /// Attempts waiting when the trigger ended.
    package var backlog: Double?
    /// Where the capacity is from: `rate while work waited`, `knee`, `intake`, or
    /// `highest rate seen`.
    package var basis: String?
    /// The load under which it heals even if everybody retries.
    package var hiddenCapacity: Double?
    /// The app's share of the amplification.
    package var appAmplification: Double?
    /// What people's pressing again multiplies on top of it.
    package var personAmplification: Double?
    /// When the trigger ended.
    package var triggerEnd: Double?
}

/// What the incident cost the people the service exists for.
package struct Loss: Sendable, Hashable {
    /// Genuine intents, by arrival.
    package struct Genuine: Sendable, Hashable {
        /// The share accepted of those that arrived in the baseline; nil without any.
        package var baselineSuccess: Double?
        /// The share accepted of those that arrived in the incident; nil without an incident.
        package var incidentSuccess: Double?
        /// Intents that arrived in the incident and were not accepted; nil without an incident.
        package var lost: Int?
        /// A 95 % interval of the share lost (Wilson, 1927); nil without an incident.
        package var ci: [Double]?
    }
    /// Genuine intents; nil when there were none.
    package var genuine: Genuine?
    /// P(success | genuine) / P(success | noise) in the incident; nil when either is unknown.
    package var selectivity: Double?
    /// Beliefs against the store; nil when no listing could be had.
    package var reconcile: Reconcile?
    /// The incident: from the onset to the recovery or the run's end; nil without an onset.
    package var incident: [Double]?

    /// The four cells of the reconciliation.
    package struct Reconcile: Sendable, Hashable {
        /// Accepted and stored.
        package var ackedStored: Int
        /// Accepted and not stored: data loss.
        package var ackedMissing: Int
        /// Not accepted, yet stored.
        package var unackedStored: Int
        /// Neither.
        package var unackedMissing: Int
    }
}

/// A rival explanation.
package struct Hypothesis: Sendable, Hashable {
    /// A mechanism's id, `HEALTHY` or `UNKNOWN`.
    package var id: String
    /// Its probability given the evidence.
    package var posterior: Double
    /// Evidence that speaks for it.
    package var supporting: [EvidenceID]
    /// Evidence that speaks against it.
    package var against: [EvidenceID]
    /// What would have to be known.
    package var missing: [String]
    /// The run that would refute it; nil: not worked out.
    package var refutingRun: String?
}

/// A run that would tell hypotheses apart.
package struct NextRun: Sendable, Hashable {
    /// Its name in the catalogue.
    package var id: String
    /// Expected information in bits.
    package var gainBits: Double
    /// What to do.
    package var what: String
    /// The outcome that would refute the leading explanation; nil when none would.
    package var refutedBy: String?
    /// False for what takes another machine or another network.
    package var isRunnable: Bool
}

/// What would have avoided the trouble.
package struct Remedy: Sendable, Hashable {
    /// Its name in the catalogue.
    package var id: String
    /// What the formula says.
    package var predicted: String?
    /// What a run with it showed.
    package var measured: String?
}

/// The people behind the endpoint, in wall time.
package struct Review: Sendable, Hashable {
    /// Submissions accepted per second, over the run.
    package var acceptedPerSecond: Double?
    /// Submissions reviewed per second, over the run.
    package var reviewedPerSecond: Double?
    /// Submissions waiting at the end.
    package var backlog: Double?
    /// The oldest one's age in seconds, at the end.
    package var oldestAge: Double?
    /// Submissions the queue grows by per second, over the run; negative while it shrinks.
    package var slope: Double?
    /// Seconds until the newest submission's turn, first come first served.
    package var newestWaits: Double?
    /// Seconds until nothing waits, at the first third's inflow; nil where it never ends.
    package var clearsIn: Double?
    /// Median wait of genuine submissions in seconds.
    package var genuineWaitP50: Double?
    /// The 95th percentile of the same.
    package var genuineWaitP95: Double?
}
