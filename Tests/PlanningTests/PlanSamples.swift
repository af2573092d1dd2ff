import Planning
import Primitives
import Scenarios

/// Small scenarios, built by hand.
enum Sample {
    static func population(
        _ load: LoadSpec, startTime: Nanoseconds = .zero,
        flow: [StepSpec] = [.request(Sample.get("/"))]
    ) -> PopulationSpec {
        Sample.population("people", load, startTime: startTime, flow: flow)
    }

    static func population(
        _ name: String, _ load: LoadSpec, trafficClass: TrafficClass = .genuine,
        startTime: Nanoseconds = .zero, flow: [StepSpec] = [.request(Sample.get("/"))]
    ) -> PopulationSpec {
        PopulationSpec(
            name: name, trafficClass: trafficClass, load: load, startTime: startTime, flow: flow,
            location: SourceLocation(line: 7, column: 3))
    }

    static func get(_ url: String) -> RequestSpec {
        RequestSpec(method: .get, url: Template(literal: url), name: "GET \(url)")
    }

    static func post(_ url: String = "/v1/tips", body: BodySpec?) -> RequestSpec {
        RequestSpec(
            method: .post, url: Template(literal: url), name: "POST \(url)", body: body,
            location: SourceLocation(line: 12, column: 9))
    }

    static func scenario(_ populations: [PopulationSpec]) -> Scenario {
        Scenario(name: "sample", target: .intake(settings: []), seed: 42, populations: populations)
    }

    static func constant(_ rate: Double, seconds: Int64) -> LoadSpec {
        .constantArrivalRate(
            rate: Rate(perSecond: rate), duration: .seconds(seconds), spacing: .uniform)
    }

    static func plan(
        _ populations: [PopulationSpec], materials: DraftMaterials = DraftMaterials()
    ) throws -> Plan {
        try Plan.make(Sample.scenario(populations), materials: materials)
    }

    /// The draft of the only step of a scenario's only population.
    static func draft(
        _ request: RequestSpec, intent: Int = 0, instruction: Int = 0, runID: String = "run",
        seed: UInt64 = 42, http: HTTPDefaults = HTTPDefaults(),
        materials: DraftMaterials = DraftMaterials(), captures: [String: String] = [:],
        baseURL: String = "http://127.0.0.1:8080"
    ) throws -> RequestDraft {
        var scenario = Sample.scenario([
            Sample.population(Sample.constant(1, seconds: 10), flow: [.request(request)])
        ])
        scenario.http = http
        scenario.seed = seed
        let plan = try Plan.make(scenario, materials: materials)
        let drafter = RequestDrafter(
            plan: plan, runID: runID, baseURL: baseURL, adminURL: "http://127.0.0.1:9")
        return try drafter.draft(
            plan.populations[0].steps[0],
            context: DraftContext(
                population: 0, intent: intent, instruction: instruction, captures: captures))
    }

    /// A body's bytes, blocks cut from the given block; files as their path in angle brackets.
    static func bytes(_ body: DraftBody?, block: [UInt8] = []) -> [UInt8] {
        (body?.segments ?? []).flatMap { segment -> [UInt8] in
            switch segment {
            case .bytes(let bytes): bytes
            case .file(let path, let offset, let length):
                Array("<\(path) \(offset) \(length)>".utf8)
            case .block(let offset, let length):
                (0..<Int(length)).map { block[(offset + $0) % block.count] }
            }
        }
    }

    static func text(_ body: DraftBody?) -> String {
        String(decoding: Sample.bytes(body), as: UTF8.self)
    }
}
