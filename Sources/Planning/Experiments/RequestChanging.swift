import Primitives
import Scenarios

extension StepSpec {
    /// The step with its requests changed, those of inner steps included.
    func changingRequests(_ change: (inout RequestSpec) -> Void) -> StepSpec {
        func all(_ steps: [StepSpec]) -> [StepSpec] { steps.map { $0.changingRequests(change) } }
        switch self {
        case .request(let request):
            var copy = request
            change(&copy)
            return .request(copy)
        case .think: return self
        case .loop(let loop):
            var copy = loop
            copy.steps = all(loop.steps)
            return .loop(copy)
        case .pick(let ways):
            return .pick(ways.map { WaySpec(weight: $0.weight, steps: all($0.steps)) })
        case .parallel(let steps): return .parallel(all(steps))
        case .group(let steps): return .group(all(steps))
        case .when(let condition, let step):
            return .when(condition, step.changingRequests(change))
        case .optional(let step): return .optional(step.changingRequests(change))
        }
    }
}

extension BodySpec {
    /// The body with its generated parts so many times as large; nil without any.
    func scaled(by factor: Double) -> BodySpec? {
        switch self {
        case .json, .form, .text: return nil
        case .part(let part): return part.scaled(by: factor).map { .part($0) }
        case .multipart(let fields):
            var changed = false
            let scaled = fields.map { field -> MultipartField in
                guard case .part(let part) = field.content, let grown = part.scaled(by: factor)
                else { return field }
                changed = true
                return MultipartField(name: field.name, content: .part(grown))
            }
            return changed ? .multipart(scaled) : nil
        }
    }

    /// The mean size of its generated parts in bytes; nil without any.
    var meanSize: Double? {
        let parts: [PartSpec] =
            switch self {
            case .json, .form, .text: []
            case .part(let part): [part]
            case .multipart(let fields):
                fields.compactMap { field in
                    if case .part(let part) = field.content { part } else { nil }
                }
            }
        let sizes = parts.compactMap(\.meanSize)
        return sizes.isEmpty ? nil : sizes.reduce(0, +)
    }
}

extension PartSpec {
    fileprivate func scaled(by factor: Double) -> PartSpec? {
        var copy = self
        switch self.content {
        case .files: return nil
        case .generated(let kind, let size, let limit, let unique):
            copy.content = .generated(
                kind, size: size / (1 / factor),
                limit: limit.map { ByteCount(Int64(Double($0.count) * factor)) }, unique: unique)
        case .mix(let parts):
            let grown = parts.map { part in
                WeightedPart(weight: part.weight, part: part.part.scaled(by: factor) ?? part.part)
            }
            guard grown != parts else { return nil }
            copy.content = .mix(grown)
        }
        return copy
    }

    fileprivate var meanSize: Double? {
        switch self.content {
        case .files: return nil
        case .generated(_, let size, let limit, _):
            return size.mean(atMost: limit.map { Double($0.count) } ?? .infinity)
        case .mix(let parts):
            let sized = parts.compactMap { part in
                part.part.meanSize.map { (weight: part.weight, size: $0) }
            }
            let weights = sized.reduce(0) { $0 + $1.weight }
            return weights > 0
                ? sized.reduce(0) { $0 + $1.weight * $1.size } / weights : nil
        }
    }
}

extension LoadSpec {
    /// True for executors that are given clients instead of arrivals.
    var isClosed: Bool {
        switch self {
        case .constantVUs, .rampingVUs, .perVUIterations, .sharedIterations: true
        case .constantArrivalRate, .rampingArrivalRate, .viral, .hawkes, .diurnal, .trace: false
        }
    }
}
