import Primitives
import Scenarios

extension Scenario {
    /// The scenario with the values of recorded files in place of their names.
    func withRecorded(_ materials: DraftMaterials) -> Scenario {
        guard !materials.recorded.isEmpty else { return self }
        var scenario = self
        for index in scenario.populations.indices {
            let population = scenario.populations[index]
            scenario.populations[index].flow = population.flow.withRecorded(materials)
            scenario.populations[index].onFailure = population.onFailure.withRecorded(materials)
            scenario.populations[index].person = population.person.withRecorded(materials)
        }
        for index in scenario.timeline.indices {
            scenario.timeline[index].request = scenario.timeline[index].request?.withRecorded(
                materials)
        }
        return scenario
    }
}

extension PersonSpec {
    fileprivate func withRecorded(_ materials: DraftMaterials) -> PersonSpec {
        var person = self
        person.patience = self.patience.map { materials.values(of: $0) }
        if let after = self.pressAgain?.after {
            person.pressAgain?.after = materials.values(of: after)
        }
        return person
    }
}

extension [StepSpec] {
    fileprivate func withRecorded(_ materials: DraftMaterials) -> [StepSpec] {
        self.map { $0.withRecorded(materials) }
    }
}

extension StepSpec {
    fileprivate func withRecorded(_ materials: DraftMaterials) -> StepSpec {
        switch self {
        case .request(let request): return .request(request.withRecorded(materials))
        case .think(let time): return .think(materials.values(of: time))
        case .loop(var loop):
            loop.steps = loop.steps.withRecorded(materials)
            return .loop(loop)
        case .pick(let ways):
            return .pick(
                ways.map {
                    WaySpec(weight: $0.weight, steps: $0.steps.withRecorded(materials))
                })
        case .parallel(let steps): return .parallel(steps.withRecorded(materials))
        case .group(let steps): return .group(steps.withRecorded(materials))
        case .when(let condition, let step):
            return .when(condition, step.withRecorded(materials))
        case .optional(let step): return .optional(step.withRecorded(materials))
        }
    }
}

extension RequestSpec {
    fileprivate func withRecorded(_ materials: DraftMaterials) -> RequestSpec {
        var request = self
        switch self.body {
        case .part(let part): request.body = .part(part.withRecorded(materials))
        case .multipart(let fields):
            request.body = .multipart(
                fields.map { field in
                    guard case .part(let part) = field.content else { return field }
                    return MultipartField(
                        name: field.name, content: .part(part.withRecorded(materials)))
                })
        case .json, .form, .text, nil: break
        }
        return request
    }
}

extension PartSpec {
    fileprivate func withRecorded(_ materials: DraftMaterials) -> PartSpec {
        var part = self
        if case .truncated(let sends?) = self.fault {
            part.fault = .truncated(sends: materials.values(of: sends))
        }
        switch self.content {
        case .files: break
        case .generated(let kind, let size, let limit, let unique):
            part.content = .generated(
                kind, size: materials.values(of: size), limit: limit, unique: unique)
        case .mix(let parts):
            part.content = .mix(
                parts.map {
                    WeightedPart(weight: $0.weight, part: $0.part.withRecorded(materials))
                })
        }
        return part
    }
}

extension DraftMaterials {
    fileprivate func values(of spread: Distribution) -> Distribution {
        guard case .recorded(let source) = spread, let values = self.recorded[source] else {
            return spread
        }
        return .choices(values)
    }
}
