import Primitives
import Testing

@testable import Intake
@testable import Scenarios

@Suite struct FaultSpecTests {
    /// A text that a parameter takes.
    private func sample(_ parameter: FaultParameter) -> String {
        // A pause is shorter than its period.
        if parameter.name == "period" { return "9ms" }
        return switch parameter.form {
        case .duration: "7ms"
        case .size: "1kB"
        case .count(let range): "\(range.lowerBound)"
        case .perTime: "3/s"
        case .bandwidth: "1MB/s"
        case .share: "0.5"
        case .factor: "2.5"
        case .word(let words): words[words.count - 1]
        case .field: "X-Phone"
        }
    }

    private func pairs(_ kind: FaultKind) -> [(String, String)] {
        [("id", kind.id.rawValue), ("at", "5s"), ("for", "3s")]
            + kind.parameters.map { ($0.name, self.sample($0)) }
    }

    @Test("Every fault has one row, and every row a fault.")
    func rows() {
        #expect(
            FaultKind.catalogue.map(\.id.rawValue).sorted()
                == FaultID.allCases.map(\.rawValue).sorted())
        for kind in FaultKind.catalogue {
            let names = kind.parameters.map(\.name)
            #expect(Set(names).count == names.count && !names.contains("for"), "\(kind.id)")
            #expect(Set(names).isDisjoint(with: FaultSpec.triggerWords), "\(kind.id)")
            for parameter in kind.parameters {
                if let fallback = parameter.fallback {
                    #expect(throws: Never.self) { try parameter.form.read(fallback) }
                }
            }
        }
    }

    @Test("Words, JSON and scenarios mean the same.", arguments: FaultID.allCases)
    func forms(_ id: FaultID) throws {
        let kind = FaultKind.of(id)
        let pairs = self.pairs(kind)
        let fault = try FaultSpec(pairs)
        let words = pairs.dropFirst().map { "\($0.0)=\($0.1)" }.joined(separator: " ")
        #expect(try FaultSpec.list("\(id.rawValue) \(words)") == [fault])
        #expect(try FaultSpec.list("[\(fault.json.text)]") == [fault])
        #expect(try FaultSpec.list("\(fault.json.text),\(fault.json.text)") == [fault, fault])
        let yaml = pairs.map { "\($0.0): \($0.1)" }.joined(separator: ", ")
        let text = """
            version: 1
            target: { intake: { workers: 3, faults: [ { \(yaml) } ] } }
            scenarios:
              one: { executor: constant-arrival-rate, rate: 5/s, duration: 1m, flow: [ { get: / } ] }

            """
        guard case .intake(let settings) = try Scenario.decode(text: text, file: "a.yaml").target
        else {
            Issue.record("not an intake")
            return
        }
        let value = try #require(settings.first { $0.path == "faults" }?.value)
        #expect(try FaultSpec.list(value) == [fault])
    }

    @Test("The scenario language has the intake's faults, each with its parameters.")
    func grammar() throws {
        let rules = try #require(ScenarioGrammar.fault.cases?.rules)
        #expect(rules.map { $0.value }.sorted() == FaultID.allCases.map(\.rawValue).sorted())
        for rule in rules {
            let kind = FaultKind.of(try #require(FaultID(rawValue: rule.value)))
            let required = kind.parameters.filter(\.isRequired).map(\.name)
            let others = kind.parameters.filter { !$0.isRequired }.map(\.name)
            #expect(rule.needs.sorted() == required.sorted(), "\(rule.value)")
            #expect(rule.allows.sorted() == others.sorted(), "\(rule.value)")
        }
    }

    @Test("The help names every fault and every parameter.")
    func help() {
        let lines = SettingsTable.faultHelp.split(separator: "\n")
        let count = FaultKind.catalogue.map { 1 + $0.parameters.count }.reduce(0, +)
        #expect(lines.count == count)
        #expect(lines.contains("  lock          M15  a lock around part of each unit"))
        #expect(
            lines.contains("      wait          how long a request waits for one (default: 30s)"))
        #expect(lines.contains("      section       processor time under the lock (required)"))
    }

    @Test("A list of faults is a setting like any other.")
    func setting() throws {
        let settings = try SettingsTable.parse(arguments: [
            "--workers", "2", "--fault", "cpu at=20s cost=5ms; crash afterCount=500",
            "--fault=limiter atRate=9/s rate=30/m key=X-Phone",
        ])
        #expect(settings.faults.map(\.id) == [.cpu, .crash, .limiter])
        #expect(settings.faults[0].trigger == .time(.seconds(20)))
        #expect(settings.faults[0].duration("cost") == .milliseconds(5))
        #expect(settings.faults[1].trigger == .count(500))
        #expect(settings.faults[1].duration("down") == .seconds(1))
        #expect(settings.faults[2].trigger == .rate(9))
        #expect(settings.faults[2].number("rate") == 0.5)
        #expect(settings.faults[2].word("key") == "X-Phone")
        #expect(settings.faults[2].count("burst") == 10)
        let json = SettingsTable.json(settings)
        #expect(try SettingsTable.apply(json, to: settings) == settings)
        #expect(try SettingsTable.parse(arguments: ["--set", "faults=none"]).faults == [])
        let change = JSONValue.object([("faults", .string("pause at=1s"))])
        #expect(throws: SettingsError(message: "setting 'faults' can be set only at launch")) {
            try SettingsTable.apply(change, to: settings)
        }
    }

    @Test("Which faults need a parent that starts the process again.")
    func processes() throws {
        let faults = try FaultSpec.list(
            "crash at=1s; leak at=1s; leak at=1s then=crash; poison at=1s share=0.1; "
                + "poison at=1s share=0.1 effect=crash; descriptors at=1s spare=0; pause at=1s")
        #expect(faults.map(\.needsProcess) == [true, false, true, false, true, true, false])
    }

    @Test("A queue that nobody sees the end of is the unbounded one.")
    func mechanisms() throws {
        let faults = try FaultSpec.list(
            "queue at=1s length=20; queue at=1s length=1000000; odd at=1s; pool at=1s size=1")
        #expect(faults.map(\.mechanism) == ["M04", "M03", nil, "M14"])
    }

    @Test(
        "Each mistake is one sentence.",
        arguments: [
            ("cpu at=5s", "fault 'cpu': it needs 'cost' or 'threads'"),
            ("lock at=5s", "fault 'lock': it needs 'section'"),
            (
                "cpu cost=5ms",
                "fault 'cpu': say when it begins, with one of at, afterCount, afterBytes, atRate"
            ),
            ("cpux at=5s", "there is no fault 'cpux'; did you mean 'cpu'?"),
            ("cpu at=5s cots=5ms", "fault 'cpu': 'cots': is unknown; did you mean 'cost'?"),
            ("cpu at=5 cost=5ms", "fault 'cpu': 'at': 5 has no unit; write 5s or 5ms"),
            (
                "cpu at=5s afterCount=3 cost=1ms",
                "fault 'cpu': 'afterCount': cannot stand beside another moment to begin"
            ),
            ("cpu at=5s cost=1ms cost=2ms", "fault 'cpu': 'cost': is given twice"),
            ("cpu at=5s for=0 cost=1ms", "fault 'cpu': 'for': must be above 0"),
            ("cpu at=5s cost", "fault 'cpu': write 'cost' as name=value"),
            (
                "odd at=5s share=1.5",
                "fault 'odd': 'share': '1.5' is not a number above 0 and up to 1"
            ),
            ("odd at=5s kind=b", "fault 'odd': 'kind': 'b' is not garbled or forgets or cut"),
            (
                "pause at=5s freeze=20s",
                "fault 'pause': 'freeze' is above 0, below 'period' and at most 60s"
            ),
            ("{\"at\":\"5s\"}", "a fault needs an 'id'"),
            ("[1]", "a fault is an object such as {\"id\":\"cpu\",\"at\":\"20s\"}"),
            ("{]", "this is not JSON"),
        ])
    func mistakes(text: String, message: String) {
        #expect(throws: UnitError(message)) { try FaultSpec.list(text) }
    }
}
