import Foundation
import Primitives
import Testing

@testable import Scenarios

@Suite struct RetryDecodingTests {
    private static func text(population: String, request: String = "url: /") -> String {
        """
        version: 1
        target: http://127.0.0.1:8080
        scenarios:
          one:
            executor: constant-arrival-rate
            rate: 1/s
            duration: 1m
            \(population)
            flow: [ { put: { \(request) } } ]

        """
    }

    private func population(_ keys: String) throws -> PopulationSpec {
        try Scenario.decode(text: Self.text(population: keys), file: "a.yaml").populations[0]
    }

    @Test("A policy reads all its numbers; what is left out has its default.")
    func policy() throws {
        let full = try self.population(
            "retry: { max: 4, when: [connect, aborted, 429], delay: 100ms, backoff: exponential, "
                + "jitter: equal, maxDelay: 2s, maxRetryAfter: 5s }")
        #expect(
            full.retry
                == RetrySpec(
                    max: 4, when: [.connect, .aborted, .status(.range(429...429))],
                    delay: .milliseconds(100), backoff: .exponential, jitter: .equal,
                    maxDelay: .seconds(2), maxRetryAfter: .seconds(5)))
        let least = try self.population("retry: { max: 1 }").retry
        #expect(least == RetrySpec(max: 1))
        #expect(least?.honorsRetryAfter == true)
        #expect(least?.maxRetryAfter == .seconds(60))
        for key in ["honorRetryAfter", "honourRetryAfter"] {
            let policy = try self.population("retry: { max: 1, \(key): false }").retry
            #expect(policy?.honorsRetryAfter == false)
        }
        #expect(
            try self.population("retry: { max: 1, backoff: decorrelated, maxDelay: 9s }").retry
                == RetrySpec(max: 1, backoff: .decorrelated, maxDelay: .seconds(9)))
    }

    @Test("Budgets read a word or their own numbers.")
    func budgets() throws {
        let rows: [(String, RetryBudgetSpec)] = [
            ("finagle", RetryBudgetSpec(RetryBudgetSpec.finagle)),
            ("aws", RetryBudgetSpec(RetryBudgetSpec.aws)),
            ("{ kind: aws, shared: false }", RetryBudgetSpec(RetryBudgetSpec.aws)),
            ("{ kind: sre, shared: true }", RetryBudgetSpec(RetryBudgetSpec.sre, isShared: true)),
            (
                "{ kind: sre, shared: true, ratio: 0.2, window: 10s }",
                RetryBudgetSpec(.sre(ratio: 0.2, window: .seconds(10)), isShared: true)
            ),
            (
                "{ kind: finagle, ratio: 0.5, minRetriesPerSecond: 2.5, ttl: 20s }",
                RetryBudgetSpec(
                    .finagle(ratio: 0.5, minRetriesPerSecond: 2.5, ttl: .seconds(20)))
            ),
            (
                "{ kind: aws, tokens: 50, retryCost: 1, timeoutCost: 2, refund: 0 }",
                RetryBudgetSpec(.aws(tokens: 50, retryCost: 1, timeoutCost: 2, refund: 0))
            ),
        ]
        for (text, budget) in rows {
            let population = try self.population("retry: { max: 3, budget: \(text) }")
            #expect(population.retry?.budget == budget, "\(text)")
        }
    }

    @Test("People have patience, press again, and their journey has a deadline.")
    func people() throws {
        let one = try self.population(
            "patience: { lognormal: { median: 30s, p99: 5m } }\n"
                + "    pressAgain: { max: 3, after: { exponential: { mean: 4s } }, "
                + "when: [error, 503], restart: step }\n    timeout: 45s"
        ).person
        #expect(one.patience == .lognormal(median: 30, p99: 300))
        #expect(one.timeout == .seconds(45))
        #expect(
            one.pressAgain
                == PressAgainSpec(
                    max: 3, after: .exponential(mean: 4),
                    when: [.error, .status(.range(503...503))], restart: .step))
        #expect(one.patienceLocation == SourceLocation(line: 8, column: 15))
        let two = try self.population(
            "patience: { uniform: { min: 0s, max: 1m } }\n    pressAgain: { max: 1, after: 0s }"
        ).person
        #expect(two.patience == .uniform(min: 0, max: 60))
        #expect(two.pressAgain == PressAgainSpec(max: 1, after: .fixed(0)))
        #expect(try self.population("patience: 20s").person.patience == .fixed(20))
        #expect(try self.population("tags: {}").person == PersonSpec())
    }

    @Test("A client hangs up after a time or a number of bytes.")
    func abortAfter() throws {
        for (text, rule) in [
            ("3s", AbortRule.time(.seconds(3))), ("500kB", .bytes(ByteCount(500_000))),
            ("1m", .time(.seconds(60))), ("1MB", .bytes(ByteCount(1_000_000))),
        ] {
            let scenario = try Scenario.decode(
                text: Self.text(
                    population: "tags: {}", request: "url: /, text: tip, abortAfter: \(text)"),
                file: "a.yaml")
            guard case .request(let request) = scenario.populations[0].flow[0] else {
                Issue.record("no request")
                return
            }
            #expect(request.abortAfter == rule)
        }
    }

    /// What stands in the population, whether it is valid.
    private static let verdicts: [(String, Bool)] = [
        ("retry: { max: 1, maxDelay: 1s }", true),
        ("retry: { max: 1, maxDelay: 999ms }", false),
        ("retry: { max: 1, maxDelay: 0s, delay: 0s }", false),
        ("retry: { max: 1, maxDelay: -1s }", false),
        ("retry: { max: 1, backoff: decorrelated, jitter: full }", false),
        ("retry: { max: 1, backoff: decorrelated, jitter: none }", true),
        ("retry: { max: 1, backoff: decorrelated, delay: 0s }", false),
        ("retry: { max: 1, honorRetryAfter: true, honourRetryAfter: true }", false),
        ("retry: { max: 1, honorRetryAfter: false, maxRetryAfter: 1s }", false),
        ("retry: { max: 1, budget: none }", false),
        ("retry: { max: 1, budget: { ratio: 0.1 } }", false),
        ("retry: { max: 1, budget: { kind: aws, ratio: 0.1 } }", false),
        ("retry: { max: 1, budget: { kind: finagle, ratio: 1.5 } }", false),
        ("retry: { max: 0, budget: aws }", false),
        // One request a client, and a retry at the ninth.
        ("retry: { max: 1, budget: sre }", false),
        ("retry: { max: 1, budget: sre }\n    clients: { reuse: 8 }", false),
        ("retry: { max: 1, budget: sre }\n    clients: { reuse: 9 }", true),
        ("retry: { max: 1, budget: sre }\n    pressAgain: { max: 8 }", true),
        ("retry: { max: 1, budget: { kind: sre, shared: true } }", true),
        ("retry: { max: 1, budget: { kind: sre, shared: true, ratio: 0 } }", false),
        ("retry: { max: 1, budget: { kind: finagle, minRetriesPerSecond: 0 } }", false),
        ("retry: { max: 1, budget: { kind: aws, tokens: 4 } }", false),
        ("retry: { max: 1, budget: { kind: aws, tokens: 5 } }", true),
        ("patience: 0s", false), ("patience: -3s", false), ("patience: 30", false),
        ("patience: { uniform: { min: 0s, max: 0s } }", false),
        ("patience: { uniform: { min: 3s, max: 2s } }", false),
        ("patience: { exponential: { mean: 0s } }", false),
        ("patience: { lognormal: { median: 0s, p99: 1s } }", false),
        ("patience: { lognormal: { median: 30s } }", false),
        ("patience: { fixed: 3s }", false),
        ("pressAgain: { after: 3s }", false), ("pressAgain: { max: 0 }", false),
        ("pressAgain: { max: 51 }", false), ("pressAgain: { max: 3, when: [never] }", false),
        ("pressAgain: { max: 3, after: { exponential: { mean: -1s } } }", false),
        ("timeout: 0s", false), ("timeout: 10", false),
    ]

    @Test("What cannot be is refused.", arguments: verdicts)
    func verdict(keys: String, isValid: Bool) {
        let errors = mistakes(of: Self.text(population: keys))
        #expect((errors == nil) == isValid, "\(errors?.rendered ?? "")")
    }

    @Test(
        "A client that would hang up never, at once or of nothing is refused.",
        arguments: [
            "url: /, abortAfter: 500", "url: /, text: a, abortAfter: 0s",
            "url: /, abortAfter: 5kB", "url: /, text: a, abortAfter: soon",
        ])
    func badAbort(request: String) {
        #expect(mistakes(of: Self.text(population: "tags: {}", request: request)) != nil)
    }

    @Test("Only a put of a file or generated content can be resumed.")
    func resume() throws {
        let text = Self.text(
            population: "tags: {}",
            request: "url: /, body: { generate: mp4, size: 1MB }, resume: true")
        let scenario = try Scenario.decode(text: text, file: "a.yaml")
        guard case .request(let request) = scenario.populations[0].flow[0] else {
            Issue.record("no request")
            return
        }
        #expect(request.resumes)
        for bad in [
            "url: /, text: a, resume: true", "url: /, resume: true", "url: /, resume: yes",
        ] {
            #expect(mistakes(of: Self.text(population: "tags: {}", request: bad)) != nil)
        }
        #expect(
            mistakes(
                of: Self.text(
                    population: "tags: {}", request: "url: /, text: a, resume: false")) == nil)
    }

    @Test("A step's own budget counts that step's requests, loops included.")
    func stepBudgets() {
        func verdict(_ flow: String) -> String? {
            let text = """
                version: 1
                target: http://127.0.0.1:8080
                scenarios:
                  one:
                    executor: constant-arrival-rate
                    rate: 1/s
                    duration: 1m
                    flow:
                      - get: /
                      \(flow)

                """
            return mistakes(of: text)?.rendered
        }
        let step = "{ get: { url: /a, retry: { max: 1, budget: sre } } }"
        #expect(verdict("- \(step)") != nil)
        #expect(verdict("- { loop: [ \(step) ], count: 8 }") != nil)
        #expect(verdict("- { loop: [ \(step) ], count: 9 }") == nil)
    }

    @Test("Clients that live as long as the run come to their first retry.")
    func closedBudgets() {
        let text = """
            version: 1
            target: http://127.0.0.1:8080
            scenarios:
              one: { executor: constant-vus, vus: 1, duration: 1m, retry: { max: 1, budget: sre }, flow: [ { get: / } ] }
              two: { executor: per-vu-iterations, vus: 1, iterations: 8, retry: { max: 1, budget: sre }, flow: [ { get: / } ] }

            """
        #expect(
            mistakes(of: text)?.rendered == """
                viral.yaml:5:87: budget: it can never be spent: a client sends 8 requests before it leaves and needs 9 for its first retry; raise clients.reuse or write shared: true
                    5 |   two: { executor: per-vu-iterations, vus: 1, iterations: 8, retry: { max: 1, budget: sre }, flow: [ { get: / } ] }
                      |                                                                                       ^
                1 mistake in viral.yaml
                """)
    }

    private static let schemaCases: [(String, Bool)] = [
        ("retry: { max: 1, budget: { kind: sre, shared: true, window: 1m } }", true),
        ("retry: { max: 1, budget: { kind: sre, ttl: 1m } }", false),
        ("retry: { max: 1, budget: { shared: true } }", false),
        ("retry: { max: 1, budget: often }", false),
        ("retry: { max: 1, budget: aws, maxDelay: 30s, backoff: decorrelated }", true),
        ("retry: { max: 1, honorRetryAfter: yes }", false),
        ("retry: { max: 1, honorRetryAfter: true, honourRetryAfter: false }", false),
        ("patience: { exponential: { mean: 30s } }", true),
        ("patience: { exponential: { mean: 30 } }", false),
        ("patience: { exponential: { mean: 30s }, uniform: { min: 1s, max: 2s } }", false),
        ("pressAgain: { max: 2, after: 3s, restart: step }", true),
        ("pressAgain: { restart: app }", false), ("timeout: 90s", true), ("timeout: soon", false),
    ]

    @Test("Schema and decoder give one verdict on retries and people.", arguments: schemaCases)
    func schemaAgrees(keys: String, isValid: Bool) throws {
        let text = Self.text(population: keys)
        #expect(try SchemaTests.schemaAccepts(text) == isValid, "the schema")
        #expect((mistakes(of: text) == nil) == isValid, "the decoder")
    }

    @Test(
        "Schema and decoder give one verdict on hanging up.",
        arguments: [
            ("3s", true), ("1.5 MB", true), ("2m30s", true), ("500", false), ("\"500\"", false),
            ("5 parsecs", false), ("\"12kB\"", true),
        ])
    func schemaAbort(value: String, isValid: Bool) throws {
        let text = Self.text(
            population: "tags: {}", request: "url: /, text: a, abortAfter: \(value)")
        #expect(try SchemaTests.schemaAccepts(text) == isValid, "the schema")
        #expect((mistakes(of: text) == nil) == isValid, "the decoder")
    }
}
