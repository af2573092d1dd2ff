import Diagnosis
import Engine
import Foundation
import Measurements
import Planning
import Primitives
import Synchronization
import Targets

/// Takes what the run delivers and writes it into the run's directory.
///
/// The lanes never wait for the disk: they hand over whole seconds, and what the journal cannot
/// take ends the run instead of being forgotten.
final class RunRecording: RunSink {
    private struct State {
        var manifest: RunManifest
        var writer: JournalWriter?
        var merger: SecondMerger?
        var failure: String?
        var observers: [any RunObserver] = []
    }
    private let directory: RunDirectory
    private let listing: AttemptListing
    private let state: Mutex<State>
    private let onFailure = Mutex<(@Sendable () -> Void)?>(nil)

    /// Begins the run's files: scenario, rules, plan.
    ///
    /// - Parameter outline: what becomes `plan.json`.
    /// - Throws: `Failure` when one cannot be written.
    init(
        directory: RunDirectory, manifest: RunManifest, scenarioText: String, plan: Plan,
        outline: PlanOutline, listing: AttemptListing
    ) throws {
        self.directory = directory
        self.listing = listing
        self.state = Mutex(State(manifest: manifest))
        try Self.write(scenarioText, to: directory.path(of: .scenario))
        try Self.write(try JSONText.pretty(outline), to: directory.path + "/plan.json")
        try Self.write(
            try JSONText.pretty(plan.thresholds),
            to: directory.path + "/" + ThresholdFile.name)
    }

    /// What to do when the journal cannot be written; called once, on the journal's queue.
    func whenFailing(_ action: @escaping @Sendable () -> Void) {
        self.onFailure.withLock { $0 = action }
    }

    /// Also tells an observer, after what has been told already.
    func tell(_ observer: any RunObserver) {
        self.state.withLock { $0.observers.append(observer) }
    }

    /// Where the run's files are.
    var folder: String { self.directory.path }

    /// Why the journal could not be written; nil while it could.
    var failure: String? { self.state.withLock { $0.failure } }

    // MARK: - RunSink

    func began(origin: MonotonicTime, at wall: WallTime, lanes: Int) {
        self.state.withLock { state in
            state.manifest.started = wall.iso8601
            state.merger = SecondMerger(
                lanes: lanes, populations: state.manifest.populations.count)
            do {
                state.writer = try JournalWriter(
                    directory: self.directory, manifest: state.manifest, origin: origin,
                    listing: self.listing,
                    onFailure: { [weak self] in self?.failed($0) })
            } catch {
                state.failure = "\(error)"
            }
        }
        if self.failure != nil { self.tellFailure() }
        let manifest = self.state.withLock { $0.manifest }
        self.spread(.began(manifest, origin: origin, at: wall))
    }

    func harvested(_ seconds: [LaneSecond], lane: Int) {
        let merged = self.state.withLock { state in
            let merged = state.merger?.deliver(lane: lane, seconds) ?? []
            state.writer?.write(merged)
            return merged
        }
        if !merged.isEmpty { self.spread(.seconds(merged.map(\.row))) }
    }

    func completed(before second: Int) {
        self.spread(.complete(before: second))
    }

    func sampled(_ sample: GeneratorSample) {
        guard let writer = self.state.withLock({ $0.writer }) else { return }
        var sample = sample
        let backlog = writer.takeBacklog()
        sample.journalBacklog = backlog.seconds
        sample.journalWrite = backlog.longestWrite.milliseconds
        writer.write(generator: sample)
        self.spread(.health(sample))
    }

    func happened(_ event: RunEvent) {
        self.state.withLock { $0.writer }?.write(event: event)
        self.spread(.event(event))
    }

    func paced(_ paces: PlanPaces) {
        let moved = self.state.withLock { state -> RunManifest in
            let moved = state.manifest.moved(by: paces)
            state.writer?.write(manifest: moved)
            return moved
        }
        self.spread(.moved(moved))
    }

    private func spread(_ news: RunNews) {
        for observer in self.state.withLock({ $0.observers }) { observer.take(news) }
    }

    /// Writes a sample of the server.
    func write(server sample: ServerSample) {
        self.state.withLock { $0.writer }?.write(server: sample)
    }

    private func failed(_ error: JournalError) {
        self.state.withLock { $0.failure = "\(error)" }
        self.tellFailure()
    }

    private func tellFailure() {
        self.onFailure.withLock { $0 }?()
    }

    // MARK: - After the run

    /// Puts out the last seconds; the ends of all intents are on disk afterwards.
    func finishSeconds() {
        let merged = self.state.withLock { state in
            let merged = state.merger?.finishAll() ?? []
            state.writer?.write(merged)
            state.writer?.flush()
            return merged
        }
        if !merged.isEmpty { self.spread(.seconds(merged.map(\.row))) }
        self.spread(.ended)
    }

    /// Compares every intent's end with the store and keeps the result.
    func reconcile(
        listing: StoreListing, reviews: [StoreQuestions.ReviewLine], key: (IntentEnd) -> String
    ) throws {
        let populations = self.state.withLock { $0.manifest.populations }
        var reconciler = Reconciler(populations: populations, listing: listing)
        var waits = GenuineWaits(reviews)
        let rows = try ReconciledRows(path: self.directory.path + "/reconcile.ndjson")
        for end in try IntentEndReader(self.directory) {
            let key = key(end)
            if let row = reconciler.add(end, key: key) { try rows.write(end, row: row) }
            if populations[end.population].trafficClass == .genuine { waits.add(key) }
        }
        try rows.close()
        var result = reconciler.result
        result.genuineWaitP50 = waits.quantile(0.5)
        result.genuineWaitP95 = waits.quantile(0.95)
        self.state.withLock { $0.writer }?.write(reconciliation: result)
    }

    /// Ends the journal.
    ///
    /// - Throws: `JournalError.ledger` when the sums do not add up: a fault of ours.
    func close(_ closing: RunClosing) throws {
        guard let writer = self.state.withLock({ $0.writer }) else { return }
        do { try writer.write(closing: closing) } catch {
            // A full disk was told when it happened; the closing is then as good as it can be.
            if self.failure == nil { throw error }
        }
    }

    private static func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Failure(cannotWrite: path, error)
        }
    }
}

/// The waits of genuine tips for an analyst.
private struct GenuineWaits {
    private let lines: [String: StoreQuestions.ReviewLine]
    private var waits: [Double] = []

    init(_ reviews: [StoreQuestions.ReviewLine]) {
        self.lines = Dictionary(
            reviews.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func add(_ key: String) {
        guard let line = self.lines[key], let reviewed = line.reviewedAt else { return }
        self.waits.append(reviewed - line.enqueuedAt)
    }

    /// The value at a quantile by nearest rank; nil without values.
    func quantile(_ quantile: Double) -> Double? {
        guard !self.waits.isEmpty else { return nil }
        let rank = Int((quantile * Double(self.waits.count)).rounded(.up))
        return self.waits.sorted()[max(0, min(self.waits.count - 1, rank - 1))]
    }
}
