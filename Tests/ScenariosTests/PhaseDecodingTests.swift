import Primitives
import Testing

@testable import Scenarios

@Suite struct PhaseDecodingTests {
    private func text(_ phases: String, load: String = "rate: 10/s, duration: 5m") -> String {
        """
        version: 1
        target: http://127.0.0.1:8080
        scenarios:
          one: { executor: constant-arrival-rate, \(load), flow: [ { get: / } ] }
        phases:
        \(phases)

        """
    }

    @Test("A relief has a place, a share of the load and a word on retries.")
    func relief() throws {
        let text = self.text(
            """
              - { kind: relief, name: again, at: 3m, duration: 10s, load: 0.05, retries: true }
              - { kind: relief, at: 2m, duration: 30s }
            """)
        let reliefs = try Scenario.decode(text: text, file: "a.yaml").reliefs
        #expect(
            reliefs == [
                ReliefSpec(
                    at: .seconds(120), duration: .seconds(30), share: 0.2,
                    location: SourceLocation(line: 7, column: 5)),
                ReliefSpec(
                    name: "again", at: .seconds(180), duration: .seconds(10), share: 0.05,
                    retries: true, location: SourceLocation(line: 6, column: 5)),
            ])
        #expect(reliefs.map(\.end) == [.seconds(150), .seconds(190)])
    }

    @Test("What is wrong with phases is told with its place and the way to mend it.")
    func mistakesWithPlaces() {
        let text = self.text(
            """
              - { kind: relief, at: 1m, duration: 30s }
              - { kind: relief, name: b, at: 80s, duration: 0s }
              - { kind: relief, name: c, at: 80s, duration: 5s }
              - { kind: relief, name: d, at: 5m, duration: 5s }
              - { kind: relief, at: 4m, duration: 5s }
              - { kind: reliev, at: 4m, duration: 5s }
            """)
        let told = mistakes(of: text)?.mistakes.map {
            "\($0.location.line):\($0.location.column) \($0.message)"
        }
        #expect(
            told == [
                "7:49 duration: 0s is no time at all",
                "8:5 this phase overlaps the one of line 6; let one end where the next begins",
                "9:34 at: 5m is not before the run's end at 5m; a phase changes the load, it does"
                    + " not lengthen the run",
                "10:5 another phase is called 'relief', in line 6; give this one a name of its own",
                "11:13 kind: 'reliev' is not known; did you mean 'relief'?",
            ])
    }

    @Test("A number of iterations cannot be cut.")
    func iterations() {
        let text = """
            version: 1
            target: http://127.0.0.1:8080
            scenarios:
              one: { executor: shared-iterations, vus: 2, iterations: 9, flow: [ { get: / } ] }
            phases:
              - { kind: relief, at: 1m, duration: 30s }

            """
        #expect(
            mistakes(of: text)?.mistakes.map(\.message) == [
                "phases: the load of 'one' cannot be cut: shared-iterations has a number of"
                    + " iterations to get done; use constant-vus, or an executor with a rate"
            ])
    }
}
