import Foundation
import Primitives

/// Reads a run back from its directory, also one whose journal was cut off at any byte.
package enum JournalReader {
    /// The most attempts of a record; a longer list is thinned evenly, kind by kind.
    ///
    /// Each takes 272 bytes beside its timings.
    package static let attemptLimit = 200_000

    /// Everything observed in the run.
    ///
    /// `seconds` ends with the last one that is complete in counts and histograms alike; whatever
    /// could not be taken is named in `damage`. Files are read line by line: memory is that of the
    /// seconds' counts and histograms; the list of intents is summed up in `people`.
    ///
    /// - Parameters:
    ///   - attempts: true to read the list of attempts, too.
    ///   - attemptLimit: the most attempts to keep; weights then tell what was left out.
    /// - Throws: `JournalError.noRun` without a readable manifest.
    package static func read(
        _ directory: RunDirectory, attempts: Bool = false,
        attemptLimit: Int = JournalReader.attemptLimit
    ) throws(JournalError) -> RunRecord {
        let manifest = try self.manifest(directory)
        var reading = Reading(directory: directory, manifest: manifest)
        var record = RunRecord(manifest: manifest, seconds: reading.seconds())
        for line in reading.lines(of: .events, as: EventLine.self) {
            if let event = line.event { record.events.append(event) }
            if let closing = line.closing { record.closing = closing }
        }
        for line in reading.lines(of: .samples, as: SampleLine.self) {
            if var sample = line.generator {
                for late in sample.reference ?? [] { record.reference.record(late) }
                sample.reference = nil
                record.generator.append(sample)
            }
            if let sample = line.server { record.server.append(sample) }
        }
        record.reconciliation = reading.reconciliation()
        reading.checkLedger(record)
        record.people = reading.people(record.seconds)
        // After the ledger, which a torn last line of a sample says nothing about.
        if attempts { record.attempts = reading.attempts(limit: attemptLimit) }
        record.damage = reading.damage
        return record
    }

    private static func manifest(_ directory: RunDirectory) throws(JournalError) -> RunManifest {
        let path = directory.path(of: .manifest)
        guard let bytes = AppendFile.contents(of: path) else {
            throw .noRun(path: directory.path, reason: "its manifest.json cannot be read")
        }
        guard
            let manifest = try? JournalJSON.decoder().decode(RunManifest.self, from: Data(bytes))
        else {
            throw .noRun(path: directory.path, reason: "its manifest.json is damaged")
        }
        guard manifest.schema == "spate/run/1" else {
            throw .noRun(
                path: directory.path, reason: "its schema is \(manifest.schema), not spate/run/1")
        }
        return manifest
    }
}

/// One reading: the directory, and what went wrong so far.
private struct Reading {
    let directory: RunDirectory
    let manifest: RunManifest
    private(set) var damage: [String] = []
    private let decoder = JournalJSON.decoder()

    init(directory: RunDirectory, manifest: RunManifest) {
        self.directory = directory
        self.manifest = manifest
    }

    /// Takes the lines of a file one by one, up to the first that cannot be read or is refused.
    ///
    /// - Parameter take: false ends the reading.
    private mutating func lines<Line: Decodable>(
        of file: RunDirectory.File, as type: Line.Type, take: (Line) -> Bool
    ) {
        guard let lines = FileLines(path: self.directory.path(of: file)) else {
            self.damage.append("\(file.rawValue) cannot be read")
            return
        }
        for line in lines {
            guard line.isWhole else {
                self.damage.append("\(file.rawValue): line \(line.number) is torn")
                return
            }
            guard let value = try? self.decoder.decode(Line.self, from: Data(line.bytes)) else {
                self.damage.append("\(file.rawValue): line \(line.number) cannot be read")
                return
            }
            guard take(value) else { return }
        }
    }

    /// The lines of a small file up to the first that cannot be read.
    mutating func lines<Line: Decodable>(
        of file: RunDirectory.File, as type: Line.Type
    ) -> [Line] {
        var found: [Line] = []
        self.lines(of: file, as: type) {
            found.append($0)
            return true
        }
        return found
    }

    /// The seconds that are whole in both files, which are read side by side.
    mutating func seconds() -> [SecondRow] {
        var intervals = Intervals(self.directory.path(of: .latency))
        let tags = PopulationTags(self.manifest.populations)
        var rows: [SecondRow] = []
        var refusal: String?
        self.lines(of: .windows, as: WindowLine.self) { line in
            let expected = rows.last?.end ?? 0
            guard line.t == expected, line.width >= 0, line.populations.count == tags.names.count,
                var row = line.row
            else {
                refusal = "windows.ndjson: the row after second \(expected) is no row"
                return false
            }
            guard let own = intervals.next(line.histograms, until: row.end),
                Reading.fill(&row, own, line, tags)
            else {
                refusal = "latency.hlog: second \(row.second) is incomplete"
                return false
            }
            Reading.append(row, to: &rows)
            return true
        }
        let isIntact = self.damage.isEmpty && refusal == nil
        let rest = intervals.drain()
        self.damage = intervals.damage + self.damage + (refusal.map { [$0] } ?? [])
        if isIntact && intervals.damage.isEmpty && rest > 0 {
            self.damage.append("latency.hlog holds histograms of a row that is missing")
        }
        return rows
    }

    /// The last timings of a run come in a row of no width: they belong to the last second.
    private static func append(_ row: SecondRow, to rows: inout [SecondRow]) {
        guard row.width == 0 else {
            rows.append(row)
            return
        }
        guard var last = rows.popLast() else { return }
        for index in last.populations.indices {
            let inFlight = last.populations[index].inFlight
            last.populations[index].merge(row.populations[index])
            last.populations[index].inFlight = inFlight
        }
        rows.append(last)
    }

