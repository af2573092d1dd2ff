import Primitives
import Scenarios

extension ThresholdRule {
    /// The rule with its spans in wall time, by whole seconds: runs are judged once a second.
    func inWallTime(_ scale: StoryScale) -> ThresholdRule {
        func wall(_ story: Nanoseconds) -> Nanoseconds {
            .seconds(Int64(max(1, scale.wall(story).seconds.rounded(.up))))
        }
        var rule = self
        rule.lasting = self.lasting.map(wall)
        rule.window = self.window.map(wall)
        rule.abortDelay = scale.wall(self.abortDelay)
        return rule
    }
}

extension Plan {
    /// Rules that name no phase of the plan, or that it leaves no time to be broken.
    func checkThresholds(_ mistakes: inout MistakeList) {
        for rule in self.thresholds {
            let place = SourceLocation(line: rule.line, column: rule.column)
            var length = self.duration
            if let phase = rule.phase {
                let named = self.phases.filter { $0.name == phase }
                guard !named.isEmpty else {
                    let known = self.phases.map(\.name).joined(separator: ", ")
                    mistakes.add("no phase is called '\(phase)'; there are \(known)", at: place)
                    continue
                }
                length = named.reduce(.zero) { $0 + ($1.end - $1.start) }
            }
            let whole = Nanoseconds.seconds(Int64(length.seconds.rounded(.up)))
            for (word, span) in [("over", rule.window), ("for", rule.lasting)] {
                guard let span else { continue }
                if span > whole {
                    mistakes.add(
                        "\(word): \(UnitText.format(span)) of wall time is longer than"
                            + " \(rule.phase.map { "phase '\($0)'" } ?? "the run"),"
                            + " \(UnitText.format(length)); it can never come about", at: place)
                } else if ThresholdMetric.named(rule.metric)?.grain == .tenSeconds,
                    span < .seconds(10)
                {
                    mistakes.add(
                        "\(word): \(rule.metric) is kept per ten seconds of wall time, and this"
                            + " is \(UnitText.format(span)); make it longer", at: place)
                }
            }
            if rule.abortsRun, rule.abortDelay >= self.duration {
                mistakes.add(
                    "delayAbortEval: the plan is over after \(UnitText.format(self.duration)) of"
                        + " wall time; the rule could never end the run", at: place)
            }
        }
    }
}
