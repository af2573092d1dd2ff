/// Values of which one is drawn: all alike, or each with a weight.
package struct WeightedValues: Sendable, Hashable, Codable {
    /// The values.
    package let values: [Double]
    /// Nil where all weigh the same: recorded values need no second table.
    private let shares: CumulativeShares?

    /// Values that are drawn equally often; at least one.
    package init(_ values: [Double]) {
        precondition(!values.isEmpty, "nothing to draw from")
        self.values = values
        self.shares = nil
    }

    /// Values with weights: at least one, no weight negative, not all 0.
    package init(_ choices: [(value: Double, weight: Double)]) {
        self.values = choices.map(\.value)
        self.shares = CumulativeShares(weights: choices.map(\.weight))
    }

    /// The value that a uniform draw in [0, 1) takes.
    package func value(_ draw: Double) -> Double {
        if let shares { return self.values[shares.index(draw)] }
        return self.values[min(Int(draw * Double(self.values.count)), self.values.count - 1)]
    }

    /// The expected value of the smaller of a draw and a limit.
    func mean(atMost limit: Double) -> Double {
        guard let shares else {
            return self.values.reduce(0) { $0 + min($1, limit) } / Double(self.values.count)
        }
        return self.values.indices.reduce(0) {
            $0 + shares.share(of: $1) * min(self.values[$1], limit)
        }
    }

    /// The least value that a share of all draws does not exceed.
    func quantile(_ share: Double) -> Double {
        let order = self.values.indices.sorted { self.values[$0] < self.values[$1] }
        var sum = 0.0
        for index in order {
            sum += self.shares?.share(of: index) ?? 1 / Double(order.count)
            if sum >= share { return self.values[index] }
        }
        return order.last.map { self.values[$0] } ?? 0
    }

    /// The same choice among other values.
    func mapped(_ change: (Double) -> Double) -> WeightedValues {
        WeightedValues(values: self.values.map(change), shares: self.shares)
    }

    private init(values: [Double], shares: CumulativeShares?) {
        self.values = values
        self.shares = shares
    }
}

/// Values that a file holds, one a line or in a column: named by a scenario, read before planning.
package struct RecordedValues: Sendable, Hashable, Codable {
    /// What bare numbers mean; a unit behind a number always holds.
    package enum Unit: String, Sendable, Hashable, Codable {
        /// Bytes.
        case bytes
        /// Seconds.
        case seconds
    }
    /// The file; relative to the scenario's directory.
    package var path: String
    /// The column of a CSV file; nil for one value a line.
    package var column: String?
    /// What bare numbers mean.
    package var unit: Unit
    /// The line of the scenario that names the file, from 1.
    package var line: Int
    /// The column in that line, from 1.
    package var offset: Int

    /// Values of a file.
    package init(path: String, column: String? = nil, unit: Unit, line: Int = 1, offset: Int = 1) {
        self.path = path
        self.column = column
        self.unit = unit
        self.line = line
        self.offset = offset
    }

    /// True for the same values, wherever they are named.
    package static func == (left: RecordedValues, right: RecordedValues) -> Bool {
        left.path == right.path && left.column == right.column && left.unit == right.unit
    }

    /// Hashes what `==` compares.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(self.path)
        hasher.combine(self.column)
        hasher.combine(self.unit)
    }
}
