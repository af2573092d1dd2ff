import Diagnosis
import Engine
import Foundation
import Measurements
import Planning
import Primitives
import Targets

/// Takes what the run delivers and writes it into the journal, on a queue of its own.
///
/// The lanes never wait for the disk: they hand over whole seconds, and what the journal cannot
/// take ends the run instead of being forgotten.
final class RunRecording: RunSink, @unchecked Sendable {
    // `@unchecked`: `merger`, `writer` and `failure` are touched on `queue` only, or after the
    // run has ended, when nothing is delivered any more.
    private let queue = DispatchQueue(label: "spate.journal")
    private let directory: RunDirectory
    private let manifest: RunManifest
    private let writer: JournalWriter
    private var merger: SecondMerger?
    private(set) var failure: String?
    /// Called once, on the journal's queue, when writing failed.
    var onFailure: (@Sendable () -> Void)?
    /// What the intake measured of itself; goes into the closing.
    var capacityMeasured: Double?

    /// Begins the run's files: manifest, scenario, plan, rules.
    init(
        directory: RunDirectory, manifest: RunManifest, scenarioText: String, plan: Plan
    ) throws {
        self.directory = directory
        self.manifest = manifest
        self.writer = try JournalWriter(directory: directory, manifest: manifest)
        try directory.write(scenarioText, to: "scenario.yaml")
        try directory.write(
            ThresholdFile.encode(plan.thresholds.map(ThresholdCheck.init)),
            to: ThresholdFile.name)
    }

    // MARK: - RunSink

    func began(lanes: Int) {
        self.queue.async { self.merger = SecondMerger(lanes: lanes) }
    }

    func harvested(_ seconds: [LaneSecond], lane: Int) {
        self.queue.async {
            for merged in self.merger?.add(seconds, lane: lane) ?? [] {
                self.attempt { try self.writer.write(merged) }
            }
        }
    }

    func sampled(_ sample: GeneratorSample) {
        self.queue.async { self.attempt { try self.writer.write(generator: sample) } }
    }

    func happened(_ event: RunEvent) {
        self.queue.async { self.attempt { try self.writer.write(event: event) } }
    }

    /// A sample of the server.
    func write(server sample: ServerSample) {
        self.queue.async { self.attempt { try self.writer.write(server: sample) } }
    }

    private func attempt(_ write: () throws -> Void) {
        guard self.failure == nil else { return }
        do { try write() } catch {
            self.failure = "the journal could not be written: \(error)"
            self.onFailure?()
        }
    }

    // MARK: - After the run

    /// Compares every intent's end with the store and keeps the result.
    func reconcile(
        listing: StoreListing, reviews: [StoreQuestions.ReviewLine],
        key: (IntentEnd) -> String
    ) throws {
        try self.queue.sync {
            try self.writer.flush()
            var reconciler = Reconciler(
                populations: self.manifest.populations, listing: listing)
            let waits = Dictionary(
                reviews.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
            var genuineWaits: [Double] = []
            let rows = try ReconciledRows(path: self.directory.path + "/reconcile.ndjson")
            for end in try IntentEndReader(directory: self.directory) {
                let key = key(end)
                let row = reconciler.add(end, key: key)
                if let row { try rows.write(end, row: row) }
                if self.manifest.populations[end.population].trafficClass == .genuine,
                    let line = waits[key], let reviewed = line.reviewedAt
                {
                    genuineWaits.append(reviewed - line.enqueuedAt)
                }
            }
            try rows.close()
            var result = reconciler.result
            genuineWaits.sort()
            result.genuineWaitP50 = ReconciledRows.quantile(0.5, of: genuineWaits)
            result.genuineWaitP95 = ReconciledRows.quantile(0.95, of: genuineWaits)
            self.attempt { try self.writer.write(reconciliation: result) }
        }
    }

    /// Ends the journal.
    func close(_ closing: RunClosing) throws {
        try self.queue.sync {
            var closing = closing
            closing.capacityMeasured = self.capacityMeasured
            if self.failure == nil {
                try self.writer.close(closing)
            }
        }
    }
}

/// `reconcile.ndjson`: which intents the store holds, with size and digest; two runs of one seed
/// can be compared line by line.
private final class ReconciledRows {
    private let handle: FileHandle
    private var buffer = ""

    init(path: String) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw Failure("\(path) cannot be written", status: .internalError)
        }
        self.handle = handle
    }

    func write(_ end: IntentEnd, row: StoreRow) throws {
        let bytes = row.bytes.map(String.init) ?? "null"
        let digest = row.sha256.map { "\"\($0)\"" } ?? "null"
        self.buffer +=
            "{\"population\":\(end.population),\"number\":\(end.number),"
            + "\"ending\":\"\(end.ending.rawValue)\",\"bytes\":\(bytes),\"sha256\":\(digest)}\n"
        if self.buffer.utf8.count > 1 << 16 { try self.drain() }
    }

    func close() throws {
        try self.drain()
        try self.handle.close()
    }

    /// The value at a quantile by nearest rank; nil without values.
    static func quantile(_ quantile: Double, of sorted: [Double]) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let rank = Int((quantile * Double(sorted.count)).rounded(.up))
        return sorted[max(0, min(sorted.count - 1, rank - 1))]
    }

    private func drain() throws {
        try self.handle.write(contentsOf: Data(self.buffer.utf8))
        self.buffer = ""
    }
}
