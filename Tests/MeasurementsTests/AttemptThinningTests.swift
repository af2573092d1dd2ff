import Foundation
import Primitives
import Testing

@testable import Measurements

@Suite struct AttemptThinningTests {
    private static func line(_ number: Int, outcome: String, weight: Double = 1) -> AttemptLine {
        AttemptLine(
            t: Double(number), population: 0, intent: number, step: 0, attempt: 0,
            outcome: outcome, good: outcome == "201", weight: weight, intended: 0, started: 0,
            response: 0, service: 0, timings: [:], bytesUp: 0, bytesDown: 0, curlCode: 0,
            osErrno: 0)
    }

    private static func weights(_ rows: [AttemptLine]) -> [String: Double] {
        rows.reduce(into: [:]) { $0[$1.outcome, default: 0] += $1.weight }
    }

    @Test("A list that is short enough stays as it is.")
    func short() {
        var thinning = AttemptThinning(limit: 100)
        let lines = (0..<100).map { Self.line($0, outcome: $0 % 3 == 0 ? "503" : "201") }
        for line in lines { thinning.add(line) }
        #expect(thinning.takeRows() == lines)
    }

    @Test("One kind is thinned to each eighth: every row stands for its seven followers.")
    func even() {
        var thinning = AttemptThinning(limit: 8)
        for number in 0..<64 { thinning.add(Self.line(number, outcome: "201")) }
        let rows = thinning.takeRows()
        #expect(rows.map(\.intent) == Array(stride(from: 0, to: 64, by: 8)))
        #expect(rows.map(\.weight) == Array(repeating: 8, count: 8))
    }

    @Test(
        "Weights add up kind by kind, rare kinds stay whole, and the limit holds.",
        arguments: [5, 7, 10, 64, 99, 1_000])
    func totals(limit: Int) {
        var thinning = AttemptThinning(limit: limit)
        var lines: [AttemptLine] = []
        for number in 0..<5_001 {
            let outcome = number % 2_500 == 1_250 ? "507" : number % 10 < 7 ? "201" : "refused"
            // Halves and quarters add up without rounding.
            lines.append(
                Self.line(number, outcome: outcome, weight: 1 + Double(number % 4) / 4))
        }
        for line in lines { thinning.add(line) }
        let rows = thinning.takeRows()
        #expect(rows.count <= limit && rows.count > limit / 3)
        #expect(Self.weights(rows) == Self.weights(lines))
        #expect(rows.count { $0.outcome == "507" } == 2)
        #expect(rows.map(\.t) == rows.map(\.t).sorted())
        var again = AttemptThinning(limit: limit)
        for line in lines { again.add(line) }
        #expect(again.takeRows() == rows)
    }

    @Test("Of more kinds than the limit each keeps one row.")
    func manyKinds() {
        var thinning = AttemptThinning(limit: 3)
        for number in 0..<50 { thinning.add(Self.line(number, outcome: "\(400 + number % 5)")) }
        let rows = thinning.takeRows()
        #expect(rows.count == 5 && rows.map(\.weight) == [10, 10, 10, 10, 10])
    }

    @Test("A run's record has its attempts when asked for, all or thinned, without keys.")
    func record() throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        try SampleRuns.write(12, to: directory)
        #expect(try JournalReader.read(directory).attempts.isEmpty)
        let whole = try JournalReader.read(directory, attempts: true)
        #expect(whole.damage == [])
        var lines = Array(try AttemptReader(directory))
        #expect(lines.count > 40 && lines.allSatisfy { $0.key != nil })
        for index in lines.indices { lines[index].key = nil }
        #expect(Set(whole.attempts) == Set(lines) && whole.attempts.count == lines.count)
        #expect(whole.attempts.map(\.t) == lines.map(\.t).sorted())
        let thinned = try JournalReader.read(directory, attempts: true, attemptLimit: 30)
        #expect(thinned.attempts.count <= 30)
        #expect(Self.weights(thinned.attempts) == Self.weights(lines))
    }

    @Test("A list with a torn or a foreign line gives what comes before, and says so.")
    func damaged() throws {
        let path = SampleRuns.scratch()
        defer { SampleRuns.remove(path) }
        let directory = try RunDirectory.create(exactly: path)
        try SampleRuns.write(3, to: directory)
        let url = URL(fileURLWithPath: directory.path(of: .attempts))
        let bytes = try Data(contentsOf: url)
        let whole = try JournalReader.read(directory, attempts: true)
        try bytes.dropLast(5).write(to: url)
        let torn = try JournalReader.read(directory, attempts: true)
        let count = whole.attempts.count
        #expect(torn.damage == ["journal/attempts.ndjson: line \(count) is torn"])
        #expect(torn.attempts.count == count - 1 && torn.seconds == whole.seconds)
        try (bytes + Data("[]\n".utf8)).write(to: url)
        let foreign = try JournalReader.read(directory, attempts: true)
        #expect(foreign.damage == ["journal/attempts.ndjson: line \(count + 1) cannot be read"])
        #expect(foreign.attempts == whole.attempts)
        // A key of tomorrow is no damage.
        let text = String(decoding: bytes, as: UTF8.self)
            .replacingOccurrences(of: #","osErrno""#, with: #","tomorrow":[1],"osErrno""#)
        try Data(text.utf8).write(to: url)
        let newer = try JournalReader.read(directory, attempts: true)
        #expect(newer.damage == [] && newer.attempts == whole.attempts)
    }
}
