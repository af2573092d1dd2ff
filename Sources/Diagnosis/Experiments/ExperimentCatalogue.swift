import Foundation

/// The catalogue of experiments: the data file `experiments.json`, part of the binary.
package struct ExperimentCatalogue: Sendable, Hashable, Codable {
    /// The schema, `spate/experiments/1`.
    package var schema: String
    /// The version of the numbers.
    package var version: String
    /// Where the numbers come from, in a sentence.
    package var source: String
    /// The experiments, in the order of their ids.
    package var experiments: [Experiment]

    /// The schema that this version reads.
    package static let schema = "spate/experiments/1"

    /// The catalogue that is part of the binary.
    package static let shipped: ExperimentCatalogue = {
        do throws(WeightsError) {
            return try ExperimentCatalogue(json: PackageResources.experiments_json)
        } catch {
            // A file that was changed without running its test; nothing could be chosen by it.
            preconditionFailure("Sources/Diagnosis/experiments.json: \(error)")
        }
    }()

    /// Reads and checks a file.
    ///
    /// - Throws: `WeightsError` saying what is wrong where.
    package init(json bytes: [UInt8]) throws(WeightsError) {
        do {
            self = try JSONDecoder().decode(ExperimentCatalogue.self, from: Data(bytes))
        } catch {
            throw .unreadable(reason: "\(error)")
        }
        try self.check()
    }

    /// The experiment of that id.
    package func experiment(_ id: String) -> Experiment? {
        self.experiments.first { $0.id == id }
    }

    private func check() throws(WeightsError) {
        guard self.schema == ExperimentCatalogue.schema else {
            throw .invalid(
                place: "schema",
                reason: "is \(self.schema), this version reads \(ExperimentCatalogue.schema)")
        }
        let names = Set(
            Family.rivals.map(\.rawValue) + Mechanism.allCases.map(\.rawValue) + ["default"])
        for experiment in self.experiments {
            guard experiment.cost > 0, experiment.outcomes.count >= 2 else {
                throw .invalid(
                    place: experiment.id, reason: "needs a cost above 0 and two outcomes or more")
            }
            for (name, row) in experiment.likelihood.sorted(by: { $0.key < $1.key }) {
                let place = "\(experiment.id).likelihood.\(name)"
                guard names.contains(name) else {
                    throw .invalid(place: place, reason: "is neither a mechanism nor a family")
                }
                guard row.count == experiment.outcomes.count,
                    row.allSatisfy({ $0 > 0 && $0 < 1 }), abs(row.reduce(0, +) - 1) < 1e-6
                else {
                    throw .invalid(
                        place: place,
                        reason: "must be one probability above 0 per outcome, 1 in sum")
                }
            }
        }
    }
}

extension ExperimentCatalogue {
    /// An experiment and what it promises.
    package struct Choice: Sendable, Hashable {
        /// The experiment.
        package var experiment: Experiment
        /// The expected information in bits.
        package var gain: Double
    }

    /// The experiments worth making, the most information per cost first.
    ///
    /// - Parameters:
    ///   - beliefs: how probable each explanation is.
    ///   - done: ids of those already made; made again they would tell less than the model thinks.
    ///   - least: bits below which an experiment is not worth a run.
    package func ranked(
        _ beliefs: [Belief], without done: Set<String> = [], least: Double = 0.02
    ) -> [Choice] {
        self.experiments.filter { !done.contains($0.id) }.enumerated()
            .map {
                (
                    place: $0.offset,
                    choice: Choice(experiment: $0.element, gain: $0.element.gain(given: beliefs))
                )
            }
            .filter { $0.choice.gain >= least }
            .sorted {
                let left = $0.choice.gain / $0.choice.experiment.cost
                let right = $1.choice.gain / $1.choice.experiment.cost
                return (right, $0.place) < (left, $1.place)
            }
            .map(\.choice)
    }

    /// The three most telling runs after a diagnosis.
    ///
    /// - Parameter possible: the experiments that the scenario allows; nil when nobody asked it.
    ///   What takes another machine or network is always named.
    func next(_ beliefs: [Belief], possible: [String]? = nil) -> [NextRun] {
        let leader = beliefs.max { $0.probability < $1.probability }?.id ?? ""
        let refused = self.experiments.filter {
            $0.runnable && possible?.contains($0.id) == false
        }
        return self.ranked(beliefs, without: Set(refused.map(\.id))).prefix(3).map { choice in
            NextRun(
                id: choice.experiment.id, gainBits: choice.gain, what: choice.experiment.what,
                refutedBy: choice.experiment.refuting(leader, among: beliefs)?.sentence,
                isRunnable: choice.experiment.runnable)
        }
    }
}
