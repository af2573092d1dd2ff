import Foundation
import Primitives

/// The journal's open files and the state of writing them; confined to one queue.
final class JournalFiles {
    /// Seconds that share a block of timings, and that a wide row covers at most.
    private static let block = JournalBacklog.rowWidth

    private let manifest: RunManifest
    private let tags: PopulationTags
    private let origin: MonotonicTime
    private let directory: RunDirectory
    private let sizeLimit: Int64
    private let attemptLimit: Int64
    private let attemptKey: (@Sendable (_ population: Int, _ intent: Int) -> String)?
    private let attemptTrace: (@Sendable (AttemptSample) -> (trace: String, span: String)?)?
    private var isAttemptLimitTold = false
    private let windows: AppendFile
    private let latency: AppendFile
    private let attempts: AppendFile
    private let samples: AppendFile
    private let events: AppendFile
    private let intents: AppendFile
    private let encoder = JournalJSON.encoder()
    private var ledger: Ledger
    /// Timings of the present ten seconds, by population.
    private var gathered: [PopulationSecond]
    private var gatheredSince: Int?
    /// The wide row under way, after the size limit.
    private var wide: SecondRow?
    private var isCoarse = false
    private var next = 0

    init(
        directory: RunDirectory, manifest: RunManifest, origin: MonotonicTime, sizeLimit: Int64,
        listing: AttemptListing,
        writing: @escaping @Sendable (Int32, UnsafeRawPointer, Int) -> Int
    ) throws(JournalError) {
        self.directory = directory
        self.manifest = manifest
        self.tags = PopulationTags(manifest.populations)
        self.origin = origin
        self.sizeLimit = sizeLimit
        // A sample need not be large: a sixteenth of the journal, 64 MB at most. A list of all
        // must leave room for the counts, which say more.
        self.attemptLimit = listing.isWhole ? sizeLimit / 2 : min(sizeLimit / 16, 64 << 20)
        self.attemptKey = listing.key
        self.attemptTrace = listing.trace
        try AppendFile.replace(
            directory.path(of: .manifest), with: JournalJSON.line(manifest, self.encoder))
        self.windows = try AppendFile(path: directory.path(of: .windows), writing: writing)
        self.latency = try AppendFile(path: directory.path(of: .latency), writing: writing)
        self.attempts = try AppendFile(path: directory.path(of: .attempts), writing: writing)
        self.samples = try AppendFile(path: directory.path(of: .samples), writing: writing)
        self.events = try AppendFile(path: directory.path(of: .events), writing: writing)
        self.intents = try AppendFile(path: directory.path(of: .intents), writing: writing)
        self.ledger = Ledger(populations: manifest.populations.count)
        self.gathered = Array(repeating: PopulationSecond(), count: manifest.populations.count)
        try self.intents.append(IntentLog.header)
        let start = WallTime(rfc3339: manifest.started) ?? WallTime(milliseconds: 0)
        let header = HistogramLog.header(start: start, software: "spate \(manifest.version)")
        try self.latency.append(Array(header.utf8))
    }

    private var length: Int64 {
        self.windows.length + self.latency.length + self.attempts.length + self.samples.length
            + self.events.length + self.intents.length
    }

    // MARK: - Seconds

    func write(
        second row: SecondRow, attempts: [AttemptSample], intentEnds: [IntentEnd]
    ) throws(JournalError) {
        precondition(row.second == self.next && row.width >= 1, "seconds come in order")
        precondition(
            row.second / JournalFiles.block == (row.end - 1) / JournalFiles.block,
            "a row lies within one block of timings")
        precondition(
            row.populations.count == self.manifest.populations.count, "every population has a row")
        self.next = row.end
        self.ledger.add(row)
        // The second's own line comes last: it vouches for all the others.
        if !intentEnds.isEmpty { try self.intents.append(IntentLog.encode(intentEnds)) }
        try self.write(attempts)
        if self.isCoarse {
            self.widen(row)
            if self.next % JournalFiles.block == 0 { try self.writeWideRow() }
            return
        }
        try self.writeRow(row, closesBlock: self.next % JournalFiles.block == 0)
        if self.length > self.sizeLimit {
            self.isCoarse = true
            try self.write(
                event: RunEvent(
                    t: Double(self.next), kind: "problem",
                    label: "the journal reached its limit of "
                        + UnitText.format(ByteCount(self.sizeLimit))
                        + "; from here on rows cover 10 s"))
        }
    }

