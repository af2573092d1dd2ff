import Primitives
import Testing

@testable import Scenarios

@Suite struct RedactionTests {
    private static let text = """
        version: 1                      # the canary is CANARY-a in a comment
        target: http://user:CANARY-b@localhost:8080
        vars:
          key: { value: CANARY-c, secret: true }
          kept: { value: "{{ $env.KEPT }}", secret: true }
          open: harmless
        http:
          headers:
            Authorization: "Bearer CANARY-d"
            proxy-authorization: Basic CANARY-e
            X-Api-Key: {{KEY}}
            Accept: text/plain
        x-shared: &shared { Cookie: 'id=CANARY-f' }
        scenarios:
          one:
            executor: constant-vus
            vus: 1
            duration: 1s
            flow:
              - get:
                  url: https://a:CANARY-g@localhost/x
                  headers: { <<: *shared, authorization: "Bearer {{ $env.TOKEN }}" }
        """.replacing("{{KEY}}", with: "CANARY-a")

    @Test("No credential is left, comments and layout are.")
    func masks() throws {
        let redacted = Scenario.redactedText(of: Self.text)
        #expect(!redacted.contains("CANARY"))
        #expect(redacted.contains("# the canary is "))
        #expect(redacted.contains("http://***@localhost:8080"))
        #expect(redacted.contains("Accept: text/plain"))
        #expect(redacted.contains("open: harmless"))
        _ = try Scenario.decode(text: redacted, file: "scenario.yaml")
    }

    @Test("What comes from the environment stays unresolved.")
    func environment() {
        let redacted = Scenario.redactedText(of: Self.text)
        #expect(redacted.contains("\"Bearer {{ $env.TOKEN }}\""))
        #expect(redacted.contains("{{ $env.KEPT }}"))
    }

    @Test("With overrides the document is written again, and masked as well.")
    func overrides() throws {
        let redacted = Scenario.redactedText(
            of: Self.text,
            overrides: [
                ("http.headers.Cookie", "CANARY-h"), ("seed", "9"), ("vars.key.value", "CANARY-i"),
            ])
        #expect(!redacted.contains("CANARY"))
        let scenario = try Scenario.decode(text: redacted, file: "scenario.yaml")
        #expect(scenario.seed == 9)
        #expect(
            scenario.http.headers.contains { $0.name == "Cookie" && $0.value.constant == "***" })
    }

    @Test("A secret too short to be found safely is masked all the same.")
    func shortSecret() {
        let redacted = Scenario.redactedText(
            of: "vars: { a: { value: xy, secret: true } }\nname: xyz\n")
        #expect(!redacted.contains("value: xy"))
        #expect(redacted.contains("xyz"))
    }

    @Test("A scenario without credentials is written as it stands.")
    func untouched() {
        #expect(Scenario.redactedText(of: SampleScenarios.flood) == SampleScenarios.flood)
    }

    @Test("A written document decodes to the same scenario.")
    func writing() throws {
        let redacted = Scenario.redactedText(of: SampleScenarios.flood, overrides: [("seed", "3")])
        let original = try Scenario.decode(text: SampleScenarios.flood, file: "a.yaml")
        let again = try Scenario.decode(text: redacted, file: "a.yaml")
        #expect(again.target == original.target)
        #expect(again.populations[0].load == original.populations[0].load)
        #expect(again.populations.map(\.retry) == original.populations.map(\.retry))
        #expect(again.thresholds.map(\.expression) == original.thresholds.map(\.expression))
        #expect(again.description == original.description)
    }

    @Test("A text that is no YAML leaves nothing behind.")
    func unreadable() {
        #expect(!Scenario.redactedText(of: "a: [CANARY").contains("CANARY"))
    }
}
