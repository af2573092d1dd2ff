/// A figure by which runs are compared.
package struct RunFigure: Sendable, Hashable {
    /// Which way is worse.
    package enum Direction: Sendable, Hashable {
        /// Larger values are worse: times.
        case largerIsWorse
        /// Smaller values are worse: rates and shares of what was good.
        case smallerIsWorse
    }
    /// How a change is told, and what values are.
    package enum Scale: Sendable, Hashable {
        /// Milliseconds; a change is a share of the baseline's median.
        case milliseconds
        /// Per second; a change is a share of the baseline's median.
        case rate
        /// Shares of 1; a change is their difference: from 99 % to 98 % is one point, 0.01.
        case share
    }
    /// Its name: `response p99`, `accepted`, `goodput`.
    package var name: String
    /// How a change is told.
    package var scale: Scale
    /// Samples that one run needs for the figure to mean anything.
    package var leastSamples: Int

    /// A figure.
    package init(_ name: String, _ scale: Scale, leastSamples: Int) {
        self.name = name
        self.scale = scale
        self.leastSamples = leastSamples
    }

    /// Which way is worse: up for times, down for what was good.
    package var direction: Direction {
        self.scale == .milliseconds ? .largerIsWorse : .smallerIsWorse
    }

    /// The figures of a group of runs, in the order of tables.
    ///
    /// A percentile q needs 10 / (1 - q) samples in each run: fewer beyond it tell nothing.
    package static let all = [
        RunFigure("response p50", .milliseconds, leastSamples: 20),
        RunFigure("response p90", .milliseconds, leastSamples: 100),
        RunFigure("response p99", .milliseconds, leastSamples: 1_000),
        RunFigure("response p99.9", .milliseconds, leastSamples: 10_000),
        RunFigure("accepted", .share, leastSamples: 20),
        RunFigure("goodput", .rate, leastSamples: 20),
    ]
}
