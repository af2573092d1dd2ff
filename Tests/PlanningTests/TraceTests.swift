import Foundation
import Primitives
import Scenarios
import Testing

@testable import Planning

@Suite struct TraceTests {
    private func read(
        _ text: String, column: String? = nil, chunk: Int = .max, most: Int = 1_000
    ) throws -> TraceTimes {
        var reader = TraceReader(column: column, mostTimes: most)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            try reader.read(Array(rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
        }
        return try reader.finish()
    }

    private static let log = """
        10.0.0.1 - - [31/May/2020:00:48:05 -0500] "POST /v1/tips HTTP/1.1" 201 17
        10.0.0.2 - - [31/May/2020:05:48:02 +0000] "GET [x] HTTP/1.1" 200 17
        10.0.0.3 - bob [29/Feb/2020:23:59:60 +0000] "-" 400 0
        """

    // MARK: - Reading

    @Test(
        "Times are read to the nanosecond, whatever the form.",
        arguments: [
            ("0.5\n1.25\n7\n", nil, [500_000_000, 1_250_000_000, 7_000_000_000]),
            (
                "\u{FEFF}# s\r\n\r\n 3 \r\n1.0000000019\r\n2e1", nil,
                [1_000_000_001, 3_000_000_000, 20_000_000_000]
            ),
            // Seconds since 1970 count from the first.
            ("1590904080.75\n1590904080.5\n", nil, [0, 250_000_000]),
            // An hour apart across the change to summer time, and across the end of a leap day.
            (
                "2020-03-29T01:59:59+01:00\n2020-03-29T03:59:59+02:00\n", nil,
                [0, 3_600_000_000_000]
            ),
            ("2020-02-29 23:59:59.25Z\n2020-03-01t00:00:00.000000001z\n", nil, [0, 750_000_001]),
            ("2020-02-28T23:59:59Z\n2020-03-01T00:00:00Z\n", nil, [0, 86_401_000_000_000]),
            (log, nil, [0, 7_883_282_000_000_000, 7_883_285_000_000_000]),
            ("who,at\n\"A, B\",2\nC,1\n", "at", [1_000_000_000, 2_000_000_000]),
            ("at,who\n2020-05-31T00:00:00Z,\"x,y\"\n", "at", [0]),
            (
                #"{"ts": 1.5, "x": [1]}"# + "\n" + #"{"ts": "0.25"}"#, "ts",
                [250_000_000, 1_500_000_000]
            ),
            (#"{"ts": "2020-05-31T00:00:01Z"}"#, "ts", [0]),
        ] as [(String, String?, [Int64])])
    func forms(text: String, column: String?, times: [Int64]) throws {
        for chunk in [1, 7, Int.max] {
            let read = try self.read(text, column: column, chunk: chunk)
            #expect(read.nanoseconds == times)
            #expect(read.isWholeSeconds == (text == Self.log))
        }
    }

    @Test("Days since 1970 agree with Foundation's calendar.")
    func calendar() throws {
        for step in 0..<2_000 {
            // Every 73 days and some hours from 1800 on.
            let seconds = Int64(-5_364_662_400) + Int64(step) * 6_311_111
            let date = Foundation.Date(timeIntervalSince1970: Double(seconds))
            let text = date.formatted(.iso8601)
            #expect(try TraceStamp(Array(text.utf8)[...]) == .instant(seconds * 1_000_000_000))
        }
    }

    @Test(
        "A malformed file is told by its first bad line.",
        arguments: [
            ("", nil, "1: the file holds no arrival"),
            ("# nothing\n\n", nil, "2: the file holds no arrival"),
            (
                "1\n\nsoon\n", nil,
                "3: 'soon' is no time; write seconds such as 12.5 or a timestamp such as "
                    + "2020-05-31T05:48:00Z"
            ),
            (
                "9200000000.5\n99999999999999999999.5\n", nil,
                "2: 99999999999999999999.5 s are more than 292 years; are these milliseconds?"
            ),
            ("1\n-2\n", nil, "2: -2 is negative; times count from 0"),
            (
                "1590904080000\n1e30", nil,
                "1: 1590904080000 s are more than 292 years; are these milliseconds?"
            ),
            (
                "1\n2020-05-31T05:48:00Z\n", nil,
                "2: a timestamp where the lines before have seconds"
            ),
            ("2020-05-31T05:48:00Z\n1\n", nil, "2: seconds where the lines before have timestamps"),
            (
                "2020-05-31T05:48:00\n", nil,
                "1: '2020-05-31T05:48:00' is no time; write seconds such as 12.5 or a timestamp such "
                    + "as 2020-05-31T05:48:00Z"
            ),
            (
                "2021-02-29T05:48:00Z\n", nil,
                "1: '2021-02-29T05:48:00Z' is no time; write seconds such as 12.5 or a timestamp such "
                    + "as 2020-05-31T05:48:00Z"
            ),
            ("a,b\n1,2\n", nil, "1: this is CSV; say in 'column' which column holds the time"),
            ("a,b\n1,2\n", "c", "1: there is no column 'c'; there are: a, b"),
            ("a,b\n1,2\n1\n", "b", "3: 1 fields; the time is in field 2"),
            ("a,b\n\"1,2\n", "b", "2: a quoted field is not closed on its line"),
            (
                "a,b\n1,\n", "b",
                "2: '' is no time; write seconds such as 12.5 or a timestamp such as "
                    + "2020-05-31T05:48:00Z"
            ),
            ("{\"a\": 1}\n", nil, "1: this is NDJSON; say in 'column' which key holds the time"),
            ("{\"a\": 1}\n{\"b\": 1}\n", "a", "2: the object has no 'a'"),
            ("{\"a\": 1}\n[1]\n", "a", "2: '[1]' is no JSON object"),
            ("{\"a\": [1]}\n", "a", "1: 'a' is neither a number nor a text"),
            (
                log + "\nnot a line\n", nil,
                "4: no time such as [31/May/2020:00:48:00 -0500] in 'not a line'"
            ),
            ("1\n2\n3\n4\n", nil, "4: more than 3 arrivals; cut the file into several traces"),
            (
                "\u{1F}\n", nil,
                "1: '?' is no time; write seconds such as 12.5 or a timestamp such as "
                    + "2020-05-31T05:48:00Z"
            ),
            (
                "1\n" + String(repeating: "9", count: 70_000), nil,
                "2: the line is longer than 64 KiB"
            ),
        ] as [(String, String?, String)])
    func malformed(text: String, column: String?, message: String) {
        let mistake = #expect(throws: TraceReader.Mistake.self) {
            try self.read(text, column: column, most: 3)
        }
        #expect(mistake.map { "\($0.line): \($0.message)" } == message)
    }

    @Test("A compressed file is named as such.")
    func compressed() {
        var reader = TraceReader(column: nil)
        #expect(
            throws: TraceReader.Mistake(
                line: 1, message: "the file is compressed; unpack it with gunzip")
        ) { try reader.read([0x1F, 0x8B, 0x08, 0x00, 0x0A]) }
    }

