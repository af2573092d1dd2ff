import ArgumentParser
import Comparison
import Primitives

/// The arguments that say what counts as a change between two groups of runs.
struct GateArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A change counts when chance alone would make it in less than this share of cases.",
            valueName: "p"), completion: .list(["0.01", "0.05"]))
    var alpha = 0.05

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Times and rates may be worse by this share of the baseline.", valueName: "percent"),
        completion: .list(["5%", "10%", "20%"]))
    var maxRegression = "10%"

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Times may become worse by this much, whatever share that is.", valueName: "time"),
        completion: .list(["1ms", "5ms", "20ms"]))
    var minAbsolute = "5ms"

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The share of people accepted may fall by these points.", valueName: "points"),
        completion: .list(["0.1%", "1%"]))
    var maxLoss = "1%"

    func validate() throws {
        guard self.alpha > 0, self.alpha < 1 else {
            throw ValidationError("--alpha must be above 0 and below 1")
        }
        _ = try GateArguments.percent(self.maxRegression, "--max-regression")
        _ = try GateArguments.percent(self.maxLoss, "--max-loss")
        guard (try? UnitText.duration(self.minAbsolute)) != nil else {
            throw ValidationError("--min-absolute: '\(self.minAbsolute)' is no time such as 5ms")
        }
    }

    /// The rule.
    var rule: FigureComparison.Rule {
        var rule = FigureComparison.Rule()
        rule.alpha = self.alpha
        rule.relative =
            (try? GateArguments.percent(self.maxRegression, "")) ?? rule.relative
        rule.points = (try? GateArguments.percent(self.maxLoss, "")) ?? rule.points
        rule.milliseconds =
            (try? UnitText.duration(self.minAbsolute))?.milliseconds ?? rule.milliseconds
        return rule
    }

    private static func percent(_ text: String, _ flag: String) throws -> Double {
        let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
        guard let value = Double(digits), value >= 0, value.isFinite else {
            throw ValidationError("\(flag): '\(text)' is no percentage such as 10%")
        }
        return value / 100
    }
}
