import Measurements
import Primitives

@testable import Diagnosis

/// A record whose attempts are written down one by one; its seconds are counted from them.
struct SyntheticCase: Sendable {
    /// One attempt; times in milliseconds.
    struct Shot: Sendable {
        var took = 20.0
        var outcome = "201"
        /// From 201 and the like; set to override.
        var isGood: Bool?
        /// Whether the person got in, at whatever try; as the attempt unless set.
        var isAccepted: Bool?
        var reused: Bool? = false
        var lookup: Double?
        var connect: Double? = 0.2
        var tls: Double?
        var send = 0.1
        /// The rest of the time unless set; nil without an answer.
        var wait: Double?
        var client: Int?
        var connection: Int?
        var address: String?
        var size: Int64?
        /// All of it unless set.
        var sent: Int64?
        var fingerprint: String? = "00000000000000aa"
        var body: String?
        var weight = 1.0
        var population = 0
        var step = 0
    }
    var seconds = 90
    var timeout = 5.0
    var kernel = "Linux 6.1.0"
    var target = "http://192.0.2.1"
    var executor = "constant-arrival-rate"
    var trigger: Double?
    /// The names of every population's steps.
    var steps = ["POST"]
    /// False for a record without listed attempts.
    var isListed = true
    var server: [ServerSample] = []
    private var shots: [(at: Double, shot: Shot)] = []

    /// Attempts at even distances; `make` gets each with its number within the stretch.
    mutating func add(
        _ rate: Double, from: Double, to: Double, _ make: (inout Shot, Int) -> Void = { _, _ in }
    ) {
        let count = Int(((to - from) * rate).rounded())
        for number in 0..<count {
            var shot = Shot()
            make(&shot, number)
            self.shots.append((from + (Double(number) + 0.5) / rate, shot))
        }
    }

    /// One attempt.
    mutating func add(at: Double, _ shot: Shot) { self.shots.append((at, shot)) }

    /// Readings of the server, one a second.
    mutating func sample(_ range: Range<Int>, _ values: (Int) -> [String: Double]) {
        for second in range {
            if let place = self.server.firstIndex(where: { $0.second == second }) {
                self.server[place].values.merge(values(second)) { _, new in new }
            } else {
                self.server.append(ServerSample(second: second, values: values(second)))
            }
        }
    }

    /// Twenty good attempts a second up to 40 s: a baseline and a bit more.
    static func quiet() -> SyntheticCase {
        var file = SyntheticCase()
        file.add(20, from: 0, to: 40)
        return file
    }

    /// The quiet beginning, and trouble of that kind from 40 s on at the same load.
    static func trouble(_ make: @escaping (inout Shot, Int) -> Void) -> SyntheticCase {
        var file = SyntheticCase.quiet()
        file.add(20, from: 40, to: 90, make)
        return file
    }

    /// The outcome of a test; nil when it did not apply.
    func outcome(_ test: String) -> TestOutcome? { self.evidence(test)?.outcome }

    /// A test's entry; nil when it did not apply.
    func evidence(_ test: String) -> Evidence? {
        Explanation.explain(self.record()).evidence.first { $0.test == test }
    }

    /// The same without its list of attempts.
    var unlisted: SyntheticCase {
        var file = self
        file.isListed = false
        return file
    }
}

// MARK: - Records

extension SyntheticCase {
    /// The record that such a run would leave.
    func record() -> RunRecord {
        let longest = self.shots.map { $0.at + $0.shot.took / 1_000 }.max() ?? 0
        let length = max(self.seconds, Int(longest) + 1)
        var rows = (0..<length).map { second in
            SecondRow(second: second, populations: [PopulationSecond(), PopulationSecond()])
        }
        var lines: [AttemptLine] = []
        for (number, entry) in self.shots.enumerated() {
            let line = SyntheticCase.line(entry.at, entry.shot, number: number)
            SyntheticCase.count(line, isAccepted: entry.shot.isAccepted ?? line.good, in: &rows)
            lines.append(line)
        }
        var record = RunRecord(
            manifest: self.manifest, seconds: rows,
            generator: rows.indices.map { second in
                GeneratorSample(
                    second: second, cpu: 0.2, lagP99: 1, referenceP99: 0.9, descriptors: 200,
                    memory: 1 << 26)
            },
            server: self.server.sorted { $0.second < $1.second },
            closing: RunClosing(stopped: "finished", duration: Double(length)))
        if self.isListed { record.attempts = lines }
        return record
    }