    @Test("A trace's file is read before the plan; what is wrong names file, line and place.")
    func materials() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "trace-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("1\n2\n".utf8).write(to: folder.appending(path: "good.txt"))
        try Data("1\nx\n".utf8).write(to: folder.appending(path: "bad.txt"))
        func load(_ name: String) throws -> DraftMaterials {
            var scenario = Sample.scenario([
                Sample.population(
                    .trace(
                        TraceSpec(
                            source: .init(path: name),
                            location: SourceLocation(line: 5, column: 11))))
            ])
            scenario.directory = folder.path()
            return try DraftMaterials.load(scenario: scenario, environment: [:])
        }
        let materials = try load("good.txt")
        #expect(
            materials.traces[.init(path: "good.txt")]?.nanoseconds == [
                1_000_000_000, 2_000_000_000,
            ])
        let error = #expect(throws: ScenarioErrors.self) { try load("bad.txt") }
        #expect(error?.mistakes.first?.location == SourceLocation(line: 5, column: 11))
        #expect(error?.mistakes.first?.message.hasPrefix("bad.txt:2: 'x' is no time") == true)
        let gone = #expect(throws: ScenarioErrors.self) { try load("gone.txt") }
        #expect(gone?.mistakes.first?.message.hasPrefix("there is no file gone.txt") == true)
    }

    // MARK: - Playing

    private func plan(
        _ spec: TraceSpec, _ times: TraceTimes, timeScale: Double = 1, rateFactor: Double = 1,
        seed: UInt64 = 42
    ) throws -> (plan: Plan, schedule: ArrivalSchedule) {
        var scenario = Sample.scenario([Sample.population(.trace(spec), startTime: .seconds(60))])
        scenario.timeScale = timeScale
        scenario.seed = seed
        let plan = try Plan.make(
            scenario, materials: DraftMaterials(traces: [spec.source: times]),
            rateFactor: rateFactor)
        guard case .open(let schedule) = plan.populations[0].load else {
            throw ScenarioErrors(file: "", mistakes: [], rendered: "not open")
        }
        return (plan, schedule)
    }

    private static let source = TraceSpec.Source(path: "t")
    private static let primes = TraceTimes(
        nanoseconds: [2, 3, 5, 7, 11, 13, 13, 17].map { $0 * 1_000_000_001 })

    @Test("Recorded times are played exactly, cut and sped up.")
    func exact() throws {
        func times(_ spec: TraceSpec, _ timeScale: Double = 1) throws -> [Int64] {
            let (_, schedule) = try self.plan(spec, Self.primes, timeScale: timeScale)
            return ArrivalIterator(schedule).map { ($0.at - schedule.start).count }
        }
        #expect(try times(TraceSpec(source: Self.source)) == Self.primes.nanoseconds)
        let cut = TraceSpec(
            source: Self.source, from: Nanoseconds(3_000_000_003), to: Nanoseconds(13_000_000_013))
        #expect(
            try times(cut) == [0, 2_000_000_002, 4_000_000_004, 8_000_000_008])
        let fast = TraceSpec(source: Self.source, speed: 4)
        #expect(
            try times(fast) == Self.primes.nanoseconds.map { Int64((Double($0) / 4).rounded()) })
        #expect(try times(fast, 2).last == 2_125_000_002)
    }

    @Test("A trace lasts as long as it is cut, or until its last arrival.")
    func length() throws {
        let open = try self.plan(TraceSpec(source: Self.source), Self.primes)
        #expect(open.plan.populations[0].end == Nanoseconds(77_000_000_018))
        #expect(open.schedule.expectedArrivals == 8)
        #expect(open.schedule.peakRate == 2)
        let cut = try self.plan(
            TraceSpec(source: Self.source, speed: 2, to: .seconds(100)), Self.primes)
        #expect(cut.plan.populations[0].end == .seconds(110))
        let outline = open.plan.outline().populations[0]
        #expect(outline.remark == "8 arrivals of t, at most 2/s")
        #expect(outline.stages.count == 1)
        #expect(outline.intents == 8)
    }

    @Test("An empty cut and a file that was not read are mistakes at their place.")
    func emptyCut() {
        let place = SourceLocation(line: 9, column: 5)
        let spec = TraceSpec(
            source: Self.source, from: .seconds(100), to: .seconds(160), location: place)
        let error = #expect(throws: ScenarioErrors.self) { try self.plan(spec, Self.primes) }
        #expect(
            error?.mistakes == [
                .init(location: place, message: "t has no arrival in the cut from 100 s to 2m 40s")
            ])
        let unread = #expect(throws: ScenarioErrors.self) {
            try Sample.plan([Sample.population(.trace(spec))])
        }
        #expect(unread?.mistakes == [.init(location: place, message: "t was not read")])
    }

    @Test("Amplified, every recorded arrival stays and gets company within the jitter.")
    func amplified() throws {
        // 5,000 arrivals, many blocks; bursts so that the added ones overtake each other.
        let times = TraceTimes(
            nanoseconds: (0..<5_000).map { Int64($0 / 5) * 400_000_000 + Int64($0 % 5) })
        let spec = TraceSpec(source: Self.source, amplify: 3, jitter: .seconds(2))
        let (plan, schedule) = try self.plan(spec, times)
        let played = Array(ArrivalIterator(schedule))
        #expect(played.count == 15_000)
        #expect(played.map(\.number) == Array(0..<15_000))
        #expect(zip(played, played.dropFirst()).allSatisfy { $0.at <= $1.at })
        #expect(played.allSatisfy { $0.at < plan.populations[0].end })
        // Brute force: all copies of all, sorted at once.
        let all = times.nanoseconds.enumerated().flatMap { index, time in
            let random = CounterRandom(seed: 42, population: 0, intent: index, purpose: .arrival)
            return [
                time, time + Int64(random.uniform(2) * 2e9), time + Int64(random.uniform(3) * 2e9),
            ]
        }
        #expect(played.map { ($0.at - schedule.start).count } == all.sorted())
        #expect(abs(schedule.expectedArrivals - 15_000) < 1e-6)
        let (_, other) = try self.plan(spec, times, seed: 43)
        #expect(Array(ArrivalIterator(other)) != played)
        #expect(Array(ArrivalIterator(schedule)) == played)
    }

    @Test("A fraction of a trace is drawn; the rate factor multiplies amplify.")
    func thinned() throws {
        let times = TraceTimes(nanoseconds: (0..<20_000).map { Int64($0) * 1_000_000 })
        let spec = TraceSpec(source: Self.source, amplify: 0.5)
        let (_, schedule) = try self.plan(spec, times, rateFactor: 0.5)
        let played = ArrivalIterator(schedule).map { ($0.at - schedule.start).count }
        // Binomial: 5,000 with standard deviation 61.
        #expect(abs(Double(played.count) - 5_000) < 3.3 * 61.3)
        #expect(Set(played).isSubset(of: Set(times.nanoseconds)))
        let (_, same) = try self.plan(spec, times, rateFactor: 2)
        #expect(Array(ArrivalIterator(same)).count == 20_000)
    }

    @Test("Whole seconds of an access log are spread over their second.")
    func wholeSeconds() throws {
        let times = TraceTimes(
            nanoseconds: [Int64](repeating: 5_000_000_000, count: 10_000), isWholeSeconds: true)
        let (plan, schedule) = try self.plan(TraceSpec(source: Self.source), times)
        let played = ArrivalIterator(schedule).map { ($0.at - schedule.start).seconds - 5 }
        #expect(played.count == 10_000)
        #expect(plan.populations[0].end == Nanoseconds(66_000_000_001))
        // Kolmogorov and Smirnov against the even distribution.
        let distance =
            played.enumerated().map { index, time in
                max(abs(time - Double(index) / 10_000), abs(time - Double(index + 1) / 10_000))
            }.max() ?? 1
        #expect(distance < 0.0195)
    }
}
