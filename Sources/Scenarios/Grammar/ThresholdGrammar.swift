import Primitives

extension ScenarioGrammar {
    static let threshold = Record(
        what: "a threshold",
        keys: [
            Key(
                "threshold", .scalar(.expression),
                "The rule: aggregation, comparison, number and unit, such as p(95)<500ms."
            ).required,
            Key("name", text, "The rule's own name, for reports."),
            Key("phase", text, "The phase whose samples count; the whole run without it."),
            Key(
                "over", duration,
                "The sliding window that is judged, in story time; everything so far without it."),
            Key(
                "for", duration,
                "How long it must be broken without a pause to count, in story time."),
            Key(
                "expect", .scalar(.word(["pass", "fail"], reserved: [])),
                "fail: the run is as expected only if the rule is broken.", fallback: "pass"),
            Key(
                "severity", word(ThresholdRule.Severity.self),
                "warning: reported, but no reason to fail the run.", fallback: "error"),
            Key(
                "abortOnFail", boolean,
                "End the run as soon as the rule is broken: arrivals stop, exit code 99.",
                fallback: "false"),
            Key(
                "delayAbortEval", duration,
                "How long after the start it may end the run at the earliest, in story time."),
            Key(
                "allowEmpty", boolean,
                "Pass when there are no samples; without it that is inconclusive, exit code 95.",
                fallback: "false"),
        ],
        needs: [("delayAbortEval", "abortOnFail")])
}
