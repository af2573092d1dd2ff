import Foundation

/// What each outcome of each test says about each explanation: the data file `weights.json`.
///
/// Hand-set or fitted, versioned, and part of the binary; nothing else in the ledger is a number
/// that somebody chose but the priors and the temperature, which stand in the same file.
package struct Weights: Sendable, Hashable, Codable {
    /// One test's two outcomes: log10 likelihood ratios within -2 and 2, by mechanism or family.
    ///
    /// A mechanism's own number goes before its family's; who is not named is
    /// untouched.
    package struct Test: Sendable, Hashable, Codable {
        /// What it says that the test found what it looks for.
        package var fired: [String: Double]
        /// What it says that it did not.
        package var clear: [String: Double]

        /// A row.
        package init(fired: [String: Double], clear: [String: Double]) {
            self.fired = fired
            self.clear = clear
        }
    }
    /// What is believed before any test.
    package struct Priors: Sendable, Hashable, Codable {
        /// The probability that no explanation of the catalogue fits.
        package var unknown: Double
        /// The probability of each overlay, which is judged by itself.
        package var overlay: Double
        /// Shares of the rest by family, in any unit; a family's mechanisms have equal parts.
        package var families: [String: Double]

        /// Priors.
        package init(unknown: Double, overlay: Double, families: [String: Double]) {
            self.unknown = unknown
            self.overlay = overlay
            self.families = families
        }
    }
    /// The schema, `spate/weights/1`.
    package var schema: String
    /// The version of the numbers.
    package var version: String
    /// Where the numbers come from, in a sentence.
    package var source: String
    /// What all sums are divided by (temperature scaling: Guo et al., "On Calibration of Modern
    /// Neural Networks", ICML 2017); above 1 makes the ledger less sure of itself.
    package var temperature: Double
    /// What is believed before any test.
    package var priors: Priors
    /// The rows by the test's name; a test without a row weighs nothing.
    package var tests: [String: Test]

    /// The schema that this version reads.
    package static let schema = "spate/weights/1"

    /// The numbers that are part of the binary.
    package static let shipped: Weights = {
        do throws(WeightsError) {
            return try Weights(json: PackageResources.weights_json)
        } catch {
            // A file that was changed without running its test; nothing can be said without it.
            preconditionFailure("Sources/Diagnosis/weights.json: \(error)")
        }
    }()

    /// Reads and checks a file.
    ///
    /// - Throws: `WeightsError` saying what is wrong where.
    package init(json bytes: [UInt8]) throws(WeightsError) {
        do {
            self = try JSONDecoder().decode(Weights.self, from: Data(bytes))
        } catch {
            throw .unreadable(reason: "\(error)")
        }
        try self.check()
    }

    /// The numbers of one outcome; none for a test without a row.
    func row(_ test: String, _ outcome: TestOutcome) -> [String: Double] {
        switch outcome {
        case .fired: self.tests[test]?.fired ?? [:]
        case .clear: self.tests[test]?.clear ?? [:]
        case .notApplicable: [:]
        }
    }

    /// The prior of an explanation.
    func prior(_ rival: Rival) -> Double {
        guard rival != .unknown else { return self.priors.unknown }
        let sum = Family.rivals.reduce(0.0) { $0 + (self.priors.families[$1.rawValue] ?? 0) }
        let family = (self.priors.families[rival.family.rawValue] ?? 0) / sum
        let members = max(1, rival.family.mechanisms.count)
        return (1 - self.priors.unknown) * family / Double(members)
    }
}

/// What is wrong with a file of weights.
package enum WeightsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// It is no JSON of this shape.
    case unreadable(reason: String)
    /// A value is out of its range or names nobody.
    case invalid(place: String, reason: String)

    /// What is wrong, where, and how to mend it.
    package var description: String {
        switch self {
        case .unreadable(let reason): "is no file of weights: \(reason)"
        case .invalid(let place, let reason): "\(place): \(reason)"
        }
    }
}

// MARK: - Checking

extension Weights {
    /// Refuses what would make the ledger wrong or silent.
    private func check() throws(WeightsError) {
        guard self.schema == Weights.schema else {
            throw .invalid(
                place: "schema", reason: "is \(self.schema), this version reads \(Weights.schema)")
        }
        guard !self.version.isEmpty else {
            throw .invalid(place: "version", reason: "is empty; reports must be able to name it")
        }
        guard self.temperature.isFinite, self.temperature > 0 else {
            throw .invalid(place: "temperature", reason: "must be above 0")
        }
        try self.checkPriors()
        let names = Set(Family.rivals.map(\.rawValue) + Mechanism.allCases.map(\.rawValue))
            .subtracting([Family.unknown.rawValue])
        for (test, row) in self.tests.sorted(by: { $0.key < $1.key }) {
            for (outcome, numbers) in [("fired", row.fired), ("clear", row.clear)] {
                for (name, weight) in numbers.sorted(by: { $0.key < $1.key }) {
                    let place = "tests.\(test).\(outcome).\(name)"
                    // UNKNOWN predicts nothing, so that nothing may speak for or against it.
                    guard names.contains(name) else {
                        throw .invalid(
                            place: place, reason: "is neither a mechanism nor a family")
                    }
                    guard weight.isFinite, abs(weight) <= 2 else {
                        throw .invalid(place: place, reason: "is not within -2 and 2")
                    }
                }
            }
        }
    }

    private func checkPriors() throws(WeightsError) {
        for (name, share) in [
            ("unknown", self.priors.unknown), ("overlay", self.priors.overlay),
        ] where !(share > 0 && share < 1) {
            throw .invalid(place: "priors.\(name)", reason: "must lie between 0 and 1")
        }
        let rivals = Family.rivals.filter { $0 != .unknown }.map(\.rawValue)
        for name in rivals where !((self.priors.families[name] ?? 0) > 0) {
            throw .invalid(
                place: "priors.families.\(name)",
                reason: "must be above 0: no evidence could ever speak for it otherwise")
        }
        for name in self.priors.families.keys.sorted() where !rivals.contains(name) {
            throw .invalid(place: "priors.families.\(name)", reason: "is no family")
        }
    }
}
