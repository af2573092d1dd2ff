package import Primitives

/// One resource of the machine: what a plan needs of it, and what there is.
package struct ResourceNeed: Codable, Sendable, Equatable {
    /// How the two compare.
    package enum State: String, Codable, Sendable {
        /// Even the most it can come to is there.
        case fits = "ok"
        /// The most it can come to is not there, what is certain is.
        case tight = "warn"
        /// What is certain to be needed is not there: the run would not be a valid test.
        case refused
    }
    /// Which one.
    package var resource: GeneratorResource
    /// What is needed whatever the server answers: pieces, bytes or cores.
    package var certain: Double
    /// The most it can come to; what a slow server brings about.
    package var possible: Double
    /// What the machine has.
    package var available: Double
    /// How the figures come about.
    package var basis: String
    /// How they compare.
    package var state: State
    /// What mends it, ways to be tried in this order; empty where everything fits.
    package var remedies: [String]

    /// A comparison.
    ///
    /// - Parameter refuses: false for a resource that is never refused, only warned about.
    init(
        _ resource: GeneratorResource, certain: Double, possible: Double, available: Double,
        refuses: Bool = true, basis: String, remedies: (Double) -> [String]
    ) {
        self.resource = resource
        self.certain = certain
        self.possible = max(certain, possible)
        self.available = available
        self.basis = basis
        if certain > available {
            self.state = refuses ? .refused : .tight
        } else {
            self.state = self.possible > available ? .tight : .fits
        }
        switch self.state {
        case .fits: self.remedies = []
        case .tight: self.remedies = remedies(self.possible)
        case .refused: self.remedies = remedies(certain)
        }
    }

    /// The figure as people read it, in the resource's unit.
    package func text(_ figure: Double) -> String {
        switch self.resource {
        case .memory, .socketMemory, .journalDisk:
            UnitText.format(ByteCount(Int64(min(figure.rounded(), 0x1p62))))
        case .cpu: UnitText.fixed(figure, 2)
        default: UnitText.fixed(figure.rounded(.up), 0)
        }
    }

    /// The refusal or the warning in one sentence without the remedies; nil where all fits.
    package var complaint: String? {
        let there = "\(self.text(self.available)) there"
        switch self.state {
        case .fits: return nil
        case .tight where self.certain > self.available:
            return "\(self.resource.name): \(self.text(self.certain)) needed and \(there)"
        case .tight:
            return "\(self.resource.name): up to \(self.text(self.possible)) may be needed and "
                + there
        case .refused:
            return "\(self.resource.name): \(self.text(self.certain)) needed and \(there)"
        }
    }
}