    private static func line(_ at: Double, _ shot: Shot, number: Int) -> AttemptLine {
        let status = Int(shot.outcome)
        var timings: [String: Double] = ["send": shot.send]
        timings["lookup"] = shot.lookup
        timings["connect"] = shot.connect
        timings["tls"] = shot.tls
        let rest = shot.took - timings.values.reduce(0, +)
        if status != nil || shot.wait != nil { timings["wait"] = shot.wait ?? max(0, rest) }
        if status == nil, FailureClass(rawValue: shot.outcome)?.isBeforeConnection == true {
            timings = [:]
        }
        let good = shot.isGood ?? status.map { $0 < 300 } ?? false
        var line = AttemptLine(
            t: at + shot.took / 1_000, population: shot.population, intent: number, step: shot.step,
            attempt: 0, outcome: shot.outcome, good: good, weight: shot.weight, intended: at,
            started: at, response: shot.took, service: shot.took, timings: timings,
            bytesUp: shot.sent ?? shot.size ?? 0, bytesDown: 100, curlCode: 0, osErrno: 0)
        line.reused = shot.reused
        line.client = shot.client
        line.connection = shot.connection
        line.address = shot.address
        line.size = shot.size
        line.fingerprint = status == nil ? nil : shot.fingerprint
        line.body = status == nil ? nil : shot.body
        return line
    }

    private static func count(
        _ line: AttemptLine, isAccepted: Bool, in rows: inout [SecondRow]
    ) {
        guard let outcome = Outcome(name: line.outcome) else { return }
        let begun = Int(line.started)
        let ended = min(rows.count - 1, Int(line.t))
        let place = line.population
        rows[begun].populations[place].offered += 1
        rows[begun].populations[place].stepsBegun += 1
        rows[begun].populations[place].attemptsStarted += 1
        if line.reused == false { rows[begun].populations[place].connectionsOpened += 1 }
        for second in begun..<max(begun, ended) { rows[second].populations[place].inFlight += 1 }
        let key = PopulationSecond.AttemptKey(
            step: line.step, outcome: outcome, good: line.good)
        rows[ended].populations[place].attempts[key, default: 0] += 1
        rows[ended].populations[place].bytesUp += line.bytesUp
        let intent = PopulationSecond.IntentKey(
            arrivalSecond: begun, ending: isAccepted ? .accepted : .failed)
        rows[ended].populations[place].intents[intent, default: 0] += 1
        let response = Int64(line.response * 1_000)
        if line.good {
            rows[ended].populations[place].good.record(response)
            rows[ended].populations[place].intentTimes.record(response)
        } else {
            rows[ended].populations[place].notGood.record(response)
        }
        for part in RequestTiming.allCases {
            guard let span = line.timings[part.rawValue] else { continue }
            rows[ended].populations[place].timings[part, default: SparseHistogram()]
                .record(Int64(span * 1_000))
        }
    }

    private var manifest: RunManifest {
        let populations = ["tips", "looks"].enumerated().map { index, name in
            PopulationFacts(
                name: name, trafficClass: index == 0 ? .genuine : .noise, executor: self.executor,
                steps: self.steps, writes: index == 0, timeout: self.timeout)
        }
        let length = Double(self.seconds)
        return RunManifest(
            id: "synthetic", scenario: "synthetic", description: "", scenarioSHA256: "", seed: 7,
            started: "2020-05-31T00:00:00.000Z", timeScale: 1, plannedSeconds: length,
            version: "0", libcurl: "0", command: "spate", target: self.target,
            host: HostFacts(
                kernel: self.kernel, cores: 2, descriptors: 65_536, localPorts: 28_232,
                memory: 1 << 33, name: "test"),
            populations: populations,
            phases: [PhaseFacts(name: "all", start: 0, end: length)],
            timeline: self.trigger.map {
                [TimelineFacts(at: $0, kind: "trigger", label: "go")]
            } ?? [])
    }
}