    /// Adds a second's timings to its block, and writes the block with its last row.
    private func writeRow(_ row: SecondRow, closesBlock: Bool) throws(JournalError) {
        var row = row
        for index in row.populations.indices {
            for (part, histogram) in row.populations[index].timings {
                self.gathered[index].timings[part, default: SparseHistogram()].merge(histogram)
            }
            row.populations[index].timings = [:]
        }
        let since = self.gatheredSince ?? row.second
        self.gatheredSince = closesBlock ? nil : since
        var log = ""
        var lines = 0
        for (index, population) in row.populations.enumerated() {
            for entry in population.histograms {
                log += HistogramLog.line(
                    tag: self.tags.tag(index, entry.slot), start: row.second, length: row.width,
                    histogram: entry.histogram)
                lines += 1
            }
            guard closesBlock else { continue }
            for entry in self.gathered[index].histograms {
                log += HistogramLog.line(
                    tag: self.tags.tag(index, entry.slot), start: since, length: row.end - since,
                    histogram: entry.histogram)
                lines += 1
            }
            self.gathered[index] = PopulationSecond()
            row.populations[index].timings = [:]
        }
        try self.latency.append(Array(log.utf8))
        try self.windows.append(
            JournalJSON.line(WindowLine(row: row, histograms: lines), self.encoder))
    }

    private func widen(_ row: SecondRow) {
        guard var wide = self.wide else {
            self.wide = row
            return
        }
        for index in wide.populations.indices {
            wide.populations[index].append(row.populations[index])
        }
        wide.width += row.width
        self.wide = wide
    }

    private func writeWideRow() throws(JournalError) {
        guard let wide = self.wide else { return }
        self.wide = nil
        try self.writeRow(wide, closesBlock: true)
    }

    private func write(_ samples: [AttemptSample]) throws(JournalError) {
        guard !samples.isEmpty else { return }
        guard !self.isCoarse, self.attempts.length < self.attemptLimit else {
            if !self.isAttemptLimitTold {
                self.isAttemptLimitTold = true
                try self.write(
                    event: RunEvent(
                        t: Double(self.next - 1), kind: "problem",
                        label: "attempts.ndjson ends at "
                            + UnitText.format(ByteCount(self.attempts.length))
                            + ", its share of the journal; later attempts are counted, not listed"))
            }
            return
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * 580)
        for sample in samples.sorted(by: { $0.ended < $1.ended }) {
            let key = self.attemptKey?(sample.population, sample.intent)
            var line = AttemptLine(sample, origin: self.origin, key: key)
            if let ids = self.attemptTrace?(sample) { (line.trace, line.span) = ids }
            line.append(to: &bytes)
        }
        try self.attempts.append(bytes)
    }

    // MARK: - Everything else

    func write(event: RunEvent) throws(JournalError) {
        try self.events.append(JournalJSON.line(EventLine(event: event), self.encoder))
    }

    func write(generator: GeneratorSample) throws(JournalError) {
        try self.samples.append(JournalJSON.line(SampleLine(generator: generator), self.encoder))
    }

    func write(server: ServerSample) throws(JournalError) {
        try self.samples.append(JournalJSON.line(SampleLine(server: server), self.encoder))
    }

    func write(reconciliation: Reconciliation) throws(JournalError) {
        try AppendFile.replace(
            self.directory.path(of: .reconciliation),
            with: JournalJSON.line(reconciliation, self.encoder))
    }

    func write(manifest: RunManifest) throws(JournalError) {
        precondition(manifest.populations == self.manifest.populations, "rows go by population")
        try AppendFile.replace(
            self.directory.path(of: .manifest), with: JournalJSON.line(manifest, self.encoder))
    }

    /// Writes what is gathered and how the run ended.
    ///
    /// Nothing gathered is left behind: the last block of timings goes out as a row of its own
    /// without counts, as wide as zero seconds.
    func write(closing: RunClosing, isWhole: Bool) throws(JournalError) {
        if isWhole {
            try self.writeWideRow()
            if self.gatheredSince != nil {
                let blank = SecondRow(
                    second: self.next,
                    populations: Array(
                        repeating: PopulationSecond(), count: self.manifest.populations.count),
                    width: 0)
                try self.writeRow(blank, closesBlock: true)
            }
        }
        try self.events.append(JournalJSON.line(EventLine(closing: closing), self.encoder))
        let violations = self.ledger.violations(
            names: self.manifest.populations.map(\.name), closed: true)
        if !violations.isEmpty { throw .ledger(violations) }
    }
}
