import Primitives
import Testing

@testable import Scenarios

@Suite struct FlowDecodingTests {
    private func scenario(_ flow: String) -> String {
        """
        version: 1
        target: http://127.0.0.1:8080
        data: { phones: { inline: [ { area: in } ], order: once } }
        scenarios:
          one:
            executor: constant-vus
            vus: 1
            duration: 10s
            flow:
        \(flow)

        """
    }

    @Test("A journey with everything in it is read as it is written.")
    func everything() throws {
        let text = self.scenario(
            """
                  - get: { url: /a, capture: [ { json: $.state, as: state, default: none } ] }
                  - when: state == 'open' and phones.area != 'out'
                    optional: true
                    post: { url: /b, capture: [ { header: X, as: x, optional: true } ] }
                  - loop: [ { think: 1s }, { get: "/c/{{ late }}" } ]
                    until: late == 'yes'
                    max: 5
                  - pick:
                      - { weight: 3, flow: [ { get: /d } ] }
                      - weight: 1
                  - parallel:
                      - get: /e
                      - flow: [ { get: /f }, { get: /g } ]
                onFailure:
                  - when: rejected
                    post: { url: /h, json: { state: "{{ state }}" } }
            """)
        // The loop's own capture is missing on purpose.
        #expect(
            mistakes(of: text)?.mistakes.map { "\($0.location.line) \($0.message)" } == [
                "14 unknown variable 'late'; did you mean 'state'?",
                "15 unknown variable 'late'; did you mean 'state'?",
            ])
        let whole = text.replacing(
            "{ get: \"/c/{{ late }}\" }",
            with: "{ get: { url: /c, capture: [ { json: $.late, as: late } ] } }")
        let population = try Scenario.decode(text: whole, file: "a.yaml").populations[0]
        #expect(
            population.flow.requests.map(\.name).joined(separator: ",")
                == "GET /a,POST /b,GET /c,GET /d,GET /e,GET /f,GET /g")
        #expect(population.requests.last?.name == "POST /h")
        #expect(
            population.conditions.map(\.text) == [
                "state == 'open' and phones.area != 'out'", "late == 'yes'", "rejected",
            ])
        #expect(population.conditions[0].location == SourceLocation(line: 11, column: 15))
        guard case .when(_, .optional(.request(let post))) = population.flow[1],
            case .loop(let loop) = population.flow[2], case .pick(let ways) = population.flow[3],
            case .parallel(let branches) = population.flow[4]
        else {
            Issue.record("other steps")
            return
        }
        #expect(post.captures[0].fallback == "")
        #expect(population.flow.requests[0].captures[0].fallback == "none")
        #expect(loop.most == 5 && loop.failsAtMost)
        #expect(ways.map(\.weight) == [3, 1])
        #expect(ways.map(\.steps.count) == [1, 0])
        #expect(branches.count == 2)
    }

    @Test("One way or branch knows nothing of what another captures; what follows may.")
    func scopes() {
        let text = self.scenario(
            """
                  - pick:
                      - flow: [ { get: { url: /a, capture: [ { json: $.id, as: id } ] } } ]
                      - flow: [ { get: "/b/{{ id }}" } ]
                  - get: "/c/{{ id }}"
                  - parallel:
                      - get: { url: /d, capture: [ { json: $.key, as: key } ] }
                      - get: "/e/{{ key }}"
                  - get: "/f/{{ key }}"
                  - when: late == '1'
                    get: { url: /g, capture: [ { json: $.late, as: late } ] }
            """)
        #expect(
            mistakes(of: text)?.mistakes.map { "\($0.location.line):\($0.location.column)" } == [
                "12:32", "16:22", "18:15",
            ])
    }

    @Test("A count with a condition is done when it is used up; max is a failure.")
    func bounds() throws {
        let text = self.scenario(
            """
                  - loop: [ { get: { url: /, capture: [ { json: $.a, as: a } ] } } ]
                    while: a != 'x'
                    count: 3
                  - loop: [ { get: / } ]
                    count: 2
            """)
        let flow = try Scenario.decode(text: text, file: "a.yaml").populations[0].flow
        guard case .loop(let first) = flow[0], case .loop(let second) = flow[1] else {
            Issue.record("no loops")
            return
        }
        #expect(first.most == 3 && !first.failsAtMost)
        if case .whileTrue? = first.test {} else { Issue.record("no while") }
        #expect(second.most == 2 && second.test == nil)
    }
}
