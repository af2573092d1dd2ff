import Primitives
import Scenarios

/// Unrolls a flow's loops into instructions.
struct FlowUnrolling {
    private(set) var instructions: [FlowInstruction] = []
    private(set) var steps: [StepPlan] = []
    private let http: HTTPDefaults
    private let retry: RetrySpec?
    private let scale: StoryScale
    private var captured: Set<String> = []

    /// The most instructions of one flow; a limit on memory, far above any person's journey.
    static let limit = 10_000

    init(http: HTTPDefaults, retry: RetrySpec?, scale: StoryScale) {
        self.http = http
        self.retry = retry
        self.scale = scale
    }

    mutating func unroll(_ population: PopulationSpec, _ mistakes: inout MistakeList) {
        let size = FlowUnrolling.size(population.flow)
        guard size <= FlowUnrolling.limit else {
            mistakes.add(
                "the flow of '\(population.name)' unrolls to \(size) steps; the limit is "
                    + "\(FlowUnrolling.limit), so lower the counts of its loops",
                at: population.location)
            return
        }
        self.captured = FlowUnrolling.captures(population.flow)
        self.instructions = self.instructions(of: population.flow)
    }

    /// The names a flow captures, in whatever step.
    static func captures(_ flow: [StepSpec]) -> Set<String> {
        flow.reduce(into: []) { names, step in
            switch step {
            case .request(let request): names.formUnion(request.captures.map(\.name))
            case .think: break
            case .loop(_, let steps): names.formUnion(FlowUnrolling.captures(steps))
            }
        }
    }

    private mutating func instructions(of flow: [StepSpec]) -> [FlowInstruction] {
        var result: [FlowInstruction] = []
        for step in flow {
            switch step {
            case .request(let request):
                result.append(.request(step: self.steps.count))
                self.steps.append(
                    StepPlan.make(
                        request, index: self.steps.count, http: self.http, retry: self.retry,
                        captured: self.captured, carriesKey: request.method.writes))
            case .think(let time):
                result.append(.think(self.scale.think(time)))
            case .loop(let count, let steps):
                let body = self.instructions(of: steps)
                for _ in 0..<max(0, count) { result += body }
            }
        }
        return result
    }

    /// How many instructions a flow becomes, saturating.
    private static func size(_ flow: [StepSpec]) -> Int {
        flow.reduce(0) { sum, step in
            var add = 1
            if case .loop(let count, let steps) = step {
                let (product, overflow) = size(steps).multipliedReportingOverflow(by: max(0, count))
                add = overflow ? .max : product
            }
            let (total, overflow) = sum.addingReportingOverflow(add)
            return overflow ? .max : total
        }
    }
}

extension StepPlan {
    /// A request with what decides its outcome, defaults filled in.
    static func make(
        _ request: RequestSpec, index: Int, http: HTTPDefaults, retry: RetrySpec?,
        captured: Set<String>, carriesKey: Bool
    ) -> StepPlan {
        let retry = request.retry ?? retry
        return StepPlan(
            index: index, name: request.name, request: request,
            timeout: request.timeout ?? http.timeout, connectTimeout: http.connectTimeout,
            goodStatuses: request.expect.statuses ?? http.success,
            maxDuration: request.expect.maxDuration, bodyContains: request.expect.bodyContains,
            captures: request.captures, retry: (retry?.max ?? 0) > 0 ? retry : nil,
            isConstant: request.isConstant(http: http, captured: captured),
            carriesKey: carriesKey)
    }
}
