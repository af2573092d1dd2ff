package import Diagnosis
import Primitives

extension Report {
    /// One rule of the scenario and how it went.
    package struct Threshold: Codable, Sendable {
        /// The metric with its tags: `http_req_failed{class:genuine}`.
        package var selector: String
        /// The expression as written.
        package var expression: String
        /// The metric's value; nil when there were no samples, or beyond the slowest answer.
        ///
        /// Of a rule with a window or a span: the worst one.
        @Nullable package var value: Double?
        /// Whether the run is as the rule expects; nil when it could not be judged.
        @Nullable package var ok: Bool?
        /// Seconds from the start when it was first broken.
        @Nullable package var firstBroken: Double?
        /// For how many seconds it was broken at the longest, without a pause.
        @Nullable package var duration: Double?
        /// The rule's own name.
        @Nullable package var name: String?
        /// The phase whose samples counted; nil for the whole run.
        @Nullable package var phase: String?
        /// `pass`, or `fail` where the run is only as expected if the rule breaks.
        package var expect: String
        /// `error`, or `warning` for a rule that fails no run; nil in older reports.
        @Nullable package var severity: String?
        /// The sliding window in wall seconds; nil for everything so far.
        @Nullable package var over: Double?
        /// For how many wall seconds it has to be broken to count; nil for at once.
        @Nullable package var sustained: Double?
        /// True when it ended the run; nil in older reports.
        @Nullable package var aborted: Bool?
        /// Its line in the scenario file, from 1; nil in older reports.
        @Nullable package var line: Int?

        /// A rule.
        package init(
            selector: String, expression: String, value: Double?, ok: Bool?,
            firstBroken: Double? = nil, duration: Double? = nil, name: String? = nil,
            phase: String? = nil, expectsFailure: Bool = false
        ) {
            self.selector = selector
            self.expression = expression
            self._value = Nullable(wrappedValue: value)
            self._ok = Nullable(wrappedValue: ok)
            self._firstBroken = Nullable(wrappedValue: firstBroken)
            self._duration = Nullable(wrappedValue: duration)
            self._name = Nullable(wrappedValue: name)
            self._phase = Nullable(wrappedValue: phase)
            self.expect = expectsFailure ? "fail" : "pass"
            self._severity = Nullable(wrappedValue: "error")
            self._over = Nullable(wrappedValue: nil)
            self._sustained = Nullable(wrappedValue: nil)
            self._aborted = Nullable(wrappedValue: false)
            self._line = Nullable(wrappedValue: nil)
        }

        /// A rule as it was judged.
        package init(_ result: ThresholdResult) {
            let rule = result.rule
            self.init(
                selector: rule.selector, expression: rule.expression,
                value: result.value?.finite,
                ok: result.state == .noSamples && !result.ok ? nil : result.ok,
                firstBroken: result.firstBroken?.finite, duration: result.brokenFor?.finite,
                name: rule.name, phase: rule.phase, expectsFailure: rule.expectsFailure)
            self.severity = rule.severity.rawValue
            self.over = rule.window?.seconds
            self.sustained = rule.lasting?.seconds
            self.aborted = result.endedRun
            self.line = rule.line
        }

        /// True for a rule that is reported and fails no run.
        package var isWarning: Bool { self.severity == "warning" }

        /// The rule in full, with its phase and what is expected of it.
        var conditions: String {
            var text = self.expression
            if let over = self.over {
                text += " over \(UnitText.format(Nanoseconds(seconds: over)))"
            }
            if let sustained = self.sustained {
                text += " for \(UnitText.format(Nanoseconds(seconds: sustained)))"
            }
            if let phase = self.phase { text += " in phase \(phase)" }
            if self.expect == "fail" { text += ", expected to break" }
            return self.isWarning ? text + ", a warning" : text
        }

        enum CodingKeys: String, CodingKey {
            case selector, expression, value, ok, name, phase, expect, severity, over, sustained
            case aborted, line
            case firstBroken = "first_broken"
            case duration = "for"
        }
    }
}
