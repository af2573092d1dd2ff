import Primitives
import Scenarios

/// Everything a scenario's templates and bodies name, with its place in the file.
struct TemplateUses {
    private(set) var expressions: [(expression: Template.Expression, location: SourceLocation)] = []
    private(set) var files: [(path: String, location: SourceLocation)] = []
    private(set) var recorded: [RecordedValues] = []

    /// Where defaults stand that carry no place of their own.
    static let head = SourceLocation(line: 1, column: 1)

    init(_ scenario: Scenario) {
        for variable in scenario.variables { self.add(variable.value, TemplateUses.head) }
        for header in scenario.http.headers { self.add(header.value, TemplateUses.head) }
        if let password = scenario.http.keyPassword { self.add(password, TemplateUses.head) }
        for population in scenario.populations { self.add(population) }
        for request in scenario.timeline.compactMap(\.request) { self.add(request) }
    }

    /// What requests and conditions of one population name.
    init(_ population: PopulationSpec) {
        self.add(population)
    }

    /// The feeders named.
    var feeders: Set<String> {
        self.expressions.reduce(into: []) { names, use in
            if case .column(let feeder, _) = use.expression { names.insert(feeder) }
        }
    }

    private mutating func add(_ population: PopulationSpec) {
        for request in population.requests { self.add(request) }
        self.addThinkTimes(population.flow + population.onFailure)
        self.add(population.person.patience)
        self.add(population.person.pressAgain?.after)
        for condition in population.conditions {
            for expression in condition.expressions {
                self.expressions.append((expression, condition.location))
            }
        }
    }

    private mutating func addThinkTimes(_ steps: [StepSpec]) {
        for step in steps {
            if case .think(let time) = step { self.add(time) }
            self.addThinkTimes(step.inner)
        }
    }

    private mutating func add(_ request: RequestSpec) {
        self.add(request.url, request.location)
        for header in request.headers { self.add(header.value, request.location) }
        switch request.body {
        case .none: break
        case .json(let template), .text(let template): self.add(template, request.location)
        case .form(let fields):
            for field in fields { self.add(field.value, request.location) }
        case .part(let part): self.add(part)
        case .multipart(let fields):
            for field in fields {
                switch field.content {
                case .value(let template): self.add(template, request.location)
                case .part(let part): self.add(part)
                }
            }
        }
    }

    private mutating func add(_ part: PartSpec) {
        for part in part.withMixed {
            if case .truncated(let sends) = part.fault { self.add(sends) }
            switch part.content {
            case .files(let paths):
                for path in paths { self.files.append((path, part.location)) }
            case .generated(_, let size, _, _): self.add(size)
            case .mix: break
            }
        }
    }

    private mutating func add(_ spread: Distribution?) {
        if case .recorded(let values)? = spread { self.recorded.append(values) }
    }

    private mutating func add(_ template: Template, _ location: SourceLocation) {
        for case .expression(let expression) in template.pieces {
            self.expressions.append((expression, location))
        }
    }
}
