package import Measurements

/// A second of a run, or a few, with the generator's own health in it.
package struct TelemetryWindow: Sendable {
    /// The counts by population.
    package var row: SecondRow
    /// The generator's health in the window's last second; nil when it was not sampled.
    package var generator: GeneratorSample?

    /// A window.
    package init(row: SecondRow, generator: GeneratorSample? = nil) {
        self.row = row
        self.generator = generator
    }
}

/// Joins the rows of a run with the samples of its generator, which come apart; pure.
package struct WindowAssembly: Sendable {
    private var rows: [SecondRow] = []
    private var samples: [Int: GeneratorSample] = [:]

    /// An assembly that has seen nothing.
    package init() {}

    /// Takes rows, in order.
    package mutating func add(_ rows: [SecondRow]) {
        self.rows += rows
    }

    /// Takes a sample.
    package mutating func add(_ sample: GeneratorSample) {
        self.samples[sample.second] = sample
    }

    /// The windows that are complete, in order, once all seconds before that one are.
    package mutating func complete(before second: Int) -> [TelemetryWindow] {
        let count = self.rows.prefix { $0.end <= second }.count
        let windows = self.rows[..<count].map { row in
            TelemetryWindow(row: row, generator: self.samples[row.end - 1])
        }
        self.rows.removeFirst(count)
        if let last = windows.last {
            self.samples = self.samples.filter { $0.key >= last.row.end }
        }
        return windows
    }
}