    /// Puts a row's histograms where they belong; false when one belongs nowhere.
    private static func fill(
        _ row: inout SecondRow, _ intervals: [HistogramLog.Interval], _ line: WindowLine,
        _ tags: PopulationTags
    ) -> Bool {
        for interval in intervals {
            guard let tag = interval.tag, let place = tags.find(tag) else { return false }
            let overflow = line.populations[place.population].overflow?[place.slot.tag] ?? 0
            let micros = interval.maximum * 1000
            guard micros >= 0, micros < 0x1p62 else { return false }
            let exact = interval.histogram.withMaximum(
                Int64(micros.rounded()), overflow: overflow)
            row.populations[place.population][place.slot].merge(exact)
        }
        return true
    }

    /// The listed attempts up to the first line that cannot be read, thinned to a limit.
    mutating func attempts(limit: Int) -> [AttemptLine] {
        let name = RunDirectory.File.attempts.rawValue
        guard let lines = FileLines(path: self.directory.path(of: .attempts)) else {
            self.damage.append("\(name) cannot be read")
            return []
        }
        var scanner = AttemptScanner(keepsKeys: false)
        var thinning = AttemptThinning(limit: limit)
        for line in lines {
            guard line.isWhole else {
                self.damage.append("\(name): line \(line.number) is torn")
                break
            }
            guard let attempt = scanner.scan(line.bytes) ?? self.decodedAttempt(line.bytes) else {
                self.damage.append("\(name): line \(line.number) cannot be read")
                break
            }
            thinning.add(attempt)
        }
        return thinning.takeRows()
    }

    private func decodedAttempt(_ bytes: ArraySlice<UInt8>) -> AttemptLine? {
        var attempt = try? self.decoder.decode(AttemptLine.self, from: Data(bytes))
        attempt?.key = nil
        return attempt
    }

    /// The reconciliation; nil when there is none or it cannot be read.
    mutating func reconciliation() -> Reconciliation? {
        let path = self.directory.path(of: .reconciliation)
        guard let bytes = AppendFile.contents(of: path) else { return nil }
        if let value = try? self.decoder.decode(Reconciliation.self, from: Data(bytes)) {
            return value
        }
        self.damage.append("reconcile.json cannot be read")
        return nil
    }

    /// What became of each person who ended in the rows that were read.
    ///
    /// The list is written before the row that counts it, so that it may go on behind the last
    /// whole row and never ends before it; nil where it does, or where the two disagree.
    mutating func people(_ rows: [SecondRow]) -> PeopleTally? {
        let populations = self.manifest.populations
        var expected = populations.map { _ in RunSummary.Endings() }
        for row in rows {
            for (index, counts) in row.populations.enumerated() where index < expected.count {
                for (key, count) in counts.intents { expected[index].add(key.ending, count) }
            }
        }
        let count = expected.reduce(0) { $0 + $1.intents }
        let reader: IntentEndReader
        do throws(JournalError) {
            reader = try IntentEndReader(self.directory)
        } catch {
            if count > 0 { self.damage.append("\(error)") }
            return nil
        }
        var tally = PeopleTally(populations: populations, phases: self.manifest.phases)
        for end in reader.prefix(count) { tally.add(end) }
        guard tally.endings == expected else {
            self.damage.append(
                RunDirectory.File.intents.rawValue
                    + " does not hold the \(count) intents of the rows: what became of each person"
                    + " is not known")
            return nil
        }
        return tally
    }

    /// Checks what the writer checked, on what was read.
    mutating func checkLedger(_ record: RunRecord) {
        var ledger = Ledger(populations: self.manifest.populations.count)
        for row in record.seconds { ledger.add(row) }
        // A damaged journal is not closed, whatever its last event says.
        let closed = record.closing != nil && self.damage.isEmpty
        let violations = ledger.violations(
            names: self.manifest.populations.map(\.name), closed: closed)
        self.damage += violations.map { "ledger: " + $0 }
    }
}

/// Hands out the log's lines row by row, reading no further than it must.
private struct Intervals {
    private static let name = RunDirectory.File.latency.rawValue
    private let lines: FileLines?
    /// What could not be read so far.
    private(set) var damage: [String] = []

    init(_ path: String) {
        self.lines = FileLines(path: path)
        if self.lines == nil { self.damage.append("\(Intervals.name) cannot be read") }
    }

    /// The next interval; lines that are none are damage and left out.
    private mutating func next() -> HistogramLog.Interval? {
        while let line = self.lines?.next() {
            guard line.isWhole else {
                self.damage.append("\(Intervals.name): line \(line.number) is torn")
                return nil
            }
            do throws(HistogramCodecError) {
                if let interval = try HistogramLog.parse(line.text) { return interval }
            } catch {
                self.damage.append(
                    "\(Intervals.name): line \(line.number) is no interval (\(error))")
            }
        }
        return nil
    }

    /// The next `count` lines, when there are so many and all end with second `end`; else nil.
    mutating func next(_ count: Int, until end: Int) -> [HistogramLog.Interval]? {
        guard count >= 0 else { return nil }
        var own: [HistogramLog.Interval] = []
        for _ in 0..<count {
            guard let interval = self.next(), interval.start + interval.length == Double(end)
            else { return nil }
            own.append(interval)
        }
        return own
    }

    /// Reads what is left for its damage; returns how many intervals there were.
    mutating func drain() -> Int {
        var count = 0
        while self.next() != nil { count += 1 }
        return count
    }
}
