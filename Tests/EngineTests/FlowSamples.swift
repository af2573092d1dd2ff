import Planning
import Primitives
import Scenarios

/// Programs as scenarios make them.
enum Flows {
    /// A step that sends something; what it sends does not matter here.
    static func get(_ name: String) -> StepSpec {
        .request(RequestSpec(method: .get, url: Template(literal: "/\(name)"), name: name))
    }

    static func when(_ text: String, _ node: FlowCondition.Node, _ step: StepSpec) -> StepSpec {
        .when(FlowCondition(text: text, root: node), step)
    }

    static func program(_ flow: [StepSpec], onFailure: [StepSpec] = []) throws -> FlowProgram {
        let population = PopulationSpec(
            name: "people", load: .constantVUs(vus: 1, duration: .seconds(1)), flow: flow,
            onFailure: onFailure)
        let scenario = Scenario(
            name: "flows", target: .url("http://localhost"), populations: [population])
        return try Plan.make(scenario, materials: DraftMaterials()).populations[0].program
    }

    static let received = FlowCondition(
        text: "state == 'received'",
        root: .text(.variable("state"), "received", isEqual: true))

    /// One of everything.
    static let everything: FlowProgram = {
        let flow: [StepSpec] = [
            get("a"), .think(.uniform(min: 0, max: 0.1)),
            .optional(get("b")),
            .parallel([
                get("c"),
                .group([get("d"), .think(.fixed(0.01)), get("e")]),
                .optional(.parallel([get("f"), get("g")])),
            ]),
            .pick([WaySpec(weight: 1, steps: [get("h")]), WaySpec(weight: 2, steps: [])]),
            .loop(LoopSpec([get("i")], most: 2)),
            .loop(
                LoopSpec(
                    [.think(.fixed(0.02)), get("j")], most: 3, test: .until(received),
                    failsAtMost: true)),
        ]
        let after: [StepSpec] = [
            .think(.uniform(min: 0, max: 0.1)), .when(received, get("k")),
            .parallel([get("l"), .optional(get("m"))]), get("n"),
        ]
        return (try? program(flow, onFailure: after)) ?? FlowProgram([])
    }()
}
