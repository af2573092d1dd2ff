import Primitives
import Testing

@testable import Scenarios

@Suite("What is sampled of the server's side")
struct ProbeDecodingTests {
    private static func text(_ probes: String, target: String = "http://127.0.0.1:8080") -> String {
        """
        version: 1
        target: \(target)
        probes:
        \(probes)
        scenarios:
          one:
            executor: constant-vus
            vus: 1
            duration: 1s
            flow: [ { get: / } ]
        """
    }

    private func probes(_ text: String, target: String = "http://127.0.0.1:8080") throws
        -> ProbesSpec
    {
        try Scenario.decode(text: Self.text(text, target: target), file: "viral.yaml").probes
    }

    @Test("Every key is read.")
    func reading() throws {
        let spec = try self.probes(
            """
              process:
                - { port: 8080 }
                - { name: db, pidFile: db.pid, listen: 5432 }
                - { name: worker, pid: 4711 }
              host: { disk: /var/lib/db }
              prometheus:
                - url: /metrics
                  metrics:
                    pool_busy: app.db_pool_busy
                    refused_total{reason="shed"}: app.shed
                    wait_seconds: { figure: app.db_pool_wait_ms, factor: 1000 }
                    threads_parked: own.parked
                - { name: node, url: "http://127.0.0.1:9100/metrics" }
              control: /healthz
            """)
        #expect(
            spec.processes == [
                ProbesSpec.Process(choice: .port(8080)),
                ProbesSpec.Process(name: "db", choice: .pidFile("db.pid"), listen: 5432),
                ProbesSpec.Process(name: "worker", choice: .pid(4711)),
            ])
        #expect(spec.host == true)
        #expect(spec.disk == "/var/lib/db")
        #expect(spec.pages.map(\.url) == ["/metrics", "http://127.0.0.1:9100/metrics"])
        #expect(spec.pages.map(\.name) == [nil, "node"])
        #expect(
            spec.pages[0].figures.map(\.name)
                == ["app.db_pool_busy", "app.shed", "app.db_pool_wait_ms", "own.parked"])
        #expect(spec.pages[0].figures.map(\.factor) == [1, 1, 1000, 1])
        #expect(spec.pages[0].figures[1].selector.labels == ["reason": "shed"])
        #expect(spec.control == "/healthz")
    }

    @Test("The bundled intake brings its process and its machine, unless told otherwise.")
    func intake() throws {
        let none = try Scenario.decode(
            text: Self.text("  control: /", target: "{ intake: {} }"), file: "a.yaml"
        ).probes.completed(isIntake: true)
        #expect(none.processes == [ProbesSpec.Process(choice: .intake)])
        #expect(none.host == true)
        let own = try self.probes(
            "  { process: { pid: 7 }, host: false }", target: "{ intake: {} }"
        ).completed(isIntake: true)
        #expect(own.processes == [ProbesSpec.Process(choice: .pid(7))])
        #expect(own.host == false)
        let named = try self.probes(
            "  { process: [ intake, { name: db, pid: 7 } ] }", target: "{ intake: {} }"
        ).completed(isIntake: true)
        #expect(named.processes.map(\.choice) == [.intake, .pid(7)])
        #expect(ProbesSpec().completed(isIntake: false).processes.isEmpty)
        #expect(ProbesSpec().completed(isIntake: false).host == false)
    }

    @Test(
        "What is wrong is told with its line and column.",
        arguments: [
            ("  {}", "4:3 probes: it names nothing; write process, host, prometheus or control"),
            ("  proces: { pid: 1 }", "4:3 unknown key 'proces'; did you mean 'process'?"),
            (
                "  process: intake",
                "4:12 process: 'intake' is the bundled one, and the target is another server;"
                    + " write pid, pidFile or port"
            ),
            ("  process: me", "4:12 process: 'me' is not known; write one of: intake"),
            ("  process: {}", "4:3 process: one of these is missing: pid, pidFile, port"),
            ("  process: { pid: 1, port: 80 }", "4:22 'port' cannot stand beside 'pid'"),
            (
                "  process: { port: 70000 }",
                "4:20 port: 70000 is too large; it may be at most 65535"
            ),
            (
                "  process: [ { pid: 1 }, { pid: 2 } ]",
                "4:26 process: the second without a name; give it one, and its figures are kept"
                    + " as NAME/cpu.user"
            ),
            (
                "  process: [ { name: a, pid: 1 }, { name: a, pid: 2 } ]",
                "4:43 name: 'a' is taken already"
            ),
            (
                "  prometheus: { url: metrics }",
                "4:22 url: 'metrics' must begin with http://, https:// or / for a path on the"
                    + " target"
            ),
            (
                "  prometheus: { url: \"http://me:secret@127.0.0.1/\" }",
                "4:22 url: leave user and password out; reports show the URL"
            ),
            ("  prometheus: { metrics: { a: app.shed } }", "4:3 prometheus: 'url' is missing"),
            (
                "  prometheus: { url: /m, metrics: { a: app.shedd } }",
                "4:40 'app.shedd' is no figure of the server; did you mean 'app.shed'?"
            ),
            (
                "  prometheus: { url: /m, metrics: { a: parked } }",
                "4:40 'parked' is no figure of the server; the figures stand in docs/probes.md;"
                    + " those of your own begin with own."
            ),
            (
                "  prometheus: { url: /m, metrics: { \"a{x=1}\": app.shed } }",
                "4:37 'a{x=1}' is no metric; write for example requests_total or"
                    + " requests_total{code=\"503\"}"
            ),
            (
                "  prometheus: { url: /m, metrics: { a: app.shed, b: app.shed } }",
                "4:53 'app.shed' is given twice; a selector without labels adds up all series of"
                    + " its name"
            ),
            (
                "  prometheus: { url: /m, metrics: { a: { figure: app.shed, factor: 0 } } }",
                "4:68 factor: 0 is too small; it must be above 0"
            ),
            (
                "  control: healthz",
                "4:12 control: 'healthz' must begin with http://, https:// or / for a path on the target"
            ),
        ])
    func mistakesWithPlaces(probes: String, message: String) {
        let told = mistakes(of: Self.text(probes))?.mistakes.map {
            "\($0.location.line):\($0.location.column) \($0.message)"
        }
        #expect(told == [message])
    }
}
