import Testing

@testable import Scenarios

@Suite struct IncidentAccountTests {
    @Test("An incident has facts with sources, and findings by the protocol's items.")
    func decodes() throws {
        let account = try #require(
            try IncidentAccount.decode(
                text: """
                    incident: 1
                    name: A form
                    facts:
                      - { at: noon, what: it is gone, source: the press }
                    findings: { relief: switched-off, precursor: unknown }

                    """, file: "a.yaml"))
        #expect(account.name == "A form")
        #expect(account.facts.map(\.what) == ["it is gone"])
        #expect(account.findings == ["relief": .switchedOff, "precursor": .unknown])
    }

    @Test("A scenario is no incident.")
    func scenario() throws {
        #expect(try IncidentAccount.decode(text: "version: 1\n", file: "a.yaml") == nil)
    }

    @Test("Mistakes are told with their places.")
    func mistakesWithPlaces() throws {
        let error = #expect(throws: ScenarioErrors.self) {
            try IncidentAccount.decode(
                text: """
                    incident: 1
                    facts:
                      - { at: noon, what: it is gone }
                    findings: { relief: swiched-off, precursors: both }

                    """, file: "a.yaml")
        }
        let told = try #require(error).mistakes.map {
            "\($0.location.line):\($0.location.column) \($0.message)"
        }
        #expect(
            told == [
                "3:5 facts[0]: 'source' is missing",
                "4:21 relief: 'swiched-off' is not known; did you mean 'switched-off'?",
                "4:34 unknown key 'precursors'; did you mean 'precursor'?",
            ])
    }
}
