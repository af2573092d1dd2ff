package import Primitives

/// One step of a population's flow.
package indirect enum StepSpec: Sendable {
    /// A request.
    case request(RequestSpec)
    /// A pause, in seconds of wall time.
    case think(Distribution)
    /// Steps that are repeated.
    case loop(LoopSpec)
    /// One of several ways, drawn by their weights.
    case pick([WaySpec])
    /// Steps at the same time; the flow goes on when all of them have ended.
    case parallel([StepSpec])
    /// Steps as one.
    case group([StepSpec])
    /// A step that is left out where the condition does not hold.
    case when(FlowCondition, StepSpec)
    /// A step whose failure does not end the journey.
    case optional(StepSpec)
}

/// Steps that are repeated.
package struct LoopSpec: Sendable {
    /// What is asked before or after each turn.
    package enum Test: Sendable, Hashable {
        /// Before each turn: another one while it holds.
        case whileTrue(FlowCondition)
        /// After each turn: another one until it holds.
        case until(FlowCondition)
    }
    /// The steps of a turn.
    package var steps: [StepSpec]
    /// The most turns; at least 1, so that every loop ends.
    package var most: Int
    /// What else ends it.
    package var test: Test?
    /// True when using up all turns is a failure: the condition was what the person waited for.
    package var failsAtMost: Bool

    /// A loop.
    package init(
        _ steps: [StepSpec], most: Int, test: Test? = nil, failsAtMost: Bool = false
    ) {
        self.steps = steps
        self.most = most
        self.test = test
        self.failsAtMost = failsAtMost
    }
}

/// One way of a pick.
package struct WaySpec: Sendable {
    /// Its weight; its share of all ways' is how likely it is.
    package var weight: Double
    /// What is done on it; nothing when empty.
    package var steps: [StepSpec]

    /// A way.
    package init(weight: Double, steps: [StepSpec]) {
        self.weight = weight
        self.steps = steps
    }
}

extension StepSpec {
    /// Every request of the step, in the file's order, those of inner steps included.
    package var requests: [RequestSpec] {
        switch self {
        case .request(let request): [request]
        default: self.inner.requests
        }
    }

    /// Every condition of the step, those of inner steps included.
    package var conditions: [FlowCondition] {
        let own: [FlowCondition] =
            switch self {
            case .when(let condition, _): [condition]
            case .loop(let loop):
                switch loop.test {
                case nil: []
                case .whileTrue(let condition), .until(let condition): [condition]
                }
            default: []
            }
        return own + self.inner.flatMap(\.conditions)
    }

    /// The steps directly inside it.
    package var inner: [StepSpec] {
        switch self {
        case .request, .think: []
        case .loop(let loop): loop.steps
        case .pick(let ways): ways.flatMap(\.steps)
        case .parallel(let steps), .group(let steps): steps
        case .when(_, let step), .optional(let step): [step]
        }
    }
}

extension Sequence<StepSpec> {
    /// Every request of the steps, in the file's order.
    package var requests: [RequestSpec] { self.flatMap(\.requests) }
}

extension PopulationSpec {
    /// Every request that its clients may send, those after a failure included.
    package var requests: [RequestSpec] { self.flow.requests + self.onFailure.requests }

    /// Every condition that its clients may come to.
    package var conditions: [FlowCondition] {
        (self.flow + self.onFailure).flatMap(\.conditions)
    }
}
