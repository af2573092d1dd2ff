import Primitives
import Testing

@testable import Intake

@Suite struct SettingsTableTests {
    @Test("Flags, dotted flags and --set mean the same.")
    func flags() throws {
        let settings = try SettingsTable.parse(arguments: [
            "--workers", "8", "--service-time=35ms", "--set", "review.analysts=7",
            "--review-per-item", "5m", "--limiter-rate", "600/m", "--set", "blockList=fan-*,x",
            "--admission", "before-body", "--service-area", "32.6,-97,33,-96.5",
            "--time-scale", "1200", "--spool-quota", "2.4TB", "--max-connections", "100",
            "--retry-after", "1500ms",
        ])
        #expect(settings.workers == 8)
        #expect(settings.serviceTime == .milliseconds(35))
        #expect(settings.review.analysts == 7)
        #expect(settings.limiterRate == 12_000)
        #expect(settings.blocks(device: "fan-77") && settings.blocks(device: "x"))
        #expect(!settings.blocks(device: "xx") && !settings.blocks(device: "fan"))
        #expect(settings.admission == .beforeBody)
        #expect(settings.serviceArea?.contains(latitude: 32.78, longitude: -96.8) == true)
        #expect(settings.serviceArea?.contains(latitude: 40.7, longitude: -74) == false)
        #expect(settings.spoolLimit == 2_000_000_000)
        #expect(settings.reviewSpan == .milliseconds(250))
        #expect(settings.maxConnections == 100)
    }

    @Test("Without a quota of its own the spool holds 2 GB at any time scale.")
    func defaultQuota() throws {
        let settings = try SettingsTable.parse(arguments: ["--time-scale", "1200"])
        #expect(settings.spoolLimit == 2_000_000_000)
    }

    @Test(
        "Each mistake is one sentence that names the setting.",
        arguments: [
            (["--workers", "0"], "setting 'workers': '0' is not a whole number from 1 to 10000"),
            (
                ["--service-time", "20"],
                "setting 'serviceTime': 20 has no unit; write 20s or 20ms"
            ),
            (["--set", "wokers=3"], "unknown setting 'wokers'; did you mean 'workers'?"),
            (["--queue-order", "up"], "setting 'queueOrder': 'up' is not fifo or lifo"),
            (["--workers"], "'--workers' needs a value"),
            (["--nonsense", "1"], "unknown option '--nonsense'"),
            (["--set", "workers"], "'--set workers': write --set path=value"),
            (["workers"], "unexpected argument 'workers'"),
            (
                ["--service-area", "1,2,3"],
                "setting 'serviceArea': '1,2,3' is not south,west,north,east in degrees"
            ),
            (["--time-scale", "0.5"], "setting 'timeScale': '0.5' is not a number from 1 up"),
        ])
    func mistakes(arguments: [String], message: String) {
        #expect(throws: SettingsError(message: message)) {
            try SettingsTable.parse(arguments: arguments)
        }
    }

    @Test("The JSON of the settings, given back, changes nothing.")
    func roundTrip() throws {
        var settings = IntakeSettings()
        for (path, value) in [
            ("workers", "9"), ("serviceJitter", "1500us"), ("limiter.rate", "0.5/s"),
            ("limiter.key", "X-Device"), ("shed.above", "700"), ("retryAfter", "3s"),
            ("serviceArea", "1,2,3,4.5"), ("blockList", "a,b*"), ("review.order", "relevance"),
        ] {
            try SettingsTable.set(path, to: value, in: &settings)
        }
        #expect(settings != IntakeSettings())
        let json = SettingsTable.json(settings)
        #expect(try SettingsTable.apply(json, to: settings) == settings)
    }

    @Test("What only a launch can set is refused later, unless it stays the same.")
    func restart() throws {
        let settings = IntakeSettings()
        #expect(throws: SettingsError(message: "setting 'backlog' can be set only at launch")) {
            try SettingsTable.apply(.object([("backlog", .integer(7))]), to: settings)
        }
        let same = JSONValue.object([("backlog", .integer(4_096)), ("queue", .integer(3))])
        #expect(try SettingsTable.apply(same, to: settings).queue == 3)
    }

    @Test("Every setting of the contract has a row, and no two share a flag.")
    func completeness() {
        let paths = SettingsTable.rows.map(\.path)
        let contract =
            "workers serviceTime serviceJitter cpuCost queue queueOrder abandoned admission "
            + "backlog maxConnections bodyLimit resumable spoolQuota databasePool durability limiter.rate "
            + "limiter.burst limiter.key limiter.status shed.above shed.status retryAfter "
            + "serviceArea blockList review.analysts review.perItem review.order timeScale "
            + "faults"
        #expect(Set(paths) == Set(contract.split(separator: " ").map(String.init)))
        #expect(Set(SettingsTable.rows.map(\.flag)).count == paths.count)
    }

    @Test("JSON text escapes what it must.")
    func json() {
        let value = JSONValue.object([
            ("a\"b", .string("line\nbreak \u{1} \\ ü")), ("n", .number(0.5)), ("i", .integer(-3)),
            ("l", .array([.null, .bool(true)])),
        ])
        #expect(
            value.text
                == "{\"a\\\"b\":\"line\\nbreak \\u0001 \\\\ ü\",\"n\":0.5,\"i\":-3,"
                + "\"l\":[null,true]}")
    }
}
