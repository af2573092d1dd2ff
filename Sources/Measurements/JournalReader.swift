import Foundation
import Primitives

/// Reads a run back from its directory, also one whose journal was cut off at any byte.
package enum JournalReader {
    /// Everything observed in the run.
    ///
    /// `seconds` ends with the last one that is complete in counts and histograms alike; whatever
    /// could not be taken is named in `damage`. Costs memory for the whole journal but its lists
    /// of attempts and intents, which have readers of their own.
    /// - Throws: `JournalError.noRun` without a readable manifest.
    package static func read(_ directory: RunDirectory) throws(JournalError) -> RunRecord {
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

    private mutating func bytes(of file: RunDirectory.File) -> [UInt8] {
        if let bytes = AppendFile.contents(of: self.directory.path(of: file)) { return bytes }
        self.damage.append("\(file.rawValue) cannot be read")
        return []
    }

    /// The lines of a file up to the first that cannot be read.
    mutating func lines<Line: Decodable>(
        of file: RunDirectory.File, as type: Line.Type
    ) -> [Line] {
        var found: [Line] = []
        for line in TextLines(self.bytes(of: file)) {
            guard line.isWhole else {
                self.damage.append("\(file.rawValue): line \(line.number) is torn")
                break
            }
            guard let value = try? self.decoder.decode(Line.self, from: Data(line.bytes)) else {
                self.damage.append("\(file.rawValue): line \(line.number) cannot be read")
                break
            }
            found.append(value)
        }
        return found
    }

    /// The seconds that are whole in both files.
    mutating func seconds() -> [SecondRow] {
        let log = HistogramLog.read(self.bytes(of: .latency))
        self.damage += log.damage.map { RunDirectory.File.latency.rawValue + ": " + $0 }
        var intervals = Intervals(log.intervals)
        let tags = PopulationTags(self.manifest.populations)
        var rows: [SecondRow] = []
        for line in self.lines(of: .windows, as: WindowLine.self) {
            let expected = rows.last?.end ?? 0
            guard line.t == expected, line.width >= 0, line.populations.count == tags.names.count,
                var row = line.row
            else {
                self.damage.append("windows.ndjson: the row after second \(expected) is no row")
                break
            }
            let own = intervals.next(line.histograms, until: row.end)
            guard let own, fill(&row, own, line, tags) else {
                self.damage.append("latency.hlog: second \(row.second) is incomplete")
                break
            }
            // The last timings of a run come in a row of no width: they belong to the last second.
            if row.width == 0 {
                if var last = rows.popLast() {
                    for index in last.populations.indices {
                        let inFlight = last.populations[index].inFlight
                        last.populations[index].merge(row.populations[index])
                        last.populations[index].inFlight = inFlight
                    }
                    rows.append(last)
                }
            } else {
                rows.append(row)
            }
        }
        if self.damage.isEmpty && !intervals.isEmpty {
            self.damage.append("latency.hlog holds histograms of a row that is missing")
        }
        return rows
    }

    /// Puts a row's histograms where they belong; false when one belongs nowhere.
    private func fill(
        _ row: inout SecondRow, _ intervals: ArraySlice<HistogramLog.Interval>, _ line: WindowLine,
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

/// Hands out the log's lines row by row.
private struct Intervals {
    private var rest: ArraySlice<HistogramLog.Interval>

    init(_ intervals: [HistogramLog.Interval]) {
        self.rest = intervals[...]
    }

    var isEmpty: Bool { self.rest.isEmpty }

    /// The next `count` lines, when all of them end with second `end`; else nil.
    mutating func next(_ count: Int, until end: Int) -> ArraySlice<HistogramLog.Interval>? {
        guard count >= 0, count <= self.rest.count else { return nil }
        let own = self.rest.prefix(count)
        guard own.allSatisfy({ $0.start + $0.length == Double(end) }) else { return nil }
        self.rest = self.rest.dropFirst(count)
        return own
    }
}
