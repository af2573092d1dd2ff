import Primitives

/// The exit codes, one per reason; scripts rely on them.
enum ExitStatus: Int32, Sendable, Comparable {
    /// Everything as expected; an outage without thresholds included.
    case success = 0
    /// A fault of Spate's own, or an output that could not be written.
    case internalError = 1
    /// Wrong arguments.
    case usage = 64
    /// The generator was the limit, a resource is refused, or there is too little data.
    case inconclusive = 95
    /// Slower than the baseline.
    case regression = 96
    /// A threshold was crossed, or an expected failure did not happen.
    case thresholdCrossed = 99
    /// The overall time limit was reached.
    case timeLimit = 102
    /// The scenario is invalid.
    case invalidScenario = 104
    /// Stopped by a signal; reports were written all the same.
    case stoppedBySignal = 105
    /// A port could not be bound.
    case cannotBind = 106
    /// The host has not agreed to be tested.
    case notAgreed = 107

    /// The word for a finding, as `--fail-on` takes it; nil for what is none.
    var finding: String? {
        switch self {
        case .thresholdCrossed: "thresholds"
        case .inconclusive: "inconclusive"
        case .regression: "regression"
        case .timeLimit: "time-limit"
        default: nil
        }
    }

    /// What a run can find, in the order in which it is listed.
    static let findings = ExitPrecedence.findings.compactMap(ExitStatus.init)

    static func < (left: ExitStatus, right: ExitStatus) -> Bool {
        ExitPrecedence.rank(left.rawValue) < ExitPrecedence.rank(right.rawValue)
    }
}
