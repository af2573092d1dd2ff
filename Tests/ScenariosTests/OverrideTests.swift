import Primitives
import Testing

@testable import Scenarios

@Suite struct OverrideTests {
    private func decode(
        _ overrides: [(path: String, value: String)], text: String = SampleScenarios.flood
    ) throws -> Scenario {
        try Scenario.decode(text: text, file: "viral.yaml", overrides: overrides)
    }

    @Test("A flag replaces a value, an item, a whole mapping, and adds known keys.")
    func applies() throws {
        let scenario = try self.decode([
            ("seed", "7"), ("target", "http://localhost:1"),
            ("scenarios.tips.rate", "3/s"), ("scenarios.flood.stages.0.target", "1/s"),
            ("scenarios.tips.gracefulStop", "1s"), ("safety", "{ maxRate: 9 }"),
            ("http.insecure", "true"), ("timeScale", "60"),
            ("timeline", "[]"), ("vars.city", "Oslo"),
        ])
        #expect(scenario.seed == 7)
        #expect(scenario.target == .url("http://localhost:1"))
        #expect(
            scenario.populations[0].load
                == .constantArrivalRate(
                    rate: Rate(perSecond: 3), duration: .seconds(144_000), spacing: .poisson))
        #expect(scenario.populations[0].gracefulStop == .seconds(1))
        #expect(scenario.safety.maxRate == 9)
        #expect(scenario.safety.maxBytes == nil)
        #expect(scenario.http.insecure)
        #expect(scenario.timeScale == 60)
        #expect(scenario.timeline.isEmpty)
        #expect(scenario.variables.first?.value.constant == "Oslo")
    }

    @Test("A flag can add a missing section, such as the target.")
    func adds() throws {
        let text = SampleScenarios.least.replacing("target: http://127.0.0.1:8080\n", with: "")
        let scenario = try self.decode(
            [("target", "http://localhost"), ("safety.maxRate", "5")], text: text)
        #expect(scenario.target == .url("http://localhost"))
        #expect(scenario.safety.maxRate == 5)
    }

    @Test(
        "What a flag cannot set is a mistake that names the flag.",
        arguments: [
            ("sede", "1", "--set sede: unknown key 'sede'; did you mean 'seed'?"),
            (
                "scenarios.flod.rate", "1/s",
                "--set scenarios.flod.rate: there is no 'flod'; did you mean 'flood'?"
            ),
            (
                "scenarios.flood.stages.9.target", "1/s",
                "--set scenarios.flood.stages.9.target: '9' is no item of the list; "
                    + "its items are 0 to 4"
            ),
            ("seed.x", "1", "--set seed.x: 'x' cannot be set: what stands before it is no mapping"),
            ("http..timeout", "1s", "--set http..timeout: a path is names and numbers with dots"),
            (
                "http.timeout", "60",
                "--set http.timeout: timeout: 60 has no unit; write 60s or 60ms"
            ),
            ("name", "\"open", "--set name: '\"open' is no value in YAML; quote it"),
            ("seed", "", "--set seed: seed has no value"),
        ])
    func refuses(_ path: String, _ value: String, _ message: String) {
        let errors = mistakes(of: SampleScenarios.flood, overrides: [(path, value)])
        #expect(errors?.mistakes.map(\.message) == [message])
        #expect(
            errors?.rendered == "viral.yaml:1:1: \(message)\n1 mistake in viral.yaml")
    }
}
